"""DICOM objects: scan, decode, write."""
