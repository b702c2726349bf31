"""Pictures into files and back, and frames laid into a size."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from xray_studio.core.errors import UsageError
from xray_studio.core.output import Quality
from xray_studio.imaging.canvas import framed
from xray_studio.imaging.save import JPEG_SUFFIXES, SUFFIXES, encoded, load, save

GREY = np.random.default_rng(1).integers(0, 256, (33, 47), dtype=np.uint8)
SMOOTH = np.add.outer(np.arange(64), np.arange(96)).astype(np.uint8)
COLOURS = np.stack([SMOOTH, 255 - SMOOTH, SMOOTH // 2], axis=-1)


@pytest.mark.parametrize("suffix", sorted(SUFFIXES))
@pytest.mark.parametrize("picture", [GREY, COLOURS], ids=["grey", "colours"])
def test_pictures_come_back(tmp_path: Path, suffix: str, picture: np.ndarray) -> None:
    path = tmp_path / "picture"
    save(path, picture, suffix, Quality.HIGH)
    found = load(path)
    assert (found.shape, found.dtype) == (picture.shape, np.uint8)
    most = 12 if suffix in JPEG_SUFFIXES else 0
    assert np.abs(found.astype(int) - picture).max() <= most
    assert np.asarray(Image.open(path)).shape == picture.shape


def test_quality_of_jpeg() -> None:
    sizes = [len(encoded(GREY, ".jpg", quality)) for quality in [*Quality][:3]]
    assert sizes == sorted(sizes)
    with pytest.raises(UsageError, match="cannot be lossless"):
        encoded(GREY, ".JPG", Quality.LOSSLESS)


def test_what_holds_no_picture(tmp_path: Path) -> None:
    for content in (b"", b"not a picture"):
        (tmp_path / "file").write_bytes(content)
        with pytest.raises(OSError, match="holds no picture"):
            load(tmp_path / "file")


def test_a_frame_lies_in_the_middle() -> None:
    white = np.full((10, 20), 255, np.uint8)
    shown = framed(white, (10, 20), (16, 30))
    assert shown.shape == (16, 30)
    np.testing.assert_array_equal(shown[3:13, 5:25], white)
    assert shown.sum() == white.sum(dtype=int)
    assert framed(white, (10, 20), (10, 20)) is white


def test_a_frame_is_scaled_without_leaving_pixels_out() -> None:
    fine = np.indices((64, 64)).sum(axis=0) % 2 * np.uint8(200)
    shown = framed(fine.astype(np.uint8), (16, 16), (16, 16))
    assert shown.std() < 3
    assert framed(COLOURS, (32, 48), (32, 60)).shape == (32, 60, 3)
