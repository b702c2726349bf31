"""Clips: indexing, modality values, sizes."""

from __future__ import annotations

import pickle
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from xray_studio.core.clip import Clip, Frame
from xray_studio.core.lut import Rescale
from xray_studio.core.playback import Timing
from xray_studio.core.workers import Priority, done


@dataclass(frozen=True)
class Counting:
    """Frames whose pixels all hold their number."""

    shape: tuple[int, ...] = (4, 2, 3)
    kind: str = "int16"

    @property
    def dtype(self) -> np.dtype[Any]:
        return np.dtype(self.kind)

    def read(self, index: int) -> Frame:
        return np.full(self.shape[1:], index, self.dtype)

    def request(self, index: int, priority: Priority) -> Future[Frame]:
        return done(self.read(index))


def test_frames_count_from_both_ends() -> None:
    clip = Clip(Counting(), modality=(Rescale(2, 1),))
    assert len(clip) == 4
    assert clip[1].dtype == np.float32
    assert (clip[1] == 3).all()
    assert (clip[-1] == 7).all()
    assert (clip.stored(-1) == 3).all()
    assert [frame[0, 0] for frame in clip] == [1, 3, 5, 7]
    for index in (4, -5):
        with pytest.raises(IndexError, match="clip of 4"):
            clip.stored(index)


def test_each_frame_may_have_its_own_modality() -> None:
    clip = Clip(Counting(), modality=tuple(Rescale(s) for s in (1, 10, 100, 1000)))
    assert [frame[0, 0] for frame in clip] == [0, 10, 200, 3000]
    assert clip.modality_at(2) == Rescale(100)


def test_colour_frames_have_no_modality() -> None:
    clip = Clip(Counting((2, 4, 5, 3), "uint8"), modality=(Rescale(9),))
    assert clip.is_colour
    assert (clip[1] == 1).all()
    assert clip[1].dtype == np.uint8
    assert (clip.rows, clip.columns, clip.frame_bytes) == (4, 5, 60)


def test_sizes_and_rate() -> None:
    clip = Clip(Counting(), timing=Timing(rate=12.5), modality=(Rescale(unit="HU"),))
    assert (clip.rows, clip.columns, clip.frame_bytes) == (2, 3, 12)
    assert clip.frame_rate == 12.5
    assert clip.unit == "HU"


def test_a_clip_travels_as_numbers_and_keeps_all_but_its_source() -> None:
    clip = Clip(Counting(), timing=Timing(rate=12.5))
    assert pickle.loads(pickle.dumps(clip)) == clip
    other = Counting((9, 2, 3))
    assert len(clip.with_source(other)) == 9
    assert clip.with_source(other).timing == clip.timing
