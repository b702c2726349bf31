from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ui.viewer.fakes import MemorySource, make_clip
from xray_studio.core.presentation import Presentation
from xray_studio.ui.viewer.geometry import (
    Box,
    Size,
    cut,
    displayed_area,
    moved,
    pixel_at,
    place,
    to_screen,
    to_stored,
)

turns = st.builds(
    Presentation,
    rotation=st.sampled_from([0, 90, 180, 270]),
    flip_horizontal=st.booleans(),
    flip_vertical=st.booleans(),
)
shown = st.builds(
    Presentation,
    rotation=st.sampled_from([0, 90, 180, 270]),
    flip_horizontal=st.booleans(),
    flip_vertical=st.booleans(),
    zoom=st.none() | st.floats(0.05, 40.0),
    pan=st.tuples(st.floats(-300.0, 300.0), st.floats(-300.0, 300.0)),
)
views = st.builds(Size, st.integers(50, 1500), st.integers(50, 1500))
clips = st.builds(
    lambda rows, columns, aspect: make_clip(MemorySource(1, rows, columns), pixel_aspect=aspect),
    st.integers(1, 300),
    st.integers(1, 300),
    st.sampled_from([1.0, 1.2, 0.8]),
)
fractions = st.floats(0.0, 1.0)


@given(turns, fractions, fractions)
def test_to_screen_and_back_is_where_it_began(presentation, x, y):
    assert to_stored(*to_screen(x, y, presentation), presentation) == pytest.approx((x, y))


def test_rotation_is_clockwise_and_flips_come_after_it():
    quarter = Presentation(rotation=90)
    assert to_screen(0.0, 0.0, quarter) == (1.0, 0.0)  # top left goes to the top right
    assert to_screen(0.0, 0.0, Presentation(rotation=90, flip_horizontal=True)) == (0.0, 0.0)


@given(clips, turns, views)
def test_fit_shows_the_whole_picture_as_large_as_possible(clip, presentation, view):
    box = place(clip, presentation, view).box
    assert box.width <= view.width + 1
    assert box.height <= view.height + 1
    assert max(box.width / view.width, box.height / view.height) >= 0.97 - 1.0 / min(view)
    assert abs(box.left * 2 + box.width - view.width) <= 1
    assert abs(box.top * 2 + box.height - view.height) <= 1


def test_pixel_aspect_makes_pixels_taller():
    clip = make_clip(MemorySource(1, 100, 100), pixel_aspect=2.0)
    assert place(clip, Presentation(zoom=1.0), Size(500, 500)).box == Box(200, 150, 100, 200)
    turned = Presentation(zoom=1.0, rotation=90)
    assert place(clip, turned, Size(500, 500)).box == Box(150, 200, 200, 100)


@given(clips, shown, views)
def test_what_is_cut_covers_what_is_visible(clip, presentation, view):
    placement = place(clip, presentation, view)
    part = cut(clip, presentation, placement)
    box = placement.box
    left, right = max(0, box.left), min(view.width, box.left + box.width)
    top, bottom = max(0, box.top), min(view.height, box.top + box.height)
    if right <= left or bottom <= top:
        assert part is None
        return
    assert 0 <= part.rows[0] < part.rows[1] <= clip.rows
    assert 0 <= part.columns[0] < part.columns[1] <= clip.columns
    assert part.box.left <= left + 1
    assert part.box.left + part.box.width >= right - 1
    assert part.box.top <= top + 1
    assert part.box.top + part.box.height >= bottom - 1


@given(clips, shown, views, st.data())
def test_the_pixel_under_the_pointer_is_the_one_drawn_there(clip, presentation, view, data):
    placement = place(clip, presentation, view)
    column = data.draw(st.integers(0, clip.columns - 1))
    row = data.draw(st.integers(0, clip.rows - 1))
    across, down = to_screen((column + 0.5) / clip.columns, (row + 0.5) / clip.rows, presentation)
    box = placement.box
    point = (box.left + across * box.width, box.top + down * box.height)
    assert pixel_at(clip, presentation, placement, *point) == (column, row)


def test_there_is_no_pixel_beside_the_picture():
    clip = make_clip(MemorySource(1, 100, 100))
    placement = place(clip, Presentation(), Size(200, 100))
    assert pixel_at(clip, Presentation(), placement, 49.0, 50.0) is None
    assert pixel_at(clip, Presentation(), placement, 50.0, 50.0) == (0, 50)


def test_a_box_moves_with_the_placement():
    clip = make_clip(MemorySource(1, 100, 100))
    before = place(clip, Presentation(), Size(100, 100))
    after = place(clip, Presentation(zoom=2.0, pan=(10.0, 0.0)), Size(100, 100))
    assert moved(before.box, before, after) == tuple(after.box)


def test_single_pixels_show_only_when_they_were_magnified_on_purpose():
    small, large = make_clip(MemorySource(1, 16, 16)), make_clip(MemorySource(1, 500, 500))
    view = Size(800, 800)
    assert not place(small, Presentation(), view).crisp
    assert place(large, Presentation(zoom=8.0), view).crisp


@given(clips, turns, views, st.floats(1.0, 20.0), fractions, fractions)
def test_what_is_displayed_is_shown_alike_when_it_is_fitted(
    clip, presentation, view, closer, across, down
):
    fit = place(clip, presentation, view).fit
    pan = ((across - 0.5) * clip.columns, (down - 0.5) * clip.rows)
    zoomed = replace(presentation, zoom=fit * closer, pan=pan)
    fitted = replace(presentation, area=displayed_area(clip, zoomed, fit))
    one, other = place(clip, zoomed, view), place(clip, fitted, view)
    assert other.scale == pytest.approx(one.scale)
    if closer > 1.0:
        assert other.box == pytest.approx(one.box, abs=1.001)
