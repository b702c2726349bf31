"""Slices of the chest: Hounsfield units, tilted gantry, left and right told apart."""

from __future__ import annotations

import numpy as np
import pytest

from xray_studio.imaging.chest.ct import ARTERIAL, LIVER, Gantry, Scan
from xray_studio.imaging.chest.nodule import NODULE

GANTRY = Gantry(size=192, slices=80)


@pytest.fixture(scope="module")
def scan() -> Scan:
    return Scan(GANTRY, 5, NODULE)


def at(index: int, x: float, y: float) -> tuple[int, int]:
    """Row and column of a place in a slice, in mm of the patient."""
    place = GANTRY.place(index)
    return int(np.abs(place.y[:, 0] - y).argmin()), int(np.abs(place.x[0] - x).argmin())


def test_orientation_is_orthonormal_and_oblique() -> None:
    axes = GANTRY.axes
    assert axes @ axes.T == pytest.approx(np.eye(3))
    assert np.cross(axes[0], axes[1]) == pytest.approx(axes[2])
    assert np.rad2deg(np.arccos(axes[2] @ [0.0, 0.0, 1.0])) == pytest.approx(12.0)


def test_corners_step_along_the_table() -> None:
    step = GANTRY.corner(11) - GANTRY.corner(10)
    assert step == pytest.approx([0.0, 0.0, 2.5])


def test_points_of_a_slice_follow_from_corner_and_axes() -> None:
    place = GANTRY.place(7)
    expected = GANTRY.corner(7) + 5 * GANTRY.spacing * GANTRY.axes[1]
    expected = expected + 9 * GANTRY.spacing * GANTRY.axes[0]
    found = (place.x[0, 9], place.y[5, 0], place.z[5, 0])
    assert found == pytest.approx(tuple(expected), abs=1e-3)


def test_numbers_are_those_of_tissue(scan: Scan) -> None:
    low, high = scan.noise_free(8), scan.noise_free(70)
    assert low[at(8, -70.0, -10.0)] == pytest.approx(LIVER, abs=3.0)  # liver on the right
    assert low[at(8, 70.0, -10.0)] < LIVER - 20.0
    assert high[at(70, 0.0, -150.0)] == pytest.approx(-1000.0, abs=1.0)
    assert high[at(70, 23.5, 37.0)] == pytest.approx(ARTERIAL, abs=10.0)  # descending aorta, left
    assert -900.0 < np.percentile(high[60:130, 40:70], 20) < -800.0


def test_noise_has_its_deviation(scan: Scan) -> None:
    noise = scan.slice(8).astype(float) - scan.noise_free(8)
    inside = noise[60:130, 60:130]
    assert abs(inside.mean()) < 1.0
    assert inside.std() == pytest.approx(11.0, rel=0.2)


def test_lesion_is_the_nodule_and_dense(scan: Scan) -> None:
    marked = [index for index in range(GANTRY.slices) if scan.lesion(index).any()]
    assert marked == list(range(marked[0], marked[-1] + 1))
    volume = sum(scan.lesion(index).sum() for index in marked)
    volume *= GANTRY.spacing**2 * GANTRY.feed * np.cos(np.deg2rad(GANTRY.tilt))
    assert volume == pytest.approx(4.0 / 3.0 * np.pi * NODULE.radius**3, rel=0.35)
    middle = marked[len(marked) // 2]
    assert np.median(scan.noise_free(middle)[scan.lesion(middle)]) == pytest.approx(44.0, abs=4.0)


def test_same_slice_is_the_same(scan: Scan) -> None:
    assert np.array_equal(scan.slice(40), Scan(GANTRY, 5, NODULE).slice(40))
