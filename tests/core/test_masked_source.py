"""Frames with regions of them black."""

from __future__ import annotations

import numpy as np
import pytest

from tests.services.clips import cine, moving
from xray_studio.core.errors import UnreadableError
from xray_studio.core.lut import Pixels
from xray_studio.core.masked_source import blackened, darkest, masked
from xray_studio.core.region import Region
from xray_studio.core.workers import Priority

REGION = Region(10, 5, 20, 8)


def test_only_the_region_changes_in_every_frame() -> None:
    clip = cine()
    made = masked(clip, (REGION, Region(60, 40, 100, 100)))
    for index in range(len(clip)):
        frame, wanted = made.stored(index), moving()[index].copy()
        wanted[5:13, 10:30] = wanted[40:, 60:] = 0
        np.testing.assert_array_equal(frame, wanted)
        assert not frame.flags.writeable
    assert (made.source.shape, made.source.dtype) == (clip.source.shape, clip.source.dtype)
    assert masked(clip, ()) is clip


def test_what_the_source_cannot_read_is_told() -> None:
    made = masked(cine(bad=(2,)), (REGION,))
    assert made.source.request(1, Priority.BATCH).result().shape == (48, 64)
    with pytest.raises(UnreadableError):
        made.source.request(2, Priority.BATCH).result()


@pytest.mark.parametrize(
    ("dtype", "pixels", "value"),
    [
        (np.uint8, Pixels(bits=8), 0),
        (np.uint16, Pixels(bits=12, inverted=True), 4095),
        (np.int16, Pixels(bits=16, signed=True), -32768),
        (np.int16, Pixels(bits=12, signed=True, inverted=True), 2047),
        (np.float32, Pixels(), -3.0),
        (np.float32, Pixels(inverted=True), 7.0),
    ],
)
def test_the_darkest_value(dtype: type, pixels: Pixels, value: float) -> None:
    frame = np.array([[7, -3 if np.dtype(dtype).kind != "u" else 3]], dtype)
    assert darkest(frame, pixels) == value


def test_colours_become_black() -> None:
    frame = np.full((20, 40, 3), 9, np.uint8)
    assert blackened(frame, (REGION,))[5:13, 10:30].max() == 0
    assert frame.min() == 9
