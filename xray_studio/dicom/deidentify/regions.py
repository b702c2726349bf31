"""Regions of ultrasound pictures that hold echoes (PS3.3 C.8.5.5): around them devices write."""

from __future__ import annotations

from xray_studio.core.region import Region
from xray_studio.dicom.attributes.dataset import lenient_pydicom
from xray_studio.dicom.attributes.values import integer, items
from xray_studio.dicom.documents.source import read_source

_EDGES = ("RegionLocationMinX0", "RegionLocationMinY0", "RegionLocationMaxX1",
          "RegionLocationMaxY1")  # fmt: skip


def calibrated_regions(path: str) -> tuple[Region, ...]:
    """Return the calibrated regions of an object, none where it tells of none.

    Runs in a worker process. Raises UnreadableError.
    """
    with lenient_pydicom():
        dataset = read_source(path).dataset
        found = []
        for item in items(dataset, "SequenceOfUltrasoundRegions"):
            left, top, right, bottom = (integer(item, word) for word in _EDGES)
            if left is None or top is None or right is None or bottom is None:
                continue
            if right > left >= 0 and bottom > top >= 0:
                found.append(Region(left, top, right - left + 1, bottom - top + 1))
    return tuple(found)
