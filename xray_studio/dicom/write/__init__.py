"""Writes DICOM objects: what all have in common, then one file per kind of object."""
