"""Rendering: every stored type through the right table, colours as they are, turned for export."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xray_studio.core.clip import Clip, Frame
from xray_studio.core.errors import UsageError
from xray_studio.core.lut import LookupTable, Pixels, Rescale, display_table
from xray_studio.core.presentation import Presentation, VoiFunction, Window
from xray_studio.core.workers import Priority, done
from xray_studio.imaging.render import oriented, render

KINDS = ["uint8", "int8", "uint16", "int16", "uint32", "int32"]


@dataclass(frozen=True, eq=False)
class Held:
    """A source of frames in memory, read-only."""

    stack: np.ndarray

    @property
    def shape(self) -> tuple[int, ...]:
        return self.stack.shape

    @property
    def dtype(self) -> np.dtype[Any]:
        return self.stack.dtype

    def read(self, index: int) -> Frame:
        frame = self.stack[index]
        frame.flags.writeable = False
        return frame

    def request(self, index: int, priority: Priority) -> Future[Frame]:
        return done(self.read(index))


def clip_of(frame: np.ndarray, **facts: Any) -> Clip:
    bits = frame.dtype.itemsize * 8
    pixels = Pixels(bits=bits, signed=frame.dtype.kind == "i")
    return Clip(Held(frame[np.newaxis]), **({"pixels": pixels} | facts))


def ramp(kind: str) -> np.ndarray:
    limits = np.iinfo(kind)
    return np.linspace(limits.min, limits.max, 24).astype(kind).reshape(4, 6)


@pytest.mark.parametrize("kind", KINDS)
def test_the_full_range_goes_from_black_to_white(kind: str) -> None:
    shown = render(clip_of(ramp(kind)), 0, Presentation())
    assert shown.dtype == np.uint8
    assert shown.flags.c_contiguous
    assert (shown[0, 0], shown[-1, -1]) == (0, 255)
    assert (np.diff(shown.ravel().astype(int)) >= 0).all()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("function", VoiFunction)
def test_all_types_agree_under_a_window(kind: str, function: VoiFunction) -> None:
    frame = np.arange(0, 120, 5).reshape(4, 6)
    presentation = Presentation(voi=Window(60, 50, function))
    expected = render(clip_of(frame.astype(np.int16)), 0, presentation)
    found = render(clip_of(frame.astype(kind)), 0, presentation)
    np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("kind", ["float32", "float64"])
def test_floating_frames_are_computed(kind: str) -> None:
    frame = np.linspace(-1.5, 2.5, 24).reshape(4, 6).astype(kind)
    frame[0, 0] = np.nan
    clip = clip_of(frame, modality=(Rescale(2.0, 1.0),))
    shown = render(clip, 0, Presentation(voi=Window(2.0, 4.0, VoiFunction.LINEAR_EXACT)))
    expected = np.clip((frame * 2 + 1 - 2) / 4 + 0.5, 0, 1) * 255
    expected[0, 0] = 0
    np.testing.assert_allclose(shown, expected, atol=0.51)
    full = render(clip_of(frame[1:]), 0, Presentation())
    assert (full.min(), full.max()) == (0, 255)


@pytest.mark.parametrize("voi", [None, Window(0.5, 0.5, VoiFunction.LINEAR_EXACT)])
def test_strips_do_not_show(monkeypatch: pytest.MonkeyPatch, voi: Window | None) -> None:
    frame = np.random.default_rng(1).random((11, 5)).astype(np.float32)
    whole = render(clip_of(frame), 0, Presentation(voi=voi))
    monkeypatch.setattr("xray_studio.imaging.wide.PIECE", 10)
    np.testing.assert_array_equal(render(clip_of(frame), 0, Presentation(voi=voi)), whole)


def test_a_flat_floating_frame_does_not_divide_by_zero() -> None:
    assert render(clip_of(np.full((2, 3), 7.0)), 0, Presentation()).shape == (2, 3)
    assert render(clip_of(np.full((2, 3), np.nan)), 0, Presentation()).shape == (2, 3)


def test_inversion_and_monochrome1() -> None:
    frame = ramp("uint8")
    plain = render(clip_of(frame), 0, Presentation())
    turned = render(clip_of(frame), 0, Presentation(invert=True))
    np.testing.assert_array_equal(turned, 255 - plain)
    dark = clip_of(frame, pixels=Pixels(bits=8, inverted=True))
    np.testing.assert_array_equal(render(dark, 0, Presentation()), turned)
    np.testing.assert_array_equal(render(dark, 0, Presentation(invert=True)), plain)


@pytest.mark.parametrize("kind", ["uint16", "int32"])
def test_padding_is_black(kind: str) -> None:
    frame = ramp("uint8").astype(kind)
    pixels = Pixels(bits=8, inverted=True, padding=(0, 40))
    shown = render(clip_of(frame, pixels=pixels), 0, Presentation(voi=Window(128, 256)))
    assert not shown[frame <= 40].any()
    assert shown[frame > 40].any()


def test_stored_tables_are_chosen_by_position() -> None:
    tables = tuple(
        LookupTable(0, 8, np.array(entries, "<u2").tobytes()) for entries in ([0, 255], [255, 0])
    )
    clip = clip_of(np.array([[0, 1]], np.uint8), voi_luts=tables)
    assert render(clip, 0, Presentation(voi=0)).tolist() == [[0, 255]]
    assert render(clip, 0, Presentation(voi=1)).tolist() == [[255, 0]]
    for absent in (2, -1):
        with pytest.raises(UsageError, match="the file has 2"):
            render(clip, 0, Presentation(voi=absent))


def test_each_frame_keeps_its_own_rescale() -> None:
    stack = np.full((2, 2, 3), 20, np.uint16)
    clip = Clip(Held(stack), modality=(Rescale(1.0), Rescale(10.0)))
    window = Presentation(voi=Window.spanning(0, 100))
    assert render(clip, 0, window)[0, 0] == 51
    assert render(clip, 1, window)[0, 0] == 255


def test_colours_pass_through_and_turn_round() -> None:
    frame = np.random.default_rng(0).integers(0, 256, (5, 6, 3), dtype=np.uint8)
    clip = clip_of(frame)
    np.testing.assert_array_equal(render(clip, 0, Presentation(voi=Window(1, 2))), frame)
    np.testing.assert_array_equal(render(clip, 0, Presentation(invert=True)), 255 - frame)


def test_a_frame_at_hand_is_not_read_again() -> None:
    clip = clip_of(np.zeros((2, 3), np.uint8))
    at_hand = np.full((2, 3), 255, np.uint8)
    assert (render(clip, 0, Presentation(), at_hand) == 255).all()


@pytest.mark.parametrize("kind", ["uint8", "uint16", "int16"])
def test_frames_that_are_not_contiguous(kind: str) -> None:
    frame = np.arange(96).reshape(8, 12).astype(kind)
    window = Presentation(voi=Window(40, 60))
    clip = clip_of(frame)
    expected = render(clip, 0, window)
    np.testing.assert_array_equal(render(clip, 0, window, frame[::-1, ::2]), expected[::-1, ::2])


@settings(max_examples=40)
@given(
    kind=st.sampled_from(["uint8", "int8", "uint16", "int16"]),
    center=st.floats(-4000, 4000),
    width=st.floats(1, 8000),
    slope=st.floats(0.1, 5),
    seed=st.integers(0, 1000),
)
def test_a_table_equals_the_formula_for_any_frame(
    kind: str, center: float, width: float, slope: float, seed: int
) -> None:
    limits = np.iinfo(kind)
    rng = np.random.default_rng(seed)
    frame = rng.integers(limits.min, limits.max, (7, 5), dtype=kind, endpoint=True)
    clip = clip_of(frame, modality=(Rescale(slope, -10.0),))
    window = Window(center, width)
    table = display_table(clip.pixels, clip.modality[0], window)
    np.testing.assert_array_equal(
        render(clip, 0, Presentation(voi=window)), table[frame.astype(np.int64) % 65536]
    )


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
@pytest.mark.parametrize("horizontal", [False, True])
@pytest.mark.parametrize("vertical", [False, True])
def test_turning_comes_before_flipping(rotation: int, horizontal: bool, vertical: bool) -> None:
    image = np.arange(6, dtype=np.uint8).reshape(2, 3)
    how = Presentation(rotation=rotation, flip_horizontal=horizontal, flip_vertical=vertical)
    found = oriented(image, how)
    expected = np.rot90(image, -rotation // 90)
    expected = np.fliplr(expected) if horizontal else expected
    expected = np.flipud(expected) if vertical else expected
    np.testing.assert_array_equal(found, expected)
    assert found.flags.c_contiguous


def test_a_quarter_turn_is_clockwise() -> None:
    image = np.array([[1, 2]], np.uint8)
    assert oriented(image, Presentation(rotation=90)).tolist() == [[1], [2]]
    assert oriented(image, Presentation(rotation=270)).tolist() == [[2], [1]]
