"""The one rate rule of the program, for the scan and for opening (PS3.3 C.7.6.5).

Recommended Display Frame Rate, else Cine Rate, else what Frame Increment Pointer points to, else
Frame Time. A rate that cannot be played counts as absent.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

FRAME_TIME = 0x00181063
FRAME_TIME_VECTOR = 0x00181065


class Told(NamedTuple):
    """What an object says of its rate: frames per second, tags, and milliseconds."""

    recommended: float | None
    cine: float | None
    pointers: Iterable[int]
    frame_time: float | None
    vector: Sequence[float]


def told_rate(told: Told) -> tuple[float, str] | None:
    """Return frames per second and the attribute they come from, None when nothing is told."""
    # Workers that read headers start without what playback needs; few headers tell a rate.
    from xray_studio.core.playback import usable_rate

    by_time = "Frame Time", _per_second((told.frame_time,))
    # The first element of the vector is no interval (PS3.3 C.7.6.5.1.2).
    known = {
        FRAME_TIME: by_time,
        FRAME_TIME_VECTOR: ("Frame Time Vector", _per_second(told.vector[1:])),
    }
    candidates = (
        ("Recommended Display Frame Rate", told.recommended),
        ("Cine Rate", told.cine),
        *(known[tag] for tag in told.pointers if tag in known),
        by_time,
    )
    found = ((usable_rate(rate), name) for name, rate in candidates)
    return next(((rate, name) for rate, name in found if rate is not None), None)


def _per_second(milliseconds: Iterable[float | None]) -> float | None:
    """Return the rate of the median interval: one long pause does not slow a cine down."""
    middle = median_interval(milliseconds)
    return 1000.0 / middle if middle else None


def median_interval(intervals: Iterable[float | None]) -> float | None:
    """Return the median of the intervals above 0, None when there are none."""
    usable = sorted(v for v in intervals if v and v > 0.0)
    middle = len(usable) // 2
    return (usable[middle] + usable[~middle]) / 2 if usable else None
