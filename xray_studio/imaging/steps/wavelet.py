"""Wavelet shrinkage."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from xray_studio.core.parameter import number, whole
from xray_studio.core.step import Image
from xray_studio.imaging.steps.denoiser import Denoiser

_WAVELET = "sym4"


@dataclass(frozen=True)
class Wavelet(Denoiser):
    """Shrinks wavelet coefficients by BayesShrink (Chang, Yu and Vetterli, IEEE TIP 9, 2000)."""

    name: ClassVar[str] = "wavelet"
    title: ClassVar[str] = "Wavelet"
    about: ClassVar[str] = "Takes noise away scale by scale; keeps detail that stands out of it."

    strength: float = number(
        "Strength", 1.5, 0.2, 5.0, unit="x noise", about="Noise that is taken to be there."
    )
    levels: int = whole("Scales", 4, 1, 6, about="From single pixels up, each twice as wide.")

    def smooth(self, even: Image, here: int) -> Image:
        """Return the frame without what is no more than noise."""
        import pywt
        from skimage.restoration import denoise_wavelet

        frame = even[here]
        levels = min(self.levels, pywt.dwt_max_level(min(frame.shape), _WAVELET))
        if levels < 1:
            return np.array(frame)
        middle = np.float32(frame.mean())  # precision is highest about 0
        made = denoise_wavelet(
            frame - middle, self.strength, _WAVELET, "soft", levels, rescale_sigma=False
        )
        return np.asarray(made + middle, np.float32)
