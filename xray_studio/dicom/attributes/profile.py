"""The ICC profile of an object in colour (PS3.3 C.11.15): its own, or that of an optical path."""

from __future__ import annotations

from pydicom.dataset import Dataset

from xray_studio.dicom.attributes.values import items, value


def read_profile(dataset: Dataset) -> bytes:
    """Return the profile as stored, not looked into; b"" where there is none."""
    for item in (dataset, *items(dataset, "OpticalPathSequence")[:1]):
        found = value(item, "ICCProfile")
        if isinstance(found, bytes) and found:
            return found
    return b""
