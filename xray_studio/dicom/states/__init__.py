"""Presentation states and segmentations, as plain values."""
