"""Recursive mean along the motion."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from xray_studio.core.parameter import choice, number
from xray_studio.core.step import Image
from xray_studio.imaging.innovation import Foresight
from xray_studio.imaging.optical_flow import Flow
from xray_studio.imaging.steps.denoiser import Filter, RecursiveDenoiser


@dataclass(frozen=True)
class MotionCompensated(RecursiveDenoiser):
    """A recursive mean that follows what moves: the frames before are brought to where it is now.

    Motion is found by dense inverse search; where it is not found, or something comes into view,
    the difference stands out of the noise and the new frame is taken over.
    """

    name: ClassVar[str] = "motion-compensated"
    title: ClassVar[str] = "Motion-compensated"
    about: ClassVar[str] = "Averages along the motion; the strongest for beating vessels and wires."

    gain: float = number("Gain", 0.1, 0.02, 1.0, about="Part of the new frame where all is known.")
    change: float = number(
        "Change", 1.4, 0.5, 5.0, unit="x noise", about="Differences that are taken over as new."
    )
    flow: str = choice(
        "Motion search",
        "fast",
        {"ultrafast": "Ultrafast", "fast": "Fast", "medium": "Medium"},
        "How carefully motion is looked for (presets of dense inverse search).",
    )

    def filter(self) -> Filter:
        """Return the filter before the first frame."""
        return _Compensated(self.gain, self.change, self.flow)


class _Compensated:
    def __init__(self, gain: float, change: float, preset: str) -> None:
        self._gain, self._change, self._preset = gain, change, preset
        self._known: tuple[Foresight, Flow] | None = None
        self._moved: Image | None = None

    def next(self, even: Image) -> Image:
        """Return the state after the next frame."""
        if self._known is None:
            known = Foresight(even, self._gain, self._change)
            self._known, self._moved = (known, Flow(self._preset, even)), np.empty_like(even)
            return known.state
        known, flow = self._known
        motion = flow.between(even, known.state)
        known.state = motion.bring(known.state, self._moved)
        known.variance = motion.bring(known.variance)
        known.update(even)
        return known.state
