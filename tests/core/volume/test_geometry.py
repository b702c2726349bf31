"""Where voxels lie."""

from __future__ import annotations

import numpy as np
import pytest

from xray_studio.core.errors import UnreadableError
from xray_studio.core.volume.geometry import VolumeGeometry, from_axes, reoriented

SHAPE = (4, 3, 2)


def straight(**changes: object) -> VolumeGeometry:
    how: dict = {"origin": (10.0, -20.0, 30.0), "directions": np.eye(3), "spacing": (0.5, 1.5, 2.5)}
    return from_axes(SHAPE, **(how | changes))


def test_what_a_grid_tells() -> None:
    grid = straight()
    assert grid.spacing == pytest.approx((0.5, 1.5, 2.5))
    assert grid.origin == (10.0, -20.0, 30.0)
    assert grid.centre == pytest.approx((10.25, -18.5, 33.75))
    assert grid.letters == "LPH"
    assert grid.is_straight
    assert grid.is_right_handed
    assert grid.voxel_volume == pytest.approx(0.5 * 1.5 * 2.5)


def test_points_and_indices_are_each_others_way_back() -> None:
    affine = np.eye(4)
    affine[:3, :3] = [[0.4, 0.1, 0.0], [-0.2, 0.9, 0.6], [0.0, -0.3, 2.2]]
    affine[:3, 3] = (5.0, 6.0, 7.0)
    grid = VolumeGeometry(SHAPE, affine)
    wanted = np.random.default_rng(1).uniform(-5, 5, (20, 3))
    np.testing.assert_allclose(grid.indices(grid.points(wanted)), wanted, atol=1e-12)
    np.testing.assert_allclose(grid.points([(1, 2, 3)])[0], (affine @ (1, 2, 3, 1))[:3])


def test_a_tilted_gantry_is_not_straight() -> None:
    affine = np.eye(4)
    affine[1, 2] = np.tan(np.radians(12.0))
    grid = VolumeGeometry(SHAPE, affine)
    assert not grid.is_straight
    assert grid.skew == pytest.approx(np.sin(np.radians(12.0)))


@pytest.mark.parametrize(
    "affine",
    [
        np.zeros((4, 4)),
        np.diag([1.0, 1.0, 0.0, 1.0]),
        np.diag([1.0, np.nan, 1.0, 1.0]),
        np.array([[1, 1, 0, 0], [0, 0, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1.0]]),
    ],
)
def test_a_grid_that_leads_nowhere_is_refused(affine: np.ndarray) -> None:
    with pytest.raises(UnreadableError, match="where its voxels lie"):
        VolumeGeometry(SHAPE, affine)


@pytest.mark.parametrize("letters", ["LPH", "RAH", "LAH", "HLP", "AFR", "PHL"])
def test_no_voxel_moves_when_axes_change_places(letters: str) -> None:
    values = np.arange(24).reshape(SHAPE)
    grid = straight()
    moved, there = reoriented(values, grid, letters)
    assert there.letters == letters
    assert moved.shape == there.shape
    for plane, row, column in np.ndindex(*there.shape):
        index = grid.indices(there.points([(column, row, plane)]))[0]
        i, j, k = np.rint(index).astype(int)
        np.testing.assert_allclose(index, (i, j, k), atol=1e-9)
        assert moved[plane, row, column] == values[k, j, i]


def test_the_fourth_dimension_stays() -> None:
    values = np.arange(48).reshape(2, *SHAPE)
    moved, there = reoriented(values, straight(), "HPR")
    assert moved.shape == (2, *there.shape)
    single, _ = reoriented(values[1], straight(), "HPR")
    np.testing.assert_array_equal(moved[1], single)


def test_an_axis_is_named_once_even_when_turned_by_half_a_right_angle() -> None:
    half = np.sqrt(0.5)
    turned = np.array([[half, -half, 0.0], [half, half, 0.0], [0.0, 0.0, 1.0]])
    assert sorted(straight(directions=turned).axes) == [0, 1, 2]


def test_two_grids_are_compared_in_millimetres() -> None:
    grid = straight()
    assert grid.lies_as(straight(origin=(10.00005, -20.0, 30.0)))
    assert not grid.lies_as(straight(origin=(10.001, -20.0, 30.0)))
    assert not grid.lies_as(VolumeGeometry((4, 3, 3), grid.affine))
