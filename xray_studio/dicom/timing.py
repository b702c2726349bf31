"""Timing of a cine from its attributes (PS3.3 C.7.6.5), by the one rate rule of the program.

Recommended Display Frame Rate, else Cine Rate, else what Frame Increment Pointer points to, else
Frame Time, else the modality's default. A rate that cannot be played counts as absent.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from itertools import accumulate, pairwise
from statistics import median

from pydicom.dataset import Dataset

from xray_studio.core.playback import (
    Loop,
    Timing,
    default_rate,
    times_from_vector,
    usable_rate,
)
from xray_studio.dicom.groups import Groups
from xray_studio.dicom.values import integer, number, numbers, text, value

FLUOROSCOPY = frozenset(("XA", "RF"))
CONTENT = "FrameContentSequence"
FRAME_TIME = 0x00181063
FRAME_TIME_VECTOR = 0x00181065


def read_timing(groups: Groups, frames: int) -> Timing:
    """Return the timing of an object with `frames` frames."""
    dataset = groups.dataset
    modality = text(dataset, "Modality")
    rate, source = next(iter(_rates(dataset)), None) or default_rate(modality)
    start, stop = _trim(dataset, frames)
    return Timing(
        rate=rate,
        source=source,
        times=frame_times(dataset, frames) or acquisition_times(groups, frames),
        start=start,
        stop=stop,
        preferred=_preferred(dataset),
        delay=max(0.0, (number(dataset, "FrameDelay") or 0.0) / 1000.0),
    )


def _rates(dataset: Dataset) -> list[tuple[float, str]]:
    """Return the usable rates with the attribute each one comes from; the first one counts."""
    candidates = (
        ("Recommended Display Frame Rate", number(dataset, "RecommendedDisplayFrameRate")),
        ("Cine Rate", number(dataset, "CineRate")),
        *_pointed_rates(dataset),
        ("Frame Time", _rate_of_time(dataset)),
    )
    return [(rate, name) for name, told in candidates if (rate := usable_rate(told))]


def _pointed_rates(dataset: Dataset) -> list[tuple[str, float | None]]:
    """Return what Frame Increment Pointer (0028,0009) names; it can name unknown attributes."""
    known = {
        FRAME_TIME: ("Frame Time", _rate_of_time(dataset)),
        FRAME_TIME_VECTOR: ("Frame Time Vector", _rate_of_vector(dataset)),
    }
    return [known[tag] for tag in _pointers(dataset) if tag in known]


def _pointers(dataset: Dataset) -> list[int]:
    found = value(dataset, "FrameIncrementPointer")
    if found is None:
        return []
    several: list[int] = [found] if isinstance(found, int) else list(found)
    return several


def _rate_of_time(dataset: Dataset) -> float | None:
    milliseconds = number(dataset, "FrameTime")
    return 1000.0 / milliseconds if milliseconds and milliseconds > 0.0 else None


def _rate_of_vector(dataset: Dataset) -> float | None:
    """Return the rate of the median interval: one long pause does not slow the cine down."""
    intervals = [v for v in numbers(dataset, "FrameTimeVector")[1:] if v > 0.0]
    return 1000.0 / median(intervals) if intervals else None


def frame_times(dataset: Dataset, frames: int) -> tuple[float, ...]:
    """Return the real starting moments of the frames in seconds, () when the object tells none.

    A vector that is too short goes on with its median interval.
    """
    if frames < 2:
        return ()
    vector = numbers(dataset, "FrameTimeVector")[:frames]
    intervals = [v for v in vector[1:] if v > 0.0]
    pointers = _pointers(dataset)
    if intervals and (FRAME_TIME not in pointers or FRAME_TIME_VECTOR in pointers):
        missing = frames - len(vector)
        return times_from_vector((*vector, *[median(intervals)] * missing))
    rate = usable_rate(_rate_of_time(dataset))
    if rate is None:
        return ()
    return tuple(accumulate((0.0, *[1.0 / rate] * (frames - 1))))


def acquisition_times(groups: Groups, frames: int) -> tuple[float, ...]:
    """Return the moments of the frames of an enhanced angiogram from their acquisition date-times.

    () unless every frame has one and they go forward (PS3.3 C.7.6.16.2.2).
    """
    if text(groups.dataset, "Modality") not in FLUOROSCOPY or not groups.varies(CONTENT):
        return ()
    stamps = [text(groups.macro(CONTENT, i), "FrameAcquisitionDateTime") for i in range(frames)]
    moments = [moment for stamp in stamps if (moment := _seconds(stamp)) is not None]
    if len(moments) != frames or any(b <= a for a, b in pairwise(moments)):
        return ()
    return tuple(moment - moments[0] for moment in moments)


def _seconds(stamp: str) -> float | None:
    """Return a DT value with at least seconds as seconds since an epoch."""
    digits, _, fraction = re.split("[+-]", stamp, maxsplit=1)[0].partition(".")
    try:
        moment = datetime.strptime(digits, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None
    return moment.timestamp() + float(f"0.{fraction or 0}")


def _trim(dataset: Dataset, frames: int) -> tuple[int, int | None]:
    """Return Start Trim and Stop Trim (frames from 1) as frames from 0, ignored when impossible."""
    start = (integer(dataset, "StartTrim") or 1) - 1
    stop = (integer(dataset, "StopTrim") or frames) - 1
    if not 0 <= start <= stop < frames:
        return 0, None
    return start, None if stop == frames - 1 else stop


def _preferred(dataset: Dataset) -> Loop:
    """Return Preferred Playback Sequencing (0018,1244): 0 looping, 1 sweeping back and forth."""
    return Loop.PING_PONG if integer(dataset, "PreferredPlaybackSequencing") == 1 else Loop.LOOP
