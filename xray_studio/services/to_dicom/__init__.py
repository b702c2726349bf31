"""Videos into DICOM: looked at, planned, written, checked; one or many."""
