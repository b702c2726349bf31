from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xray_studio.imaging.scale import scaled

sides = st.integers(1, 80)


@given(sides, sides, sides, sides, st.booleans(), st.booleans())
def test_the_size_is_the_one_asked_for(rows, columns, across, down, crisp, colour):
    shape = (rows, columns, 3) if colour else (rows, columns)
    picture = scaled(np.full(shape, 77, np.uint8), across, down, crisp=crisp)
    assert picture.shape[:2] == (down, across)
    assert picture.ndim == len(shape)
    assert np.all(picture == 77)


def test_at_the_same_size_nothing_is_changed():
    picture = np.arange(12, dtype=np.uint8).reshape(3, 4)
    assert np.array_equal(scaled(picture, 4, 3), picture)


def test_a_large_reduction_leaves_no_pixel_out():
    picture = np.zeros((1024, 1024), np.uint8)
    picture[::2] = 200  # lines that a plain reduction would keep or lose as a whole
    small = scaled(picture, 100, 100)
    assert small.min() >= 90
    assert small.max() <= 110


def test_crisp_pixels_are_squares():
    picture = scaled(np.array([[0, 255]], np.uint8), 8, 4, crisp=True)
    assert np.array_equal(picture, np.repeat([[0] * 4 + [255] * 4], 4, axis=0))


def test_smooth_magnification_stays_between_the_values():
    picture = scaled(np.array([[10, 200]], np.uint8), 40, 20)
    assert picture.min() >= 10
    assert picture.max() <= 200
    assert len(np.unique(picture)) > 10


@pytest.mark.parametrize("size", [(850, 850), (1400, 700)])
def test_the_middle_stays_in_the_middle(size):
    picture = np.zeros((1024, 1024), np.uint8)
    picture[462:562, 462:562] = 255
    rows, columns = np.nonzero(scaled(picture, *size) > 127)
    assert rows.mean() == pytest.approx((size[1] - 1) / 2, abs=1.0)
    assert columns.mean() == pytest.approx((size[0] - 1) / 2, abs=1.0)
