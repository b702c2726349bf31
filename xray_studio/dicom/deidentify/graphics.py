"""Overlay planes (PS3.3 C.9.2): regions of interest can stay, drawings can be words."""

from __future__ import annotations

from typing import Final

from pydicom.dataset import Dataset

from xray_studio.dicom.attributes.values import text

_KIND: Final = 0x0040
_REST: Final = frozenset((0x0022, 0x1500, 0x4000))  # Overlay Description, Label, Comments


def keeps_plane(dataset: Dataset, group: int) -> bool:
    """Tell whether a plane is a region of interest, which marks pixels and writes nothing."""
    return text(dataset, group << 16 | _KIND) == "R"


def plane_rest() -> frozenset[int]:
    """Return the elements of a plane that hold words and never stay."""
    return _REST
