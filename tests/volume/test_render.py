"""Renderings: what is where, whatever way a volume lies in the patient."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from xray_studio.core.volume.camera import Camera
from xray_studio.core.volume.scene import Box, VolumeScene
from xray_studio.core.volume.transfer import preset
from xray_studio.volume.render import VolumeRenderer, paced

SIZE = (96, 128)
PLAIN = VolumeScene(preset("bone"), size=SIZE, cube=False)
STRAIGHT = np.diag([1.0, 1.0, 2.0, 1.0])
MIRRORED = np.array(
    [[-1.0, 0, 0, 30], [0, -1.0, 0, 12], [0, 0, 2.0, -50], [0, 0, 0, 1]]
)  # columns to the right, rows to the front


def ball(affine: np.ndarray) -> np.ndarray:
    """A ball of bone that lies left, front and high in the patient, (planes, rows, columns)."""
    values = np.full((20, 40, 40), -1000, np.int16)
    where = np.indices(values.shape)[::-1].reshape(3, -1).T @ affine[:3, :3].T + affine[:3, 3]
    middle = where.mean(axis=0) + np.array([10.0, -9.0, 9.0])
    values.reshape(-1)[np.linalg.norm(where - middle, axis=1) < 6.0] = 1500
    return values


def middle_of(picture: np.ndarray) -> tuple[float, float]:
    """Where it is bright: right and up of the middle, in pixels."""
    rows, columns = np.nonzero(picture.max(axis=2) > 40)
    high, wide = picture.shape[:2]
    return columns.mean() - (wide - 1) / 2.0, (high - 1) / 2.0 - rows.mean()


@pytest.mark.parametrize("affine", [STRAIGHT, MIRRORED], ids=["straight", "mirrored"])
@pytest.mark.parametrize(
    ("view", "right", "up"),
    [("anterior", 1, 1), ("posterior", -1, 1), ("left", -1, 1), ("superior", 1, -1)],
)
def test_left_stays_left(affine: np.ndarray, view: str, right: int, up: int) -> None:
    renderer = VolumeRenderer(ball(affine), affine, (-1000.0, 1500.0))
    picture = renderer.draw(replace(PLAIN, camera=Camera.named(view)))
    found = middle_of(picture)
    renderer.close()
    assert picture.shape == (*SIZE, 3)
    assert picture.dtype == np.uint8
    assert found[0] * right > 5.0
    assert found[1] * up > 5.0


def test_millimetres_are_millimetres_in_every_direction() -> None:
    renderer = VolumeRenderer(ball(STRAIGHT), STRAIGHT, (-1000.0, 1500.0))
    picture = renderer.draw(PLAIN)
    bright = picture.max(axis=2) > 40
    wide, high = np.ptp(np.nonzero(bright.any(axis=0))), np.ptp(np.nonzero(bright.any(axis=1)))
    nearer = renderer.draw(replace(PLAIN, camera=Camera(zoom=1.5)))
    renderer.close()
    assert wide == pytest.approx(high, abs=4), "planes are twice as far apart as columns"
    assert (nearer.max(axis=2) > 40).sum() == pytest.approx(2.25 * bright.sum(), rel=0.15)


def test_a_box_cuts_away() -> None:
    renderer = VolumeRenderer(ball(STRAIGHT), STRAIGHT, (-1000.0, 1500.0))
    whole = renderer.draw(PLAIN)
    lower = renderer.draw(replace(PLAIN, box=Box((0.0, 0.0, 0.0), (0.4, 1.0, 1.0))))
    upper = renderer.draw(replace(PLAIN, box=Box((0.4, 0.0, 0.0), (1.0, 1.0, 1.0))))
    renderer.close()
    assert lower.max() == 0
    assert (upper > 40).sum() == pytest.approx((whole > 40).sum(), rel=0.05)


def test_a_shift_moves_the_picture() -> None:
    renderer = VolumeRenderer(ball(STRAIGHT), STRAIGHT, (-1000.0, 1500.0))
    still = middle_of(renderer.draw(PLAIN))
    moved = middle_of(renderer.draw(replace(PLAIN, camera=Camera(pan=(0.125, 0.125)))))
    renderer.close()
    assert moved[0] - still[0] == pytest.approx(12.0, abs=1.0)
    assert moved[1] - still[1] == pytest.approx(-12.0, abs=1.0)


@pytest.mark.parametrize("kind", ["uint8", ">i2", "uint16", "int32", "float32", "float64"])
def test_values_of_every_kind_are_drawn(kind: str) -> None:
    values = ((ball(STRAIGHT).astype(np.float64) + 1000.0) / 10.0).astype(kind)
    renderer = VolumeRenderer(values, STRAIGHT, (0.0, 250.0))
    picture = renderer.draw(replace(PLAIN, transfer=preset("surface"), coarse=True))
    renderer.close()
    assert middle_of(picture)[0] > 5.0


def test_a_cube_tells_the_directions() -> None:
    renderer = VolumeRenderer(np.zeros((8, 8, 8), np.int16), np.eye(4), (0.0, 1.0))
    bare, told = renderer.draw(PLAIN), renderer.draw(replace(PLAIN, cube=True))
    renderer.close()
    assert bare.max() == 0
    assert told[-26:-11, -17:-2].max() > 100
    assert told[:-28].max() == 0
    assert told[-10:].max() == 0, "there is room for words below it"


def test_turning_becomes_coarser_where_it_is_slow_and_fine_again() -> None:
    assert [paced(pace, 0.2) for pace in (0, 1, 2)] == [1, 2, 2]
    assert [paced(pace, 0.04) for pace in (0, 1, 2)] == [0, 1, 2]
    assert [paced(pace, 0.005) for pace in (0, 1, 2)] == [0, 0, 1]
