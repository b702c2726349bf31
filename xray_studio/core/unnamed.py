"""Clips without the free text of their files, which can name anybody."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from xray_studio.core.clip import Clip

# Units of Rescale Type, Modality LUT Type and Units (PS3.3 C.11.1.1.2, C.8.9.1.1.3) as told here;
# a file can write any words in their place.
UNITS: Final = frozenset((
    "", "HU", "OD", "MGML", "Z_EFF", "ED", "EDW", "HU_MOD", "PCT", "Bq/ml", "counts", "CM2",
    "CM2ML", "PCNT", "CPS", "MGMINML", "UMOLMINML", "MLMING", "MLG", "1CM", "UMOLML", "PROPCNTS",
    "PROPCPS", "MLMINML", "MLML", "GML", "STDDEV",
))  # fmt: skip


def known_unit(unit: str) -> str:
    """Return a unit of the standard, "" for any other words."""
    return unit if unit in UNITS else ""


def unnamed(clip: Clip) -> Clip:
    """Return a clip whose units are those of the standard: words of the file's own are left out."""
    if all(known_unit(one.unit) == one.unit for one in clip.modality):
        return clip
    return replace(
        clip, modality=tuple(replace(one, unit=known_unit(one.unit)) for one in clip.modality)
    )
