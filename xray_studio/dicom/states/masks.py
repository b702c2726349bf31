"""What a presentation state says of subtraction (PS3.3 C.11.13, C.7.6.10), in words."""

from __future__ import annotations

from collections.abc import Iterator

from pydicom.dataset import Dataset

from xray_studio.dicom.attributes.values import integer, items, numbers, text

OPERATIONS = {
    "NONE": "no subtraction",
    "AVG_SUB": "subtraction of the mean of mask frames",
    "TID": "subtraction of an earlier frame",
    "REV_TID": "subtraction of an earlier frame, backwards",
}


def mask_words(dataset: Dataset) -> tuple[str, ...]:
    """Return every way of subtraction that is told."""
    return tuple(_words(item) for item in items(dataset, "MaskSubtractionSequence"))


def _words(item: Dataset) -> str:
    told = text(item, "MaskOperation").upper()
    return ", ".join((OPERATIONS.get(told, told or "unknown"), *_details(item)))


def _details(item: Dataset) -> Iterator[str]:
    frames = [str(int(number)) for number in numbers(item, "MaskFrameNumbers")]
    if frames:
        yield f"mask {'frame' if len(frames) == 1 else 'frames'} {', '.join(frames)}"
    offset = integer(item, "TIDOffset")
    if offset is not None:
        yield f"offset {offset}"
    shift = numbers(item, "MaskSubPixelShift")
    if len(shift) >= 2 and any(shift):
        yield f"shifted by {shift[0]:g} rows and {shift[1]:g} columns"
    ends = [int(number) for number in numbers(item, "ApplicableFrameRange")]
    for first, last in zip(ends[::2], ends[1::2], strict=False):
        yield f"on frames {first} to {last}"
