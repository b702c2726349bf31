"""Background flattening: slow changes of brightness taken out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

import cv2
import numpy as np

from xray_studio.core.parameter import number
from xray_studio.core.scene import Scene
from xray_studio.core.step import Image
from xray_studio.imaging.exposed import exposed
from xray_studio.imaging.steps.enhancer import Enhancer

_CELLS: Final = 8.0  # pixels for one deviation of the Gaussian are enough to compute it


@dataclass(frozen=True)
class Flatten(Enhancer):
    """The mean over a wide neighbourhood is brought towards that of the whole picture.

    What the collimator covers neither counts in the mean nor is changed.
    """

    name: ClassVar[str] = "flatten"
    title: ClassVar[str] = "Flatten background"
    about: ClassVar[str] = "Takes out slow changes of brightness, so that one window fits all."

    strength: float = number("Strength", 0.7, 0.0, 1.0, about="1 takes the background out wholly.")
    size: float = number(
        "Size", 10.0, 2.0, 50.0, unit="%", about="Of the shorter side: what is wider is background."
    )

    def enhance(self, frame: Image, scene: Scene) -> Image:
        """Return the frame with less of its background."""
        inside = exposed(frame, scene)
        sigma = self.size / 100.0 * min(frame.shape)
        share = _wide(inside, sigma)
        background = _wide(frame * inside, sigma) / np.maximum(share, np.float32(1e-3))
        total = float(inside.sum(dtype=np.float64))
        if not total:
            return frame
        middle = float((background * inside).sum(dtype=np.float64)) / total
        change = np.float32(self.strength) * (np.float32(middle) - background)
        return np.asarray(frame + inside * change, np.float32)


def _wide(image: Image, sigma: float) -> Image:
    """Blur a picture by a Gaussian of many pixels, on a smaller one."""
    rows, columns = image.shape
    factor = max(1.0, sigma / _CELLS)
    small = max(1, round(columns / factor)), max(1, round(rows / factor))
    coarse = cv2.resize(image, small, interpolation=cv2.INTER_AREA)
    soft = cv2.GaussianBlur(coarse, (0, 0), max(sigma / factor, 0.1), borderType=cv2.BORDER_REFLECT)
    return np.asarray(cv2.resize(soft, (columns, rows), interpolation=cv2.INTER_CUBIC), np.float32)
