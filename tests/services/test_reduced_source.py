"""Clips at a fraction of their size, where whole frames are slow or too many."""

from __future__ import annotations

from concurrent.futures import Future
from pathlib import Path

import imagecodecs
import numpy as np
import pytest

from tests.dicom.objects import make_object, picture, save_frames
from tests.services.clips import Frames
from xray_studio.core.clip import Clip
from xray_studio.core.errors import UnreadableError
from xray_studio.core.workers import Priority
from xray_studio.dicom.clip import open_clip
from xray_studio.dicom.file import syntaxes
from xray_studio.services.reduced_source import reduced_source

ROOMY = 1 << 40


def opened(folder: Path, size: int, frames: int, codec: str) -> Clip:
    values = np.stack([picture(0, 4095 - n, (size, size)) for n in range(frames)]).astype("<u2")
    if codec == "JPEG 2000":
        uid = syntaxes.JPEG_2000_LOSSLESS
        data = [
            imagecodecs.jpeg2k_encode(
                frame, level=0, reversible=True, codecformat="J2K", bitspersample=12
            )
            for frame in values
        ]
    else:
        uid, data = syntaxes.JPEG_LS, [imagecodecs.jpegls_encode(frame) for frame in values]
    dataset = make_object(values, BitsStored=12, HighBit=11)
    return open_clip([save_frames(dataset, folder / "a.dcm", [bytes(d) for d in data], uid)])


def test_large_jpeg_2000_comes_small_first(tmp_path: Path) -> None:
    clip = opened(tmp_path, 1100, 1, "JPEG 2000")
    small = reduced_source(clip, ROOMY)
    assert small is not None
    assert (small.quick, small.part, small.shape) == (True, 2, (1, 550, 550))
    frame = small.read(0)
    assert (frame.shape, frame.dtype) == ((550, 550), clip.source.dtype)
    whole = clip.source.read(0).astype(float)
    mean = whole.reshape(550, 2, 550, 2).mean(axis=(1, 3))
    assert np.abs(frame - mean).mean() < 0.04 * 4096


def test_what_is_small_or_quick_and_fits_stays_whole(tmp_path: Path) -> None:
    assert reduced_source(opened(tmp_path, 300, 3, "JPEG 2000"), ROOMY) is None
    assert reduced_source(opened(tmp_path, 300, 3, "JPEG-LS"), ROOMY) is None
    raw = Clip(Frames(np.zeros((9, 64, 64), np.uint16)))
    assert reduced_source(raw, 1000) is None  # read as fast as shown


@pytest.mark.parametrize(("room", "part"), [(2 * 300 * 300, 2), (40_000, 4), (1, 8)])
def test_a_clip_that_does_not_fit_is_made_small_enough(
    tmp_path: Path, room: int, part: int
) -> None:
    clip = opened(tmp_path, 300, 3, "JPEG-LS")
    small = reduced_source(clip, room)
    assert small is not None
    assert (small.quick, small.part) == (False, part)
    frame = small.read(1)
    assert frame.shape == small.shape[1:] == (-(-300 // part), -(-300 // part))
    assert abs(float(frame.mean()) - float(clip.source.read(1).mean())) < 20
    assert not frame.flags.writeable


def test_a_frame_that_cannot_be_decoded_says_so(tmp_path: Path) -> None:
    clip = opened(tmp_path, 300, 3, "JPEG-LS")
    path = Path(clip.paths[0])
    path.write_bytes(path.read_bytes()[:-10] + bytes(10))
    small = reduced_source(clip, 1)
    assert small is not None
    with pytest.raises(UnreadableError):
        small.read(2)


def test_cancelling_reaches_the_work(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    clip = opened(tmp_path, 300, 3, "JPEG-LS")
    waiting: Future[np.ndarray] = Future()
    monkeypatch.setattr(type(clip.source), "request", lambda *_: waiting)
    small = reduced_source(clip, 1)
    assert small is not None
    asked = small.request(0, Priority.PREFETCH)
    assert asked.cancel()
    assert waiting.cancelled()
    assert asked.cancelled()
