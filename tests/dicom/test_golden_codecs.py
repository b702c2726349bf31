"""Decoded pixels beside DCMTK's: what its encoders write is decoded here as its decoders do."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from tests.dicom.objects import make_object, picture, save
from xray_studio.core.errors import UnreadableError
from xray_studio.dicom.describe import describe

pytestmark = pytest.mark.usefixtures("inside")

JPEG_COMMANDS = {
    "lossless, predictor 1": ("dcmcjpeg", "+e1"),
    "lossless, predictor 6": ("dcmcjpeg", "+el", "+sv", "6"),
    "baseline": ("dcmcjpeg", "+eb", "+q", "90"),
    "extended": ("dcmcjpeg", "+ee", "+q", "90"),
    "spectral selection": ("dcmcjpeg", "+es", "+q", "90"),
    "progressive": ("dcmcjpeg", "+ep", "+q", "90"),
    "lossless, empty table, small fragments": ("dcmcjpeg", "+e1", "-ot", "+fs", "1"),
}
JPEG_LS_COMMANDS = {
    "JPEG-LS": ("dcmcjpls",),
    "JPEG-LS, near": ("dcmcjpls", "+en", "+md", "2"),
}
COLOUR_COMMANDS = JPEG_COMMANDS | {
    "YBR_FULL_422": ("dcmcjpeg", "+eb", "+s2"),
    "YBR_FULL": ("dcmcjpeg", "+eb", "+s4"),
    "4:1:1": ("dcmcjpeg", "+eb", "+n1"),
    "RGB": ("dcmcjpeg", "+eb", "+cr"),
    "JPEG-LS, lines": ("dcmcjpls", "+il"),
    "JPEG-LS, samples": ("dcmcjpls", "+is"),
    "JPEG-LS, planes": ("dcmcjpls", "+in"),
}
DECODERS = {"dcmcjpeg": "dcmdjpeg", "dcmcjpls": "dcmdjpls"}
DEPTHS = [(8, 8), (10, 16), (12, 16), (16, 16)]


@pytest.fixture(scope="module", autouse=True)
def _tools() -> None:
    if any(shutil.which(tool) is None for tool in (*DECODERS, *DECODERS.values(), "dcmcrle")):
        pytest.skip("DCMTK (dcmcjpeg, dcmcjpls, dcmcrle and their decoders) is not installed")


def frames(path: str) -> np.ndarray:
    clip = describe(path)
    assert clip.acquisition.warnings == ()
    return np.stack([clip.stored(index) for index in range(len(clip))])


def written(folder: Path, source: str, command: tuple[str, ...]) -> str | None:
    """Return the path that a DCMTK command wrote, None when it refuses."""
    target = str(folder / "written.dcm")
    ran = subprocess.run([*command, source, target], capture_output=True, check=False)
    return target if ran.returncode == 0 else None


def check(folder: Path, source: str, command: tuple[str, ...]) -> None:
    """Compare with DCMTK's own decoder; lossless streams with their source as well."""
    encoded = written(folder, source, command)
    if encoded is None:
        pytest.skip("DCMTK does not encode this kind of pixels so")
    plain = folder / "decoded.dcm"
    subprocess.run([DECODERS[command[0]], encoded, str(plain)], check=True, capture_output=True)
    found = frames(encoded)
    np.testing.assert_array_equal(found, frames(str(plain)))
    if command[:2] in {("dcmcjpeg", "+e1"), ("dcmcjpeg", "+el")} or command == ("dcmcjpls",):
        np.testing.assert_array_equal(found, frames(source))


def grey_object(folder: Path, bits: int, allocated: int, *, signed: bool) -> str:
    low = -(1 << (bits - 1)) if signed else 0
    stack = np.stack([picture(low, low + (1 << bits) - 1, (41, 67), seed) for seed in (1, 2)])
    words = (stack & ((1 << bits) - 1)).astype(f"<u{allocated // 8}")
    dataset = make_object(words, BitsStored=bits, HighBit=bits - 1, PixelRepresentation=int(signed))
    return save(dataset, folder / "source.dcm")


@pytest.mark.parametrize("signed", [False, True])
@pytest.mark.parametrize(("bits", "allocated"), DEPTHS)
@pytest.mark.parametrize("name", JPEG_COMMANDS | JPEG_LS_COMMANDS)
def test_grey(tmp_path: Path, name: str, bits: int, allocated: int, signed: bool) -> None:
    source = grey_object(tmp_path, bits, allocated, signed=signed)
    check(tmp_path, source, (JPEG_COMMANDS | JPEG_LS_COMMANDS)[name])


@pytest.mark.parametrize("name", COLOUR_COMMANDS)
def test_colour(tmp_path: Path, name: str) -> None:
    stack = np.stack([picture(0, 255, (41, 66, 3), seed) for seed in (1, 2)]).astype(np.uint8)
    check(tmp_path, save(make_object(stack), tmp_path / "source.dcm"), COLOUR_COMMANDS[name])


@pytest.mark.parametrize("signed", [False, True])
@pytest.mark.parametrize(("bits", "allocated"), DEPTHS)
@pytest.mark.parametrize(
    "command",
    [("dcmcrle",), ("dcmcrle", "-ot"), ("dcmconv", "+tb"), ("dcmconv", "+ti"), ("dcmconv", "+td")],
)
def test_rle_and_native_forms(
    tmp_path: Path, command: tuple[str, ...], bits: int, allocated: int, signed: bool
) -> None:
    source = grey_object(tmp_path, bits, allocated, signed=signed)
    encoded = written(tmp_path, source, command)
    assert encoded is not None
    np.testing.assert_array_equal(frames(encoded), frames(source))


def test_a_stream_that_modern_charls_refuses_is_an_error_and_no_picture(tmp_path: Path) -> None:
    """DCMTK 3.6.7 writes near-lossless JPEG-LS below 8 bits with thresholds of its own."""
    values = picture(0, 63, (41, 67)).astype(np.uint8)
    source = save(make_object(values, BitsStored=6, HighBit=5), tmp_path / "source.dcm")
    encoded = written(tmp_path, source, ("dcmcjpls", "+en", "+md", "2"))
    assert encoded is not None
    try:
        found = frames(encoded)
    except UnreadableError:
        return
    assert np.abs(found[0].astype(int) - values).max() <= 2
