"""Windows a clip offers, the automatic one, and how a clip is shown when it opens.

One window holds for all frames of a clip, so that a cine does not flicker. Looking at grey values
decodes up to four frames: call these functions away from the window's thread.
"""

from __future__ import annotations

import math
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass, replace
from typing import TypeAlias
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt

from xray_studio.core.clip import Clip, Frame, FrameSource
from xray_studio.core.corner_text import SUBTRACTED
from xray_studio.core.drawn_source import draws_text
from xray_studio.core.errors import StudioError
from xray_studio.core.lut import Modality, Pixels, Rescale, is_padding, modality_range
from xray_studio.core.per_frame import at_frame
from xray_studio.core.presentation import Presentation, StoredWindow, VoiFunction, Window
from xray_studio.core.workers import Priority

CT_PRESETS = (
    ("Soft tissue", 400.0, 40.0),
    ("Lung", 1500.0, -600.0),
    ("Liver", 150.0, 90.0),
    ("Bone", 2500.0, 480.0),
    ("Brain", 80.0, 40.0),
    ("Mediastinum", 400.0, 80.0),
)
AIR_BELOW = -1024.0  # Hounsfield units below belong to nothing: the corners outside the gantry
RADIOGRAPHS = frozenset(("CR", "DX", "MG", "IO", "PX", "RG"))
FLUOROSCOPY = frozenset(("XA", "RF"))

# Radiographs: centre and width as fractions of the data range, dark to bright as shown.
LUNG_PART = (0.30, 0.60)
BONE_PART = (0.70, 0.60)
# Angiograms: vessels are darker than the tissue round them, in a narrow range around the middle.
VESSEL_PART = (0.45, 0.50)
# Subtracted ones: 0, where nothing changed, lies in the light greys, and black is as far below it
# as most vessels go.
SUBTRACTED_BLACK, SUBTRACTED_WHITE = 1.8, 0.8
SUBTRACTION = "Subtraction"

FULL = "Full range"
STORED = "As stored"
AUTO = "Automatic"
OUTSIDE = "Automatic, the stored window lies outside the data"
SAMPLED_PIXELS = 1 << 18
TRIES = 3
LEAST_USE = 0.25  # of the stored range; data that uses less is shown with an automatic window


@dataclass(frozen=True, slots=True)
class GreyRange:
    """Modality values found in a clip, padding left out: extremes and 1st and 99th percentile."""

    lowest: float
    low: float
    high: float
    highest: float


Ranges: TypeAlias = dict[tuple[Pixels, tuple[Modality, ...], tuple[int, ...]], GreyRange | None]
_ranges_of: WeakKeyDictionary[FrameSource, Ranges] = WeakKeyDictionary()


def presets(clip: Clip) -> tuple[StoredWindow, ...]:
    """Return the windows a clip offers, named by `explanation`.

    The file's own come first, then the modality's. VOI LUTs of the file are not windows: they are
    chosen by their position in `clip.voi_luts`. Colour clips have none. Of two presets that show
    the same greys the first one is offered.
    """
    if clip.is_colour:
        return ()
    different: dict[StoredWindow, StoredWindow] = {}
    usual = () if clip.usual is None else (clip.usual,)
    for window in (*usual, *_modality_presets(clip)):
        different.setdefault(replace(window, explanation=""), window)
    return tuple(dict.fromkeys((*clip.windows, *different.values())))


def auto_window(clip: Clip, index: int) -> Window:
    """Return the window from the 1st to the 99th percentile of the first, middle and last frame.

    Frame `index`, the one in view, counts as well; padding does not.
    """
    found = grey_range(clip, index)
    if found is None:
        return Window.spanning(*modality_range(clip.pixels, clip.modality[0]), AUTO)
    return _auto(found)


def initial_presentation(clip: Clip) -> Presentation:
    """Return how a clip is shown when it opens.

    The file's first window, else its first VOI LUT, else what is usual, else everything where the
    data uses its range (8-bit pictures as a rule), else an automatic window. A stored window that
    leaves all of the picture black or white gives way to an automatic one, which says so in its
    explanation. Pictures that were put together are finished.
    """
    if clip.is_colour or draws_text(clip):
        return Presentation()
    if clip.windows:
        return Presentation(voi=_usable(clip, clip.windows[0]))
    if clip.voi_luts:
        return Presentation(voi=0)
    if clip.usual is not None:
        return Presentation(voi=clip.usual)
    if SUBTRACTED in clip.processed:
        return Presentation(voi=next(iter(presets(clip)), None))
    return Presentation(voi=None if _uses_its_range(clip) else auto_window(clip, len(clip) // 2))


def _usable(clip: Clip, stored: StoredWindow) -> StoredWindow:
    found, window = grey_range(clip, len(clip) // 2), at_frame(stored, len(clip) // 2)
    if found is None or window.function is VoiFunction.SIGMOID:
        return stored
    low, high = window.center - window.width / 2, window.center + window.width / 2
    if found.highest > low and found.lowest < high:
        return stored
    return replace(_auto(found), explanation=OUTSIDE)


def _uses_its_range(clip: Clip) -> bool:
    """Tell whether 8-bit data without rescaling is meant to be shown as it is stored."""
    if clip.pixels.bits > 8 or clip.modality != (Rescale(),) or clip.source.dtype.kind == "f":
        return False
    found = grey_range(clip, len(clip) // 2)
    if found is None:
        return True
    low, high = modality_range(clip.pixels, clip.modality[0])
    used = found.highest - found.lowest
    return used == 0.0 or used >= LEAST_USE * (high - low)


def _auto(found: GreyRange) -> Window:
    low, high = found.low, found.high
    if low == high:  # most pixels are alike, as in a mask
        low, high = found.lowest, found.highest
    if low == high:  # a flat picture is grey
        low, high = low - 0.5, high + 0.5
    return Window.spanning(*_whole(low, high), AUTO)


def _whole(low: float, high: float) -> tuple[float, float]:
    """Return limits as whole numbers, outwards, where that changes little."""
    return (math.floor(low), math.ceil(high)) if high - low > 50.0 else (low, high)


def _modality_presets(clip: Clip) -> tuple[Window, ...]:
    modality = clip.acquisition.modality
    if modality == "CT" and clip.unit == "HU":
        return tuple(Window(level, width, explanation=name) for name, width, level in CT_PRESETS)
    found = grey_range(clip, len(clip) // 2)
    if found is None:
        return ()
    if SUBTRACTED in clip.processed:
        return (_subtraction(found), *_ranges(found))
    if modality in RADIOGRAPHS:
        return (*_ranges(found), *_radiograph_parts(clip, found))
    if modality in FLUOROSCOPY:
        return (_as_stored(clip, found), _part(clip, found, VESSEL_PART, "Vessel"))
    return _ranges(found)


def _subtraction(found: GreyRange) -> Window:
    """Return the window for differences, whose vessels are the values far from 0."""
    most = max(-found.low, found.high, 1e-6)
    dark, light = (-SUBTRACTED_BLACK, SUBTRACTED_WHITE)
    if found.high > -found.low:  # contrast medium is what grows
        dark, light = -light, -dark
    return Window.spanning(*_whole(dark * most, light * most), SUBTRACTION)


def _ranges(found: GreyRange) -> tuple[Window, ...]:
    return (
        Window.spanning(found.lowest, found.highest, FULL),
        Window.spanning(found.low, found.high, "1st to 99th percentile"),
    )


def _radiograph_parts(clip: Clip, found: GreyRange) -> tuple[Window, ...]:
    return (_part(clip, found, LUNG_PART, "Lung"), _part(clip, found, BONE_PART, "Bone"))


def _as_stored(clip: Clip, found: GreyRange) -> Window:
    """Return the window over everything that the stored bits can hold."""
    if clip.source.dtype.kind == "f":
        return Window.spanning(found.lowest, found.highest, STORED)
    return Window.spanning(*modality_range(clip.pixels, clip.modality[0]), STORED)


def _part(clip: Clip, found: GreyRange, part: tuple[float, float], name: str) -> Window:
    """Return a window over a part of the data range, counted from dark to bright as shown."""
    middle, width = part
    at = 1.0 - middle if clip.pixels.inverted else middle
    span = found.high - found.low
    center = found.low + at * span
    return Window.spanning(*_whole(center - width * span / 2, center + width * span / 2), name)


def frames_looked_at(clip: Clip, index: int) -> tuple[int, ...]:
    """Return the frames that stand for a clip: first, middle and last, and `index`, in view."""
    count = len(clip)
    return tuple(sorted({0, count // 2, count - 1, index}))


def grey_range(clip: Clip, index: int) -> GreyRange | None:
    """Return the range of modality values in a few frames of a grey clip, padding left out.

    None when none of these frames can be decoded or all of them are padding.
    """
    frames = frames_looked_at(clip, index)
    known, key = _known_ranges(clip.source), (clip.pixels, clip.modality, frames)
    if key not in known:
        known[key] = _range(clip, frames)
    return known[key]


def region_window(
    clip: Clip, index: int, stored: Frame, rows: slice, columns: slice
) -> Window | None:
    """Return the window over the 1st to 99th percentile of a part of a stored frame.

    `rows` and `columns` choose the part of frame `index`, which counts from 0. None when nothing
    but padding lies there. A large part is sampled evenly.
    """
    part = stored[rows, columns]
    step = max(1, int(np.sqrt(part.size / SAMPLED_PIXELS)))
    numbers = part[::step, ::step].ravel()
    values = clip.modality_at(index).apply(numbers[_is_picture(numbers, clip.pixels)])
    if not values.size:
        return None
    low, high = (float(end) for end in np.percentile(values, (1.0, 99.0)))
    if low == high:  # a flat part is grey
        low, high = low - 0.5, high + 0.5
    return Window.spanning(*_whole(low, high))


def _known_ranges(source: FrameSource) -> Ranges:
    """Return what is known of a source, for as long as somebody else holds it and its frames."""
    try:
        return _ranges_of.setdefault(source, {})
    except TypeError:  # it can be known by itself only
        return {}


def _range(clip: Clip, frames: tuple[int, ...]) -> GreyRange | None:
    asked = [(i, clip.source.request(i, Priority.PLAYBACK)) for i in frames]
    found = [(i, _frame(clip, i, future)) for i, future in asked]
    parts = [_values(clip, i, frame) for i, frame in found if frame is not None]
    values = np.concatenate(parts) if parts else np.empty(0)
    if not values.size:
        return None
    low, high = np.percentile(values, (1.0, 99.0))
    return GreyRange(float(values.min()), float(low), float(high), float(values.max()))


def _frame(clip: Clip, index: int, future: Future[Frame]) -> Frame | None:
    """Return a frame, None when it cannot be decoded.

    A future that others wait for as well may be given up by them; then it is asked for anew.
    """
    for _ in range(TRIES):
        try:
            return future.result()
        except CancelledError:
            future = clip.source.request(index, Priority.PLAYBACK)
        except StudioError:
            return None
    return None


def _values(clip: Clip, index: int, frame: Frame) -> npt.NDArray[np.float64]:
    """Return modality values of some pixels of a frame, evenly spread."""
    step = max(1, int(np.sqrt(frame.size / SAMPLED_PIXELS)))
    stored = frame[::step, ::step].ravel()
    values = clip.modality_at(index).apply(stored[_is_picture(stored, clip.pixels)])
    return values[values >= AIR_BELOW] if clip.unit == "HU" else values


def _is_picture(stored: Frame, pixels: Pixels) -> npt.NDArray[np.bool_]:
    return np.asarray(np.isfinite(stored) & ~is_padding(stored, pixels.padding))
