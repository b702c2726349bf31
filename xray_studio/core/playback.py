"""Cine timing, pure: the rate rule, and which frame belongs to a moment.

The clock picks the frame: late frames are dropped, time is never stretched. Screen and export use
the same functions.
"""

from __future__ import annotations

import bisect
import enum
from dataclasses import dataclass
from itertools import accumulate

DEFAULT_RATES = {"XA": 15.0, "RF": 8.0, "US": 30.0, "IVUS": 30.0}
DEFAULT_RATE = 10.0
DEFAULT = "default"  # how the source of a rate that nothing tells begins
MAXIMUM_RATE = 1000.0
MINIMUM_RATE = 1e-4  # a frame of nearly three hours; below, a rate is a mistake


class Loop(enum.Enum):
    """What happens at the out point. The values are those of the command line."""

    ONCE = "once"
    LOOP = "loop"
    PING_PONG = "ping-pong"


@dataclass(frozen=True, slots=True)
class Timing:
    """Timing of a clip.

    `rate` is the display rate in frames per second with the attribute it came from in `source`.
    `times` are the real starting moments of the frames in seconds, first 0 (empty when the file
    tells none); `start` and `stop` are the trimmed range, frames from 0, both included. `delay` are
    the seconds from Content Time to the first frame. `end` is when the last frame ends, in seconds,
    None when nobody tells.
    """

    rate: float = DEFAULT_RATE
    source: str = DEFAULT
    times: tuple[float, ...] = ()
    start: int = 0
    stop: int | None = None
    preferred: Loop = Loop.LOOP
    delay: float = 0.0
    end: float | None = None

    def duration(self, frames: int) -> float:
        """Return the seconds that `frames` frames last at the display rate."""
        return frames / self.rate

    def moment(self, frame: int) -> float:
        """Return when a frame (from 0) starts, in seconds: as acquired, or at the display rate."""
        return self.times[frame] if frame < len(self.times) else frame / self.rate

    def told_moment(self, frame: int) -> float:
        """Return the seconds to tell of a frame: Frame Delay counts as well (PS3.3 C.7.6.5.1.1)."""
        return self.delay + self.moment(frame)

    def real_duration(self) -> float | None:
        """Return the seconds the frames lasted when acquired, the last one included."""
        if len(self.times) < 2:
            return None
        return self.times[-1] + self.last_interval()

    def last_interval(self) -> float:
        """Return the seconds the last frame stands.

        As told, else the median interval, else one display frame.
        """
        if self.end is not None and self.times:
            return self.end - self.times[-1]
        if len(self.times) < 2:
            return 1.0 / self.rate
        intervals = sorted(b - a for a, b in zip(self.times, self.times[1:], strict=False))
        return intervals[len(intervals) // 2]


def usable_rate(value: float | None) -> float | None:
    """Return a rate in frames per second that can be played, or None: 0 is no rate."""
    if value is None or not MINIMUM_RATE <= value <= MAXIMUM_RATE:
        return None
    return value


def default_rate(modality: str) -> tuple[float, str]:
    """Return the modality's default rate and its source in words."""
    if modality in DEFAULT_RATES:
        return DEFAULT_RATES[modality], f"{DEFAULT} for {modality}"
    return DEFAULT_RATE, DEFAULT


def times_from_vector(vector: tuple[float, ...]) -> tuple[float, ...]:
    """Return starting moments in seconds from Frame Time Vector (0018,1065), milliseconds.

    The first element is not an interval (PS3.3 C.7.6.5.1.2).
    """
    return tuple(accumulate((0.0, *(max(0.0, v) / 1000.0 for v in vector[1:]))))


def frame_at(elapsed: float, rate: float, first: int, last: int, loop: Loop) -> int:
    """Return the frame shown `elapsed` seconds after frame `first` appeared.

    Frames run from `first` to `last`, both included, at `rate` frames per second.
    """
    return first + _position(int(elapsed * rate + 1e-6), last - first + 1, loop)


def frame_at_real(elapsed: float, times: tuple[float, ...], end: float, loop: Loop) -> int:
    """Return the position in `times` (seconds, first 0) shown at `elapsed`; `end` ends the loop."""
    if end <= 0.0:
        return 0
    turn, moment = divmod(elapsed + 1e-9, end)
    if loop is Loop.ONCE and turn >= 1:
        return len(times) - 1
    if loop is Loop.PING_PONG and int(turn) % 2 == 1:
        moment = end - moment
    return max(0, bisect.bisect_right(times, moment) - 1)


def _position(step: int, count: int, loop: Loop) -> int:
    if count <= 1:
        return 0
    if loop is Loop.ONCE:
        return min(step, count - 1)
    if loop is Loop.LOOP:
        return step % count
    turn = step % (2 * count - 2)
    return turn if turn < count else 2 * count - 2 - turn


def ended(elapsed: float, rate: float, first: int, last: int, loop: Loop) -> bool:
    """Tell whether playing once has passed its last frame."""
    return loop is Loop.ONCE and int(elapsed * rate + 1e-6) >= last - first + 1


def ping_pong_order(first: int, last: int) -> list[int]:
    """Return one period of frames there and back, ends shown once."""
    return [*range(first, last + 1), *range(last - 1, first, -1)]
