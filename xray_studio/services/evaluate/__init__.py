"""Denoisers, scored."""
