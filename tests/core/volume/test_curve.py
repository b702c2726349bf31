"""Curves through points, and pictures along them."""

from __future__ import annotations

import numpy as np
import pytest

from xray_studio.core.errors import UsageError
from xray_studio.core.volume.curve import (
    Bending,
    CurvedPlane,
    curve_length,
    curve_points,
    sheet,
)

RADIUS = 40.0


def arc(count: int = 9, through: float = 180.0, rise: float = 0.0) -> tuple:
    """Return points on a circle about the origin in the plane of left and head, or a helix."""
    angles = np.radians(np.linspace(0.0, through, count))
    up = np.linspace(0.0, rise, count)
    points = np.stack([RADIUS * np.cos(angles), up, RADIUS * np.sin(angles)], 1)
    return tuple(map(tuple, points.tolist()))


def test_a_curve_meets_its_points_and_is_as_long_as_it_is() -> None:
    points = arc(13)
    found = curve_points(points, 0.05)
    for point in points[:-1]:
        assert np.linalg.norm(found - point, axis=1).min() < 0.05
    assert curve_length(points) == pytest.approx(np.pi * RADIUS, rel=5e-4)
    line = ((0.0, 0.0, 0.0), (1.0, 0.0, 0.0), (1.0, 0.0, 0.0), (10.0, 0.0, 0.0))
    assert curve_length(line) == pytest.approx(10.0)
    steps = np.linalg.norm(np.diff(curve_points(arc(13), 1.0), axis=0), axis=1)
    np.testing.assert_allclose(steps, 1.0, atol=1e-3)


def test_a_straightened_arc_has_its_millimetres() -> None:
    made = sheet(CurvedPlane(arc(13), width=20.0, spacing=(0.5, 0.5), direction=(1.0, 0.0, 0.0)))
    assert made.size == (41, int(made.length / 0.5) + 1)
    points = made.points()
    distances = np.linalg.norm(points, axis=2)  # from the middle of the circle
    across = (np.arange(41) - 20) * 0.5
    off = np.abs(distances - (RADIUS + across)[:, None])
    assert off[:, 40:-40].max() < 0.06  # points at the ends know no neighbour
    assert off.max() < 0.25
    np.testing.assert_allclose(points[..., 1], 0.0, atol=1e-9)
    steps = np.linalg.norm(np.diff(points[20], axis=0), axis=1)
    np.testing.assert_allclose(steps, 0.5, atol=1e-3)
    np.testing.assert_allclose(made.point(20.0, 7.0), points[20, 7], atol=1e-9)


def test_what_goes_across_stays_at_right_angles_and_turns_little() -> None:
    made = sheet(CurvedPlane(arc(33, 540.0, 90.0), turn=30.0))
    along = np.gradient(made.middle, axis=0)
    along /= np.linalg.norm(along, axis=1, keepdims=True)
    assert np.abs((made.down * along).sum(axis=1)).max() < 0.02
    np.testing.assert_allclose(np.linalg.norm(made.down, axis=1), 1.0, atol=1e-9)
    np.testing.assert_allclose((made.down * made.away).sum(axis=1), 0.0, atol=1e-9)
    turns = np.diff(made.down, axis=0)
    spin = np.abs((turns * made.away[:-1]).sum(axis=1))  # about the curve
    assert spin.max() < 2e-3


def test_a_stretched_helix_is_rolled_out_flat() -> None:
    points = arc(33, 360.0, 30.0)
    made = sheet(
        CurvedPlane(points, Bending.STRETCHED, 10.0, (0.5, 0.5), direction=(0.0, 1.0, 0.0))
    )
    assert made.size[1] == pytest.approx(2 * np.pi * RADIUS / 0.5, abs=2)
    assert made.rows == int(40.0 / 0.5) + 1
    found = made.points()
    np.testing.assert_allclose(np.hypot(found[..., 0], found[..., 2]), RADIUS, atol=0.15)
    climbed = (made.track[-1] - made.track[0]) * 0.5
    assert climbed == pytest.approx(30.0, abs=0.1)
    long = np.hypot(climbed, (made.size[1] - 1) * 0.5)
    assert long == pytest.approx(made.length, rel=2e-3)


def test_what_makes_no_curve_is_refused() -> None:
    line = ((0.0, 0.0, 0.0), (0.0, 0.0, 10.0))
    with pytest.raises(UsageError, match="two points"):
        sheet(CurvedPlane(line[:1]))
    with pytest.raises(UsageError, match="two points"):
        curve_length(())
    with pytest.raises(UsageError, match="--down"):
        CurvedPlane(line, Bending.STRETCHED)
    for bending in Bending:
        with pytest.raises(UsageError, match="choose another"):
            sheet(CurvedPlane(line, bending, direction=(0.0, 0.0, 1.0)))
    with pytest.raises(UsageError, match="numbers"):
        curve_length((*line, (float("nan"), 0.0, 0.0)))
    with pytest.raises(UsageError, match="coarser"):
        sheet(CurvedPlane(line, spacing=(0.001, 0.001)))
    with pytest.raises(UsageError, match="above 0"):
        CurvedPlane(line, width=0.0)
