"""Overlay planes: packed and embedded ones beside DCMTK and pydicom, and broken ones."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from pydicom import dcmread

from tests.dicom.objects import make_object, picture, save
from tests.dicom.over import put_embedded, put_plane, set_element
from xray_studio.core.clip import Clip
from xray_studio.core.overlay_plane import OverlayPlane, pack, placed, unpack
from xray_studio.core.presentation import Presentation
from xray_studio.dicom.describe import describe
from xray_studio.dicom.file import syntaxes
from xray_studio.imaging.planes import COLOURS
from xray_studio.imaging.render import render

ROWS, COLUMNS = 37, 53
PLAIN = Presentation(planes=False)
RANDOM = np.random.default_rng(4)

pytestmark = pytest.mark.usefixtures("inside")


def stack(frames: int = 3) -> np.ndarray:
    return np.stack([picture(0, 2000, (ROWS, COLUMNS), s) for s in range(frames)]).astype(np.uint16)


def bits(*shape: int) -> np.ndarray:
    return RANDOM.random(shape) < 0.2


def drawn(clip: Clip, index: int, **how: Any) -> np.ndarray:
    """Return where planes are drawn on a frame, shape (rows, columns)."""
    shown, plain = render(clip, index, Presentation(**how)), render(clip, index, PLAIN)
    return (shown != plain[..., None]).any(axis=-1)


def by_dcmtk(path: str, frame: int, folder: Path, group: int = 1) -> np.ndarray:
    """Return where DCMTK draws an overlay; what is white already is left out."""
    if shutil.which("dcm2pnm") is None:
        pytest.skip("DCMTK (dcm2pnm) is not installed")
    shown = []
    for option in (("-O",), ("+O", str(group))):
        command = ["dcm2pnm", "+op", "-W", "+F", str(frame + 1), *option, path]
        out = folder / "out.pnm"
        subprocess.run([*command, str(out)], check=True, capture_output=True)
        with Image.open(out) as image:
            shown.append(np.array(image))
    return np.asarray(shown[0] != shown[1])


@pytest.mark.parametrize("origin", [(1, 1), (5, -3), (-4, 30), (30, 45)])
@pytest.mark.parametrize(
    "frames", [{}, {"frames": 1}, {"frames": 1, "first": 2}, {"frames": 2, "first": 2}]
)
def test_packed_planes_lie_where_dcmtk_puts_them(
    tmp_path: Path, origin: tuple[int, int], frames: dict[str, int]
) -> None:
    made = make_object(stack())
    put_plane(made, bits(frames.get("frames", 1), 20, 31), origin=origin, **frames)
    path = save(made, tmp_path / "object.dcm")
    clip = describe(path)
    assert clip.acquisition.warnings == ()
    for index in range(3):
        np.testing.assert_array_equal(drawn(clip, index), by_dcmtk(path, index, tmp_path))


@pytest.mark.parametrize(
    "syntax", [syntaxes.IMPLICIT_LITTLE, syntaxes.EXPLICIT_BIG, syntaxes.DEFLATED]
)
def test_every_encoding_gives_the_same_planes(tmp_path: Path, syntax: str) -> None:
    mask, made = bits(2, 9, 11), make_object(stack(2))
    put_plane(made, mask, frames=2, label="LINES")
    if syntax == syntaxes.EXPLICIT_BIG:
        words = np.frombuffer(made[0x60003000].value, "<u2")
        made[0x60003000].value = words.astype(">u2").tobytes()
        made.PixelData = stack(2).astype(">u2").tobytes()
    clip = describe(save(made, tmp_path / "object.dcm", syntax))
    (plane,) = clip.overlays
    assert plane.name == "LINES"
    for index in range(2):
        np.testing.assert_array_equal(plane.mask(index), mask[index])


def test_a_real_overlay_is_that_of_pydicom_and_dcmtk(shared_data: Path, tmp_path: Path) -> None:
    path = shared_data / "dicom" / "pydicom_test__examples_overlay.dcm"
    clip = describe(str(path))
    theirs = dcmread(path).overlay_array(0x6000)
    np.testing.assert_array_equal(clip.overlays[0].mask(0), theirs != 0)
    grey = render(clip, 0, PLAIN)
    seen = by_dcmtk(str(path), 0, tmp_path)
    np.testing.assert_array_equal(seen, (theirs != 0) & (grey < 255))


def test_embedded_planes_and_the_greys_beside_them(tmp_path: Path) -> None:
    greys = np.stack([picture(0, 4095, (ROWS, COLUMNS), s) for s in range(2)]).astype(np.uint16)
    one, two = bits(2, ROWS, COLUMNS), bits(2, ROWS, COLUMNS)
    stored = greys | one.astype(np.uint16) << 12 | two.astype(np.uint16) << 15
    made = make_object(stored, BitsStored=12, HighBit=11)
    put_embedded(made, 12)
    put_embedded(made, 15, group=0x6002)
    path = save(made, tmp_path / "object.dcm")
    clip = describe(path)
    assert [plane.group for plane in clip.overlays] == [0x6000, 0x6002]
    for index in range(2):
        np.testing.assert_array_equal(clip.stored(index), greys[index])
        np.testing.assert_array_equal(clip.overlays[0].mask(index), one[index])
        np.testing.assert_array_equal(clip.overlays[1].mask(index), two[index])
    # DCMTK shows those of the first frame on every frame.
    white = render(clip, 0, PLAIN) == 255
    np.testing.assert_array_equal(by_dcmtk(path, 0, tmp_path), one[0] & ~white)


def test_embedded_planes_below_the_values(tmp_path: Path) -> None:
    greys = picture(0, 4095, (ROWS, COLUMNS)).astype(np.uint16)
    mask = bits(ROWS, COLUMNS)
    made = make_object(greys << 4 | mask, BitsStored=12, HighBit=15)
    put_embedded(made, 0)
    clip = describe(save(made, tmp_path / "object.dcm"))
    np.testing.assert_array_equal(clip.stored(0), greys)
    np.testing.assert_array_equal(clip.overlays[0].mask(0), mask)


def test_embedded_planes_of_rle_and_of_jpeg(tmp_path: Path) -> None:
    greys = picture(0, 4095, (ROWS, COLUMNS)).astype(np.uint16)
    mask = bits(ROWS, COLUMNS)
    made = make_object(greys | mask.astype(np.uint16) << 13, BitsStored=12, HighBit=11)
    put_embedded(made, 13)
    path = save(made, tmp_path / "native.dcm")
    if shutil.which("dcmcrle") is None:
        pytest.skip("DCMTK (dcmcrle, dcmcjpeg) is not installed")
    for tool in ("dcmcrle", "dcmcjpeg"):
        subprocess.run([tool, path, tmp_path / tool], check=True, capture_output=True)
    clip = describe(str(tmp_path / "dcmcrle"))
    np.testing.assert_array_equal(clip.stored(0), greys)
    np.testing.assert_array_equal(clip.overlays[0].mask(0), mask)
    compressed = describe(str(tmp_path / "dcmcjpeg"))
    assert compressed.overlays == ()
    np.testing.assert_array_equal(compressed.stored(0), greys)


def broken(element: int, vr: str, value: Any) -> Any:
    made = make_object(stack(1)[0])
    put_plane(made, bits(ROWS, COLUMNS))
    set_element(made, 0x6000, element, vr, value)
    return made


@pytest.mark.parametrize(
    ("element", "vr", "value", "said"),
    [
        (0x0010, "US", 0, "how large it is"),
        (0x0010, "US", 40_000, "less than 53 x 40000 pixels"),
        (0x0015, "IS", 7, "in 7 frames"),
        (0x0050, "SS", [ROWS + 1, 1], "lies outside the picture"),
        (0x0050, "SS", [1, -COLUMNS], "lies outside the picture"),
        (0x0100, "US", 16, "one bit a pixel"),
        (0x3000, "OW", b"\1\2", "has 2 bytes"),
    ],
)
def test_a_broken_plane_is_not_shown_and_said(
    tmp_path: Path, element: int, vr: str, value: Any, said: str
) -> None:
    clip = describe(save(broken(element, vr, value), tmp_path / "object.dcm"))
    assert clip.overlays == ()
    (warning,) = clip.acquisition.warnings
    assert warning.startswith("Overlay 1 (6000) ")
    assert said in warning
    assert render(clip, 0, Presentation()).ndim == 2


@pytest.mark.parametrize("position", [11, 16, 40])
def test_bits_that_belong_to_the_values_are_no_plane(tmp_path: Path, position: int) -> None:
    made = make_object(stack(1)[0], BitsStored=12, HighBit=11)
    put_embedded(made, position)
    clip = describe(save(made, tmp_path / "object.dcm"))
    assert clip.overlays == ()
    assert "which is not free" in clip.acquisition.warnings[0]


def test_planes_are_shown_and_hidden_one_by_one(tmp_path: Path) -> None:
    made, one, two = make_object(stack(1)[0]), bits(ROWS, COLUMNS), bits(ROWS, COLUMNS)
    put_plane(made, one)
    put_plane(made, two, group=0x6002)
    clip = describe(save(made, tmp_path / "object.dcm"))
    np.testing.assert_array_equal(drawn(clip, 0), one | two)
    np.testing.assert_array_equal(drawn(clip, 0, hidden_planes=frozenset((0x6000,))), two)
    both = frozenset((0x6000, 0x6002))
    assert render(clip, 0, Presentation(hidden_planes=both)).ndim == 2
    shown = render(clip, 0, Presentation())
    assert (shown[two] == COLOURS[1]).all()
    assert (shown[one & ~two] == COLOURS[0]).all()


def test_a_region_lets_the_picture_through(tmp_path: Path) -> None:
    made = make_object(stack(1)[0])
    put_plane(made, np.ones((ROWS, COLUMNS), bool), kind="R")
    clip = describe(save(made, tmp_path / "object.dcm"))
    shown = render(clip, 0, Presentation()).astype(int)
    expected = render(clip, 0, PLAIN)[..., None] * 0.6 + 0.4 * np.array(COLOURS[0])
    np.testing.assert_allclose(shown, expected, atol=1.0)


def test_bitmaps_are_kept_packed() -> None:
    mask = bits(13, 7)
    np.testing.assert_array_equal(unpack(pack(mask), 13, 7), mask)


def test_a_plane_moves_with_its_frames() -> None:
    mask = bits(4, 4)
    plane = OverlayPlane(0x6000, 4, 4, packed=(pack(mask), pack(~mask)), first=1, stop=3)
    later = plane.moved(10, 5)
    assert [i for i in range(20) if later.covers(i)] == [11, 12]
    np.testing.assert_array_equal(later.mask(12), ~mask)
    np.testing.assert_array_equal(placed(later, 11, 2, 3), mask[:2, :3])
