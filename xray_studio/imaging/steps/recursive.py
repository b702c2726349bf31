"""Recursive mean over frames."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from xray_studio.core.parameter import number
from xray_studio.core.step import Image
from xray_studio.imaging.steps.denoiser import Filter, RecursiveDenoiser


@dataclass(frozen=True)
class Recursive(RecursiveDenoiser):
    """Every frame is mixed with what has become of those before it."""

    name: ClassVar[str] = "recursive"
    title: ClassVar[str] = "Recursive"
    about: ClassVar[str] = "The classical fluoroscopy filter: little noise, but movement trails."

    gain: float = number(
        "Gain", 0.4, 0.05, 1.0, about="Part of the new frame; movement lags by 1 / gain - 1 frames."
    )

    def filter(self) -> Filter:
        """Return the filter before the first frame."""
        return _Mean(self.gain)


class _Mean:
    def __init__(self, gain: float) -> None:
        self._gain, self._state = np.float32(gain), np.zeros((0, 0), np.float32)

    def next(self, even: Image) -> Image:
        """Return the mean with the next frame."""
        if self._state.size == 0:
            self._state = even
        else:
            even -= self._state  # the frame is the filter's own
            even *= self._gain
            even += self._state
            self._state = even
        return self._state
