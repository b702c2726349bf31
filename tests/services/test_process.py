"""Processed clips: the same pixels however frames are asked for."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.services.clips import Frames, cine, moving
from xray_studio.core.errors import UsageError
from xray_studio.core.job import run
from xray_studio.core.lut import Pixels
from xray_studio.core.pipeline import Pipeline
from xray_studio.core.processed import values_seen
from xray_studio.core.workers import Priority
from xray_studio.services.process import prepare, process, processed
from xray_studio.services.steps import pipeline_of, step_of

TWO = ("gaussian:sigma=1.5", "gaussian:sigma=0.5")


def test_a_frame_is_the_same_from_a_worker_process() -> None:
    made = process(cine(moving(5)), pipeline_of(TWO))
    asked = [made.source.request(index, Priority.BATCH) for index in range(5)]
    for index, future in enumerate(asked):
        assert np.array_equal(future.result(), made.source.read(index))


def test_a_processed_clip_says_so() -> None:
    before = cine(moving(3))
    made = process(before, pipeline_of(TWO))
    assert made.processed == ("DENOISED",)
    assert made[0].shape == before[0].shape
    assert process(before, Pipeline()) is before


def test_words_of_a_step_name_it_again() -> None:
    step = step_of("gaussian:sigma=2.5")
    assert step_of(step.words()) == step


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("nonsense", "There is no step 'nonsense'"),
        ("gaussian:width=2", "Gaussian has no width; it has sigma."),
        ("gaussian:sigma=0", "Gaussian: sigma is 0.2 to 10 pixels, not 0.0."),
        ("gaussian:sigma=nan", "Gaussian: sigma is 0.2 to 10 pixels, not nan."),
        ("gaussian:sigma=1,sigma=2", "Gaussian: sigma stands there twice; give it once."),
        ("gaussian:sigma=1_0", "Gaussian: sigma is a number, not 1_0."),
        ("median:size=\uff13", "Median: size is a whole number, not \uff13."),
        ("gaussian:sigma=much", "Gaussian: sigma is a number, not much."),
    ],
)
def test_what_no_step_can_be_is_told(words: str, told: str) -> None:
    with pytest.raises(UsageError if ":" in words else Exception, match=told):
        step_of(words)


def test_a_run_through_a_clip_tells_every_frame_and_stops_at_any() -> None:
    clip = cine(moving(6))
    job = processed(clip, pipeline_of(["recursive"]))
    told = [progress for progress in job if progress.total]
    assert [one.done for one in told if one.total == 6] == [*range(6)]
    job = processed(clip, pipeline_of(["recursive"]))
    next(progress for progress in job if progress.done == 3)
    job.close()


def test_noise_behind_a_recursive_step_is_that_which_it_leaves() -> None:
    rng = np.random.default_rng(4)
    still = np.clip(np.rint(2000 + rng.normal(0, 60, (24, 96, 128))), 0, 4095).astype(np.uint16)
    clip = cine(still)
    made = process(clip, pipeline_of(["recursive:gain=0.5"]))
    left = float(np.var(values_seen(made, made.source.read(20), 20)))
    steps = pipeline_of(["recursive:gain=0.5", "gaussian:sigma=0.5"])
    scene = run(prepare(clip, steps)).scenes[1]
    assert scene.noise.variance(2000.0) == pytest.approx(left, rel=0.3)


@pytest.mark.parametrize(
    ("frames", "bits"),
    [
        (0.5 + 0.1 * np.sin(np.arange(3 * 40 * 50)).reshape(3, 40, 50).astype(np.float32), 32),
        (np.arange(3 * 40 * 50).reshape(3, 40, 50).astype(np.uint32), 32),
        (-1e2 + 1e-3 * np.arange(3 * 40 * 50).reshape(3, 40, 50), 64),
    ],
    ids=["float", "32 bits", "double"],
)
def test_the_bits_of_wide_numbers_tell_no_range(frames: np.ndarray, bits: int) -> None:
    clip = replace(cine(moving(3)), source=Frames(frames), pixels=Pixels(bits), windows=())
    made = process(clip, pipeline_of(["grid-lines"]))  # too small for any: values stay
    for index, frame in enumerate(frames):
        error = values_seen(made, made.source.read(index), index) - frame
        assert np.abs(error).max() < 1e-4 * np.ptp(frames)


def test_numbers_that_are_none_are_refused() -> None:
    frames = np.full((3, 20, 20), np.nan, np.float32)
    clip = replace(cine(moving(3)), source=Frames(frames), pixels=Pixels(32), windows=())
    with pytest.raises(UsageError, match="no finite numbers"):
        process(clip, pipeline_of(["gaussian"]))
    frames[:] = np.arange(20)
    frames[2, 3, 4] = np.nan
    made = process(clip, pipeline_of(["gaussian"]))
    assert np.isfinite(values_seen(made, made.source.read(1), 1)).all()
    with pytest.raises(UsageError, match="Gaussian cannot process values that are no finite"):
        made.source.read(2)
