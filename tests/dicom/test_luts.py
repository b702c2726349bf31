"""Tables of objects with everything that is wrong with them in real files."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydicom.dataset import Dataset

from tests.dicom.objects import make_object, save
from tests.dicom.test_clip_greys import groups, item, table
from xray_studio.core.clip import Clip
from xray_studio.core.lut import LookupTable
from xray_studio.core.per_frame import PerFrame
from xray_studio.core.presentation import Presentation
from xray_studio.dicom.describe import describe
from xray_studio.dicom.file import syntaxes
from xray_studio.imaging.render import render

RISING = list(range(0, 256, 4))

pytestmark = pytest.mark.usefixtures("inside")


def opened(folder: Path, syntax: str = syntaxes.EXPLICIT_LITTLE, **attributes: Any) -> Clip:
    pixels = np.arange(64, dtype=np.uint16).reshape(8, 8)
    made = make_object(pixels, **attributes)
    if syntax == syntaxes.EXPLICIT_BIG:
        made.PixelData = pixels.astype(">u2").tobytes()
    return describe(save(made, folder / "object.dcm", syntax))


def raw_table(descriptor: list[int], data: bytes) -> Dataset:
    made = item(LUTData=data)
    made.LUTDescriptor = descriptor
    made["LUTDescriptor"].VR, made["LUTData"].VR = "US", "OW"
    return made


def test_a_length_of_zero_is_65536(tmp_path: Path) -> None:
    entries = np.arange(65_536, dtype="<u2")
    clip = opened(tmp_path, VOILUTSequence=[raw_table([0, 0, 16], entries.tobytes())])
    assert len(clip.voi_luts[0].values) == 65_536
    assert clip.acquisition.warnings == ()


@pytest.mark.parametrize("entries", [63, 1, 0])
def test_a_table_that_is_too_short_is_left_out(tmp_path: Path, entries: int) -> None:
    short = raw_table([64, 0, 16], struct.pack(f"<{entries}H", *RISING[:entries]))
    clip = opened(tmp_path, VOILUTSequence=[short])
    assert clip.voi_luts == ()
    assert f"has {entries} of 64 entries" in clip.acquisition.warnings[0]


def test_what_is_too_long_is_cut(tmp_path: Path) -> None:
    clip = opened(tmp_path, VOILUTSequence=[raw_table([60, 0, 8], struct.pack("<64H", *RISING))])
    assert clip.voi_luts[0].values.tolist() == RISING[:60]


@pytest.mark.parametrize("entries", [[v << 8 for v in RISING], [v * 257 for v in RISING], RISING])
def test_8_bits_in_16_lie_low_high_or_in_both_halves(tmp_path: Path, entries: list[int]) -> None:
    clip = opened(tmp_path, VOILUTSequence=[table(0, 8, entries)])
    assert clip.voi_luts[0].values.tolist() == RISING
    assert clip.voi_luts[0].bits == 8
    assert clip.acquisition.warnings == ()


@pytest.mark.parametrize(("stated", "shown"), [(0, 12), (7, 12), (8, 12), (10, 12), (17, 12)])
def test_wrong_bits_are_said_and_mended(tmp_path: Path, stated: int, shown: int) -> None:
    entries = [v * 16 + 5 for v in RISING]
    clip = opened(tmp_path, VOILUTSequence=[table(0, stated, entries)])
    assert clip.voi_luts[0].bits == shown
    assert f"says that it has {stated} bits" in clip.acquisition.warnings[0]
    assert render(clip, 0, Presentation(voi=0)).max() == 251


def test_packed_tables_of_either_byte_order(tmp_path: Path) -> None:
    packed = bytes(RISING)
    little = opened(tmp_path, VOILUTSequence=[raw_table([64, 0, 8], packed)])
    swapped = np.frombuffer(packed, "<u2").astype(">u2").tobytes()
    big = opened(tmp_path, syntaxes.EXPLICIT_BIG, VOILUTSequence=[raw_table([64, 0, 8], swapped)])
    for clip in (little, big):
        assert clip.voi_luts[0].values.tolist() == RISING
        assert clip.acquisition.warnings == ()


@pytest.mark.parametrize("bits", [8, 16])
def test_swapped_bytes_are_put_in_order_and_said(tmp_path: Path, bits: int) -> None:
    entries = np.array(RISING if bits == 8 else [v * 200 + 3 for v in RISING])
    right = entries.astype(np.uint8 if bits == 8 else "<u2").tobytes()
    wrong = np.frombuffer(right, "<u2").byteswap().tobytes()
    clip = opened(tmp_path, VOILUTSequence=[raw_table([64, 0, bits], wrong)])
    assert clip.voi_luts[0].values.tolist() == entries.tolist()
    assert clip.acquisition.warnings == (
        "The bytes of the VOI LUT are swapped; they are put in order.",
    )


def test_tables_of_frames_follow_them(tmp_path: Path) -> None:
    stack = np.zeros((2, 4, 4), np.uint16)
    macros = [groups(FrameVOILUT=item(VOILUTSequence=[table(0, 8, [v, v])])) for v in (10, 200)]
    made = make_object(stack, PerFrameFunctionalGroupsSequence=macros)
    clip = describe(save(made, tmp_path / "object.dcm"))
    assert isinstance(clip.voi_luts[0], PerFrame)
    shown = [int(render(clip, i, Presentation(voi=0))[0, 0]) for i in range(2)]
    assert shown == [10, 200]


def test_the_presentation_lut_comes_last_and_polarity_does_not_count(tmp_path: Path) -> None:
    falling = [1023 - 16 * n for n in range(64)]
    clip = opened(
        tmp_path,
        PhotometricInterpretation="MONOCHROME1",
        PresentationLUTSequence=[table(0, 10, falling)],
        WindowCenter=32,
        WindowWidth=64,
    )
    assert clip.pixels.presentation_lut == LookupTable(0, 10, struct.pack("<64H", *falling))
    shown = render(clip, 0, Presentation(voi=clip.windows[0])).ravel()
    np.testing.assert_allclose(shown, np.array(falling) / 1023 * 255, atol=0.51)
    turned = render(clip, 0, Presentation(voi=clip.windows[0], invert=True)).ravel()
    np.testing.assert_allclose(turned, 255 - shown.astype(int), atol=1)


def test_a_shape_for_film_is_not_applied(tmp_path: Path) -> None:
    clip = opened(tmp_path, PresentationLUTShape="LIN OD")
    assert not clip.pixels.inverted
    assert "LIN OD is not for screens" in clip.acquisition.warnings[0]


def test_a_voi_lut_alone_shows(tmp_path: Path) -> None:
    from xray_studio.services.presets import initial_presentation

    clip = opened(tmp_path, VOILUTSequence=[table(0, 8, RISING)])
    shown = render(clip, 0, initial_presentation(clip))
    np.testing.assert_array_equal(shown.ravel(), RISING)
