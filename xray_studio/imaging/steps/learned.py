"""A network that was trained to find noise."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Final

import cv2
import numpy as np

from xray_studio.core.parameter import number
from xray_studio.core.resources import resource
from xray_studio.core.step import Image
from xray_studio.imaging.noise_net import noise_finder
from xray_studio.imaging.steps.denoiser import Denoiser
from xray_studio.imaging.wide_mean import wide_mean

_AROUND: Final = np.ones((5, 5), np.uint8)


@dataclass(frozen=True)
class Learned(Denoiser):
    """The frame less the noise that a network finds in it (`imaging.noise_net`).

    The weights are those that the program ships, so that the same words give the same pixels
    wherever they are said; `folder` is that of another model, to judge it.
    """

    name: ClassVar[str] = "learned"
    title: ClassVar[str] = "Learned"
    about: ClassVar[str] = "A network trained on films and the phantom; keeps the most detail."

    strength: float = number(
        "Strength", 1.0, 0.25, 3.0, unit="x noise", about="Noise that is taken to be there."
    )
    folder: str = ""

    def smooth(self, even: Image, here: int) -> Image:
        """Return the frame without the noise that is found.

        No pixel leaves the range of those around it: in drawn pictures, which have no noise in
        places, the network may find what is nowhere, and a plain picture stays as it is.
        """
        frame: Image = np.ascontiguousarray(even[here])
        finder = noise_finder(Path(self.folder) if self.folder else resource("models/denoiser"))
        found = finder.noise(frame - wide_mean(frame), self.strength)
        made: Image = np.clip(frame - found, cv2.erode(frame, _AROUND), cv2.dilate(frame, _AROUND))
        return made
