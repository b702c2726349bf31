"""A range of the frames of an object: every attribute that counts frames, cut with them.

Frames count from 0 here and from 1 in the attributes. What describes the whole run and no frame
of it (dose, angles of a positioner that stands still) stays.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydicom.dataset import Dataset
from pydicom.multival import MultiValue

from xray_studio.dicom.attributes.values import integer, items, number, numbers, tag_of, text, value

# One value a frame (PS3.3 C.7.6.5, C.8.4.8, C.8.7.5, C.8.7.12, C.8.13).
VECTORS = (
    "FrameTimeVector", "PositionerPrimaryAngleIncrement", "PositionerSecondaryAngleIncrement",
    "TableVerticalIncrement", "TableLongitudinalIncrement", "TableLateralIncrement",
    "FrameLabelVector", "FramePrimaryAngleVector", "FrameSecondaryAngleVector",
    "SliceLocationVector", "DisplayWindowLabelVector", "EnergyWindowVector", "DetectorVector",
    "PhaseVector", "RotationVector", "RRIntervalVector", "TimeSlotVector", "SliceVector",
    "AngularViewVector", "TimeSliceVector", "ReferencedFrameNumbers",
)  # fmt: skip
# Numbers of frames, which may be several; what points at frames that are gone goes.
POINTERS = ("FrameNumbersOfInterest", "RWavePointer")
POINTER = "RepresentativeFrameNumber"
# They tell of the object as a whole and are no longer true, or of its part in a concatenation.
GONE = (
    "SmallestImagePixelValue", "LargestImagePixelValue", "ConcatenationUID",
    "InConcatenationNumber", "InConcatenationTotalNumber", "ConcatenationFrameOffsetNumber",
    "SOPInstanceUIDOfConcatenationSource", "EffectiveDuration", "FrameOfInterestDescription",
    "FrameOfInterestType",
)  # fmt: skip


def cut(dataset: Dataset, first: int, last: int, frames: int, times: Sequence[float]) -> None:
    """Keep frames `first` to `last` of `frames`, both included; `times` are their seconds."""
    count = last - first + 1
    for keyword in VECTORS:
        _cut_vector(dataset, keyword, first, last, frames)
    _start_vector(dataset)
    for keyword in POINTERS:
        _cut_pointers(dataset, keyword, first, last)
    _cut_pointer(dataset, first, last)
    _cut_trims(dataset, first, last)
    _cut_masks(dataset, first, last)
    _cut_groups(dataset, first, last)
    _delay(dataset, first, times)
    for keyword in GONE:
        dataset.pop(tag_of(keyword), None)
    if "NumberOfFrames" in dataset or count > 1:
        dataset.NumberOfFrames = count


def _listed(dataset: Dataset, keyword: str) -> list[Any]:
    found = value(dataset, keyword)
    if found is None:
        return []
    return list(found) if isinstance(found, MultiValue | list) else [found]


def _cut_vector(dataset: Dataset, keyword: str, first: int, last: int, frames: int) -> None:
    each = _listed(dataset, keyword)
    if len(each) == frames:
        setattr(dataset, keyword, each[first : last + 1])


def _start_vector(dataset: Dataset) -> None:
    """Let Frame Time Vector start with 0, as its first value is no interval (C.7.6.5.1.2)."""
    vector = _listed(dataset, "FrameTimeVector")
    if vector:
        dataset.FrameTimeVector = [0, *vector[1:]]


def _moved(each: Sequence[float], first: int, last: int) -> list[int]:
    """Return frame numbers from 1 as they are counted from frame `first`, without those gone."""
    return [int(number) - first for number in each if first < number <= last + 1]


def _cut_pointers(dataset: Dataset, keyword: str, first: int, last: int) -> None:
    if keyword not in dataset:
        return
    left = _moved(numbers(dataset, keyword), first, last)
    if left:
        setattr(dataset, keyword, left)
    else:
        del dataset[keyword]


def _cut_pointer(dataset: Dataset, first: int, last: int) -> None:
    """Keep Representative Frame Number where its frame is kept, else name the middle one."""
    if POINTER in dataset:
        left = _moved(numbers(dataset, POINTER)[:1], first, last)
        dataset.RepresentativeFrameNumber = left[0] if left else (last - first) // 2 + 1


def _cut_trims(dataset: Dataset, first: int, last: int) -> None:
    for keyword in ("StartTrim", "StopTrim"):
        at = integer(dataset, keyword)
        if at is not None:
            setattr(dataset, keyword, min(max(at - first, 1), last - first + 1))


def _cut_masks(dataset: Dataset, first: int, last: int) -> None:
    """Keep the masks whose frames are kept (PS3.3 C.7.6.10); others cannot be subtracted."""
    kept = [
        item for item in items(dataset, "MaskSubtractionSequence") if _masked(item, first, last)
    ]
    if kept:
        dataset.MaskSubtractionSequence = kept
    elif "MaskSubtractionSequence" in dataset:
        del dataset.MaskSubtractionSequence
        dataset.pop(tag_of("RecommendedViewingMode"), None)


def _masked(item: Dataset, first: int, last: int) -> bool:
    """Count the frames of a mask anew; tell whether it still has what it needs."""
    if text(item, "MaskOperation") == "NONE":
        return True
    wanted = numbers(item, "MaskFrameNumbers")
    left = _moved(wanted, first, last)
    if len(left) < len(wanted):
        return False
    if left:
        item.MaskFrameNumbers = left
    ranges = numbers(item, "ApplicableFrameRange")
    kept = [
        (max(int(low), first + 1) - first, min(int(high), last + 1) - first)
        for low, high in zip(ranges[::2], ranges[1::2], strict=False)
        if low <= last + 1 and high > first
    ]
    if ranges and not kept:
        return False
    if kept:
        item.ApplicableFrameRange = [end for pair in kept for end in pair]
    return True


def _cut_groups(dataset: Dataset, first: int, last: int) -> None:
    groups = items(dataset, "PerFrameFunctionalGroupsSequence")
    if groups:
        dataset.PerFrameFunctionalGroupsSequence = list(groups[first : last + 1])


def _delay(dataset: Dataset, first: int, times: Sequence[float]) -> None:
    """Add what is cut off at the beginning to Frame Delay, which counts from Content Time."""
    if first and first < len(times) and ("FrameTime" in dataset or "FrameTimeVector" in dataset):
        before = number(dataset, "FrameDelay") or 0.0
        dataset.FrameDelay = f"{before + 1000.0 * times[first]:.10g}"
