"""Registration: a movement that was made is found again."""

from __future__ import annotations

import numpy as np
import pytest
import SimpleITK

from xray_studio.core.job import run
from xray_studio.core.volume.geometry import from_axes
from xray_studio.core.volume.registration import Registration, checkerboard
from xray_studio.core.volume.volume import Volume
from xray_studio.volume.itk_images import image_of, values_of
from xray_studio.volume.register import registered, steadied

GRID = from_axes((32, 48, 48), (-30.0, -40.0, 10.0), np.eye(3), (1.5, 1.5, 2.0))


def _shapes() -> Volume:
    """Ellipsoids of several values that no movement leaves as they are."""
    where = GRID.points(np.indices(GRID.shape)[::-1].reshape(3, -1).T) - GRID.centre
    values = np.zeros(len(where))
    for middle, radii, value in (
        ((0, 0, 0), (28, 22, 24), 100.0), ((8, 4, -5), (9, 6, 12), 180.0),
        ((-10, -6, 8), (6, 9, 5), 40.0), ((4, -12, 10), (4, 4, 6), 260.0),
    ):  # fmt: skip
        values[(((where - middle) / np.array(radii, float)) ** 2).sum(axis=1) < 1.0] = value
    values += np.random.default_rng(3).normal(0.0, 3.0, len(values))
    return Volume(values.reshape(GRID.shape).astype(np.float32), GRID)


SHAPES = _shapes()
MIDDLE = np.s_[10:22, 14:34, 14:34]


def moved_by(transform: SimpleITK.Transform) -> Volume:
    image = image_of(SHAPES.values, GRID)
    made = SimpleITK.Resample(image, image, transform.GetInverse(), SimpleITK.sitkLinear, 0.0)
    return Volume(values_of(made), GRID)


def rigid() -> SimpleITK.Euler3DTransform:
    turn = SimpleITK.Euler3DTransform()
    turn.SetCenter(GRID.centre)
    turn.SetRotation(0.05, -0.08, 0.12)
    turn.SetTranslation((4.0, -3.0, 5.0))
    return turn


def test_a_rigid_movement_is_found_again() -> None:
    turn = rigid()
    moving = moved_by(turn)
    laid, found = run(registered(SHAPES, moving, Registration(sampled=0.3)))
    assert found.is_better
    assert found.affine is not None
    points = GRID.corners() * 0.5 + np.array(GRID.centre) * 0.5
    wanted = np.array([turn.TransformPoint(point.tolist()) for point in points])
    got = points @ found.affine[:3, :3].T + found.affine[:3, 3]
    assert np.abs(got - wanted).max() < 0.75, "half a voxel"
    assert found.largest > 5.0
    assert laid.geometry is GRID
    before = np.abs(moving.values - SHAPES.values)[MIDDLE].mean()
    assert np.abs(laid.values - SHAPES.values)[MIDDLE].mean() < 0.4 * before


def test_the_same_volumes_give_the_same_answer() -> None:
    moving, wanted = moved_by(rigid()), Registration(iterations=10, levels=1)
    one, other = (run(registered(SHAPES, moving, wanted)) for _ in range(2))
    assert np.allclose(one[1].affine, other[1].affine, atol=1e-6)


def test_an_affine_movement_is_found_again() -> None:
    grown = SimpleITK.AffineTransform(3)
    grown.SetCenter(GRID.centre)
    grown.Scale((1.1, 0.95, 1.05))
    moving = moved_by(grown)
    _, found = run(registered(SHAPES, moving, Registration("affine", sampled=0.3)))
    assert found.affine is not None
    assert np.allclose(np.diag(found.affine[:3, :3]), (1.1, 0.95, 1.05), atol=0.03)


def test_a_bending_movement_brings_volumes_nearer() -> None:
    field = np.zeros((*GRID.shape, 3))
    field[..., 1] = 4.0 * np.sin(np.linspace(0, np.pi, GRID.shape[2]))[None, None, :]
    image = SimpleITK.GetImageFromArray(field, isVector=True)
    image.SetOrigin(GRID.origin)
    image.SetSpacing(GRID.spacing)
    bend = SimpleITK.DisplacementFieldTransform(image)
    still = image_of(SHAPES.values, GRID)
    moving = Volume(
        values_of(SimpleITK.Resample(still, still, bend, SimpleITK.sitkLinear, 0.0)), GRID
    )
    wanted = Registration("deformable", iterations=12, sampled=0.2, grid=20.0)
    laid, found = run(registered(SHAPES, moving, wanted))
    assert found.affine is None
    before = np.abs(moving.values - SHAPES.values)[MIDDLE].mean()
    assert np.abs(laid.values - SHAPES.values)[MIDDLE].mean() < 0.7 * before


def test_moments_are_laid_onto_the_first() -> None:
    shift = SimpleITK.TranslationTransform(3, (3.0, 0.0, 0.0))
    four = Volume(np.stack([SHAPES.values, moved_by(shift).values]), GRID)
    made, (found,) = run(steadied(four, Registration(sampled=0.3)))
    assert made.values.shape == four.values.shape
    assert np.array_equal(made.values[0], SHAPES.values)
    assert found.affine is not None
    assert found.affine[:3, 3] == pytest.approx((3.0, 0.0, 0.0), abs=4.0)
    middle = found.affine[:3, :3] @ GRID.centre + found.affine[:3, 3] - GRID.centre
    assert middle == pytest.approx((3.0, 0.0, 0.0), abs=0.5)


def test_a_checkerboard_shows_both() -> None:
    board = checkerboard(np.zeros((16, 32)), np.ones((16, 32)), 8)
    assert board[0, 0] == 0.0
    assert board[0, 4] == board[4, 0] == 1.0
    assert board.mean() == 0.5


def test_thin_volumes_are_laid_onto_each_other_too() -> None:
    thin = from_axes((3, 48, 48), (-30.0, -40.0, 36.0), np.eye(3), (1.5, 1.5, 8.0))
    slab = Volume(SHAPES.values[10:22:4], thin)
    _, found = run(registered(slab, slab, Registration(sampled=0.5)))
    assert found.largest < 1.0
