"""RateMeter: how many frames a second reach the screen."""

from __future__ import annotations

from collections import deque

MEASURED = 1.0  # seconds over which the rate is measured, longer for very slow clips


class RateMeter:
    """Measures how many frames a second reach the screen."""

    def __init__(self) -> None:
        self._moments: deque[float] = deque()

    def clear(self) -> None:
        """Start again."""
        self._moments.clear()

    def count(self, now: float, wanted: float) -> None:
        """Count a frame; only the last second is kept, or four frames of a slower clip."""
        self._moments.append(now)
        span = max(MEASURED, 4.0 / max(wanted, 1e-3))
        while now - self._moments[0] > span + 1e-9:
            self._moments.popleft()

    def rate(self) -> float | None:
        """Return frames per second, None until there is enough to tell."""
        if len(self._moments) < 3:
            return None
        span = self._moments[-1] - self._moments[0]
        return (len(self._moments) - 1) / span if span > 0.2 else None
