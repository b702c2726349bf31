"""Documents inside DICOM objects: read, told, saved."""
