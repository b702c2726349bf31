"""Shutters: what each shape leaves open."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from xray_studio.core.overlay_plane import OverlayPlane, pack
from xray_studio.core.shutter import Shutter, inside_polygon

PLACES = st.integers(-5, 30)


def test_the_edges_of_a_rectangle_are_seen() -> None:
    seen = Shutter(rectangle=(3, 5, 2, 4)).open(6, 8)
    expected = np.zeros((6, 8), bool)
    expected[1:4, 2:5] = True
    np.testing.assert_array_equal(seen, expected)


@given(PLACES, PLACES, st.integers(1, 30))
def test_a_circle_is_what_lies_within_its_radius(row: int, column: int, radius: int) -> None:
    seen = Shutter(circle=(row, column, radius)).open(11, 13)
    for y in range(11):
        for x in range(13):
            inside = (y + 1 - row) ** 2 + (x + 1 - column) ** 2 <= radius**2
            assert seen[y, x] == inside


@given(st.lists(st.tuples(st.integers(1, 24), st.integers(1, 24)), min_size=3, max_size=7))
def test_polygons_hold_their_vertices_and_what_a_drawing_program_fills(
    vertices: list[tuple[int, int]],
) -> None:
    seen = inside_polygon(tuple(vertices), 24, 24)
    assert all(seen[row - 1, column - 1] for row, column in vertices)
    large = Image.new("1", (240, 240))
    # Ten times larger, so that the middle of a pixel is well inside or well outside of the filling.
    corners = [(10 * (column - 1) + 5, 10 * (row - 1) + 5) for row, column in vertices]
    ImageDraw.Draw(large).polygon(corners, fill=1)
    filled = np.array(large)
    block = filled.reshape(24, 10, 24, 10)
    sure = (block.all(axis=(1, 3))) | (~block.any(axis=(1, 3)))
    np.testing.assert_array_equal(seen[sure], block.all(axis=(1, 3))[sure])


def test_of_several_shapes_only_what_all_leave_is_seen() -> None:
    both = Shutter(rectangle=(1, 6, 1, 6), circle=(3, 3, 2), polygon=((1, 1), (1, 9), (9, 1)))
    parts = (
        Shutter(rectangle=both.rectangle),
        Shutter(circle=both.circle),
        Shutter(polygon=both.polygon),
    )
    each = [part.open(9, 9) for part in parts]
    np.testing.assert_array_equal(both.open(9, 9), each[0] & each[1] & each[2])


def test_a_bitmap_hides_where_it_is_set() -> None:
    mask = np.eye(5, dtype=bool)
    plane = OverlayPlane(0x6000, 5, 5, packed=(pack(mask),), first=1, stop=2)
    shutter = Shutter(bitmap=plane, value=0x8000)
    assert shutter.grey == 0x80
    assert shutter.open(5, 5, 0).all()
    np.testing.assert_array_equal(shutter.open(5, 5, 1), ~mask)
