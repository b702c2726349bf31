"""Real World Value Mapping of an object (PS3.3 C.7.6.16.2.11): for all frames or by frame."""

from __future__ import annotations

from pydicom.dataset import Dataset

from xray_studio.core.per_frame import PerFrame, for_frames
from xray_studio.core.real_world import RealWorldMap
from xray_studio.dicom.attributes.groups import Groups
from xray_studio.dicom.attributes.luts import signed_word, word_of
from xray_studio.dicom.attributes.values import items, number, numbers, text

KEYWORD = "RealWorldValueMappingSequence"
UNITS = {"1": "", "[hnsf'U]": "HU"}  # UCUM: no unit, Hounsfield units
LONGEST_TABLE = 65_536


def read_real_world(
    groups: Groups, frames: int, *, signed: bool
) -> tuple[RealWorldMap, ...] | PerFrame[tuple[RealWorldMap, ...]]:
    """Return the mappings of stored values that an object tells, broken ones left out."""
    count = frames if groups.varies(KEYWORD) else 1
    return for_frames(
        tuple(
            found
            for item in groups.macro_items(KEYWORD, frame)
            if (found := _mapping(item, signed=signed)) is not None
        )
        for frame in range(count)
    )


def _mapping(item: Dataset, *, signed: bool) -> RealWorldMap | None:
    first, last = (_end(item, name, signed=signed) for name in ("First", "Last"))
    slope, intercept = number(item, "RealWorldValueSlope"), number(item, "RealWorldValueIntercept")
    values = numbers(item, "RealWorldValueLUTData")[:LONGEST_TABLE]
    if first is None or last is None or (not values and (slope is None or intercept is None)):
        return None
    return RealWorldMap(
        first, last, slope or 0.0, intercept or 0.0, values, _unit(item), text(item, "LUTLabel")
    )


def _end(item: Dataset, name: str, *, signed: bool) -> float | None:
    """Return Real World Value First or Last Value Mapped, whichever of its two forms is there."""
    whole = word_of(item, f"RealWorldValue{name}ValueMapped")
    if whole is not None:
        return signed_word(whole, signed)
    return number(item, f"DoubleFloatRealWorldValue{name}ValueMapped")


def _unit(item: Dataset) -> str:
    codes = items(item, "MeasurementUnitsCodeSequence")
    unit = text(codes[0], "CodeValue") if codes else ""
    return UNITS.get(unit, unit)
