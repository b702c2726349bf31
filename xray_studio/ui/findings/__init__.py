"""Findings on screen: how likely each is, and what in the picture speaks for it."""
