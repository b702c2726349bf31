"""Total variation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from xray_studio.core.parameter import number
from xray_studio.core.step import Image
from xray_studio.imaging.steps.denoiser import Denoiser

_ROUNDS = 50


@dataclass(frozen=True)
class TotalVariation(Denoiser):
    """The picture with the least variation near the frame (Chambolle, JMIV 20, 2004)."""

    name: ClassVar[str] = "tv"
    title: ClassVar[str] = "Total variation"
    about: ClassVar[str] = "Flattens areas and keeps edges; strong settings give plain patches."

    strength: float = number(
        "Strength", 1.5, 0.1, 10.0, unit="x noise", about="How much variation is taken away."
    )

    def smooth(self, even: Image, here: int) -> Image:
        """Return the flattened frame."""
        from skimage.restoration import denoise_tv_chambolle

        made = denoise_tv_chambolle(even[here], weight=self.strength, max_num_iter=_ROUNDS)
        return np.asarray(made, np.float32)
