"""BM3D (Dabov et al., IEEE Transactions on Image Processing 16(8), 2007) as a step.

The package bm3d is free for non-commercial use alone, so it is a peer and never a dependency.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import bm3d
import numpy as np

from xray_studio.core.step import Image
from xray_studio.imaging.steps.denoiser import Denoiser


@dataclass(frozen=True)
class Bm3d(Denoiser):
    """Collaborative filtering of blocks that look alike, of stabilised values."""

    name: ClassVar[str] = "bm3d"
    title: ClassVar[str] = "BM3D"
    about: ClassVar[str] = "Filters blocks that look alike together."

    def smooth(self, even: Image, here: int) -> Image:
        """Return the filtered frame; the noise has a deviation of 1."""
        return np.asarray(bm3d.bm3d(even[here].astype(np.float64), 1.0), np.float32)
