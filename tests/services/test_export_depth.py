"""16 bits: the same pictures with finer levels, in every kind of file that holds them."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from tests.services.clips import cine, moving
from tests.services.test_export import PLAIN, SHOWN, manifest
from tests.video.probe import needs_ffmpeg, probe
from xray_studio.core.errors import UsageError
from xray_studio.core.job import run
from xray_studio.core.lut import Pixels, Rescale
from xray_studio.core.output import Quality
from xray_studio.core.presentation import Overlay, Presentation, Window
from xray_studio.imaging.deep import render_deep
from xray_studio.imaging.render import render
from xray_studio.services.export.options import ExportOptions
from xray_studio.services.export.run import export

DEEP = replace(PLAIN, bits=16)


@pytest.mark.parametrize("suffix", [".png", ".tiff"])
def test_one_picture(tmp_path: Path, suffix: str) -> None:
    clip, target = cine(), tmp_path / f"frame{suffix}"
    run(export(clip, target, replace(DEEP, frames=(3, 3))))
    found = cv2.imread(str(target), cv2.IMREAD_UNCHANGED)
    assert found.dtype == np.uint16
    np.testing.assert_array_equal(found, render_deep(clip, 3, SHOWN, clip.stored(3)))
    assert np.asarray(Image.open(target)).astype(int).max() > 255
    assert manifest(target)["output"]["grey_levels"] == "0 to 65535"
    assert manifest(target)["display"]["window"]["center"] == 2000.0


def test_a_folder(tmp_path: Path) -> None:
    clip = cine()
    run(export(clip, tmp_path / "frames", replace(DEEP, stills=".tiff")))
    for index, path in enumerate(sorted((tmp_path / "frames").iterdir())):
        found = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
        np.testing.assert_array_equal(found, render_deep(clip, index, SHOWN, clip.stored(index)))


@needs_ffmpeg
def test_a_film_of_16_bits(tmp_path: Path) -> None:
    clip, target = cine(moving(6, 37, 53)), tmp_path / "clip.mkv"
    result = run(export(clip, target, replace(DEEP, quality=Quality.LOSSLESS)))
    assert probe(target)["pix_fmt"] == "gray16le"
    command = ["ffmpeg", "-v", "error", "-i", str(target), "-f", "rawvideo", "-pix_fmt", "gray16le"]
    done = subprocess.run([*command, "-"], capture_output=True, check=True)
    found = np.frombuffer(done.stdout, np.uint16).reshape(-1, 37, 53)
    for index in range(6):
        wanted = render_deep(clip, index, SHOWN, clip.stored(index))
        np.testing.assert_array_equal(found[index], wanted)
    assert (result.checked.first.most, result.checked.last.most) == (0, 0)


@pytest.mark.parametrize("invert", [False, True])
@pytest.mark.parametrize("voi", [None, Window(2000, 3000), Window(900, 1)])
def test_16_bits_are_8_with_finer_levels(voi: Window | None, invert: bool) -> None:
    clip, how = cine(), Presentation(voi=voi, invert=invert)
    deep = render_deep(clip, 2, how, clip.stored(2))
    apart = deep / 257.0 - render(clip, 2, how)
    assert np.abs(apart).max() <= 0.51


@pytest.mark.parametrize("kind", ["u1", "i1", "i2", "i4", "f4"])
def test_every_kind_of_stored_value(kind: str) -> None:
    y, x = np.mgrid[:40, :60]
    signed = kind[0] in "if"
    frames = ((x + y)[None] - (40 if signed else 0)).astype(kind)
    bits = min(16, 8 * np.dtype(kind).itemsize)
    clip = cine(frames, pixels=Pixels(bits=bits, signed=signed, padding=(-40, -38)))
    for how in (Presentation(voi=Window(20, 60)), Presentation(voi=None)):
        deep = render_deep(clip, 0, how, clip.stored(0))
        assert np.abs(deep / 257.0 - render(clip, 0, how)).max() <= 0.51


def test_the_full_range_keeps_every_stored_value_apart() -> None:
    frames = np.arange(4096, dtype=np.uint16).reshape(1, 64, 64)
    clip = cine(frames, modality=(Rescale(2.0, -1000.0),))
    deep = render_deep(clip, 0, Presentation(voi=None), clip.stored(0)).astype(float)
    back = np.rint(deep / 65535 * 8190 - 1000)  # 0 to 65535 is lowest to highest value
    np.testing.assert_array_equal(back, frames[0] * 2.0 - 1000)


def test_text_and_size(tmp_path: Path) -> None:
    clip = cine(moving(2, 240, 320))
    options = replace(DEEP, overlay=Overlay.ANONYMOUS, size=(400, 400), stills=".png")
    run(export(clip, tmp_path / "deep", options))
    run(export(clip, tmp_path / "plain", replace(options, bits=8)))
    for path in sorted((tmp_path / "deep").iterdir()):
        deep = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
        plain = cv2.imread(str(tmp_path / "plain" / path.name), cv2.IMREAD_UNCHANGED)
        assert deep.shape == plain.shape == (400, 400)
        assert np.abs(deep / 257.0 - plain).max() <= 2.0


@pytest.mark.parametrize(
    ("name", "words"),
    [("a.jpg", "choose .png or .tiff"), ("a.mp4", "FFV1"), ("a.gif", "choose .mkv")],
)
def test_kinds_of_8_bits_say_so(tmp_path: Path, name: str, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        run(export(cine(), tmp_path / name, replace(DEEP, frames=(0, 0))))


def test_colours_have_8_bits(tmp_path: Path) -> None:
    frames = np.zeros((1, 8, 8, 3), np.uint8)
    options = ExportOptions(presentation=Presentation(), bits=16)
    with pytest.raises(UsageError, match="Coloured pictures have 8 bits"):
        run(export(cine(frames), tmp_path / "a.png", options))
