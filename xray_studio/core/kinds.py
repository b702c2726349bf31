"""Kinds of what a scan lists. Worker processes import this, so it imports nothing."""

from __future__ import annotations

DICOM, DOCUMENT, IMAGE, VIDEO = "dicom", "document", "image", "video"
VOLUME = "volume"  # a file of a research format; slices of DICOM are of the kind DICOM
LOOSE = frozenset((IMAGE, VIDEO, VOLUME))
"""Kinds that tell nothing of a patient."""

FILMS = frozenset(("CR", "DX", "RG"))  # modalities (PS3.3 C.7.3.1.1.1) of films
SINGLE = FILMS | {"", "OT", "SC", "XR"}
"""Modalities whose series are pictures, each for itself: films, captures, and what tells none."""
