"""Where frames lie on a line as wide as a widget."""

from __future__ import annotations


def left_of(frame: float, width: int, length: int) -> float:
    """Return where a frame begins, in pixels from the left edge, of `length` frames."""
    return frame * width / max(1, length)


def frame_at(x: float, width: int, length: int) -> int:
    """Return the frame (from 0) at a position, the nearest one beyond the ends."""
    return min(max(0, int(x * length / max(1, width))), length - 1)
