"""Files of planes and slabs."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.volume.phantom import SHAPE, affine
from xray_studio.core.errors import UsageError, WriteError
from xray_studio.core.job import run
from xray_studio.core.volume.geometry import VolumeGeometry
from xray_studio.core.volume.planes import Projection, View, view
from xray_studio.core.volume.volume import Volume
from xray_studio.services.volume.cutting import Cut, cut, write_cut
from xray_studio.services.volume.open import open_volume

VALUES = np.random.default_rng(5).integers(0, 1000, SHAPE).astype(np.int16)
STRAIGHT = Volume(VALUES, VolumeGeometry(SHAPE, affine(turned=False)), "CT", "HU")


def test_planes_one_behind_the_other_are_the_volume_again() -> None:
    plane = view(STRAIGHT.geometry, View.AXIAL)
    made = run(cut(STRAIGHT, Cut(plane, count=7, step=2.5)))
    np.testing.assert_allclose(made.values, VALUES, atol=1e-3)
    assert made.geometry.lies_as(STRAIGHT.geometry)


def test_coronal_planes_lie_where_they_were_cut(tmp_path: Path) -> None:
    plane = view(STRAIGHT.geometry, View.CORONAL)
    run(write_cut(STRAIGHT, Cut(plane, count=11, step=1.3), tmp_path / "a.nii.gz"))
    found = run(open_volume(tmp_path / "a.nii.gz"))
    assert found.geometry.letters == "LFP"
    for n, row, column in ((0, 0, 0), (10, 6, 12), (4, 2, 7)):
        point = found.geometry.points([(column, row, n)])[0]
        i, j, k = np.rint(STRAIGHT.geometry.indices([point])[0]).astype(int)
        assert found.values[n, row, column] == pytest.approx(VALUES[k, j, i], abs=1e-2)


def test_a_picture_has_square_pixels_and_a_window(tmp_path: Path) -> None:
    plane = view(STRAIGHT.geometry, View.CORONAL)
    target = tmp_path / "a.png"
    run(write_cut(STRAIGHT, Cut(plane), target, (500.0, 200.0)))
    picture = np.asarray(Image.open(target))
    assert picture.shape == (round(6 * 2.5 / 0.8) + 1, 13)
    assert picture.dtype == np.uint8
    assert (picture.min(), picture.max()) == (0, 255)
    with pytest.raises(WriteError, match="--overwrite"):
        run(write_cut(STRAIGHT, Cut(plane), target))
    with pytest.raises(UsageError, match="one plane"):
        run(write_cut(STRAIGHT, Cut(plane, count=3), tmp_path / "b.png"))


def test_outside_the_volume_there_is_nothing(tmp_path: Path) -> None:
    away = view(STRAIGHT.geometry, View.AXIAL, (0.0, 0.0, 5000.0))
    assert np.isnan(run(cut(STRAIGHT, Cut(away))).values).all()
    with pytest.raises(UsageError, match="outside"):
        run(write_cut(STRAIGHT, Cut(away), tmp_path / "a.png"))


@pytest.mark.parametrize("how", Projection)
def test_a_projection_through_everything(how: Projection) -> None:
    plane = view(STRAIGHT.geometry, View.AXIAL, thickness=1000.0)
    reduce = {Projection.MIP: np.max, Projection.MINIP: np.min, Projection.MEAN: np.mean}[how]
    found = run(cut(STRAIGHT, Cut(plane, how))).values[0]
    np.testing.assert_allclose(found, reduce(VALUES, axis=0), atol=1e-2)
