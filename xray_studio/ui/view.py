"""One viewport as a value: what it shows, how, and what is known of that."""

from __future__ import annotations

from dataclasses import dataclass, field

from xray_studio.core.clip import Clip
from xray_studio.core.document import Document
from xray_studio.core.histogram import Histogram
from xray_studio.core.job import Progress
from xray_studio.core.pipeline import Pipeline
from xray_studio.core.playback import Loop
from xray_studio.core.presentation import Presentation, StoredWindow
from xray_studio.core.study import Series
from xray_studio.services.processing.readings import Readings
from xray_studio.ui.over_state import Laying, Over, Stored
from xray_studio.ui.step_state import Compared, Worked


@dataclass(frozen=True, slots=True)
class Cine:
    """How a clip plays. Frames count from 0; `first` and `last` are the in and out points.

    `speed` multiplies the rate; `real_time` follows the acquired frame times instead of the rate.
    """

    playing: bool = False
    first: int = 0
    last: int = 0
    speed: float = 1.0
    loop: Loop = Loop.LOOP
    real_time: bool = False


@dataclass(frozen=True, slots=True)
class Left:
    """What a view was when another series took its place; `frames` is the length of its clip.

    `as_opened` tells that its window is the one that the clip opens with. `presentation` is that
    without the presentation state which lay over it; `laying` is what did. `pipeline` is how it was
    processed.
    """

    presentation: Presentation
    frame: int
    frames: int
    cine: Cine
    as_opened: bool = False
    laying: Laying | None = None
    pipeline: Pipeline = Pipeline()  # noqa: RUF009 - a frozen value, made once


@dataclass(frozen=True, slots=True)
class View:
    """One viewport. `series` without `clip` is still loading, or failed with `error`.

    `left` tells a view that is still loading how its series was left before, `wanted` the frame
    (from 0) that it is opened for. A document has `document` in place of a clip.

    `initial` is the presentation the clip opened with; `frame` counts from 0; `progress` tells how
    far opening is. `fit` is the zoom that fits the picture into the viewport, which writes it.
    `auto_window` is set to ask for an automatic window and is reset when it has been found.

    `over` is the presentation state and segmentation that lie over the clip; `stored` then is the
    clip as it was opened. `laying` is set to ask for that and is reset when it has been done.

    `pipeline` is how the clip is to be processed, `worked` what became of that: `clip` then is the
    processed one. `working` tells that it is being made. `stage` is the stage (from 0) that panel
    and keys mean, `note` what an automatic choice says for itself. `compared` is how the picture
    stands beside the unprocessed one, `wipe` where (0 to 1, of the width of the viewport) one
    gives way to the other.

    Measured of the viewport: `rate` is the rate achieved while playing, frames per second; `cached`
    are the ranges of frames (from 0, both ends included) of the clip in memory; `histogram` is that
    of the frame on screen, `readings` what it was before and is after processing.
    """

    series: Series | None = None
    clip: Clip | None = None
    frame: int = 0
    presentation: Presentation = field(default_factory=Presentation)
    initial: Presentation = field(default_factory=Presentation)
    windows: tuple[StoredWindow, ...] = ()
    cine: Cine = field(default_factory=Cine)
    error: str = ""
    progress: Progress | None = None
    fit: float = 1.0
    auto_window: bool = False
    rate: float | None = None
    cached: tuple[tuple[int, int], ...] = ()
    histogram: Histogram | None = None
    document: Document | None = None
    wanted: int | None = None
    left: Left | None = None
    over: Over = Over()  # noqa: RUF009 - a frozen value, made once
    stored: Stored | None = None
    laying: Laying | None = None
    pipeline: Pipeline = Pipeline()  # noqa: RUF009 - a frozen value, made once
    worked: Worked | None = None
    working: bool = False
    stage: int = 0
    note: str = ""
    readings: Readings | None = None
    compared: Compared = Compared.NOT
    wipe: float = 0.5


def opened(
    series: Series | None, clip: Clip, initial: Presentation, windows: tuple[StoredWindow, ...]
) -> View:
    """Return the view of a clip just opened: its first frame, the file's own range and loop."""
    timing, end = clip.timing, len(clip) - 1
    first = min(max(0, timing.start), end)
    last = end if timing.stop is None else min(max(first, timing.stop), end)
    cine = Cine(first=first, last=last, loop=timing.preferred)
    return View(series, clip, first, initial, initial, windows, cine)
