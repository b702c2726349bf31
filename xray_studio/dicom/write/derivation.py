"""Codes of what processing does to pixels (PS3.16 CID 7203, Image Derivation)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from xray_studio.dicom.write.objects import Code

SMOOTHING: Final[Code] = ("113087", "DCM", "Smoothing")
GAUSSIAN: Final[Code] = ("113088", "DCM", "Gaussian blur")
MEAN: Final[Code] = ("113049", "DCM", "Pixel by pixel mean")
EDGES: Final[Code] = ("113086", "DCM", "Edge enhancement")
UNSHARP: Final[Code] = ("113089", "DCM", "Unsharp mask")
SUBTRACTION: Final[Code] = ("113062", "DCM", "Pixel by pixel subtraction")
# What the context group, which may be extended, has no word for.
OTHER: Final[Code] = ("GREYS", "99XRAYSTUDIO", "Change of grey values")

_CODES: Final[dict[str, Code]] = {
    "gaussian": GAUSSIAN, "running-mean": MEAN, "unsharp": UNSHARP, "flatten": SUBTRACTION,
    "multiscale": EDGES, "edges": EDGES, "vesselness": EDGES,
    "subtract": SUBTRACTION,
}  # fmt: skip
DENOISED: Final = "DENOISED"


def codes_of(steps: Iterable[tuple[str, str]]) -> tuple[Code, ...]:
    """Return the codes of steps, each by its name and badge, every code once, in order."""
    found = [_CODES.get(name, SMOOTHING if badge == DENOISED else OTHER) for name, badge in steps]
    return tuple(dict.fromkeys(found))
