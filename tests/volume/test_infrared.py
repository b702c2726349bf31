"""Temperatures of radiometric infrared."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, TiffImagePlugin

from tests.volume.flir_files import CAMERA, SCENE, counts_of, fff, jpeg_with, scene, write_flir
from xray_studio.core.errors import UnreadableError, UnsupportedError
from xray_studio.core.job import run
from xray_studio.core.jpeg_segments import holds_infrared
from xray_studio.core.volume.infrared import ZERO, Air, Scene, celsius
from xray_studio.services.open import open_paths, scan
from xray_studio.services.volume.facts import fact_lines, volume_facts
from xray_studio.services.volume.open import open_volume
from xray_studio.volume.formats import Format, format_of


@pytest.mark.parametrize("how", ["bare", "png", "right png"])
@pytest.mark.parametrize("name", ["a.jpg", "a.fff"])
def test_temperatures_are_those_of_the_scene(tmp_path: Path, name: str, how: str) -> None:
    wanted = write_flir(tmp_path / name, how=how)
    assert format_of(str(tmp_path / name)) is Format.FLIR
    found = run(open_volume(tmp_path / name))
    assert (found.unit, found.values.shape, found.format) == ("°C", (1, 24, 32), "FLIR radiometric")
    np.testing.assert_allclose(found.values[0], wanted, atol=0.02)
    assert "emissivity 0.95, 2 m, surroundings at 20 °C" in found.warnings[0]
    assert "90%" in found.warnings[0]
    assert (found.placed, found.spaced) == (False, False)
    told = dict(fact_lines(volume_facts(found)))
    assert told["Spacing"] == "not told; 1 x 1 x 1 mm are taken"
    assert "First voxel" not in told


def test_a_black_body_follows_the_law_of_its_constants() -> None:
    plain = Scene()
    counts = np.array([[15000.0, 18109.0, 21000.0]])
    found = celsius(counts, CAMERA, plain, Air())
    law = CAMERA.b / np.log(CAMERA.r1 / (CAMERA.r2 * (counts + CAMERA.o)) + CAMERA.f) - ZERO
    np.testing.assert_allclose(found, law, atol=1e-4)
    mirrored = replace(plain, emissivity=0.8, reflected=ZERO + 5.0)
    seen = (counts - 0.2 * CAMERA.counts(ZERO + 5.0)) / 0.8
    law = CAMERA.b / np.log(CAMERA.r1 / (CAMERA.r2 * (seen + CAMERA.o)) + CAMERA.f) - ZERO
    np.testing.assert_allclose(celsius(counts, CAMERA, mirrored, Air()), law, atol=1e-4)
    assert np.isnan(celsius(np.array([[0.0]]), CAMERA, plain, Air())).all()


def test_constants_that_no_camera_has_are_refused() -> None:
    counts = np.full((2, 2), 18000.0)
    for camera in (replace(CAMERA, b=0.0), replace(CAMERA, r2=0.0), replace(CAMERA, r1=np.nan)):
        with pytest.raises(UnreadableError, match="calibration"):
            celsius(counts, camera, SCENE, Air())
    with pytest.raises(UnreadableError, match="calibration"):
        celsius(counts, CAMERA, replace(SCENE, emissivity=0.0), Air())


def test_it_opens_as_temperatures_where_pictures_open(tmp_path: Path) -> None:
    wanted = write_flir(tmp_path / "a.jpg")
    Image.new("RGB", (64, 48), (200, 60, 30)).save(tmp_path / "b.jpg")
    catalog = run(scan([str(tmp_path)]))
    assert sorted(series.kind for series in catalog.pictures()) == ["image", "volume"]
    clip = run(open_paths([str(tmp_path / "a.jpg")]))
    assert (clip.unit, clip.source.shape) == ("°C", (1, 24, 32))
    shown = clip.source.read(0)
    assert float(shown.max()) == pytest.approx(wanted.max(), abs=0.05)
    assert run(open_paths([str(tmp_path / "b.jpg")])).is_colour


def test_damaged_files_are_explained(tmp_path: Path) -> None:
    data = fff(counts_of(scene(), CAMERA, SCENE))
    path = tmp_path / "a.jpg"
    whole = jpeg_with(data)
    second = whole.index(b"FLIR\0\1\1")
    for broken, words in (
        (whole[: second - 4] + whole[second - 4 + 1010 :], "missing"),
        (jpeg_with(data[:1500]), "cut short"),
        (jpeg_with(b"FFX\0" + data[4:]), "records"),
        (jpeg_with(data[:0x1C] + bytes(4) + data[0x20:]), "no counts"),
    ):
        path.write_bytes(broken)
        assert holds_infrared(str(path))
        with pytest.raises(UnreadableError, match=words):
            run(open_volume(path))
    counts = counts_of(scene(), CAMERA, SCENE)
    packed = bytearray(fff(counts))
    packed[64 + 16 : 64 + 20] = (200).to_bytes(4, "big")  # fewer bytes of counts
    (tmp_path / "a.fff").write_bytes(packed)
    with pytest.raises(UnsupportedError, match="packed in a way"):
        run(open_volume(tmp_path / "a.fff"))
    assert not holds_infrared(str(tmp_path / "none.jpg"))


@pytest.mark.parametrize(
    ("told", "unit", "times"),
    [("data units = Degrees Celsius\ndata gain values = {0.04}\ndata offset values = {-273.15}",
      "°C", 0.04), ("data units = K\ndata gain values = {0.01}", "K", 0.01),
     ("reflectance scale factor = 10000", "", 1e-4)],
)  # fmt: skip
def test_scales_and_units_of_envi(tmp_path: Path, told: str, unit: str, times: float) -> None:
    stored = np.arange(2 * 3 * 4, dtype="<u2").reshape(2, 3, 4) + 7000
    stored.tofile(tmp_path / "a.dat")
    (tmp_path / "a.hdr").write_text(
        "ENVI\nsamples = 4\nlines = 3\nbands = 2\ndata type = 12\ninterleave = bsq\n"
        f"byte order = 0\nwavelength units = Micrometers\n{told}\n", "ascii"
    )  # fmt: skip
    found = run(open_volume(tmp_path / "a.hdr"))
    assert found.unit == unit
    offset = -273.15 if unit == "°C" else 0.0
    np.testing.assert_allclose(found.values, stored * times + offset, rtol=1e-5)


def test_a_tiff_that_tells_its_scale(tmp_path: Path) -> None:
    stored = np.array([[7000, 7500], [7800, 6829]], np.uint16)
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    tags[42_112] = (
        '<GDALMetadata><Item name="SCALE" sample="0" role="scale">0.04</Item>'
        '<Item name="OFFSET" sample="0" role="offset">-273.15</Item>'
        '<Item name="UNITTYPE" sample="0" role="unittype">degC</Item></GDALMetadata>'
    )
    Image.fromarray(stored).save(tmp_path / "a.tif", tiffinfo=tags)
    clip = run(open_paths([str(tmp_path / "a.tif")]))
    assert clip.unit == "°C"
    np.testing.assert_allclose(clip[0], stored * 0.04 - 273.15, atol=1e-3)
    Image.fromarray(stored).save(tmp_path / "b.tif")
    plain = run(open_paths([str(tmp_path / "b.tif")]))
    np.testing.assert_array_equal(plain[0], stored)
