"""De-identification of DICOM objects (PS3.15 Annex E): what is decided, without any object."""
