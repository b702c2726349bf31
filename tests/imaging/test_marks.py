"""Letters and scale bar burnt into pictures."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.core.test_histogram import OneFrame
from xray_studio.core.clip import Acquisition, Clip
from xray_studio.core.corner_text import CornerText
from xray_studio.core.orientation import Orientation
from xray_studio.core.presentation import Presentation
from xray_studio.imaging.marks import MarkPainter

CLIP = Clip(
    OneFrame(np.zeros((512, 512), np.uint8)),
    orientation=Orientation("R", "L", "A", "P"),
    acquisition=Acquisition(pixel_spacing=(0.5, 0.5), spacing_meaning="detector"),
)


def drawn(
    clip: Clip = CLIP, *, kind: type = np.uint8, text: CornerText | None = None
) -> np.ndarray:
    picture = np.zeros((512, 512), kind)
    painter = MarkPainter(clip, Presentation(), 512, size=11, margin=9)
    painter.paint(picture, 0, text or CornerText())
    return picture


def test_the_bar_is_as_long_as_it_says() -> None:
    picture = drawn(replace(CLIP, orientation=Orientation()))
    lowest = np.argwhere(picture > 200)[:, 0].max()
    bright = np.flatnonzero(picture[lowest] > 200)
    assert np.ptp(bright) + 1 == 100  # 50 mm of 0.5 mm each; 100 mm would be more than a quarter
    assert (picture[:400] == 0).all()


def test_letters_stand_in_the_middle_of_the_edges() -> None:
    plain = replace(CLIP, acquisition=Acquisition())
    rows, columns = np.nonzero(drawn(plain))
    for near in (rows.min() < 20, rows.max() > 490, columns.min() < 20, columns.max() > 490):
        assert near
    upper = drawn(plain)[:100]
    assert abs(np.flatnonzero(upper.any(axis=0)).mean() - 255.5) < 3


def test_a_legend_leaves_the_letter_of_its_edge_whole() -> None:
    pictures = []
    for orientation in (Orientation(right="PF"), Orientation()):
        picture = np.zeros((512, 512, 3), np.uint8)
        clip = replace(CLIP, acquisition=Acquisition(), orientation=orientation)
        how = Presentation(colour_map="hot-iron")
        MarkPainter(clip, how, 512, size=11, margin=9).paint(picture, 0, CornerText())
        pictures.append(picture)
    lettered, bare = pictures
    inked = np.flatnonzero((lettered != bare).any(axis=(0, 2)))
    bar = np.flatnonzero(bare[256].any(axis=1))
    assert bar.size
    assert inked.size > 8
    assert inked.max() < bar.min()


def test_a_long_line_of_text_pushes_the_upper_letter_down() -> None:
    plain = replace(CLIP, acquisition=Acquisition())
    moved = drawn(plain, text=CornerText(top_left=("short", "a line that reaches the middle " * 3)))
    assert not moved[:30, 200:312].any()
    assert moved[30:60, 200:312].any()


@pytest.mark.parametrize("kind", [np.uint8, np.uint16])
def test_grey_pictures_of_both_depths(kind: type) -> None:
    picture = drawn(kind=kind)
    assert picture.max() > np.iinfo(kind).max * 0.85


def test_small_pictures_stay_free() -> None:
    picture = np.zeros((60, 80), np.uint8)
    MarkPainter(CLIP, Presentation(), 80, size=7, margin=6).paint(picture, 0, CornerText())
    assert not picture.any()
