"""Learning without libraries: cases and their labels, splits, scores, what a model says of itself.

Pure values and functions on NumPy; networks are in `ai`, files in `services.learning`.
"""
