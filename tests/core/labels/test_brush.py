"""Brushes cover the voxels that lie in them, whatever way a volume is turned."""

import time

import numpy as np
import pytest

from tests.volume.phantom import affine
from xray_studio.core.errors import UsageError
from xray_studio.core.labels.box import whole_box
from xray_studio.core.labels.brush import Brush, covered
from xray_studio.core.volume.geometry import VolumeGeometry, from_axes

SHAPE = (30, 40, 50)
GRIDS = [
    VolumeGeometry(SHAPE, affine(turned=False)),
    VolumeGeometry(SHAPE, affine()),
    VolumeGeometry(SHAPE, affine(tilted=True)),
]


def _all(grid: VolumeGeometry) -> np.ndarray:
    """Return the millimetres of every voxel, (planes, rows, columns, 3)."""
    planes, rows, columns = np.indices(grid.shape)
    return grid.points(np.stack([columns, rows, planes], -1).reshape(-1, 3)).reshape(*grid.shape, 3)


def _whole(grid: VolumeGeometry, found: object) -> np.ndarray:
    made = np.zeros(grid.shape, bool)
    if found is not None:
        box, marked = found
        made[box.slices] = marked
    return made


@pytest.mark.parametrize("grid", GRIDS)
def test_a_ball_covers_the_voxels_within_its_radius(grid: VolumeGeometry) -> None:
    centre = np.asarray(grid.centre)
    expected = np.linalg.norm(_all(grid) - centre, axis=-1) <= 9.0
    found = _whole(grid, covered(grid, Brush(9.0), grid.centre))
    assert expected.sum() > 500
    assert np.array_equal(found, expected)


@pytest.mark.parametrize("grid", GRIDS)
def test_a_stroke_covers_the_way_between_its_points(grid: VolumeGeometry) -> None:
    start, end = grid.points([(10, 10, 8), (30, 25, 20)])
    way = end - start
    points = _all(grid) - start
    share = np.clip(points @ way / (way @ way), 0, 1)
    expected = np.linalg.norm(points - share[..., None] * way, axis=-1) <= 6.0
    found = _whole(grid, covered(grid, Brush(6.0), tuple(start), tuple(end)))
    assert np.array_equal(found, expected)


def test_a_disc_on_a_plane_of_voxels_covers_that_plane_alone() -> None:
    grid = GRIDS[0]
    centre = tuple(grid.points([(25, 20, 15)])[0])
    found = _whole(grid, covered(grid, Brush(9.0, (0.0, 0.0, 1.0)), centre))
    assert np.flatnonzero(found.any(axis=(1, 2))).tolist() == [15]
    flat = np.linalg.norm((_all(grid) - centre)[15, ..., :2], axis=-1) <= 9.0
    assert np.array_equal(found[15], flat)


@pytest.mark.parametrize("grid", GRIDS)
def test_an_oblique_disc_covers_all_that_its_plane_shows(grid: VolumeGeometry) -> None:
    normal = np.array([0.3, -0.5, 0.8])
    normal /= np.linalg.norm(normal)
    centre = np.asarray(grid.centre)
    found = _whole(grid, covered(grid, Brush(9.0, tuple(normal)), grid.centre))
    right = np.cross(normal, (0.0, 0.0, 1.0))
    right /= np.linalg.norm(right)
    down = np.cross(normal, right)
    for angle in np.linspace(0, 2 * np.pi, 40):
        for radius in (0.0, 3.0, 7.0):
            point = centre + radius * (np.cos(angle) * right + np.sin(angle) * down)
            at = np.floor(grid.indices([point])[0] + 0.5).astype(int)[::-1]
            assert found[tuple(at)]
    away = np.abs((_all(grid)[found] - centre) @ normal)
    assert away.max() <= np.linalg.norm(grid.spacing) / 2 + 1e-6


def test_a_brush_smaller_than_a_voxel_paints_the_one_it_is_in() -> None:
    grid = GRIDS[1]
    point = tuple(grid.points([(7.3, 8.2, 9.4)])[0])
    found = _whole(grid, covered(grid, Brush(0.01), point))
    assert np.argwhere(found).tolist() == [[9, 8, 7]]


def test_outside_the_volume_nothing_is_covered() -> None:
    assert covered(GRIDS[0], Brush(3.0), (1e4, 0.0, 0.0)) is None
    with pytest.raises(UsageError, match="radius"):
        Brush(0.0)


def test_a_brush_looks_at_its_own_box_alone() -> None:
    grid = from_axes((500, 512, 512), (0, 0, 0), np.eye(3), (0.7, 0.7, 1.0))
    found = covered(grid, Brush(10.0), grid.centre, tuple(np.add(grid.centre, (3, 2, 0))))
    assert found is not None
    assert found[0].voxels < 50_000 < whole_box(grid.shape).voxels
    start = time.perf_counter()
    for _ in range(20):
        covered(grid, Brush(10.0), grid.centre)
    assert (time.perf_counter() - start) / 20 < 0.02
