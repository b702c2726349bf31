"""Stacks of pictures as volumes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.volume.phantom import phantom
from xray_studio.core.corner_text import frame_text
from xray_studio.core.errors import UnsupportedError
from xray_studio.core.job import run
from xray_studio.core.kinds import VOLUME
from xray_studio.services.open import open_series, scan
from xray_studio.services.volume.open import open_volume, volume_of_series

OME = (
    '<?xml version="1.0"?><OME xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06"><Image>'
    '<Pixels ID="P" DimensionOrder="XYTZC" Type="uint16" SizeX="13" SizeY="11" SizeZ="7" SizeC="1"'
    ' SizeT="2" PhysicalSizeX="0.8" PhysicalSizeXUnit="mm" PhysicalSizeY="1300"'
    ' PhysicalSizeZ="2.5" PhysicalSizeZUnit="mm" TimeIncrement="1500" TimeIncrementUnit="ms"/>'
    "</Image></OME>"
)


def save(path: Path, pages: np.ndarray, description: str = "") -> None:
    first, *rest = [Image.fromarray(page) for page in pages]
    told = {"description": description} if description else {}
    first.save(path, save_all=True, append_images=rest, **told)


def test_pages_of_a_tiff_are_planes(tmp_path: Path) -> None:
    values = phantom("uint16").values
    save(tmp_path / "a.tif", values)
    found = run(open_volume(tmp_path / "a.tif"))
    np.testing.assert_array_equal(found.values, values)
    assert not found.placed
    assert "--spacing" in found.warnings[0]
    told = run(open_volume(tmp_path / "a.tif", spacing=(1.0, 2.0, 3.0)))
    assert told.geometry.spacing == (1.0, 2.0, 3.0)


def test_an_ome_tiff_tells_size_order_and_spacing(tmp_path: Path) -> None:
    values = phantom("uint16").values
    both = np.stack([values, values + 1])  # moments, planes
    save(tmp_path / "a.ome.tif", both.swapaxes(0, 1).reshape(14, 11, 13), OME)
    found = run(open_volume(tmp_path / "a.ome.tif"))
    np.testing.assert_array_equal(found.values, both)
    assert found.geometry.spacing == pytest.approx((0.8, 1.3, 2.5))
    assert found.along is not None
    assert (found.along.kind, found.along.values) == ("time", (0.0, 1.5))
    assert found.format == "OME-TIFF"


def test_an_ome_tiff_is_listed_as_a_volume_and_plays_plane_by_plane(tmp_path: Path) -> None:
    values = phantom("uint16").values
    both = np.stack([values, values + 1])
    save(tmp_path / "a.ome.tif", both.swapaxes(0, 1).reshape(14, 11, 13), OME)
    (series,) = run(scan(tmp_path)).all_series()
    assert (series.kind, series.format) == (VOLUME, "OME-TIFF")
    assert (series.volume_size, series.moments) == ("13 x 11 x 7", 2)
    clip = run(open_series(series))
    np.testing.assert_array_equal(np.stack(list(clip)), both.reshape(14, 11, 13))
    assert clip.acquisition.pixel_spacing == pytest.approx((1.3, 0.8))
    assert frame_text(clip, 9) == "10/14 · moment 2"
    np.testing.assert_array_equal(run(volume_of_series(series)).values, both)


def test_a_stack_of_imagej(tmp_path: Path) -> None:
    values = phantom("uint8").values
    words = "ImageJ=1.54f\nimages=7\nslices=7\nunit=micron\nspacing=2500.0\n"
    save(tmp_path / "a.tif", values, words)
    found = run(open_volume(tmp_path / "a.tif"))
    assert found.geometry.spacing[2] == pytest.approx(2.5)


def test_a_folder_of_pictures_and_a_single_one(tmp_path: Path) -> None:
    values = phantom("uint8").values
    for number, plane in enumerate(values):
        Image.fromarray(plane).save(tmp_path / f"{number}.png")
    np.testing.assert_array_equal(run(open_volume(tmp_path)).values, values)
    with pytest.raises(UnsupportedError, match="One picture"):
        run(open_volume(tmp_path / "0.png"))
