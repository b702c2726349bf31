"""Processed clips: the same pixels however frames are asked for."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.services.clips import Frames, cine, moving
from xray_studio.core.errors import UsageError
from xray_studio.core.exact import value_type
from xray_studio.core.job import run
from xray_studio.core.lut import Pixels, Rescale, Window, is_padding
from xray_studio.core.pipeline import Pipeline
from xray_studio.core.processed import values_seen
from xray_studio.core.registry import Entry
from xray_studio.core.workers import Priority
from xray_studio.imaging.render import render
from xray_studio.services.presets import initial_presentation
from xray_studio.services.processing.catalogue import steps_known
from xray_studio.services.processing.process import prepare, process, processed
from xray_studio.services.processing.steps import STEPS, pipeline_of, step_of

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


def test_values_that_are_too_large_are_refused_and_exported_as_they_are() -> None:
    clip = replace(cine(moving(1)), modality=(Rescale(1e300, 0.0),))
    assert value_type(clip) == np.float64
    with pytest.raises(UsageError, match="too large to be processed"):
        process(clip, pipeline_of(["gaussian"]))


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


@pytest.mark.parametrize(("padding", "signed"), [((0, 0), False), ((-2000, -1990), True)])
def test_padding_is_neither_smeared_nor_shown(padding: tuple[int, int], *, signed: bool) -> None:
    frames = moving(3).astype(np.int16 if signed else np.uint16)
    frames[:, :, :20] = padding[0]
    frames[:, :5] = padding[1]
    frames[1, 20, 30] = 1 if not signed else -1989  # next to padding, and yet a value
    pixels = Pixels(12 + 4 * signed, signed=signed, inverted=True, padding=padding)
    clip = replace(cine(frames), pixels=pixels, windows=(Window(1500.0, 3000.0),))
    made = process(clip, pipeline_of(["gaussian:sigma=3"]))
    nothing = (frames >= padding[0]) & (frames <= padding[1])
    how = initial_presentation(clip)
    for index in range(3):
        found = is_padding(made.source.read(index), made.pixels.padding)
        assert np.array_equal(found, nothing[index])
        assert not render(made, index, how)[nothing[index]].any()
        values = values_seen(made, made.source.read(index), index)
        assert (values[nothing[index]] == padding[0]).all()
        assert values[20, 20] > 900  # beside the padding
    edges = process(clip, pipeline_of(["edges"]))
    assert edges.pixels.padding is None
    assert values_seen(edges, edges.source.read(1), 1)[30, 15:19].max() < 100


def test_a_broken_step_of_another_package_is_named_and_hides_no_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    broken = Entry("broken", "tests.services.no_such_module:Step")
    entries = {"broken": broken} | STEPS.entries()
    monkeypatch.setattr(STEPS, "entries", lambda: entries)
    assert {"gaussian", "vesselness"} <= {step.name for step in steps_known()}
    with pytest.raises(UsageError, match=r"The step broken cannot be loaded \(ModuleNotFound"):
        step_of("broken")
