"""Subtraction of clips: one mask wherever frames are made, marked wherever they are shown."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tests.services.clips import cine, moving
from xray_studio.core.clip import Clip
from xray_studio.core.corner_text import Shown, corner_text
from xray_studio.core.errors import UsageError
from xray_studio.core.job import run
from xray_studio.core.mask import FileMask
from xray_studio.core.presentation import Overlay, StoredWindow
from xray_studio.core.workers import Priority
from xray_studio.imaging.phantom import make_angiogram
from xray_studio.services.presets import SUBTRACTION, initial_presentation, presets
from xray_studio.services.processing.pixel_shift import find_shift
from xray_studio.services.processing.process import process
from xray_studio.services.processing.steps import pipeline_of


def angio(frames: np.ndarray | None = None, **facts: Any) -> Clip:
    clip = cine(frames)
    known = {"pixel_intensity": "LIN"} | facts
    return replace(clip, acquisition=replace(clip.acquisition, **known))


def done(clip: Clip, *words: str) -> Clip:
    return process(clip, pipeline_of(words))


def expected(frames: np.ndarray, mask: list[int], index: int) -> np.ndarray:
    there = np.log(frames[mask].mean(axis=0))
    return np.asarray(1000.0 * (np.log(frames[index].astype(float)) - there))


def test_the_mask_is_the_same_for_every_frame_and_in_every_process() -> None:
    frames = moving()
    made = done(angio(frames), "subtract:first=2,count=3")
    for index in (0, 4, 7):
        found = made.source.request(index, Priority.BATCH).result()
        assert np.array_equal(found, made.source.read(index))
        assert made[index] == pytest.approx(expected(frames, [1, 2, 3], index), abs=0.26)


def test_the_mask_of_the_file_is_taken() -> None:
    frames = moving()
    made = done(angio(frames, mask=FileMask((2, 5))), "subtract")
    assert made[7] == pytest.approx(expected(frames, [2, 5], 7), abs=0.26)


@pytest.mark.parametrize("before", ["median", "running-mean", "recursive", "motion-adaptive"])
def test_the_mask_is_made_of_frames_after_the_steps_before(before: str) -> None:
    clip = angio()
    smooth = done(clip, before)
    whole = done(clip, before, "subtract:first=3,count=2")
    mask = np.log((smooth[2] + smooth[3]) / 2)
    told = 1000 * (np.log(smooth[6]) - mask)
    # the frames of `smooth` are rounded to its own numbers
    assert whole[6] == pytest.approx(told, abs=1.0)


def test_steps_after_work_on_differences() -> None:
    made = done(angio(), "subtract:first=1", "gaussian")
    assert made.processed == ("DSA", "DENOISED")
    assert made[0] == pytest.approx(np.zeros((48, 64)), abs=1e-6)


def test_values_that_a_step_bent_have_no_logarithm_taken() -> None:
    made = done(angio(), "gamma", "subtract:first=1")
    assert made.steps[1].told.endswith("no logarithm (the file does not ask for one)")
    inverted = replace(angio(), pixels=replace(angio().pixels, inverted=True))
    assert "no logarithm" in done(inverted, "subtract").steps[0].told


@pytest.mark.parametrize(("words", "told"), [
    ("subtract:first=9", "Subtraction: there is no mask frame 9; the clip has 8"),
    ("subtract:first=7,count=3", "there is no mask frame 9"),
])  # fmt: skip
def test_masks_beyond_the_clip_are_refused(words: str, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        done(angio(), words)


def test_what_has_no_mask_is_refused() -> None:
    with pytest.raises(UsageError, match="needs at least 2 frames; this has 1"):
        done(angio(moving(1)), "subtract")
    with pytest.raises(UsageError, match="needs a grey picture"):
        done(cine(np.zeros((4, 20, 20, 3), np.uint8)), "subtract")
    with pytest.raises(UsageError, match="Choose the mask frames"):
        done(angio(mask=FileMask(refused="the file names several masks.")), "subtract")


def test_pictures_are_marked_and_have_a_window_of_their_own() -> None:
    made = done(angio(mask=FileMask((1, 2, 3), 0.5, -0.25)), "subtract")
    for overlay in (Overlay.ALL, Overlay.ANONYMOUS, Overlay.NONE):
        assert corner_text(made, Shown(), overlay).badges[:2] == ("PROCESSED", "DSA")
    lines = corner_text(made, Shown(), Overlay.ANONYMOUS).bottom_left
    assert lines[:2] == (
        "Mask frames 2-4 (as the file says)",
        "Mask moved 0.5 right, 0.25 up (pixels) · logarithm",
    )
    window = initial_presentation(made).voi
    assert isinstance(window, StoredWindow)
    assert window == presets(made)[0]
    assert SUBTRACTION in str(window)


def test_the_shift_is_found_and_told() -> None:
    made = make_angiogram(3, 1, 256)
    still, read = made.noise_free(0), made.scene.detector.read
    frames = np.stack([read(np.roll(still, (0, 3 * (index > 2)), (0, 1)), index)
                       for index in range(6)])  # fmt: skip
    clip = angio(frames)
    found = run(find_shift(clip, pipeline_of(["subtract:first=1,count=2,right=0.5"]), 5))
    assert found.step.values()["right"] == pytest.approx(3.0, abs=0.2)
    assert found.step.values()["down"] == pytest.approx(0.0, abs=0.2)
    assert "less fine detail of the background is left" in found.sentence
    stays = run(find_shift(clip, pipeline_of(["subtract:first=1,count=2"]), 2))
    assert stays.sentence.startswith("The mask stays")
    with pytest.raises(UsageError, match="one of the mask"):
        run(find_shift(clip, pipeline_of(["subtract:first=1,count=2"]), 1))
    with pytest.raises(UsageError, match="Subtract a mask first"):
        run(find_shift(clip, pipeline_of(["median"]), 1))
