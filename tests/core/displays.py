"""Displays made up: their luminances at the 18 levels."""

from __future__ import annotations

import numpy as np

from xray_studio.core.display_check import LEVELS, Measured
from xray_studio.core.gsdf import seen_luminance

PARTS = np.array(LEVELS) / 255


def perfect(dark: float = 0.8, bright: float = 400.0, ambient: float = 0.0) -> Measured:
    seen = seen_luminance(PARTS, dark, bright, ambient)
    return Measured(tuple((seen - ambient).tolist()), ambient)


def srgb() -> Measured:
    linear = np.where(PARTS <= 0.04045, PARTS / 12.92, ((PARTS + 0.055) / 1.055) ** 2.4)
    return Measured(tuple((0.3 + 249.7 * linear).tolist()))
