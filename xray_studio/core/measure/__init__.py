"""Marks on pictures: what was measured or written on a frame, its values and how it is drawn."""
