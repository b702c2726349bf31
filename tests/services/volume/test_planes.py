"""Planes and slabs against SimpleITK."""

from __future__ import annotations

import numpy as np
import pytest
import SimpleITK
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.volume.phantom import affine
from xray_studio.core.volume.geometry import VolumeGeometry
from xray_studio.core.volume.planes import Plane, Projection, View, oblique, view
from xray_studio.core.volume.volume import Volume
from xray_studio.services.volume.planes import Cutter

SHAPE = (24, 31, 37)
OUTSIDE = -30_000.0
ANGLES = [(0.2, 0.1, 1.0), (1.0, 0.3, 0.2), (0.1, -1.0, 0.3), (1.0, 1.0, 1.0), (-0.5, 0.7, 0.6)]


def volume(kind: str = "int16", *, tilted: bool = False) -> Volume:
    rng = np.random.default_rng(3)
    values = rng.integers(0, 2000, SHAPE).astype(kind)
    return Volume(values, VolumeGeometry(SHAPE, affine(tilted=tilted)))


def image(made: Volume) -> SimpleITK.Image:
    found = SimpleITK.GetImageFromArray(made.values.astype(np.float32))
    found.SetDirection(made.geometry.directions.ravel().tolist())
    found.SetSpacing(made.geometry.spacing)
    found.SetOrigin(made.geometry.origin)
    return found


def sampled(made: Volume, way: np.ndarray, size: tuple[int, int, int]) -> np.ndarray:
    """Return what SimpleITK finds on a grid: `way` leads from its numbers to mm."""
    spacing = np.linalg.norm(way[:3, :3], axis=0)
    resample = SimpleITK.ResampleImageFilter()
    resample.SetSize(size)
    resample.SetOutputOrigin(way[:3, 3].tolist())
    resample.SetOutputSpacing(spacing.tolist())
    resample.SetOutputDirection((way[:3, :3] / spacing).ravel().tolist())
    resample.SetInterpolator(SimpleITK.sitkLinear)
    resample.SetDefaultPixelValue(OUTSIDE)
    return SimpleITK.GetArrayFromImage(resample.Execute(image(made)))


def inner(made: Volume, way: np.ndarray, size: tuple[int, int, int]) -> np.ndarray:
    """Return which points of a grid lie well within the outermost voxels."""
    columns, rows, depth = size
    k, j, i = np.mgrid[:depth, :rows, :columns]
    points = np.stack([i, j, k, np.ones_like(i)], -1).reshape(-1, 4) @ way.T
    at = made.geometry.indices(points[:, :3])
    inside = (at > 0.01).all(1) & (at < np.array(SHAPE[::-1]) - 1.01).all(1)
    return inside.reshape(depth, rows, columns)


@pytest.mark.parametrize("normal", ANGLES)
@pytest.mark.parametrize("tilted", [False, True])
def test_any_plane_is_that_of_simpleitk(normal: tuple, tilted: bool) -> None:
    made = volume(tilted=tilted)
    plane = oblique(made.geometry, made.geometry.centre, normal, turn=25.0)
    size = (plane.size[1], plane.size[0], 1)
    wanted = sampled(made, plane.affine, size)[0]
    within = inner(made, plane.affine, size)[0]
    found = Cutter(made).cut(plane)
    assert within.sum() > 200
    np.testing.assert_allclose(found[within], wanted[within], atol=0.05)
    assert np.isnan(found[~within]).any()


@pytest.mark.parametrize("which", View)
def test_planes_of_voxels_are_the_voxels(which: View) -> None:
    values = np.random.default_rng(1).integers(-500, 500, SHAPE).astype(np.int16)
    straight = Volume(values, VolumeGeometry(SHAPE, affine(turned=False)))
    i, j, k = 11, 7, 5
    point = tuple(straight.geometry.points([(i, j, k)])[0].tolist())
    found = Cutter(straight).cut(view(straight.geometry, which, point))
    wanted = {
        View.AXIAL: values[k], View.CORONAL: values[::-1, j], View.SAGITTAL: values[::-1, :, i]
    }[which]  # fmt: skip
    np.testing.assert_allclose(found, wanted, atol=1e-3)


def by_rays(made: Volume, plane: Plane, how: Projection) -> tuple[np.ndarray, np.ndarray]:
    """Return a slab by SimpleITK, sampled where rays cross planes of voxels, and where it holds."""
    way = (np.linalg.inv(made.geometry.affine) @ plane.affine)[:3]
    across = int(np.argmax(np.abs(way[:, 2])))
    a, b, c, d = way[across]
    count = SHAPE[2 - across]
    grid = plane.affine.copy()
    normal = plane.affine[:3, 2]
    grid[:3, 0] -= normal * a / c
    grid[:3, 1] -= normal * b / c
    grid[:3, 2] = normal / c
    grid[:3, 3] -= normal * d / c
    rows, columns = plane.size
    size = (columns, rows, count)
    samples = sampled(made, grid, size).astype(float)
    n, row, column = np.mgrid[:count, :rows, :columns]
    depth = (n - d - a * column - b * row) / c
    in_slab = np.abs(depth) <= plane.thickness / 2
    outer = in_slab & ~_strictly(made, grid, size)
    near = np.abs(np.abs(depth) - plane.thickness / 2) < 1e-3
    sure = in_slab.any(0) & ~outer.any(0) & ~near.any(0)
    samples[~in_slab] = np.nan
    with np.errstate(invalid="ignore"):
        reduce = {Projection.MIP: np.fmax, Projection.MINIP: np.fmin}.get(how)
        if reduce is not None:
            return reduce.reduce(samples, axis=0), sure
        return np.nansum(samples, 0) / np.maximum(1, in_slab.sum(0)), sure


def _strictly(made: Volume, way: np.ndarray, size: tuple[int, int, int]) -> np.ndarray:
    """Return which samples lie within the volume; those in its outermost planes do."""
    columns, rows, depth = size
    k, j, i = np.mgrid[:depth, :rows, :columns]
    points = np.stack([i, j, k, np.ones_like(i)], -1).reshape(-1, 4) @ way.T
    at = made.geometry.indices(points[:, :3])
    low, high = -1e-6, np.array(SHAPE[::-1]) - 1 + 1e-6
    return ((at >= low).all(1) & (at <= high).all(1)).reshape(depth, rows, columns)


@pytest.mark.parametrize("how", Projection)
@pytest.mark.parametrize("normal", ANGLES)
def test_any_slab_is_that_of_simpleitk(how: Projection, normal: tuple) -> None:
    made = volume()
    plane = oblique(made.geometry, made.geometry.centre, normal, 9.3, turn=25.0)
    wanted, sure = by_rays(made, plane, how)
    found = Cutter(made).cut(plane, how)
    assert sure.sum() > 100
    np.testing.assert_allclose(found[sure], wanted[sure], atol=0.3)


@settings(max_examples=25, deadline=None)
@given(st.tuples(*[st.floats(-1, 1)] * 3), st.floats(0, 360), st.floats(3, 30))
def test_slabs_of_any_angle(normal: tuple, turn: float, thickness: float) -> None:
    if np.linalg.norm(normal) < 0.1:
        return
    made = volume(tilted=True)
    plane = oblique(made.geometry, made.geometry.centre, normal, thickness, turn)
    wanted, sure = by_rays(made, plane, Projection.MIP)
    found = Cutter(made).cut(plane, Projection.MIP)
    off = np.abs(found[sure] - wanted[sure])
    assert not sure.any() or np.quantile(off, 0.999) <= 0.5


def test_an_axial_slab_is_the_maximum_of_its_voxels() -> None:
    values = np.random.default_rng(1).integers(-500, 500, SHAPE).astype(np.int16)
    straight = Volume(values, VolumeGeometry(SHAPE, affine(turned=False)))
    point = tuple(straight.geometry.points([(0, 0, 10)])[0].tolist())
    plane = view(straight.geometry, View.AXIAL, point, 10.0)  # 2.5 mm apart: two to each side
    for how, reduce in ((Projection.MIP, np.max), (Projection.MINIP, np.min),
                        (Projection.MEAN, np.mean)):  # fmt: skip
        found = Cutter(straight).cut(plane, how)
        np.testing.assert_allclose(found, reduce(values[8:13], axis=0), atol=1e-3)


def test_a_slab_thinner_than_slices_shows_the_plane() -> None:
    made = volume()
    whole = oblique(made.geometry, made.geometry.centre, (0.1, 0.2, 1.0), 0.2)
    thin = Cutter(made).cut(whole)
    plane = Cutter(made).cut(oblique(made.geometry, made.geometry.centre, (0.1, 0.2, 1.0)))
    assert (np.isnan(thin) == np.isnan(plane)).mean() > 0.99
