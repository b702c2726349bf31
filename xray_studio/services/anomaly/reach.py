"""How far the shipped detectors of films reach, as their cards tell it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_PAIRS: Final = (
    "Of films of patients it has not learned from, it puts an abnormal one above a normal one in"
    " this share of pairs (image AUROC within one view, 0.5 is chance): iu_xray {}, nih_cxr14 {}."
)
REACH: Final[Mapping[str, str]] = {  # by digest: figures rest on the calibration too
    "7761a51b94cc20a47c12b58f3c75cc27a22e4e0913f7e6d63e5e734bcce9bd87": _PAIRS.format(
        "0.691 (0.630 to 0.752)", "0.699 (0.619 to 0.773)"
    ),
    "78101c85d3247d54c35c89d8c292e2b344928286479fd9b2eb2d518358e0b11c": _PAIRS.format(
        "0.575 (0.504 to 0.643)", "0.435 (0.344 to 0.525)"
    ),
}


def reach_of(digest: str) -> str:
    """Return how well a shipped model tells abnormal films, in a sentence; "" of other models."""
    return REACH.get(digest, "")
