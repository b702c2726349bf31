"""Planes through a volume."""

from __future__ import annotations

import numpy as np
import pytest

from xray_studio.core.errors import UsageError
from xray_studio.core.volume.geometry import from_axes
from xray_studio.core.volume.planes import View, oblique, view

GRID = from_axes((10, 20, 30), (-15.0, -30.0, -50.0), np.eye(3), (1.0, 2.0, 5.0))


@pytest.mark.parametrize(
    ("which", "right", "down", "size", "spacing"),
    [
        (View.AXIAL, (1, 0, 0), (0, 1, 0), (20, 30), (2.0, 1.0)),
        (View.CORONAL, (1, 0, 0), (0, 0, -1), (10, 30), (5.0, 1.0)),
        (View.SAGITTAL, (0, 1, 0), (0, 0, -1), (10, 20), (5.0, 2.0)),
    ],
)
def test_named_planes_show_voxels_as_they_are(
    which: View, right: tuple, down: tuple, size: tuple, spacing: tuple
) -> None:
    plane = view(GRID, which)
    assert plane.right == pytest.approx(right)
    assert plane.down == pytest.approx(down)
    assert plane.size == size
    assert plane.spacing == pytest.approx(spacing)
    assert plane.centre == pytest.approx(GRID.centre)
    rows, columns = plane.size
    at = plane.affine @ (columns - 1, rows - 1, 0, 1)
    index = GRID.indices([at[:3]])[0]
    axis = {View.AXIAL: 2, View.CORONAL: 1, View.SAGITTAL: 0}[which]
    in_plane = np.delete(index, axis)
    np.testing.assert_allclose(in_plane, np.rint(in_plane), atol=1e-9)


def test_the_head_is_above_and_left_is_right() -> None:
    plane = oblique(GRID, GRID.centre, (0.2, 1.0, 0.1))
    assert plane.down[2] < -0.9
    assert plane.right[0] > 0.9
    assert plane.normal == pytest.approx(np.array([0.2, 1.0, 0.1]) / np.linalg.norm([0.2, 1, 0.1]))


def test_axial_is_the_oblique_plane_from_the_feet() -> None:
    named, by_normal = view(GRID, View.AXIAL), oblique(GRID, GRID.centre, (0, 0, 1))
    np.testing.assert_allclose(named.affine, by_normal.affine, atol=1e-12)


def test_a_plane_moves_and_finds_its_pixels() -> None:
    plane = oblique(GRID, GRID.centre, (1.0, 0.3, 0.8), turn=30.0)
    moved = plane.moved(4.0)
    column, row, away = plane.pixel(moved.corner)
    assert (column, row, away) == pytest.approx((0.0, 0.0, 4.0), abs=1e-9)
    axes = np.array([plane.right, plane.down, plane.normal])
    np.testing.assert_allclose(axes @ axes.T, np.eye(3), atol=1e-12)


def test_no_direction_is_refused() -> None:
    with pytest.raises(UsageError, match="length"):
        oblique(GRID, GRID.centre, (0.0, 0.0, 0.0))
