"""Recursive mean that gives way where something moves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from xray_studio.core.parameter import number
from xray_studio.core.step import Image
from xray_studio.imaging.innovation import Foresight
from xray_studio.imaging.steps.denoiser import Filter, RecursiveDenoiser


@dataclass(frozen=True)
class MotionAdaptive(RecursiveDenoiser):
    """A recursive mean whose gain rises with the change, place by place and scale by scale."""

    name: ClassVar[str] = "motion-adaptive"
    title: ClassVar[str] = "Motion-adaptive"
    about: ClassVar[str] = "Averages what is still; what moves is shown as it comes, with noise."

    gain: float = number("Gain", 0.1, 0.02, 1.0, about="Part of the new frame where all is still.")
    change: float = number(
        "Change", 1.4, 0.5, 5.0, unit="x noise", about="Differences that count as movement."
    )

    def filter(self) -> Filter:
        """Return the filter before the first frame."""
        return _Adaptive(self.gain, self.change)


class _Adaptive:
    def __init__(self, gain: float, change: float) -> None:
        self._gain, self._change = gain, change
        self._known: Foresight | None = None

    def next(self, even: Image) -> Image:
        """Return the state after the next frame."""
        if self._known is None:
            self._known = Foresight(even, self._gain, self._change)
        else:
            self._known.update(even)
        return self._known.state
