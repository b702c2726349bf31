"""Timing of a cine from its attributes (PS3.3 C.7.6.5): rate, moments, trims and playback."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import accumulate, pairwise

from pydicom.dataset import Dataset

from xray_studio.core.playback import (
    Loop,
    Timing,
    default_rate,
    times_from_vector,
    usable_rate,
)
from xray_studio.dicom.attributes.groups import Groups
from xray_studio.dicom.attributes.values import integer, no_numbers, number, numbers, text, value
from xray_studio.dicom.rate import FRAME_TIME, FRAME_TIME_VECTOR, Told, median_interval, told_rate

FLUOROSCOPY = frozenset(("XA", "RF"))
CONTENT = "FrameContentSequence"
_RATES = ("RecommendedDisplayFrameRate", "CineRate", "FrameTime", "FrameTimeVector")


def read_timing(groups: Groups, frames: int, warnings: list[str]) -> Timing:
    """Return the timing of an object with `frames` frames; what of it is impossible is said."""
    dataset = groups.dataset
    modality = text(dataset, "Modality")
    told = _told(dataset)
    rate, source = told_rate(told) or default_rate(modality)
    if frames > 1:
        warnings.extend(impossible_times(told, frames))
        warnings.extend(_left_out(dataset, frames))
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


def _told(dataset: Dataset) -> Told:
    """Return what an object says of its rate."""
    return Told(
        recommended=number(dataset, "RecommendedDisplayFrameRate"),
        cine=number(dataset, "CineRate"),
        pointers=increment_pointers(dataset),
        frame_time=number(dataset, "FrameTime"),
        vector=numbers(dataset, "FrameTimeVector"),
    )


def impossible_times(told: Told, frames: int) -> list[str]:
    """Return what an object tells of its timing that cannot be, as sentences.

    A rate of 0 stands for none in many files and is only said where there is no other.
    """
    per_second = 1000.0 / told.frame_time if told.frame_time else told.frame_time
    rates = (
        ("Recommended Display Frame Rate", told.recommended, told.recommended),
        ("Cine Rate", told.cine, told.cine),
        ("Frame Time", told.frame_time, per_second),
    )
    nothing = told_rate(told) is None
    said = [
        f"{name} {value:g} is no rate that can be shown; it is not used."
        for name, value, rate in rates
        if value is not None and usable_rate(rate) is None and (value or nothing)
    ]
    return [*said, *_impossible_vector(told.vector, frames)]


def _impossible_vector(vector: Sequence[float], frames: int) -> list[str]:
    said = []
    if vector and len(vector) != frames:
        rest = "those behind are left out" if len(vector) > frames else "the rest is estimated"
        said.append(f"Frame Time Vector has {len(vector)} values for {frames} frames; {rest}.")
    if any(interval < 0.0 for interval in vector[1:]):
        said.append("Frame Time Vector goes back in time; such frames last no time.")
    return said


def _left_out(dataset: Dataset, frames: int) -> list[str]:
    """Return what else of the timing of an object is not used."""
    said = [f"{name} is no number; it is not used." for name in no_numbers(dataset, *_RATES)]
    vector = numbers(dataset, "FrameTimeVector")
    if FRAME_TIME_VECTOR in increment_pointers(dataset) and not vector:
        said.append("Frame Increment Pointer points to a Frame Time Vector that is not there.")
    elif vector and not any(interval > 0.0 for interval in vector[1:]):
        said.append("Frame Time Vector tells no time between frames; it is not used.")
    if _trims(dataset, frames) is None:
        said.append(f"Start Trim and Stop Trim do not fit {frames} frames; they are not used.")
    if (number(dataset, "FrameDelay") or 0.0) < 0.0:
        said.append("Frame Delay is less than 0; it is not used.")
    return said


def increment_pointers(dataset: Dataset) -> list[int]:
    """Return the tags that Frame Increment Pointer names."""
    found = value(dataset, "FrameIncrementPointer")
    if found is None:
        return []
    several: list[int] = [found] if isinstance(found, int) else list(found)
    return several


def frame_times(dataset: Dataset, frames: int) -> tuple[float, ...]:
    """Return the real starting moments of the frames in seconds, () when the object tells none.

    A vector that is too short goes on with its median interval.
    """
    if frames < 2:
        return ()
    vector = numbers(dataset, "FrameTimeVector")[:frames]
    usual = median_interval(vector[1:])
    pointers = increment_pointers(dataset)
    if usual and (FRAME_TIME not in pointers or FRAME_TIME_VECTOR in pointers):
        missing = frames - len(vector)
        return times_from_vector((*vector, *[usual] * missing))
    milliseconds = number(dataset, "FrameTime") or 0.0
    rate = usable_rate(1000.0 / milliseconds) if milliseconds > 0.0 else None
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
    moments = [moment for stamp in stamps if (moment := moment_of(stamp)) is not None]
    if len(moments) != frames or any(b <= a for a, b in pairwise(moments)):
        return ()
    return tuple(moment - moments[0] for moment in moments)


def moment_of(stamp: str) -> float | None:
    """Return a DT value with at least seconds as seconds since an epoch."""
    digits, _, fraction = re.split("[+-]", stamp, maxsplit=1)[0].partition(".")
    try:
        moment = datetime.strptime(digits, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None
    return moment.timestamp() + float(f"0.{fraction or 0}")


def _trim(dataset: Dataset, frames: int) -> tuple[int, int | None]:
    """Return the first and last frame to play, all of them where the trims are impossible."""
    start, stop = _trims(dataset, frames) or (0, frames - 1)
    return start, None if stop == frames - 1 else stop


def _trims(dataset: Dataset, frames: int) -> tuple[int, int] | None:
    """Return Start Trim and Stop Trim (frames from 1) as frames from 0, None when impossible."""
    start = (integer(dataset, "StartTrim") or 1) - 1
    stop = (integer(dataset, "StopTrim") or frames) - 1
    return (start, stop) if 0 <= start <= stop < frames else None


def _preferred(dataset: Dataset) -> Loop:
    """Return Preferred Playback Sequencing (0018,1244): 0 looping, 1 sweeping back and forth."""
    return Loop.PING_PONG if integer(dataset, "PreferredPlaybackSequencing") == 1 else Loop.LOOP
