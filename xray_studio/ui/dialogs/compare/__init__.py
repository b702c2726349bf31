"""Clips side by side."""
