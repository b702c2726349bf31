"""Videos on their way into DICOM, as plain values: what they are, what they may become, and why."""
