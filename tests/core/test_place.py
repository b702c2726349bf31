"""The grid that slices make in the patient."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xray_studio.core.place import FramePlace, lies_in_patient, slice_grid, to_ras

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
