"""The grid that slices make in the patient."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xray_studio.core.place import (
    FramePlace,
    comparable,
    lies_in_patient,
    same_height,
    slice_grid,
    to_ras,
)

AXIAL = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)


def at(x: float, y: float, z: float) -> FramePlace:
    return FramePlace((x, y, z), AXIAL, (0.5, 0.25), 3.0)


def test_slices_make_a_grid() -> None:
    grid = slice_grid([at(-10.0, 5.0, 2.5 * n) for n in range(4)])
    assert grid is not None
    assert (grid.order, grid.slices, grid.phases) == ((0, 1, 2, 3), 4, 1)
    wanted = [[0.25, 0, 0, -10], [0, 0.5, 0, 5], [0, 0, 2.5, 0], [0, 0, 0, 1]]
    np.testing.assert_allclose(grid.affine, wanted)
    np.testing.assert_allclose(to_ras(grid.affine)[:2], -np.array(wanted[:2]))


@given(st.permutations(range(6)))
def test_slices_in_any_order_go_where_they_lie(numbers: list[int]) -> None:
    places = [at(0.0, 0.0, 2.0 * n) for n in numbers]
    grid = slice_grid(places)
    assert grid is not None
    heights = [places[n].position[2] for n in grid.order]  # type: ignore[index]  # all have one
    assert sorted(heights) in (heights, heights[::-1])
    assert grid.affine[2, 3] == heights[0]
    assert grid.affine[2, 2] * (heights[-1] - heights[0]) > 0
    assert (heights[0] < heights[-1]) == (numbers[0] <= numbers[-1])


def test_a_tilted_gantry_shears_the_grid() -> None:
    grid = slice_grid([at(0.0, 0.7 * n, 2.0 * n) for n in range(3)])
    assert grid is not None
    np.testing.assert_allclose(grid.affine[:3, 2], (0.0, 0.7, 2.0))


@pytest.mark.parametrize("by_slice", [True, False])
def test_slices_at_several_moments(by_slice: bool) -> None:
    pairs = [(z, t) for z in range(3) for t in range(4)]
    pairs = pairs if by_slice else sorted(pairs, key=lambda pair: pair[1])
    grid = slice_grid([at(0.0, 0.0, float(z)) for z, _ in pairs])
    assert grid is not None
    assert (grid.slices, grid.phases) == (3, 4)
    assert [pairs[n] for n in grid.order] == [(z, t) for t in range(4) for z in range(3)]


def test_one_place_is_one_slice() -> None:
    grid = slice_grid([at(1.0, 2.0, 3.0)] * 5)
    assert grid is not None
    assert (grid.slices, grid.phases, grid.affine[2, 2]) == (1, 5, 3.0)


@pytest.mark.parametrize(
    "places",
    [
        [],
        [FramePlace()],
        [at(0, 0, 0), at(0, 0, 1), at(0, 0, 3)],
        [at(0, 0, 0), at(0, 0, 0), at(0, 0, 1)],
        [at(0, 0, 0), at(0, 0, 1), FramePlace((0.0, 0.0, 2.0), AXIAL, (0.5, 0.5))],
        [at(0, 0, 0), FramePlace((0.0, 0.0, 1.0), AXIAL[3:] + AXIAL[:3], (0.5, 0.25))],
    ],
)
def test_what_is_uneven_makes_no_grid(places: list[FramePlace]) -> None:
    assert slice_grid(places) is None


def test_where_frames_lie_is_known_even_where_they_make_no_grid() -> None:
    assert lies_in_patient([at(0, 0, 0), at(0, 0, 1), at(0, 0, 3)])
    assert not lies_in_patient([at(0, 0, 0), FramePlace()])
    assert not lies_in_patient([at(0, 0, 0)] * 2)


class TestSameHeight:
    def stack(self, *heights: float, frame: str = "1.2", x: float = 0.0) -> list[FramePlace]:
        return [
            FramePlace((x, 0.0, z), AXIAL, (0.5, 0.25), 3.0, frame_of_reference=frame)
            for z in heights
        ]

    def test_is_the_nearest_slice_whatever_its_number(self):
        thick, thin = self.stack(0, 5, 10, 15), self.stack(*range(20, -1, -1), x=33.0)
        assert [same_height(thin, here, 0) for here in thick] == [20, 15, 10, 5]
        assert same_height(thick, thin[20 - 6], 0) == 1

    def test_beyond_the_ends_there_is_none(self):
        short = self.stack(0, 5, 10)
        assert same_height(short, self.stack(14.0)[0], 0) == 2
        assert same_height(short, self.stack(16.0)[0], 0) is None

    def test_of_several_phases_it_stays_with_the_one_on_screen(self):
        phases = self.stack(0, 5, 10, 0, 5, 10)
        assert [same_height(phases, self.stack(5.0)[0], now) for now in (0, 2, 3, 5)] == [
            1,
            1,
            4,
            4,
        ]

    def test_means_nothing_in_another_frame_of_reference_or_plane(self):
        here = self.stack(5.0)[0]
        assert not comparable(self.stack(0, 5, frame="1.3"), here)
        assert not comparable(self.stack(0, 5), self.stack(5.0, frame="")[0])
        sagittal = FramePlace((0, 0, 0), (0, 1, 0, 0, 0, -1), frame_of_reference="1.2")
        assert same_height([sagittal], here, 0) is None
        assert same_height([FramePlace(frame_of_reference="1.2")], here, 0) is None
        assert same_height([], here, 0) is None

    def test_tilted_stacks_compare_in_their_middle(self):
        turned = (1.0, 0.0, 0.0, 0.0, math.cos(0.2), math.sin(0.2))
        flat, tilted = (
            FramePlace(corner, turn, (1, 1), 3.0, None, "1.2", (101, 101))
            for corner, turn in (
                ((-50.0, -50.0, 7.0), AXIAL),
                ((-50.0, -50 * math.cos(0.2), 7 - 50 * math.sin(0.2)), turned),
            )
        )
        others = [replace(tilted, position=(-50.0, -49.0, 7 + z)) for z in (-30.0, 30.0)]
        assert same_height([others[0], tilted, others[1]], flat, 0) == 1
