"""De-identifies DICOM objects as a whole (PS3.15 Annex E)."""
