from __future__ import annotations

from concurrent.futures import Future
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from xray_studio.core.clip import Clip, Frame
from xray_studio.core.histogram import BINS, SAMPLED, histogram
from xray_studio.core.lut import LookupTable, Pixels, Rescale
from xray_studio.core.workers import Priority, done


class OneFrame:
    """A source of a single frame."""

    def __init__(self, frame: Frame) -> None:
        self.frame = frame
        self.shape, self.dtype = (1, *frame.shape), frame.dtype

    def read(self, index: int) -> Frame:
        return self.frame

    def request(self, index: int, priority: Priority) -> Future[Frame]:
        return done(self.frame)


def clip_of(frame: Frame, **changes) -> Clip:
    return replace(Clip(OneFrame(frame), pixels=Pixels(bits=16)), **changes)


def counted(frame: Frame, **changes):
    return histogram(clip_of(frame, **changes), 0, frame)


small = st.tuples(st.integers(1, 20), st.integers(1, 20))


@given(hnp.arrays(np.int16, small), st.sampled_from([0.5, 1.0, 3.0]), st.integers(-2000, 2000))
def test_every_pixel_is_counted_between_the_extremes(frame, slope, intercept):
    found = counted(frame, modality=(Rescale(slope, intercept),))
    values = frame * slope + intercept
    assert (found.low, found.high) == (values.min(), values.max())
    assert sum(found.counts) == frame.size
    assert 1 <= len(found.counts) <= BINS
    assert found.counts[0] > 0


@given(hnp.arrays(np.float32, small, elements=st.floats(-1e6, 1e6, width=32)))
def test_continuous_values(frame):
    assert sum(counted(frame).counts) == frame.size


def test_values_that_are_no_numbers_are_left_out():
    frame = np.array([[1.0, np.nan], [np.inf, 3.0]], np.float32)
    assert sum(counted(frame).counts) == 2


@pytest.mark.parametrize("step", [1, 4, 7])
def test_values_far_apart_make_no_comb(step):
    frame = (np.arange(200, dtype=np.uint16) * step).reshape(10, 20)
    assert min(counted(frame).counts) >= 1


def test_padding_is_left_out():
    frame = np.array([[0, 0, 5, 9]], np.uint16)
    found = counted(frame, pixels=Pixels(bits=16, padding=(0, 0)))
    assert (found.low, sum(found.counts)) == (5.0, 2)
    assert counted(frame[:, :2], pixels=Pixels(bits=16, padding=(0, 0))) is None


def test_colour_has_none():
    assert counted(np.zeros((4, 4, 3), np.uint8)) is None


def test_a_modality_table_gives_its_own_values():
    table = LookupTable(0, 8, np.array([10, 20, 30], "<u2").tobytes())
    found = counted(np.array([[0, 1, 2, 2]], np.uint16), modality=(table,))
    assert (found.low, found.high) == (10.0, 30.0)
    assert sum(found.counts) == 4


def test_large_frames_are_sampled():
    frame = np.random.default_rng(1).integers(0, 4096, (2000, 2000), np.uint16)
    assert SAMPLED / 2 < sum(counted(frame).counts) < SAMPLED * 2


@given(hnp.arrays(np.uint32, small), st.sampled_from([1, 7]))
def test_wide_integers_are_counted_by_value(frame, step):
    found = counted(np.asarray((frame >> 12) * np.uint32(step)), pixels=Pixels(bits=32))
    assert sum(found.counts) == frame.size
    assert found.counts[0] > 0
