"""How far the shipped detectors of films reach, as their cards tell it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_PAIRS: Final = (
    "Of films of patients it has not learned from, it puts an abnormal one above a normal one in"
    " this share of pairs (image AUROC within one view, 0.5 is chance): iu_xray {}, nih_cxr14 {}."
)
REACH: Final[Mapping[str, str]] = {  # by SHA-256 of the weights
    "8ccf9ba2eef7e71e131ee1aeeccae077d7ba84d2c9c74447d90f1740c9c4ab4e": _PAIRS.format(
        "0.693 (0.632 to 0.754)", "0.674 (0.589 to 0.752)"
    ),
    "f004b38c191df0945378f4bb28849c00b19e584dbbd28c20c1d5acfd8a6c170a": _PAIRS.format(
        "0.575 (0.504 to 0.643)", "0.435 (0.344 to 0.525)"
    ),
}


def reach_of(sha256: str) -> str:
    """Return how well a shipped model tells abnormal films, in a sentence; "" of other models."""
    return REACH.get(sha256, "")
