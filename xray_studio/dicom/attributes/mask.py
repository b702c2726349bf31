"""The mask that an object names for subtraction (PS3.3 C.7.6.10)."""

from __future__ import annotations

from pydicom.dataset import Dataset

from xray_studio.core.mask import FileMask
from xray_studio.dicom.attributes.groups import Groups
from xray_studio.dicom.attributes.values import integer, items, numbers, text

_AVERAGE = "AVG_SUB"
_PIXEL_SHIFT = "FramePixelShiftSequence"


def read_mask(groups: Groups, frames: int) -> FileMask | None:
    """Return the mask of an object of so many frames, None where it names none.

    One item that subtracts the mean of frames from all others is understood. Mask Sub-pixel Shift
    is rows, downwards, then columns, to the right.
    """
    asked = [
        item
        for item in items(groups.dataset, "MaskSubtractionSequence")
        if text(item, "MaskOperation").upper() not in ("NONE", "")
    ]
    if not asked:
        return None
    refused = _refused(asked, groups, frames)
    if refused:
        return FileMask(refused=refused)
    shift = numbers(asked[0], "MaskSubPixelShift")
    down, right = (shift[0], shift[1]) if len(shift) >= 2 else (0.0, 0.0)
    return FileMask(_frames(asked[0]), right, down)


def _frames(item: Dataset) -> tuple[int, ...]:
    return tuple(int(number) - 1 for number in numbers(item, "MaskFrameNumbers"))


def _refused(asked: list[Dataset], groups: Groups, frames: int) -> str:
    """Return why a mask cannot be used as it is told, "" when it can."""
    operations = {text(item, "MaskOperation").upper() for item in asked}
    if operations != {_AVERAGE}:
        return "the file asks for the subtraction of frames from one another, which is not done."
    if len(asked) > 1:
        return "the file names several masks, each for a part of its frames."
    named = _frames(asked[0])
    if not named or not all(0 <= frame < frames for frame in named):
        return "the file names mask frames that it does not have."
    if (integer(asked[0], "ContrastFrameAveraging") or 1) > 1:
        return "the file asks for a mean of several frames with contrast medium."
    if groups.varies(_PIXEL_SHIFT) or any(_PIXEL_SHIFT in g for g in groups.per_frame):
        return "the file moves the mask from frame to frame."
    return ""
