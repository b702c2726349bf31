"""What every step keeps to, whatever it does: the registry's entries, one by one."""

from __future__ import annotations

import math
import pickle
from dataclasses import replace

import numpy as np
import pytest

from tests.services.clips import cine
from xray_studio.core.errors import UsageError
from xray_studio.core.parameter import Parameter, parameters_of
from xray_studio.core.pipeline import Pipeline, Prepared, Stage, applied
from xray_studio.core.scene import Kept, Noise, Scene
from xray_studio.core.step import Group, Image, RecursiveStep, Stack, Step
from xray_studio.core.workers import Priority
from xray_studio.services.processing.process import process
from xray_studio.services.processing.steps import STEPS, pipeline_of, step_from, step_of

NAMES = sorted(STEPS.entries())
SCENE = Scene(0.0, 4095.0, Noise(2.0, 25.0), 7, 15.0, "XA", (0.3, 0.3))
SIZES = [(1, 1), (1, 40), (40, 1), (2, 3), (17, 33), (64, 47)]


@pytest.fixture(params=NAMES)
def step(request: pytest.FixtureRequest) -> Step:
    """Each step as it is by default."""
    return step_of(request.param)


def denoisers() -> list[str]:
    return [name for name in NAMES if step_of(name).group is Group.DENOISE]


def stack(frames: np.ndarray, step: Step) -> Stack:
    """Return the stack that a step sees at frame 3 of a clip."""
    if isinstance(step, RecursiveStep):
        return Stack(frames[:4], 3)
    first = max(0, 3 - step.reach.before)
    return Stack(frames[first : 4 + step.reach.after], 3 - first)


def scene_for(step: Step, frames: np.ndarray, scene: Scene = SCENE) -> Scene:
    """Return the scene in which a step works: with what it keeps of the frames that it needs."""
    needed = [min(index, len(frames) - 1) for index in step.needs(scene)]
    kept = Kept(step.needs(scene), step.keep(frames[needed])) if needed else None
    return replace(scene, kept=kept)


def made_of(frames: np.ndarray, step: Step, scene: Scene = SCENE) -> Image:
    """Return frame 3 of a clip after a step."""
    return applied(step, stack(frames, step), scene_for(step, frames, scene))


def cine_of(rows: int, columns: int, seed: int = 1) -> Image:
    """Return seven noisy frames of a bar that moves over a slope."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[:rows, :columns]
    true = np.stack([600 + 4.0 * y + 3.0 * x + 900 * (abs(x - 2 * t - 8) < 3) for t in range(7)])
    noisy = 2.0 * rng.poisson(true / 2.0) + rng.normal(0.0, 5.0, true.shape)
    made: Image = np.clip(noisy, 0, 4095).astype(np.float32)
    return made


@pytest.mark.parametrize("name", denoisers())
@pytest.mark.parametrize("value", [0.0, 1.0, 700.0, 4095.0])
def test_a_constant_stays_what_it_is(name: str, value: float) -> None:
    step = step_of(name)
    made = made_of(np.full((7, 33, 47), value, np.float32), step)
    assert np.abs(made - value).max() <= 1e-3 * max(value, 1.0) * 1e-2


@pytest.mark.parametrize("name", denoisers())
def test_the_mean_stays_within_a_thousandth(name: str) -> None:
    step = step_of(name)
    frames = cine_of(96, 120)
    frames[:, :, :20] = 0.0  # a collimator's edge
    made = made_of(frames, step)
    assert made.mean() == pytest.approx(frames[3].mean(), rel=1e-3)


@pytest.mark.parametrize("name", denoisers())
def test_noise_grows_less_and_nothing_else_is_there(name: str) -> None:
    step = step_of(name)
    rng = np.random.default_rng(3)
    true = np.full((7, 64, 64), 900.0, np.float32)
    noisy = (2.0 * rng.poisson(true / 2.0) + rng.normal(0.0, 5.0, true.shape)).astype(np.float32)
    made = made_of(noisy, step)
    assert (made - 900.0).std() < 0.8 * (noisy[3] - 900.0).std()


@pytest.mark.parametrize("size", SIZES)
def test_every_size_gives_a_finite_picture(step: Step, size: tuple[int, int]) -> None:
    frames = cine_of(*size)
    made = made_of(frames, step)
    assert made.shape == size
    assert made.dtype == np.float32


def test_the_same_input_gives_the_same_output(step: Step) -> None:
    frames = cine_of(61, 83)
    before = frames.copy()
    one = made_of(frames, step)
    assert np.array_equal(one, made_of(frames, step))
    assert np.array_equal(frames, before), "what comes in is left alone"


def test_the_number_of_threads_changes_nothing(step: Step) -> None:
    import cv2

    frames, made, threads = cine_of(150, 170), [], cv2.getNumThreads()
    try:
        for count in (1, 3):
            cv2.setNumThreads(count)
            made.append(made_of(frames, step))
    finally:
        cv2.setNumThreads(threads)
    assert np.array_equal(made[0], made[1])


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_what_is_no_number_is_refused_by_name(step: Step, bad: float) -> None:
    frames = cine_of(20, 20)
    frames[3, 4, 5] = bad
    with pytest.raises(UsageError, match=f"{step.title} cannot process values that are no finite"):
        made_of(frames, step)


def test_too_few_frames_are_refused_by_name(step: Step) -> None:
    if step.least_frames == 1:
        Pipeline((Stage(step),)).check(1)
        return
    with pytest.raises(UsageError, match=f"{step.title} needs at least .* frames; this has 1"):
        process(cine(cine_of(30, 30)[:1].astype(np.uint16)), Pipeline((Stage(step),)))


@pytest.mark.parametrize("noise", [Noise(), Noise(0.0, 1e-9), Noise(1e3, 0.0), Noise(0.0, 1e9)])
def test_large_values_and_strange_noise_are_borne(step: Step, noise: Noise) -> None:
    frames = cine_of(40, 44) * np.float32(1e5) - np.float32(2e8)
    made = made_of(frames, step, Scene(-2e8, 3e8, noise, 7))
    assert np.isfinite(made).all()


def test_without_noise_a_picture_is_not_made_worse_by_rounding(step: Step) -> None:
    made = made_of(np.full((7, 20, 20), 5e8, np.float32), step, Scene(0, 1e9))
    assert made == pytest.approx(5e8, rel=1e-5) or step.group is not Group.DENOISE


def wrong(parameter: Parameter) -> list[object]:
    if parameter.choices:
        return ["nonsense", 3]
    if isinstance(parameter.default, bool):
        return [2, "perhaps"]
    outside = [parameter.low - 1, parameter.high + 1, math.nan, math.inf, "much", None]
    return [*outside, float(parameter.default) + 0.5] if parameter.whole else list(outside)


def test_absurd_parameters_are_refused_by_name_and_value(step: Step) -> None:
    for parameter in parameters_of(step):
        for value in wrong(parameter):
            with pytest.raises(UsageError, match=f"{step.title}: {parameter.name} is ") as caught:
                replace(step, **{parameter.name: value})
            assert str(value) in str(caught.value)


def test_parameters_have_bounds_and_words_for_people(step: Step) -> None:
    assert step.title
    assert step.about.endswith(".")
    for parameter in parameters_of(step):
        assert parameter.title
        numeric = not parameter.choices and not isinstance(parameter.default, bool)
        assert not numeric or (math.isfinite(parameter.low) and math.isfinite(parameter.high))


def test_words_and_tables_and_pickles_give_the_step_again(step: Step) -> None:
    assert step_of(step.words()) == step
    assert step_from(step.name, step.values()) == step
    assert pickle.loads(pickle.dumps(step)) == step


def test_both_ends_of_every_parameter_give_pictures(step: Step) -> None:
    frames = cine_of(32, 36)
    for parameter in parameters_of(step):
        for value in ends(parameter):
            changed = replace(step, **{parameter.name: value})
            made_of(frames, changed)


def ends(parameter: Parameter) -> list[object]:
    if parameter.choices:
        return [name for name, _ in parameter.choices]
    if isinstance(parameter.default, bool):
        return [True, False]
    return [type(parameter.default)(end) for end in (parameter.low, parameter.high)]


def test_a_clip_is_the_same_from_worker_processes(step: Step) -> None:
    made = process(cine(cine_of(40, 56).astype(np.uint16)), Pipeline((Stage(step),)))
    again = process(cine(cine_of(40, 56).astype(np.uint16)), Pipeline((Stage(step),)))
    asked = [made.source.request(index, Priority.BATCH) for index in (0, 3, 6)]
    for index, future in zip((0, 3, 6), asked, strict=True):
        assert np.array_equal(future.result(), again.source.read(index))


def test_the_ends_of_a_clip_are_processed_too(step: Step) -> None:
    made = process(cine(cine_of(30, 34)[: step.least_frames + 1].astype(np.uint16)),
                   pipeline_of([step.name]))  # fmt: skip
    assert [frame.shape for frame in (made[0], made[len(made) - 1])] == [(30, 34)] * 2


def test_a_pipeline_of_all_denoisers_keeps_the_mean() -> None:
    steps = tuple(step_of(name) for name in denoisers() if step_of(name).reach.before == 0)
    steps = tuple(step for step in steps if not isinstance(step, RecursiveStep))
    frames = cine_of(64, 64)
    made = Prepared(steps, (SCENE,) * len(steps)).apply(Stack(frames[3:4]))
    assert made.mean() == pytest.approx(frames[3].mean(), rel=1e-3)
