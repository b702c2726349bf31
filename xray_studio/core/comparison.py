"""Clips side by side on one clock: when each frame is shown, and where."""

from __future__ import annotations

import enum
import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from xray_studio.core.clip import Clip, Identity
from xray_studio.core.output import exact_rate
from xray_studio.core.region import Region

SAME_INTERVAL: Final = 1e-3  # of an interval; frame times that differ less tell one rate
SAME_MOMENT: Final = 5e-4  # seconds; frames of two clocks that are nearer change together
GAP: Final = 8  # pixels between pictures


class Arrangement(enum.Enum):
    """How pictures stand. The values are those of the command line."""

    ROW = "row"
    GRID = "grid"


class Ending(enum.Enum):
    """What shorter clips do when they have ended. The values are those of the command line."""

    LOOP = "loop"
    HOLD = "hold"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class Run:
    """The frames of a clip that take part and their clock.

    `frames` are those of the clip, from 0; `starts` the seconds from the first to each of them and
    `end` those to the end of the last. A still has one frame and an end of 0: it has no time.
    """

    frames: tuple[int, ...]
    starts: tuple[float, ...]
    end: float

    def at(self, moment: float, *, loop: bool) -> int:
        """Return the frame shown at a moment in seconds; without `loop` the last one stays."""
        if self.end <= 0.0:
            return self.frames[0]
        if loop:
            moment %= self.end
            if self.end - moment < SAME_MOMENT:
                moment = 0.0
        place = bisect_right(self.starts, moment + SAME_MOMENT) - 1
        return self.frames[max(0, place)]


@dataclass(frozen=True, slots=True)
class Together:
    """What several runs show: moments in seconds with a frame of each run, and when all end."""

    moments: tuple[float, ...]
    frames: tuple[tuple[int, ...], ...]
    end: float


def run_of(clip: Clip, frames: tuple[int, int] | None) -> Run:
    """Return the clock of a clip: as acquired where the file tells it, else by its display rate.

    `frames` are first and last, from 0; None takes the range that the file is trimmed to.
    """
    last = len(clip) - 1
    stop = last if clip.timing.stop is None else min(clip.timing.stop, last)
    first, final = frames or (min(clip.timing.start, stop), stop)
    final = min(final, last)
    first = min(first, final)
    numbers = tuple(range(first, final + 1))
    if len(numbers) == 1:
        return Run(numbers, (0.0,), 0.0)
    timing = clip.timing
    rate = _one_rate(timing.times) if len(timing.times) == len(clip) else clip.frame_rate
    if rate is not None:
        interval = float(1 / exact_rate(rate))
        starts = tuple(interval * place for place in range(len(numbers)))
        return Run(numbers, starts, interval * len(numbers))
    starts = tuple(timing.times[n] - timing.times[first] for n in numbers)
    return Run(numbers, starts, starts[-1] + timing.last_interval())


def _one_rate(times: Sequence[float]) -> float | None:
    """Return the rate of moments that lie evenly but for their rounding, None for others."""
    lasting = [after - before for before, after in pairwise(times)]
    if not lasting or max(lasting) - min(lasting) > SAME_INTERVAL * max(lasting):
        return None
    return len(lasting) / (times[-1] - times[0])


def together(runs: Sequence[Run], ending: Ending) -> Together:
    """Return which frames stand beside one another, one entry whenever any of them changes."""
    lasting = [run.end for run in runs if run.end > 0.0]
    if not lasting:
        return Together((0.0,), (tuple(run.frames[0] for run in runs),), 0.0)
    end = min(lasting) if ending is Ending.STOP else max(lasting)
    loop = ending is Ending.LOOP
    moments = _moments(runs, end, loop=loop)
    shown = [tuple(run.at(moment, loop=loop) for run in runs) for moment in moments]
    return Together(tuple(moments), tuple(shown), end)


def _moments(runs: Sequence[Run], end: float, *, loop: bool) -> list[float]:
    """Return every moment at which a run changes its frame, those of one moment once."""
    found: list[float] = []
    for run in runs:
        turns = math.ceil(end / run.end - 1e-9) if loop and run.end > 0.0 else 1
        found += [turn * run.end + start for turn in range(turns) for start in run.starts]
    kept = [0.0]
    for moment in sorted(found):
        if moment - kept[-1] > SAME_MOMENT and end - moment > SAME_MOMENT:
            kept.append(moment)
    return _even(kept, end)


def _even(moments: list[float], end: float) -> list[float]:
    """Return evenly spaced moments where they are that but for the rounding of stored intervals."""
    even = [number * end / len(moments) for number in range(len(moments))]
    far = max(abs(a - b) for a, b in zip(moments, even, strict=True))
    return even if far <= SAME_MOMENT else moments


def arranged(
    sizes: Sequence[tuple[int, int]], arrangement: Arrangement, strip: int
) -> tuple[list[Region], int, int]:
    """Return where pictures stand, and rows and columns of the whole.

    `sizes` are (rows, columns) of the pictures, all of the same height as a rule. Above each of
    them `strip` rows are left for its caption. A grid has two columns, or as many as make it square
    where there are more than four pictures; pictures stand in the middle of their column.
    """
    across = len(sizes) if arrangement is Arrangement.ROW else math.ceil(math.sqrt(len(sizes)))
    lines = [sizes[start : start + across] for start in range(0, len(sizes), across)]
    widths = [max(line[n][1] for line in lines if n < len(line)) for n in range(across)]
    heights = [max(size[0] for size in line) for line in lines]
    places = []
    for number, (rows, columns) in enumerate(sizes):
        down, right = divmod(number, across)
        x = sum(widths[:right]) + GAP * right + (widths[right] - columns) // 2
        y = sum(heights[:down]) + (GAP + strip) * down + strip
        places.append(Region(x, y, columns, rows))
    rows = sum(heights) + (GAP + strip) * len(lines) - GAP
    return places, rows, sum(widths) + GAP * (across - 1)


def of_one_patient(clips: Sequence[Clip]) -> bool:
    """Tell whether clips are surely of one patient, as their files say.

    Pictures without any identity are of one another's patient as far as anybody can tell, but not
    of a patient with a name.
    """
    return len({_person(clip.identity) for clip in clips}) == 1


def _person(who: Identity) -> tuple[str, ...]:
    name = " ".join(who.patient_name.casefold().replace("^", " ").replace("=", " ").split())
    return name, who.patient_id.strip().casefold(), who.birth_date.strip()
