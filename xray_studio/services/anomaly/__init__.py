"""Detectors of the unusual, by name, and what they find in files."""
