"""Frames that decode ahead, and clips that are iterated with their moments."""

from __future__ import annotations

from concurrent.futures import Future

import numpy as np
import pytest

from tests.services.clips import Frames, cine, moving
from xray_studio.core.ahead import FramesAhead
from xray_studio.core.clip import Frame
from xray_studio.core.errors import UnreadableError
from xray_studio.core.lut import Rescale
from xray_studio.core.playback import Timing
from xray_studio.core.workers import Priority


class Waiting(Frames):
    """A source that counts the frames that are asked for and not yet given back."""

    def __init__(self, frames: np.ndarray) -> None:
        super().__init__(frames)
        self.asked: list[Future[Frame]] = []

    def request(self, index: int, priority: Priority) -> Future[Frame]:
        assert priority is Priority.BATCH
        self.asked.append(Future())
        return self.asked[-1]


def test_frames_come_in_order_with_their_moments() -> None:
    times = (0.0, 0.05, 0.2, 0.3, 0.35, 0.5, 0.6, 0.7)
    clip = cine(timing=Timing(15.0, "Frame Time Vector", times), modality=(Rescale(2.0, -5.0),))
    found = list(clip.frames(2, 5))
    assert [(frame.index, frame.time) for frame in found] == list(enumerate(times))[2:6]
    for frame in found:
        assert frame.values.dtype == np.float32
        np.testing.assert_array_equal(frame.values, moving()[frame.index] * 2.0 - 5.0)


def test_without_moments_the_display_rate_tells() -> None:
    assert [f.time for f in cine().frames()] == [pytest.approx(n / 15) for n in range(8)]


def test_colours_stay_colours() -> None:
    pictures = np.arange(2 * 4 * 4 * 3, dtype=np.uint8).reshape(2, 4, 4, 3)
    found = [frame.values for frame in cine(pictures).frames(-1)]
    np.testing.assert_array_equal(found, pictures[1:])


def test_frames_that_are_not_there() -> None:
    with pytest.raises(IndexError, match="frame 8 of a clip of 8"):
        next(cine().frames(0, 8))


def test_a_damaged_frame_raises_where_it_stands() -> None:
    frames = cine(bad=(3,)).frames()
    assert [next(frames).index for _ in range(3)] == [0, 1, 2]
    with pytest.raises(UnreadableError):
        next(frames)


def test_few_frames_wait_and_none_is_left_when_the_reader_stops() -> None:
    source = Waiting(np.zeros((500, 2, 2), np.uint16))
    ahead = FramesAhead(source.request, 2 << 20, range(500), Priority.BATCH)
    assert ahead.next() is not None
    assert 2 <= len(source.asked) <= 32
    ahead.close()
    assert all(future.cancelled() for future in source.asked[1:])


def test_large_frames_wait_by_twos() -> None:
    source = Waiting(np.zeros((9, 2, 2), np.uint16))
    ahead = FramesAhead(source.request, 72 << 20, range(9), Priority.BATCH)
    ahead.next()
    assert len(source.asked) == 2
