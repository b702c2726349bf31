"""Which films noise is taken away from: those that a detector gave, and no picture of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.services.clips import cine
from xray_studio.core.clip import Acquisition, Clip
from xray_studio.core.job import run
from xray_studio.core.lut import Pixels
from xray_studio.services.analysis.enhance import LARGE, enhanced, is_raw

NOISE = "learned:strength=1"


def noisy(side: int, modality: str = "DX") -> Clip:
    """Return a film of 12 bits whose noise is a fiftieth of its range."""
    slope = np.linspace(600.0, 3400.0, side)
    drawn = np.random.default_rng(5).normal(slope[:, None] / 2 + slope / 2, 60.0, (side, side))
    pixels = np.clip(drawn, 0, 4095).astype(np.uint16)[None]
    return cine(pixels, acquisition=Acquisition(modality=modality), pixels=Pixels(12))


def test_only_what_a_detector_gave_is_raw() -> None:
    film = noisy(LARGE)
    assert is_raw(film)
    assert not is_raw(replace(film, pixels=Pixels(8)))
    assert not is_raw(replace(film, acquisition=replace(film.acquisition, lossy=True)))
    assert not is_raw(noisy(LARGE - 1))
    assert not is_raw(noisy(LARGE, "CT"))


@pytest.mark.parametrize(("side", "quiet"), [(LARGE, True), (400, False)])
def test_noise_is_taken_away_from_raw_films_alone(side: int, quiet: bool) -> None:
    assert (NOISE in run(enhanced(noisy(side), 0)).steps) is quiet
