"""The ICC profile of an object in colour (PS3.3 C.11.15): its own, or that of an optical path."""

from __future__ import annotations

from pydicom.dataset import Dataset

from xray_studio.dicom.attributes.values import items, text, value


def read_profile(dataset: Dataset) -> bytes:
    """Return the profile as stored, not looked into; b"" where there is none."""
    for item in (dataset, *items(dataset, "OpticalPathSequence")[:1]):
        found = value(item, "ICCProfile")
        if isinstance(found, bytes) and found:
            return found
    return b""


def unknown_colours(dataset: Dataset) -> tuple[str, ...]:
    """Return what is to be said of an object that names a colour space and has no profile."""
    space = text(dataset, "ColorSpace").upper()
    if space in {"", "SRGB"}:
        return ()
    return (f"The colours are {space} and the object has no ICC profile; they look as in sRGB.",)
