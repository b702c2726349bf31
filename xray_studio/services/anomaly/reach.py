"""How far the shipped detectors of films reach, as their cards tell it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_PAIRS: Final = (
    "Of films of patients it has not learned from, it puts an abnormal one above a normal one in"
    " this share of pairs (image AUROC within one view, 0.5 is chance): iu_xray {}, nih_cxr14 {}."
)
REACH: Final[Mapping[str, str]] = {  # by SHA-256 of the weights
    "3fb47ef96ae09614c6234ec770e9a94963bbe99bbf9abba9078fcc8945ab6074": _PAIRS.format(
        "0.691 (0.630 to 0.752)", "0.699 (0.619 to 0.773)"
    ),
    "f004b38c191df0945378f4bb28849c00b19e584dbbd28c20c1d5acfd8a6c170a": _PAIRS.format(
        "0.575 (0.504 to 0.643)", "0.435 (0.344 to 0.525)"
    ),
}


def reach_of(sha256: str) -> str:
    """Return how well a shipped model tells abnormal films, in a sentence; "" of other models."""
    return REACH.get(sha256, "")
