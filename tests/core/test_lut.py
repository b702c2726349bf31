"""Grey transforms: the formulas of PS3.3 C.11, and properties that every table keeps."""

from __future__ import annotations

import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xray_studio.core.lut import (
    TABLE_SIZE,
    LookupTable,
    Pixels,
    Rescale,
    apply_window,
    display_table,
    modality_range,
    modality_values,
)
from xray_studio.core.presentation import VoiFunction, Window

EXACT, SIGMOID = VoiFunction.LINEAR_EXACT, VoiFunction.SIGMOID

finite = st.floats(-1e5, 1e5)
windows = st.builds(Window, finite, st.floats(1, 1e5), st.sampled_from(VoiFunction), st.just(""))
pixels = st.builds(
    Pixels,
    bits=st.integers(1, 16),
    signed=st.booleans(),
    inverted=st.booleans(),
    padding=st.none() | st.tuples(st.integers(-9, 0), st.integers(0, 9)),
)
rescales = st.builds(Rescale, st.floats(0.01, 10), finite, st.just(""))


def table(first: int, bits: int, entries: list[int]) -> LookupTable:
    return LookupTable(first, bits, struct.pack(f"<{len(entries)}H", *entries))


def stored_in_order(form: Pixels) -> np.ndarray:
    """Return table positions of all stored values, lowest value first."""
    return np.arange(form.lowest, form.highest + 1).astype(np.int64) % TABLE_SIZE


@given(form=pixels, modality=rescales, window=windows, invert=st.booleans())
def test_tables_are_monotone_outside_padding(
    form: Pixels, modality: Rescale, window: Window, invert: bool
) -> None:
    made = display_table(form, modality, window, invert=invert)
    assert made.shape == (TABLE_SIZE,)
    assert made.dtype == np.uint8
    assert not made.flags.writeable
    values = np.arange(form.lowest, form.highest + 1)
    shown = made[stored_in_order(form)].astype(int)
    if form.padding is not None:
        padding = (values >= form.padding[0]) & (values <= form.padding[1])
        assert not shown[padding].any()
        shown = shown[~padding]
    steps = np.diff(shown)
    assert (steps <= 0).all() if form.inverted != invert else (steps >= 0).all()


@given(form=pixels, modality=rescales, window=windows)
def test_inverting_turns_a_table_round(form: Pixels, modality: Rescale, window: Window) -> None:
    plain = display_table(form, modality, window).astype(int)
    turned = display_table(form, modality, window, invert=True).astype(int)
    sums = (plain + turned)[stored_in_order(form)]
    values = np.arange(form.lowest, form.highest + 1)
    low, high = form.padding or (1, 0)
    assert np.isin(sums[(values < low) | (values > high)], (254, 255, 256)).all()


@given(
    form=pixels,
    entries=st.lists(st.integers(0, 65535), min_size=1, max_size=40),
    first=st.integers(-50, 50),
    bits=st.integers(8, 16),
)
def test_any_lookup_table_stays_in_range(
    form: Pixels, entries: list[int], first: int, bits: int
) -> None:
    lut = table(first, bits, entries)
    for modality, voi in ((lut, None), (Rescale(), lut), (lut, Window(100, 50))):
        made = display_table(form, modality, voi)
        assert made.min() >= 0
        assert made.max() <= 255


@pytest.mark.parametrize("value", [-200.0, -160.0, -159.5, 0.0, 40.0, 238.9, 239.0, 240.0, 500.0])
def test_linear_follows_the_formula_of_the_standard(value: float) -> None:
    center, width = 40.0, 400.0
    if value <= center - 0.5 - (width - 1) / 2:
        expected = 0.0
    elif value > center - 0.5 + (width - 1) / 2:
        expected = 1.0
    else:
        expected = (value - (center - 0.5)) / (width - 1) + 0.5
    found = apply_window(np.array([value]), Window(center, width))[0]
    assert found == pytest.approx(expected)


def test_a_linear_window_of_one_is_a_threshold() -> None:
    values = np.array([98.0, 99.4, 99.5, 99.6, 100.0])
    np.testing.assert_array_equal(apply_window(values, Window(100, 1)), [0, 0, 0, 1, 1])


def test_linear_exact_has_no_half_pixel() -> None:
    found = apply_window(np.array([0.0, 50.0, 100.0]), Window(50, 100, EXACT))
    np.testing.assert_allclose(found, [0.0, 0.5, 1.0])


def test_sigmoid_is_steep_by_its_width_and_never_overflows() -> None:
    values = np.array([-1e9, 50.0, 75.0, 1e9])
    found = apply_window(values, Window(50, 100, SIGMOID))
    np.testing.assert_allclose(found, [0.0, 0.5, 1 / (1 + np.exp(-1.0)), 1.0], atol=1e-12)


def test_without_a_window_the_whole_range_is_shown() -> None:
    made = display_table(Pixels(bits=12), Rescale(), None)
    assert (made[0], made[4095], made[65535]) == (0, 255, 255)
    signed = display_table(Pixels(bits=16, signed=True), Rescale(), None)
    assert (signed[0x8000], signed[0], signed[0x7FFF]) == (0, 128, 255)


def test_negative_slopes_keep_the_range_in_order() -> None:
    assert modality_range(Pixels(bits=8), Rescale(-1, 10)) == (-245.0, 10.0)
    made = display_table(Pixels(bits=8), Rescale(-1, 0), None)
    assert (made[0], made[255]) == (255, 0)


def test_tables_hold_at_their_ends() -> None:
    lut = table(10, 8, [0, 128, 255])
    values = np.array([-5, 10, 11, 12, 999])
    np.testing.assert_array_equal(lut.apply(values), [0, 0, 128, 255, 255])


def test_a_voi_table_is_scaled_by_its_bits() -> None:
    made = display_table(Pixels(bits=2), Rescale(), table(0, 12, [0, 1365, 2730, 4095]))
    np.testing.assert_array_equal(made[:4], [0, 85, 170, 255])


def test_padding_is_black_under_a_window_and_as_stored_without() -> None:
    form = Pixels(bits=8, inverted=True, padding=(0, 2))
    assert not display_table(form, Rescale(), Window(100, 50))[:3].any()
    assert display_table(form, Rescale(), None)[0] == 255


def test_equal_arguments_share_one_table() -> None:
    first = display_table(Pixels(), Rescale(), Window(1, 2))
    assert display_table(Pixels(), Rescale(), Window(1, 2)) is first


def test_modality_values_are_single_precision() -> None:
    found = modality_values(np.array([[-1, 3]], np.int16), Rescale(2, 1))
    assert found.dtype == np.float32
    np.testing.assert_array_equal(found, [[-1, 7]])


@pytest.mark.parametrize(
    ("center", "width", "function"),
    [
        (0, 0.5, VoiFunction.LINEAR),
        (0, 0, EXACT),
        (float("nan"), 5, EXACT),
        (0, float("inf"), SIGMOID),
    ],
)
def test_impossible_windows_are_refused(center: float, width: float, function: VoiFunction) -> None:
    with pytest.raises(ValueError, match="window"):
        Window(center, width, function)
