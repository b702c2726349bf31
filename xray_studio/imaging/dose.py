"""Less dose, simulated: pictures as a detector would have seen them with fewer quanta.

A displayed film is, within its window, the logarithm of the radiation that reached the detector.
`linearised` undoes that; `at_dose` draws the quanta of a fraction of the dose (Poisson), adds the
noise of the electronics (Gauss), which no dose lessens, and scales back, so that pictures of all
doses have one mean (Veldkamp et al., "A technique for simulating the effect of dose reduction on
image quality in digital chest radiography", Journal of Digital Imaging 22(2), 2009). Neighbours
share none of this noise: pixels are taken to be larger than what a scintillator spreads light over,
as they are in films of some hundred pixels across; `phantom.detector` has noise that they share.
"""

from __future__ import annotations

import contextlib
from fractions import Fraction
from typing import Final

import numpy as np

from xray_studio.core.errors import UsageError
from xray_studio.core.step import Image

TOP: Final = 4095.0  # value at which the detector is full
STRONGEST: Final = 3000.0  # value of the strongest radiation: its noise has room above it
LEAST_DOSE: Final = 0.001
LATITUDE: Final = 20.0  # the strongest to the weakest radiation in a film
QUANTA: Final = 1.0  # a pixel for each unit of the value, at the full dose
ELECTRONIC: Final = 3.0  # deviation of the noise without radiation, in values at the full dose


def linearised(film: Image, low: float, high: float, *, inverted: bool = False) -> Image:
    """Return the radiation, up to 3,000, behind a film (rows, columns).

    The film is bright where little came through, `inverted` where much did; `low` and `high` are
    the ends of its range.
    """
    dense = np.clip((film - np.float32(low)) / np.float32(max(high - low, 1e-12)), 0.0, 1.0)
    if inverted:
        dense = 1.0 - dense
    return np.asarray(STRONGEST * np.exp(-np.log(LATITUDE) * dense), np.float32)


def dose_of(text: str) -> float:
    """Return the dose that "1/8" or "0.125" tells. Raises UsageError beyond 1/1000 to 1."""
    with contextlib.suppress(ValueError, ZeroDivisionError):
        dose = float(Fraction(text.strip()))
        if LEAST_DOSE <= dose <= 1.0:
            return dose
    raise UsageError(f"{text} is no dose; write a part of the full one, as 1/8, down to 1/1000.")


def at_dose(radiation: Image, dose: float, seed: list[int]) -> Image:
    """Return radiation (any shape, up to 4,095) as seen at a dose, 1 for the full one."""
    rng = np.random.default_rng(seed)
    quanta = QUANTA * dose
    seen = rng.poisson(np.maximum(radiation, 0.0) * quanta) / quanta
    seen += rng.normal(0.0, ELECTRONIC / dose, radiation.shape)
    return np.clip(seen, 0.0, TOP).astype(np.float32)
