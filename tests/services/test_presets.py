"""Windows a clip offers, the automatic one, and how a clip opens."""

from __future__ import annotations

import gc
import weakref
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.dicom.objects import picture
from tests.imaging.test_render import Held
from xray_studio.core.clip import Acquisition, Clip, Frame
from xray_studio.core.corner_text import voi_text
from xray_studio.core.errors import UnreadableError
from xray_studio.core.lut import LookupTable, Pixels, Rescale
from xray_studio.core.presentation import Presentation, Window
from xray_studio.core.workers import Priority
from xray_studio.dicom.clip import open_clip
from xray_studio.imaging.render import render
from xray_studio.services.presets import (
    AUTO,
    OUTSIDE,
    auto_window,
    grey_range,
    initial_presentation,
    presets,
)

TABLE = LookupTable(0, 8, bytes(512))


def clip_of(stack: np.ndarray, kind: str = "OT", **facts: Any) -> Clip:
    bits = 8 * stack.dtype.itemsize
    defaults = {
        "pixels": Pixels(bits=bits, signed=stack.dtype.kind == "i"),
        "acquisition": Acquisition(modality=kind),
    }
    return Clip(Held(stack), **(defaults | facts))


def waves(kind: str = "uint16", high: int = 4095, frames: int = 3) -> np.ndarray:
    return np.stack([picture(0, high, (40, 50), seed) for seed in range(frames)]).astype(kind)


def names(windows: tuple[Window, ...]) -> list[str]:
    return [window.explanation for window in windows]


def test_the_files_windows_come_first() -> None:
    own = (Window(40, 400, explanation="A"), Window(10, 20, explanation="B"))
    clip = clip_of(waves("int16"), "CT", windows=own, modality=(Rescale(1, -1024, "HU"),))
    offered = presets(clip)
    assert offered[:2] == own
    assert names(offered[2:]) == ["Soft tissue", "Lung", "Liver", "Bone", "Brain", "Mediastinum"]
    assert (offered[3].width, offered[3].center) == (1500, -600)


def test_a_ct_without_hounsfield_units_has_no_tissue_windows() -> None:
    assert "Lung" not in names(presets(clip_of(waves(), "CT")))


@pytest.mark.parametrize("inverted", [False, True])
def test_radiographs_have_parts_of_their_data_range(inverted: bool) -> None:
    clip = clip_of(waves(), "DX", pixels=Pixels(bits=12, inverted=inverted))
    offered = {window.explanation: window for window in presets(clip)}
    assert list(offered) == ["Full range", "1st to 99th percentile", "Lung", "Bone"]
    # The lungs are dark and the bones bright, whichever way the grey values run.
    lung = render(clip, 0, Presentation(voi=offered["Lung"])).mean()
    bone = render(clip, 0, Presentation(voi=offered["Bone"])).mean()
    assert lung > bone


def test_presets_of_the_same_greys_are_offered_once() -> None:
    flat = np.full((3, 40, 50), 7, np.uint16)
    flat[:, :20] = 9
    assert names(presets(clip_of(flat, "MR"))) == ["Full range"]


def test_angiograms_have_the_full_range_and_a_narrow_window() -> None:
    clip = clip_of(waves(), "XA", pixels=Pixels(bits=12))
    stored, vessel = presets(clip)
    assert names((stored, vessel)) == ["As stored", "Vessel"]
    np.testing.assert_array_equal(
        render(clip, 0, Presentation(voi=stored)), render(clip, 0, Presentation())
    )
    assert vessel.width < stored.width / 1.5


def test_colours_have_no_windows() -> None:
    clip = clip_of(np.zeros((2, 4, 5, 3), np.uint8))
    assert presets(clip) == ()
    assert initial_presentation(clip) == Presentation()


def test_a_clip_opens_with_the_files_window() -> None:
    clip = clip_of(waves(), windows=(Window(2000, 1500),), voi_luts=(TABLE,))
    assert initial_presentation(clip).voi == Window(2000, 1500)


def test_a_window_outside_the_data_gives_way_and_says_so() -> None:
    for window in (Window(90_000, 100), Window(-500, 100)):
        voi = initial_presentation(clip_of(waves(), windows=(window,))).voi
        assert isinstance(voi, Window)
        assert voi.explanation == OUTSIDE
        shown = render(clip_of(waves()), 0, Presentation(voi=voi))
        assert shown.std() > 30


def test_without_a_window_the_first_table_is_used() -> None:
    assert initial_presentation(clip_of(waves(), voi_luts=(TABLE,))).voi == 0


def test_eight_bit_pictures_open_as_they_are_stored() -> None:
    assert initial_presentation(clip_of(waves("uint8", 255))).voi is None
    dark = initial_presentation(clip_of(waves("uint8", 20))).voi
    assert isinstance(dark, Window)
    deep = initial_presentation(clip_of(waves())).voi
    assert isinstance(deep, Window)
    assert deep.explanation == AUTO


def test_padding_and_the_corners_of_a_ct_do_not_count() -> None:
    stack = waves("int16", 400)
    stack[:, :20] = -2000
    padded = clip_of(stack, pixels=Pixels(signed=True, padding=(-2000, -2000)))
    assert auto_window(padded, 0).center - auto_window(padded, 0).width / 2 >= 0
    scanner = clip_of(stack, "CT", modality=(Rescale(1, -24, "HU"),))
    found = grey_range(scanner, 0)
    assert found is not None
    assert found.lowest > -30


def test_one_window_holds_for_frames_of_all_brightness() -> None:
    stack = waves(frames=5)
    stack[0] //= 20
    stack[4] *= 3
    clip = clip_of(stack)
    window = auto_window(clip, 2)
    assert window == auto_window(clip, 0)
    assert window.center + window.width / 2 > 8000


def test_values_within_a_thousandth_are_shown_from_black_to_white() -> None:
    stack = (waves() / 4095 * 0.003).astype(np.float32)
    clip = clip_of(stack)
    opened = initial_presentation(clip).voi
    for window in (opened, auto_window(clip, 0), *presets(clip)):
        assert isinstance(window, Window)
        assert 0 < window.width <= 0.0031
        shown = render(clip, 0, Presentation(voi=window))
        assert (shown.min(), shown.max()) == (0, 255)
    full = next(w for w in presets(clip) if w.explanation == "Full range")
    assert voi_text(full) == "W 0.003 L 0.0015"


def test_looking_at_a_clip_keeps_none_of_its_frames() -> None:
    clip = clip_of(waves())
    assert grey_range(clip, 0) is grey_range(clip, 0)
    kept = weakref.ref(clip.source)
    del clip
    gc.collect()
    assert kept() is None


class GivenUp(Held):
    """A source whose first answers are cancelled by somebody else."""

    answers = 0

    def request(self, index: int, priority: Priority) -> Future[Frame]:
        type(self).answers += 1
        if self.answers > 4:
            return super().request(index, priority)
        future: Future[Frame] = Future()
        future.cancel()
        return future


def test_a_frame_that_others_gave_up_is_asked_for_anew() -> None:
    clip = clip_of(waves())
    again = clip.with_source(GivenUp(waves()))
    assert grey_range(again, 0) == grey_range(clip, 0)


def test_the_frame_in_view_counts() -> None:
    stack = waves(frames=9)
    stack[6] *= 5
    assert auto_window(clip_of(stack), 6).width > auto_window(clip_of(stack), 0).width


def test_masks_are_shown_by_their_extremes() -> None:
    mask = np.zeros((1, 100, 100), np.uint16)
    mask[0, :3, :3] = 7
    window = auto_window(clip_of(mask), 0)
    assert (window.center, window.width) == (3.5, 7.0)


def test_a_flat_picture_is_grey() -> None:
    flat = clip_of(np.full((1, 9, 9), 5, np.uint16))
    assert (render(flat, 0, Presentation(voi=auto_window(flat, 0))) == 128).all()


class Broken(Held):
    """A source whose frames cannot be decoded."""

    def read(self, index: int) -> Frame:
        raise UnreadableError("damaged")

    def request(self, index: int, priority: object) -> Any:
        from concurrent.futures import Future

        future: Future[Frame] = Future()
        future.set_exception(UnreadableError("damaged"))
        return future


def test_frames_that_cannot_be_decoded_leave_a_usable_window() -> None:
    clip = Clip(Broken(waves()), pixels=Pixels(bits=12))
    assert auto_window(clip, 0).width == 4095
    assert presets(clip) == ()
    assert isinstance(initial_presentation(clip).voi, Window)
    assert initial_presentation(Clip(Broken(waves()), windows=(Window(9, 9),))).voi == Window(9, 9)


@settings(max_examples=30, deadline=None)
@given(
    low=st.integers(-30000, 29000),
    span=st.integers(0, 3000),
    slope=st.floats(0.01, 10),
    seed=st.integers(0, 99),
)
def test_the_automatic_window_always_shows_most_of_the_picture(
    low: int, span: int, slope: float, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    stack = rng.integers(low, low + span, (1, 20, 20), dtype=np.int16, endpoint=True)
    clip = clip_of(stack, modality=(Rescale(slope, 3.0),))
    window = auto_window(clip, 0)
    values = clip[0].astype(float)
    inside = np.abs(values - window.center) <= window.width / 2 + 1e-3 * window.width + 1e-2
    assert inside.mean() > 0.95


def test_real_files_open_with_a_picture(shared_data: Path) -> None:
    """No file opens black, white or flat."""
    for path in sorted((shared_data / "dicom").iterdir()):
        clip = open_clip([str(path)])
        if clip.rows < 16:
            continue
        shown = render(clip, len(clip) // 2, initial_presentation(clip))
        assert shown.std() > 10, path.name
        assert 2 < shown.mean() < 250, path.name
