"""How a DICOM file is laid out in bytes: opening, preamble, transfer syntax, raw values."""
