"""Exporting a clip."""
