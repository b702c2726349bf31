"""Windows of volumes: what a person asks for, what files offer, what is usual, what suits.

Values with fractions, as uptake, are shown between just the two ends of a window (LINEAR_EXACT);
whole numbers as DICOM shows them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from xray_studio.core.corner_text import format_number
from xray_studio.core.errors import UsageError
from xray_studio.core.legend import window_ends
from xray_studio.core.presentation import FARTHEST, VoiFunction, Window
from xray_studio.core.volume.volume import Volume
from xray_studio.services.presets import CT_PRESETS

UPTAKE_UNIT: Final = "g/ml"
UPTAKE_WINDOWS: Final = tuple(
    Window(top / 2, top, VoiFunction.LINEAR_EXACT, f"SUV 0 to {top:g}")
    for top in (7.0, 5.0, 10.0, 20.0)
)
"""What uptake values are usually shown between, that to begin with first."""
_FIRST: Final = "As opened"
_ENDS: Final = (1.0, 99.0)  # percentiles that a window which suits goes between
_GROUND: Final = 0.3  # share of the values that the lowest has where it is the background
_SAMPLED: Final = 100  # voxels along each side that are looked at


def asked_window(asked: Sequence[float], values: npt.NDArray[np.generic]) -> Window:
    """Return the window of a centre and width for values. Raises UsageError for no width."""
    centre, width = asked
    if not (np.isfinite(centre) and np.isfinite(width) and width > 0.0):
        raise UsageError("A window has a centre and a width above 0.")
    return Window(centre, width, _function(values, width))


def usual_window(volume: Volume) -> Window:
    """Return the window to begin with: that of the file, that of uptake values, or what suits.

    What suits goes by all of the volume, so that it is the same on every plane.
    """
    if volume.windows:
        return volume.windows[0]
    if volume.unit == UPTAKE_UNIT:
        return UPTAKE_WINDOWS[0]
    steps = tuple(max(1, side // _SAMPLED) for side in volume.values.shape[-3:])
    some = volume.values[..., :: steps[0], :: steps[1], :: steps[2]]
    found = suited_window(some)
    return Window(0.5, 1.0, VoiFunction.LINEAR_EXACT) if found is None else found


def offered_windows(volume: Volume) -> tuple[Window, ...]:
    """Return the windows to choose from, each with its name, that to begin with first.

    They are those of the file and those of its kind of values: uptake, or Hounsfield units.
    """
    first, kind = usual_window(volume), tuple[Window, ...]()
    if volume.unit == UPTAKE_UNIT:
        kind = UPTAKE_WINDOWS
    elif volume.modality == "CT" and volume.unit == "HU":
        kind = tuple(Window(level, width, explanation=name) for name, width, level in CT_PRESETS)
    ways = (_FIRST, *(f"Window {number} of the file" for number in range(2, 99)))
    own = kind[:1] if first in kind else volume.windows or (first,)
    named = [
        replace(window, explanation=window.explanation or way)
        for window, way in zip(own, ways, strict=False)
    ]
    return tuple(dict.fromkeys((*named, *kind)))


def suited_window(values: npt.NDArray[np.generic]) -> Window | None:
    """Return a window between all but the rarest values, None where no value is a number.

    A background of one value, as of masks and of heads without skull, is black and counts no more.
    """
    finite = values[np.isfinite(values)]
    if not finite.size:
        return None
    low, high = _ends(finite)
    width = max(high - low, 1e-6)
    return Window((low + high) / 2, width, _function(values, width))


def _ends(finite: npt.NDArray[Any]) -> tuple[float, float]:
    lowest, highest = float(finite.min()), float(finite.max())
    ground = finite == lowest
    if _GROUND < ground.mean() < 1.0:
        low, high = lowest, float(np.percentile(finite[~ground], _ENDS[1]))
    else:
        low, high = (float(end) for end in np.percentile(finite, _ENDS))
    low, high = (low, high) if low < high else (lowest, highest)
    return max(low, -FARTHEST), min(high, FARTHEST)


def ends_told(window: Window) -> tuple[str, str]:
    """Return the values at the foot and the top of a window, in words."""
    low, high = window_ends(window)
    return format_number(low), format_number(high)


def _function(values: npt.NDArray[np.generic], width: float) -> VoiFunction:
    whole = values.dtype.kind in "iub" and width > 1.0
    return VoiFunction.LINEAR if whole else VoiFunction.LINEAR_EXACT
