"""Sums along rays: a ball is where it is and as thick as it is, from every side."""

from __future__ import annotations

import numpy as np
import pytest

from xray_studio.core.errors import UsageError
from xray_studio.core.job import run
from xray_studio.imaging.cone_beam import ConeBeam
from xray_studio.imaging.ray_sum import ray_sums

MIDDLE, RADIUS = np.array([10.0, -5.0, 8.0]), 15.0
STRAIGHT = np.array([[1, 0, 0, -40], [0, 1, 0, -40], [0, 0, 2, -40], [0, 0, 0, 1]], np.float64)
# Columns to the right, and planes of a gantry that was tilted.
TILTED = np.array([[-1, 0, 0, 40], [0, 1, 0, -40], [0, 0.2, 2, -40], [0, 0, 0, 1]], np.float64)


def ball(affine: np.ndarray) -> np.ndarray:
    """1 within RADIUS of MIDDLE, with an edge one millimetre wide, (planes, rows, columns)."""
    shape = (40, 80, 80)
    where = np.indices(shape)[::-1].reshape(3, -1).T @ affine[:3, :3].T + affine[:3, 3]
    far = np.linalg.norm(where - MIDDLE, axis=1)
    return np.clip(RADIUS + 0.5 - far, 0.0, 1.0).reshape(shape).astype(np.float32)


def chords(beam: ConeBeam) -> np.ndarray:
    """How long each ray is within the ball, in mm."""
    source, rays = beam.rays(*np.meshgrid(np.arange(beam.size), np.arange(beam.size)))
    to_ball = MIDDLE - source
    apart = to_ball @ to_ball - (rays @ to_ball) ** 2
    return 2.0 * np.sqrt(np.maximum(RADIUS**2 - apart, 0.0))


@pytest.mark.parametrize("affine", [STRAIGHT, TILTED], ids=["straight", "tilted"])
@pytest.mark.parametrize("angles", [(0, 0), (30, 0), (-60, 20), (90, 0), (0, -25), (0, 80)])
def test_a_ball_is_as_thick_as_its_chords(affine: np.ndarray, angles: tuple[int, int]) -> None:
    beam = ConeBeam(*angles, 128, 1.0)
    sums, thick = run(ray_sums(ball(affine), affine, beam)), chords(beam)
    assert sums.shape == (128, 128)
    assert sums.sum() == pytest.approx(thick.sum(), rel=5e-3)
    assert np.abs(sums - thick).mean() < 0.1
    inside = thick > 20.0
    assert np.allclose(sums[inside], thick[inside], rtol=0.05)


def test_values_of_every_kind_and_outside_nothing() -> None:
    beam = ConeBeam(20.0, 10.0, 64, 2.0)
    whole = (ball(STRAIGHT) * 100.0).astype(">i2")
    sums = run(ray_sums(whole, STRAIGHT, beam))
    assert sums.max() == pytest.approx(200.0 * RADIUS, rel=0.03)
    assert sums[0].max() == 0.0


def test_a_source_within_the_volume_is_refused() -> None:
    with pytest.raises(UsageError, match="source of the beam lies within"):
        run(ray_sums(ball(STRAIGHT), STRAIGHT, ConeBeam(0.0, 0.0, 64, 2.0, 60.0, 20.0)))
