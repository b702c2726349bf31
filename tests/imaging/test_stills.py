"""Picture files of all kinds as clips."""

from __future__ import annotations

import contextlib
import pickle
import random
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from xray_studio.core.clip import Clip
from xray_studio.core.errors import StudioError, UnreadableError, UnsupportedError
from xray_studio.core.lut import Pixels
from xray_studio.imaging.still_pages import close_kept, read_page
from xray_studio.imaging.stills import StillSource, open_still, read_still_header

DEEP = (np.arange(8 * 12, dtype=np.uint16) * 40).reshape(8, 12)
GREY = (DEEP >> 4).astype(np.uint8)
COLOURS = np.stack([GREY, 255 - GREY, GREY // 2], axis=-1)


def opened(path: Path) -> Clip:
    """Open in this process, so that coverage and speed are those of the code itself."""
    header = read_still_header(str(path))
    return Clip(StillSource(str(path), header), pixels=header.pixels)


def frames(path: Path) -> np.ndarray:
    header = read_still_header(str(path))
    try:
        return np.stack([read_page(str(path), page, header.layout) for page in header.pages])
    finally:
        close_kept()


Maker = Callable[[Path], object]
LOSSLESS: dict[str, tuple[Maker, np.ndarray]] = {
    "grey.png": (Image.fromarray(GREY).save, GREY),
    "deep.png": (Image.fromarray(DEEP).save, DEEP),
    "colours.png": (Image.fromarray(COLOURS).save, COLOURS),
    "one-bit.png": (Image.fromarray(GREY > 99).save, (GREY > 99) * np.uint8(255)),
    "palette.png": (
        lambda path: Image.fromarray(COLOURS).quantize(16).save(path),
        np.asarray(Image.fromarray(COLOURS).quantize(16).convert("RGB")),
    ),
    "grey.tif": (Image.fromarray(GREY).save, GREY),
    "deep.tif": (Image.fromarray(DEEP).save, DEEP),
    "big-endian.tif": (Image.fromarray(DEEP.astype(">u2")).save, DEEP),
    "signed.tif": (
        lambda path: cv2.imwrite(str(path), DEEP.astype(np.int16) - 500),
        DEEP.astype(np.int16) - 500,
    ),
    "float.tif": (
        Image.fromarray(DEEP.astype(np.float32) / 7).save,
        DEEP.astype(np.float32) / 7,
    ),
    "long.tif": (Image.fromarray(DEEP.astype(np.int32) * 99).save, DEEP.astype(np.int32) * 99),
    "colours.webp": (lambda path: Image.fromarray(COLOURS).save(path, lossless=True), COLOURS),
    "grey.bmp": (Image.fromarray(GREY).save, GREY),
    "colours.bmp": (Image.fromarray(COLOURS).save, COLOURS),
    "grey.pgm": (Image.fromarray(GREY).save, GREY),
    "deep.pgm": (Image.fromarray(DEEP).save, DEEP),
    "colours.ppm": (Image.fromarray(COLOURS).save, COLOURS),
}  # fmt: skip


@pytest.mark.parametrize("name", [*LOSSLESS])
def test_values_come_as_they_are_stored(tmp_path: Path, name: str) -> None:
    make, wanted = LOSSLESS[name]
    make(tmp_path / name)
    found = frames(tmp_path / name)
    assert found.dtype == wanted.dtype
    np.testing.assert_array_equal(found[0], wanted)
    header = read_still_header(str(tmp_path / name))
    assert header.shape == (1, *wanted.shape)
    assert not header.lossy


@pytest.mark.parametrize(
    ("name", "pixels"),
    [("grey.png", Pixels(8)), ("deep.png", Pixels(16)), ("signed.tif", Pixels(16, signed=True)),
     ("long.tif", Pixels(32, signed=True))],
)  # fmt: skip
def test_depth_and_sign(tmp_path: Path, name: str, pixels: Pixels) -> None:
    LOSSLESS[name][0](tmp_path / name)
    assert read_still_header(str(tmp_path / name)).pixels == pixels


def test_twelve_bits_of_a_portable_map_are_not_stretched(tmp_path: Path) -> None:
    path = tmp_path / "twelve.pgm"
    path.write_bytes(b"P5\n# made by hand\n12 8\n4095\n" + DEEP.astype(">u2").tobytes())
    np.testing.assert_array_equal(frames(path)[0], DEEP)
    assert read_still_header(str(path)).pixels == Pixels(12)


def test_white_is_zero(tmp_path: Path) -> None:
    path = tmp_path / "white.tif"
    Image.fromarray(DEEP).save(path, tiffinfo={262: 0})
    header = read_still_header(str(path))
    assert header.pixels.inverted
    np.testing.assert_array_equal(frames(path)[0], DEEP)


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".tif", ".webp"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_orientation(tmp_path: Path, suffix: str, orientation: int) -> None:
    picture = np.zeros((64, 96), np.uint8)
    picture[:32, :48], picture[:32, 48:], picture[32:, :48] = 80, 160, 240
    exif = Image.Exif()
    exif[0x112] = orientation
    path = tmp_path / f"turned{suffix}"
    Image.fromarray(picture).save(path, exif=exif, quality=100)
    turned = {
        1: picture, 2: picture[:, ::-1], 3: picture[::-1, ::-1], 4: picture[::-1],
        5: picture.T, 6: np.rot90(picture, -1), 7: picture[::-1, ::-1].T, 8: np.rot90(picture),
    }[orientation]  # fmt: skip
    found = frames(path)[0]
    found = found[..., 0] if found.ndim == 3 else found
    assert found.shape == turned.shape == read_still_header(str(path)).shape[1:3]
    assert np.abs(found.astype(int) - turned).max() <= 8


def test_deep_pictures_are_turned_too(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x112] = 6
    Image.fromarray(DEEP).save(tmp_path / "turned.tif", exif=exif)
    np.testing.assert_array_equal(frames(tmp_path / "turned.tif")[0], np.rot90(DEEP, -1))


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_transparency_lies_over_black(tmp_path: Path, mode: str) -> None:
    path = tmp_path / "clear.png"
    if mode == "P":
        image = Image.new("P", (4, 4), 1)
        image.putpalette([255, 0, 0, 0, 200, 0])
        image.putpixel((0, 0), 0)
        image.save(path, transparency=0)
        wanted = (0, 200, 0)
    else:
        image = Image.new(mode, (4, 4), (200, 100, 50, 255) if mode == "RGBA" else (200, 255))
        image.putpixel((0, 0), (255,) * (len(mode) - 1) + (0,))
        image.save(path)
        wanted = (200, 100, 50) if mode == "RGBA" else 200
    found = frames(path)[0]
    assert not found[0, 0].any()
    np.testing.assert_array_equal(found[1, 1], wanted)


def test_cmyk_becomes_rgb(tmp_path: Path) -> None:
    Image.new("CMYK", (16, 16), (255, 0, 0, 0)).save(tmp_path / "print.jpg", quality=100)
    found = frames(tmp_path / "print.jpg")[0][8, 8]
    assert np.abs(found.astype(int) - (0, 255, 255)).max() <= 3


def test_pages_of_a_tiff_are_frames(tmp_path: Path) -> None:
    path = tmp_path / "pages.tif"
    pages = [Image.fromarray(DEEP + number) for number in range(5)]
    pages[0].save(path, save_all=True, append_images=[*pages[1:], Image.fromarray(DEEP[:4])])
    found = frames(path)
    assert len(found) == 5
    for number in range(5):
        np.testing.assert_array_equal(found[number], DEEP + number)
    assert read_still_header(str(path)).left_out == 1
    assert open_still(str(path)).acquisition.warnings == (
        "Left out pages of another size or kind: 1.",
    )


@pytest.mark.parametrize("suffix", [".gif", ".webp", ".png"])
def test_animations_play_at_their_own_moments(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"moving{suffix}"
    pictures = [Image.fromarray(np.full((8, 12), number * 20, np.uint8)) for number in range(5)]
    delays = [50, 100, 30, 40, 200]
    pictures[0].save(
        path, save_all=True, append_images=pictures[1:], duration=delays, lossless=True
    )
    clip = open_still(str(path))
    assert clip.timing.times == pytest.approx((0.0, 0.05, 0.15, 0.18, 0.22))
    assert clip.frame_rate == pytest.approx(5 / 0.42)
    assert clip.timing.source == "frame delays"
    order = random.Random(5).choices(range(5), k=20)
    for number in order:
        assert clip.stored(number).ravel()[0] == number * 20


def test_frames_without_a_delay_stand_as_in_a_browser(tmp_path: Path) -> None:
    pictures = [Image.fromarray(np.full((8, 8), number * 50, np.uint8)) for number in range(3)]
    path = tmp_path / "hurried.gif"
    pictures[0].save(path, save_all=True, append_images=pictures[1:], duration=0)
    assert read_still_header(str(path)).delays == (0.1, 0.1, 0.1)


def test_lossy_kinds_say_so(tmp_path: Path) -> None:
    Image.fromarray(GREY).save(tmp_path / "lossy.jpg")
    Image.fromarray(COLOURS).save(tmp_path / "lossy.webp", quality=50)
    assert read_still_header(str(tmp_path / "lossy.jpg")).lossy
    assert read_still_header(str(tmp_path / "lossy.webp")).lossy


def test_a_source_travels_without_pixels(tmp_path: Path) -> None:
    Image.fromarray(DEEP).save(tmp_path / "deep.png")
    source = opened(tmp_path / "deep.png").source
    assert len(pickle.dumps(source)) < 1000
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(source)).read(0), DEEP)


def test_bombs_are_refused(tmp_path: Path) -> None:
    Image.new("1", (20_000, 20_000)).save(tmp_path / "bomb.png")
    Image.new("1", (10_000, 10_000)).save(tmp_path / "small-bomb.png")
    for name in ("bomb.png", "small-bomb.png"):
        with pytest.raises(UnsupportedError, match="more than 89 million pixels"):
            read_still_header(str(tmp_path / name))


@pytest.mark.parametrize("name", ["deep.png", "deep.tif", "colours.webp", "colours.bmp"])
@pytest.mark.parametrize("kept", [0.0, 0.2, 0.6])
def test_what_is_cut_short_is_told(tmp_path: Path, name: str, kept: float) -> None:
    path = tmp_path / name
    LOSSLESS[name][0](path)
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * kept)])
    with pytest.raises(UnreadableError):
        read_still_header(str(path))


def test_what_is_no_picture_is_told(tmp_path: Path) -> None:
    (tmp_path / "text.png").write_text("not a picture")
    with pytest.raises(UnreadableError, match="not a picture that can be read"):
        open_still(str(tmp_path / "text.png"))
    with pytest.raises(UnreadableError, match="does not exist"):
        open_still(str(tmp_path / "missing.png"))


@pytest.mark.parametrize("seed", range(30))
def test_spoiled_bytes_give_a_picture_or_a_sentence(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    name = chance.choice([*LOSSLESS])
    path = tmp_path / name
    LOSSLESS[name][0](path)
    data = bytearray(path.read_bytes())
    for _ in range(8):
        data[chance.randrange(len(data))] = chance.randrange(256)
    path.write_bytes(data)
    with contextlib.suppress(StudioError):  # anything else would be a fault of ours
        assert frames(path).size


@pytest.mark.parametrize("name", ["film.png", "film.webp", "film.jpg", "film.bmp", "film.gif"])
def test_greys_stored_as_colours_are_grey(name: str, tmp_path: Path) -> None:
    grey = np.tile(np.arange(0, 240, 5, dtype=np.uint8), (48, 1))
    Image.fromarray(np.stack([grey] * 3, axis=-1)).save(tmp_path / name)
    (found,) = frames(tmp_path / name)
    assert found.shape == grey.shape
    assert np.abs(found.astype(int) - grey).max() <= (8 if name[-4:] in {"webp", ".jpg"} else 0)


@pytest.mark.parametrize("name", ["film.png", "film.webp", "film.jpg"])
def test_one_coloured_mark_keeps_the_colours(name: str, tmp_path: Path) -> None:
    film = np.full((48, 48, 3), 90, np.uint8)
    film[20:28, 20:28] = (180, 40, 40)
    Image.fromarray(film).save(tmp_path / name)
    assert frames(tmp_path / name).shape == (1, 48, 48, 3)
