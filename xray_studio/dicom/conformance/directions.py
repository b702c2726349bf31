"""Directions in space: unit vectors, and rows at right angles to columns (PS3.3 C.7.6.2.1.1)."""

from __future__ import annotations

from collections.abc import Sequence

from xray_studio.dicom.conformance.item import Item, numbers
from xray_studio.dicom.conformance.report import Report

_SECTION = "PS3.3 C.7.6.2.1.1"
_NAMES = frozenset({0x00200037, 0x00189090, 0x00189089, 0x00480102})
_NEAR = 1e-3  # what rounding to a few digits leaves


def check_directions(root: Item, report: Report) -> None:
    """Check orientations of images, and directions of velocity encoding and diffusion."""
    for item, element in root.everything():
        found = numbers(element) if element.tag in _NAMES else ()
        if len(found) not in {3, 6} or element.is_empty:
            continue
        vectors = [found[at : at + 3] for at in range(0, len(found), 3)]
        if any(abs(_product(vector, vector) - 1) > _NEAR for vector in vectors):
            report.error(item.at(element.tag), "A direction in it is not of length 1.", _SECTION)
        elif len(vectors) == 2 and abs(_product(*vectors)) > _NEAR:
            told = "Rows and columns are not at right angles."
            report.error(item.at(element.tag), told, _SECTION)


def _product(one: Sequence[float], other: Sequence[float]) -> float:
    return sum(a * b for a, b in zip(one, other, strict=True))
