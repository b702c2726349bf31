"""How fast videos are written, over the last few seconds."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

SPAN = 4.0  # seconds over which the speed is measured
LEAST = 0.5  # seconds before it is told


class Pace:
    """Frames that are written a second, of all videos together."""

    def __init__(self) -> None:
        self._frames: Sequence[int] = ()
        self._moments: deque[tuple[float, float]] = deque()

    def begin(self, frames: Sequence[int]) -> None:
        """Start with videos of so many frames."""
        self._frames = frames
        self._moments.clear()

    def words(self, fractions: Sequence[float], now: float) -> str:
        """Return "412 frames a second", "" while that cannot be told."""
        done = sum(count * part for count, part in zip(self._frames, fractions, strict=False))
        self._moments.append((now, done))
        while now - self._moments[0][0] > SPAN:
            self._moments.popleft()
        began, before = self._moments[0]
        if now - began < LEAST or done <= before:
            return ""
        return f"{(done - before) / (now - began):,.0f} frames a second"
