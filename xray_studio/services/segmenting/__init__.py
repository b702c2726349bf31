"""Segments of volumes: edited step by step, measured, kept in files and opened again."""
