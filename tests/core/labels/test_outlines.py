"""Outlines enclose exactly what is marked, holes and islands too."""

import numpy as np
import pytest

from xray_studio.core.labels.outlines import filled, outlines


def _area(line: np.ndarray) -> float:
    x, y = line.T
    return float((x * np.roll(y, -1) - np.roll(x, -1) * y).sum() / 2)


@pytest.mark.parametrize("share", [0.1, 0.4, 0.6, 0.9])
@pytest.mark.parametrize("shape", [(1, 1), (2, 7), (40, 53)])
def test_what_is_outlined_is_filled_again(shape: tuple[int, int], share: float) -> None:
    marked = np.random.default_rng(7).random(shape) < share
    assert np.array_equal(filled(outlines(marked), shape), marked)


def test_a_ring_in_a_ring_is_one_outline_with_a_channel_and_one_within() -> None:
    marked = np.zeros((30, 30), bool)
    marked[3:27, 4:26] = True
    marked[8:22, 9:21] = False
    marked[12:16, 13:17] = True
    lines = outlines(marked)
    assert len(lines) == 2
    assert np.array_equal(filled(lines, marked.shape), marked)
    assert all(_area(line) > 0 for line in lines)


def test_an_outline_encloses_the_area_of_its_pixels_but_for_half_a_pixel() -> None:
    rows, columns = np.indices((60, 60))
    disc = (rows - 30) ** 2 + (columns - 28) ** 2 <= 20**2
    (line,) = outlines(disc)
    assert _area(line) == pytest.approx(disc.sum() - 0.5)
    assert len(line) < 120


def test_parts_that_touch_by_a_corner_are_outlined_by_themselves() -> None:
    assert len(outlines(np.eye(3, dtype=bool))) == 3


def test_several_holes_in_a_row_are_all_joined() -> None:
    marked = np.ones((9, 30), bool)
    marked[3:6, 4:8] = marked[2:5, 10:14] = marked[4:7, 16:25] = False
    (line,) = outlines(marked)
    assert np.array_equal(filled([line], marked.shape), marked)


def test_nothing_has_no_outline() -> None:
    assert outlines(np.zeros((4, 5), bool)) == []
    assert not filled([], (4, 5)).any()


def test_a_shift_of_less_than_half_a_pixel_changes_nothing() -> None:
    marked = np.random.default_rng(1).random((25, 31)) < 0.6
    noise = np.random.default_rng(2)
    moved = [line + noise.uniform(-1e-4, 1e-4) for line in outlines(marked)]
    assert np.array_equal(filled(moved, marked.shape), marked)
