"""Curved planes of volumes."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import SimpleITK

from tests.services.volume.test_planes import image
from tests.services.volume.test_planes import volume as noise
from xray_studio.core.errors import UnreadableError, UsageError
from xray_studio.core.volume.curve import CurvedPlane, sheet
from xray_studio.core.volume.geometry import VolumeGeometry
from xray_studio.core.volume.planes import Projection
from xray_studio.core.volume.volume import Volume
from xray_studio.services.volume.curve_points import read_points
from xray_studio.services.volume.curved import around, curved, curved_clip

BEND, TUBE = 30.0, 4.0  # mm: of the middle of the tube, of its wall


def bent_tube() -> Volume:
    """Return half a ring about the back-front axis, 1000 within and 0 without, soft at its wall."""
    made = np.diag([0.8, 0.8, 1.1, 1.0])
    made[:3, 3] = (-40.0, -8.4, -8.0)
    grid = VolumeGeometry((45, 22, 101), made)
    planes, rows, columns = np.indices(grid.shape)
    x, y, z = grid.points(np.stack([columns, rows, planes], -1).reshape(-1, 3)).T
    away = np.hypot(np.hypot(x, z) - BEND, y)
    values = 1000.0 * np.clip((TUBE + 0.5 - away), 0.0, 1.0)
    return Volume(values.reshape(grid.shape).astype(np.float32), grid, "CT", "HU")


def ring() -> tuple:
    angles = np.radians(np.linspace(10.0, 170.0, 17))
    points = np.stack([BEND * np.cos(angles), np.zeros(17), BEND * np.sin(angles)], 1)
    return tuple(map(tuple, points.tolist()))


@pytest.mark.parametrize("turn", [0.0, 37.0, 90.0])
def test_a_bent_tube_becomes_straight_and_as_wide_everywhere(turn: float) -> None:
    plane = CurvedPlane(ring(), width=16.0, spacing=(0.25, 0.25), turn=turn)
    found = curved(bent_tube(), sheet(plane))
    assert np.isfinite(found).all()
    widths = (found >= 500.0).sum(axis=0) * 0.25
    np.testing.assert_allclose(widths, 2 * TUBE, atol=0.76)
    assert np.ptp(widths) <= 1.0
    rows = np.arange(found.shape[0])[:, None]
    middles = (rows * found).sum(axis=0) / found.sum(axis=0)
    np.testing.assert_allclose(middles, (found.shape[0] - 1) / 2, atol=0.6)
    long = np.radians(160.0) * BEND
    assert found.shape[1] * 0.25 == pytest.approx(long, abs=0.5)


def test_values_are_those_of_simpleitk() -> None:
    made = noise()
    ends = made.geometry.points([(4, 4, 3), (15, 18, 10), (30, 25, 20)])
    found = sheet(CurvedPlane(tuple(map(tuple, ends.tolist())), width=6.0, spacing=(0.7, 0.9)))
    values = curved(made, found)
    judge = image(made)
    linear = SimpleITK.sitkLinear
    for row, column in ((0, 0), (4, 11), (8, 30), (2, 25)):
        wanted = judge.EvaluateAtPhysicalPoint(found.point(row, column), linear)
        assert values[row, column] == pytest.approx(wanted, abs=0.05)


def test_a_slab_is_projected_across_the_sheet() -> None:
    made = bent_tube()
    plane = CurvedPlane(ring(), width=16.0, direction=(0.0, 1.0, 0.0))
    flat = sheet(plane)
    layers = [curved(made, replace(flat, middle=flat.middle + d * flat.away))
              for d in np.linspace(-3.0, 3.0, 9)]  # fmt: skip
    for how, reduce in ((Projection.MIP, np.max), (Projection.MINIP, np.min),
                        (Projection.MEAN, np.mean)):  # fmt: skip
        found = curved(made, flat, 6.0, how)
        np.testing.assert_allclose(found, reduce(layers, axis=0), atol=0.2)


def test_all_around_a_curve_as_a_clip() -> None:
    clip = curved_clip(bent_tube(), around(CurvedPlane(ring(), width=16.0), 8))
    assert clip.source.shape[0] == 8
    assert (clip.unit, clip.acquisition.pixel_spacing) == ("HU", (0.5, 0.5))
    assert clip.processed == ("CURVED",)
    one, quarter = clip.source.read(0), clip.source.read(2)
    assert not np.array_equal(one, quarter)
    far = CurvedPlane(((900.0, 0.0, 0.0), (910.0, 0.0, 0.0)))
    with pytest.raises(UsageError, match="outside the volume"):
        curved_clip(bent_tube(), [far])


def test_points_from_files(tmp_path: Path) -> None:
    wanted = ((1.0, 2.0, 3.0), (4.0, 5.5, -6.0))
    path = tmp_path / "points"
    for text in (
        "1 2 3\n\n4 5.5 -6  # the end\n",
        "l,p,h\n1,2,3\n4,5.5,-6\n",
        "[[1, 2, 3], [4, 5.5, -6]]",
        json.dumps({"points": wanted}),
        json.dumps({"markups": [{"coordinateSystem": "RAS", "controlPoints": [
            {"position": [-1, -2, 3]}, {"position": [-4, -5.5, -6]}]}]}),
    ):  # fmt: skip
        path.write_text(text, "utf-8")
        assert read_points(path) == wanted
    for text in ("", "1 2\n", "a b c\nd e f\n", "{}", "[[1, 2]]", '{"markups": []}', "[1"):
        path.write_text(text, "utf-8")
        with pytest.raises(UnreadableError, match="three numbers"):
            read_points(path)
    with pytest.raises(UnreadableError, match="cannot be read"):
        read_points(tmp_path / "none")
