"""Videos into DICOM, page by page."""
