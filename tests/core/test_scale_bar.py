"""The scale bar: round, within its room, and honest about where its length holds."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.test_histogram import OneFrame
from xray_studio.core.clip import Acquisition, Clip
from xray_studio.core.presentation import Presentation
from xray_studio.core.scale_bar import scale_bar


def clip(spacing: tuple[float, float] | None, meaning: str = "patient", **changes: object) -> Clip:
    made = Acquisition(pixel_spacing=spacing, spacing_meaning=meaning)
    aspect = spacing[0] / spacing[1] if spacing else 1.0
    shown = Clip(OneFrame(np.zeros((100, 200))), acquisition=made, pixel_aspect=aspect)
    return replace(shown, **changes)


@given(st.floats(1e-3, 20.0), st.floats(10.0, 5000.0))
def test_the_length_is_round_and_as_long_as_it_may_be(spacing: float, width: float) -> None:
    bar = scale_bar(clip((spacing, spacing)), Presentation(), width, width / 4)
    assert bar is not None
    digits = f"{bar.millimetres:.0e}"
    assert digits[0] in "125"
    assert width / 4 / 2.5 - 1e-6 <= bar.pixels <= width / 4 + 1e-6
    # The picture is 200 columns wide: as many pixels for each millimetre as the file says.
    assert bar.pixels / bar.millimetres == pytest.approx(width / (200 * spacing))


def test_a_turned_picture_is_as_wide_as_its_rows_are_long() -> None:
    turned = Presentation(rotation=90)
    bar = scale_bar(clip((0.5, 0.25)), turned, 500.0, 100.0)
    assert bar is not None
    assert bar.millimetres == 10.0
    assert bar.pixels == pytest.approx(500.0 * 10.0 / (100 * 0.5))


@pytest.mark.parametrize(
    ("meaning", "words"),
    [
        ("patient", "20 mm"),
        ("detector", "20 mm at the detector"),
        ("magnification", "20 mm corrected for magnification"),
        ("calibrated", "20 mm calibrated"),
        ("film", "20 mm on the film"),
    ],
)
def test_it_says_where_its_length_holds(meaning: str, words: str) -> None:
    bar = scale_bar(clip((1.0, 1.0), meaning), Presentation(), 200.0, 40.0)
    assert bar is not None
    assert bar.words == words


def test_small_lengths_are_in_micrometres() -> None:
    bar = scale_bar(clip((1e-3, 1e-3)), Presentation(), 200.0, 60.0)
    assert bar is not None
    assert bar.words == "50 µm"


def test_there_is_none_without_a_spacing_that_the_picture_is_shown_by() -> None:
    assert scale_bar(clip(None), Presentation(), 200.0, 50.0) is None
    absurd = clip((1.0, 1.0), pixel_aspect=3.0)
    assert scale_bar(absurd, Presentation(), 200.0, 50.0) is None
