"""Data sets for machine learning, made of clips."""
