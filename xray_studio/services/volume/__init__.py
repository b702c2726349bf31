"""Volumes: opened from any file, converted, cut by planes."""
