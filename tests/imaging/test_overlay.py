"""Corner text burnt into pictures."""

from __future__ import annotations

import numpy as np
import pytest

from xray_studio.core.corner_text import CornerText
from xray_studio.imaging.overlay import CornerPainter
from xray_studio.imaging.stamps import ELLIPSIS, shortened, text_width, words

TEXT = CornerText(
    top_left=("Müller-Lüdenscheidt, Anna Maria", "ID 4711-2026", "1950-01-31 · F · 76 y"),
    top_right=("University Hospital", "Coronary angiography", "2026-11-20 09:41:07"),
    bottom_left=("W 400 L 40 · inverted",),
    bottom_right=("Run 3 · LAO 30 CRAN 20", "47/96 · 3.07 s", "0.308 mm at the detector"),
    badges=("DENOISED", "AI draft, not for diagnosis", "LOSSY"),
)


def draw_corner_text(image: np.ndarray, text: CornerText) -> np.ndarray:
    """Return a copy of a picture with corner text drawn into it."""
    drawn = np.array(image, order="C")
    CornerPainter(image.shape[0], image.shape[1], text).paint(drawn, text)
    return drawn


SIZES = [(1024, 1024), (512, 512), (256, 256), (300, 1024), (1024, 300), (64, 96), (40, 400)]


@pytest.mark.parametrize(("rows", "columns"), SIZES)
@pytest.mark.parametrize("ground", [0, 255])
def test_nothing_touches_the_edge(rows: int, columns: int, ground: int) -> None:
    picture = np.full((rows, columns), ground, np.uint8)
    drawn = draw_corner_text(picture, TEXT)
    assert (drawn[[0, -1]] == ground).all()
    assert (drawn[:, [0, -1]] == ground).all()
    assert (drawn != ground).any()


@pytest.mark.parametrize(("rows", "columns"), [(1, 1), (2, 300), (300, 2), (16, 16), (30, 30)])
def test_tiny_pictures_have_no_room_and_do_not_fail(rows: int, columns: int) -> None:
    assert draw_corner_text(np.zeros((rows, columns), np.uint8), TEXT).shape == (rows, columns)


@pytest.mark.parametrize(("rows", "columns"), [size for size in SIZES if min(size) >= 256][:-1])
def test_blocks_do_not_overlap(rows: int, columns: int) -> None:
    picture = np.zeros((rows, columns), np.uint8)
    names = ("top_left", "top_right", "bottom_left", "bottom_right", "badges")
    painter = CornerPainter(rows, columns, TEXT)
    marks = np.zeros((rows, columns), int)
    for name in names:
        alone = picture.copy()
        shown = CornerText(**{name: getattr(TEXT, name)})
        if name == "badges":
            shown = CornerText(bottom_left=TEXT.bottom_left, badges=TEXT.badges)
            without = picture.copy()
            painter.paint(without, CornerText(bottom_left=TEXT.bottom_left))
            painter.paint(alone, shown)
            alone[without > 0] = 0
        else:
            painter.paint(alone, shown)
        marks += alone > 60
    drawn = picture.copy()
    painter.paint(drawn, TEXT)
    assert (drawn > 60).any()
    assert marks.max() == 1


def test_colours_stay_colours_and_grey_stays_grey() -> None:
    grey = draw_corner_text(np.zeros((256, 256), np.uint8), TEXT)
    colours = draw_corner_text(np.zeros((256, 256, 3), np.uint8), TEXT)
    assert grey.shape == (256, 256)
    assert colours.shape == (256, 256, 3)
    np.testing.assert_array_equal(grey, colours[..., 1])
    amber = (colours[..., 0].astype(int) - colours[..., 2]) > 100
    assert amber.any()


def test_the_original_is_not_changed() -> None:
    picture = np.full((128, 128), 77, np.uint8)
    picture.flags.writeable = False
    draw_corner_text(picture, TEXT)
    assert (picture == 77).all()


def test_words_are_legible_on_any_ground() -> None:
    for ground in (0, 128, 255):
        drawn = draw_corner_text(np.full((512, 512), ground, np.uint8), TEXT)
        corner = drawn[5:60, 5:190].astype(int)
        assert corner.max() >= 220
        assert ground == 0 or corner.min() <= ground * 0.45


def test_the_same_words_give_the_same_picture_every_time() -> None:
    painter = CornerPainter(512, 512, TEXT)
    first, second = (np.zeros((512, 512), np.uint8) for _ in range(2))
    painter.paint(first, TEXT)
    painter.paint(second, CornerText(bottom_right=("another",)))
    second[...] = 0
    painter.paint(second, TEXT)
    np.testing.assert_array_equal(first, second)
    assert words.cache_info().hits > 0


def test_letters_grow_with_the_picture_and_shrink_for_long_lines() -> None:
    short, long = CornerText(top_left=("A",)), CornerText(top_left=("A" * 60,))
    assert CornerPainter(1024, 1024, short).size == 22
    assert CornerPainter(2048, 2048, short).size == 45
    assert CornerPainter(1024, 700, long).size < 22
    assert CornerPainter(1024, 1024, short, scale=2.0).size == 45


def test_long_lines_end_in_an_ellipsis() -> None:
    line = "A name that is far too long for the corner it stands in"
    for room in range(20, 400, 13):
        shown = shortened(line, 14, room)
        assert text_width(shown, 14) <= room
        assert shown in (line, "") or (shown.endswith(ELLIPSIS) and line.startswith(shown[:-1]))
    assert shortened(line, 14, 5) == ""
    assert shortened(line, 14, 4000) == line


def test_control_characters_are_not_drawn() -> None:
    plain = draw_corner_text(np.zeros((256, 256), np.uint8), CornerText(top_left=("A B",)))
    odd = draw_corner_text(np.zeros((256, 256), np.uint8), CornerText(top_left=("A\nB",)))
    np.testing.assert_array_equal(plain, odd)


def test_no_words_leave_the_picture_alone() -> None:
    picture = np.full((64, 64), 9, np.uint8)
    np.testing.assert_array_equal(draw_corner_text(picture, CornerText()), picture)
