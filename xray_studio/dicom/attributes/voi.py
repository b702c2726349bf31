"""What a file offers for display: windows and VOI LUTs (PS3.3 C.11.2), for all frames or by frame.

Enhanced objects tell them in the Frame VOI LUT macro (PS3.3 C.7.6.16.2.10), shared or per frame.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import numpy as np
from pydicom.dataset import Dataset

from xray_studio.core.lut import LookupTable, Modality, Pixels, apply_window, modality_range
from xray_studio.core.per_frame import PerFrame, for_frames, middle_of
from xray_studio.core.presentation import StoredWindow, VoiFunction, Window
from xray_studio.dicom.attributes.groups import Groups
from xray_studio.dicom.attributes.luts import lookup_table
from xray_studio.dicom.attributes.values import items, no_numbers, numbers, text

T = TypeVar("T")
KEYWORD = "FrameVOILUTSequence"
_WINDOW = ("WindowCenter", "WindowWidth")
_STEP = 1 / 255  # of what a screen shows


def read_windows(groups: Groups, frames: int, warnings: list[str]) -> tuple[StoredWindow, ...]:
    """Return the windows stored for the object, those of frames as choices that follow them."""
    return _choices(groups, frames, lambda macro: windows_of(macro, warnings))


def read_voi_luts(
    groups: Groups, frames: int, pixels: Pixels, modality: Modality, warnings: list[str]
) -> tuple[LookupTable | PerFrame[LookupTable], ...]:
    """Return the VOI LUTs of the object (PS3.3 C.11.2.1.1), as `read_windows` does.

    Their first value is signed where the Modality LUT can give negative values.
    """
    signed = modality_range(pixels, modality)[0] < 0
    return _choices(groups, frames, lambda macro: voi_luts_of(macro, warnings, signed=signed))


def _choices(
    groups: Groups, frames: int, read: Callable[[Dataset], tuple[T, ...]]
) -> tuple[T | PerFrame[T], ...]:
    """Return what `read` finds in the macro of every frame, the n-th of each as one choice.

    A frame that has fewer than the others repeats its last one, one that has none that before it.
    """
    if not groups.varies(KEYWORD):
        return read(groups.macro(KEYWORD, 0))
    each = [read(groups.macro(KEYWORD, frame)) for frame in range(frames)]
    most = max(len(one) for one in each)
    return tuple(for_frames(_filled(each, number)) for number in range(most))


def _filled(each: Sequence[tuple[T, ...]], number: int) -> list[T]:
    last = next(one for one in each if one)
    filled = []
    for one in each:
        last = one or last
        filled.append(last[min(number, len(last) - 1)])
    return filled


def windows_of(macro: Dataset, warnings: list[str]) -> tuple[Window, ...]:
    """Return the windows of one item, those that no display can follow left out."""
    function = _function(macro, warnings)
    names = text(macro, "WindowCenterWidthExplanation").split("\\")
    centers, widths = (numbers(macro, keyword) for keyword in _WINDOW)
    said = no_numbers(macro, *_WINDOW)
    warnings.extend(f"{name} is no number; the stored window is left out." for name in said)
    if len(centers) != len(widths) and not said:
        warnings.append(
            f"The file has {len(centers)} window centres and {len(widths)} widths; "
            "what has no partner is left out."
        )
    pairs = list(zip(centers, widths, strict=False))
    found: list[Window] = []
    for i, (center, width) in enumerate(pairs):
        try:
            name = names[i].strip() if i < len(names) else ""
            found.append(Window(center, width, _possible(function, width), name))
        except ValueError:
            warnings.append(f"The stored window {center:g} / {width:g} is impossible and left out.")
    return tuple(dict.fromkeys(found))


def flat_windows(
    windows: tuple[StoredWindow, ...], pixels: Pixels, modality: Modality
) -> list[str]:
    """Return what there is to say of windows that show every possible value as the same grey.

    They are followed, since the file asks for them; of those of frames the middle one counts.
    """
    ends = np.array(modality_range(pixels, modality))
    said = []
    for window in map(middle_of, windows):
        low, high = apply_window(ends, window)
        if abs(high - low) < _STEP:
            said.append(
                f"The stored window {window.center:g} / {window.width:g} shows every value that "
                "this picture can have as the same grey; press 0 for an automatic window."
            )
    return said


def _possible(function: VoiFunction, width: float) -> VoiFunction:
    """Return the function of a window: LINEAR has no widths below 1, which quantities need."""
    narrow = function is VoiFunction.LINEAR and 0.0 < width < 1.0
    return VoiFunction.LINEAR_EXACT if narrow else function


def _function(macro: Dataset, warnings: list[str]) -> VoiFunction:
    stated = text(macro, "VOILUTFunction")
    try:
        return VoiFunction(stated or "LINEAR")
    except ValueError:
        warnings.append(f"VOI LUT Function {stated} is unknown; windows are taken as linear.")
        return VoiFunction.LINEAR


def voi_luts_of(macro: Dataset, warnings: list[str], *, signed: bool) -> tuple[LookupTable, ...]:
    """Return the VOI LUTs of one item, broken ones left out."""
    tables = (
        lookup_table(item, "VOI LUT", warnings, signed=signed)
        for item in items(macro, "VOILUTSequence")
    )
    return tuple(table for table in tables if table is not None)
