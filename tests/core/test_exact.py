"""Modality values in the smallest type that holds all of them exactly."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.services.clips import cine
from xray_studio.core.exact import exact_values, value_type
from xray_studio.core.lut import LookupTable, Modality, Pixels, Rescale


@pytest.mark.parametrize(
    ("pixels", "modality", "kind"),
    [
        (Pixels(bits=8), Rescale(), "u1"),
        (Pixels(bits=12), Rescale(), "u2"),
        (Pixels(bits=12, signed=True), Rescale(), "i2"),
        (Pixels(bits=12), Rescale(1.0, -1024.0), "i2"),
        (Pixels(bits=16), Rescale(1.0, -1024.0), "i4"),
        (Pixels(bits=16), Rescale(2.0, 0.0), "u4"),
        (Pixels(bits=12), Rescale(-1.0, 4095.0), "u2"),
        (Pixels(bits=12), Rescale(0.5, 0.0), "f4"),
        (Pixels(bits=12), Rescale(1.0, 0.25), "f4"),
        (Pixels(bits=32), Rescale(0.1, 0.0), "f8"),
        (Pixels(bits=12), LookupTable(0, 8, b"\1\0\2\0"), "u1"),
    ],
)
def test_the_type_follows_from_bits_and_rescale(
    pixels: Pixels, modality: Modality, kind: str
) -> None:
    assert value_type(cine(pixels=pixels, modality=(modality,))) == np.dtype(kind)


def test_every_frame_counts() -> None:
    each = tuple(Rescale(1.0, float(-1000 * n)) for n in range(8))
    assert value_type(cine(modality=each)) == np.int16
    assert value_type(cine(modality=(*each[:7], Rescale(1.5)))) == np.float32


@given(
    st.integers(1, 16),
    st.booleans(),
    st.integers(-40, 40).filter(bool),
    st.integers(-70_000, 70_000),
    st.data(),
)
def test_whole_numbers_are_never_rounded(
    bits: int, signed: bool, slope: int, intercept: int, data: st.DataObject
) -> None:
    pixels, modality = Pixels(bits, signed), Rescale(float(slope), float(intercept))
    kind = value_type(cine(pixels=pixels, modality=(modality,)))
    some = data.draw(st.lists(st.integers(pixels.lowest, pixels.highest), min_size=1, max_size=9))
    stored = np.array([[*some, pixels.lowest, pixels.highest]], np.int16 if signed else np.uint16)
    values = exact_values(stored, modality, kind)
    assert kind.kind in "iu"
    assert values.tolist() == [[n * slope + intercept for n in stored[0].tolist()]]
