"""Frames decoded small: the same picture as the whole one made smaller, in the same values."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import imagecodecs
import numpy as np
import pytest

from tests.dicom.objects import make_object, picture, save_frames
from xray_studio.core.clip import Clip
from xray_studio.core.errors import UnreadableError
from xray_studio.core.workers import Priority
from xray_studio.dicom.clip import open_clip
from xray_studio.dicom.file import syntaxes
from xray_studio.services.small_frames import small_frame

SHAPE = (130, 203)


def opened(folder: Path, values: np.ndarray, codec: str, bits: int) -> Clip:
    words = values.astype(f"{'i' if values.min() < 0 else 'u'}{1 if bits <= 8 else 2}")
    if codec == "HTJ2K":
        uid, data = syntaxes.HTJ2K, imagecodecs.htj2k_encode(words, reversible=True)
    else:
        uid = syntaxes.JPEG_2000_LOSSLESS
        data = imagecodecs.jpeg2k_encode(
            words, level=0, reversible=True, codecformat="J2K", bitspersample=bits
        )
    dataset = make_object(words, BitsStored=bits, HighBit=bits - 1)
    return open_clip([save_frames(dataset, folder / "a.dcm", [bytes(data)], uid)])


@pytest.mark.parametrize("codec", ["JPEG 2000", "HTJ2K"])
@pytest.mark.parametrize(("bits", "signed"), [(8, False), (12, False), (12, True), (16, True)])
def test_grey(tmp_path: Path, codec: str, bits: int, signed: bool) -> None:
    low = -(1 << (bits - 1)) if signed else 0
    values = picture(low, low + (1 << bits) - 1, SHAPE)
    clip = opened(tmp_path, values, codec, bits)
    found = small_frame(clip, 0, 50, Priority.THUMBNAIL).result()
    assert found.shape == (33, 51)
    assert found.dtype == clip.source.dtype
    assert np.abs(found - values[::4, ::4]).mean() < 0.04 * (1 << bits)
    whole = small_frame(clip, 0, 500, Priority.THUMBNAIL).result()
    np.testing.assert_array_equal(whole, values)


@pytest.mark.parametrize("codec", ["JPEG 2000", "HTJ2K"])
def test_colour(tmp_path: Path, codec: str) -> None:
    values = picture(0, 255, (*SHAPE, 3))
    found = small_frame(opened(tmp_path, values, codec, 8), 0, 60, Priority.THUMBNAIL).result()
    assert found.shape == (65, 102, 3)
    assert found.dtype == np.uint8
    assert np.abs(found - values[::2, ::2]).mean() < 12


def test_other_syntaxes_come_whole(tmp_path: Path) -> None:
    values = picture(0, 4095, SHAPE).astype(np.uint16)
    dataset = make_object(values, BitsStored=12, HighBit=11)
    frame = bytes(imagecodecs.jpegls_encode(values))
    clip = open_clip([save_frames(dataset, tmp_path / "a.dcm", [frame], syntaxes.JPEG_LS)])
    found = small_frame(clip, 0, 50, Priority.THUMBNAIL).result()
    np.testing.assert_array_equal(found, values)


def test_damage_is_an_error(tmp_path: Path) -> None:
    clip = opened(tmp_path, picture(0, 4095, SHAPE), "JPEG 2000", 12)
    ((offset, length),) = clip.source.fragments[0]  # type: ignore[attr-defined]
    cut = replace(clip.source, fragments=(((offset, length // 3),),))  # type: ignore[type-var]
    with pytest.raises(UnreadableError):
        small_frame(clip.with_source(cut), 0, 150, Priority.THUMBNAIL).result()
