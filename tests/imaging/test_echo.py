"""The ultrasound loop: tissue moves, the text in it does not and is where it is said to be."""

from __future__ import annotations

import numpy as np
import pytest

from xray_studio.imaging.echo import BEAT, COLUMNS, ROWS, Echo, contraction, labels, make_echo


@pytest.fixture(scope="module")
def echo() -> Echo:
    words = labels("PHANTOM, CORONARY", "DEMO-0001", "2026-11-19 10:24:31", "HOSPITAL")
    return make_echo(words, 5, beats=1)


def test_one_beat_of_colour_frames(echo: Echo) -> None:
    assert echo.frames.shape == (BEAT, ROWS, COLUMNS, 3)
    assert echo.frames.dtype == np.uint8


def test_text_stands_still_and_tissue_does_not(echo: Echo) -> None:
    moving = echo.frames.max(axis=-1).astype(float).std(axis=0)
    for word in echo.words:
        left, top, right, bottom = word.box
        assert moving[top:bottom, left:right].max() == 0.0
        assert echo.frames[0, top:bottom, left:right].max() > 150
    assert np.median(moving[120:300, 280:380]) > 5.0


def test_nothing_of_a_word_lies_outside_its_box(echo: Echo) -> None:
    picture = echo.frames[0].max(axis=-1).astype(int)
    for word in echo.words:
        picture[word.box[1] : word.box[3], word.box[0] : word.box[2]] = 0
    assert picture[:160, :70].max() <= 20


def test_identity_is_told_apart(echo: Echo) -> None:
    named = [word.text for word in echo.words if word.identity]
    assert named == ["PHANTOM, CORONARY", "DEMO-0001", "2026-11-19 10:24:31", "HOSPITAL"]


def test_ventricle_is_smaller_in_systole(echo: Echo) -> None:
    systole = round(0.36 * BEAT)
    dark = [(echo.frames[i, 90:260, 290:430, 0] < 25).sum() for i in (0, systole)]
    assert dark[1] < 0.9 * dark[0]
    assert contraction(0.36) > 0.95
    assert contraction(0.0) == pytest.approx(0.0, abs=0.05)


def test_same_arguments_same_pixels(echo: Echo) -> None:
    again = make_echo(echo.words, 5, beats=1)
    assert np.array_equal(again.frames, echo.frames)
