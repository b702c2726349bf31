"""Trainings as jobs: what is learned from, the curves, the model."""
