"""What each enhancement improves by default, on films of the phantom whose truth is known."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

import xray_studio as xs
from tests.imaging.films import Film, area_under_roc, film, wider
from tests.imaging.test_steps_contract import ends
from xray_studio.core.errors import UsageError
from xray_studio.core.job import run
from xray_studio.core.parameter import Parameter, parameters_of
from xray_studio.core.pipeline import applied
from xray_studio.core.scene import Scene
from xray_studio.core.step import Image, Stack
from xray_studio.imaging.steps.edges import gaussian_derivatives
from xray_studio.imaging.steps.grid_lines import lines
from xray_studio.imaging.steps.vesselness import Vesselness
from xray_studio.services.processing.process import process, scene_of
from xray_studio.services.processing.steps import STEPS, pipeline_of, step_of

SEEDS = (4, 7)
NEW = ("clahe", "unsharp", "multiscale", "gamma", "flatten", "edges", "vesselness")
XA = "dicom/dbdicom__0002.DCM"


@pytest.fixture(params=SEEDS, ids=lambda seed: f"patient-{seed}")
def seen(request: pytest.FixtureRequest) -> Film:
    return film(request.param)


def plain(seen: Film) -> tuple[Image, Image]:
    return seen.first, seen.second


def test_multiscale_lifts_vessels_more_than_noise(seen: Film) -> None:
    made = seen.after("multiscale")
    for where in (seen.vessels, seen.thin):
        before, after = seen.contrast(plain(seen), where), seen.contrast(made, where)
        assert after > 1.25 * before
        assert after / seen.noise(made) > 1.01 * before / seen.noise(plain(seen))


def test_unsharp_steepens_vessels_and_spares_noise(seen: Film) -> None:
    def steepness(pair: tuple[Image, Image]) -> float:
        border = wider(seen.vessels, 3) & ~wider(seen.vessels, 1)
        mean = (pair[0] + pair[1]) / 2
        return float(np.hypot(*np.gradient(mean))[border].mean())

    made, careless = seen.after("unsharp"), seen.after("unsharp:threshold=0")
    assert steepness(made) > 1.2 * steepness(plain(seen))
    assert seen.noise(made) < 1.25 * seen.noise(plain(seen)) < seen.noise(careless)


def test_clahe_shows_vessels_in_more_greys(seen: Film) -> None:
    made = seen.after("clahe")
    before, after = (seen.contrast(pair, seen.vessels) for pair in (plain(seen), made))
    assert after > 1.5 * before
    assert seen.noise(made) / seen.noise(plain(seen)) < 1.2 * after / before
    assert np.array_equal(seen.after("clahe:strength=0")[0], seen.first)
    assert seen.after("clahe:limit=1")[0] == pytest.approx(seen.first, abs=0.5)


def test_clahe_keeps_the_depth_of_a_frame(seen: Film) -> None:
    made = seen.after("clahe")[0]
    assert len(np.unique(np.rint(made))) > 0.9 * len(np.unique(seen.first))


def test_gamma_shows_more_in_the_dark_and_keeps_the_order(seen: Film) -> None:
    dark = seen.field & (seen.true < np.percentile(seen.true[seen.field], 25))
    made = seen.after("gamma")
    assert np.ptp(np.percentile(made[0][dark], (5, 95))) > 1.05 * np.ptp(
        np.percentile(seen.first[dark], (5, 95))
    )
    ordered = np.argsort(seen.first.ravel(), kind="stable")
    assert (np.diff(made[0].ravel()[ordered]) >= 0).all()


def test_flatten_takes_the_background_and_leaves_vessels(seen: Film) -> None:
    def spread(frame: Image) -> float:
        field = seen.field.astype(np.float32)
        share = np.maximum(cv2.GaussianBlur(field, (0, 0), 40), 1e-3)
        return float((cv2.GaussianBlur(frame * field, (0, 0), 40) / share)[seen.field].std())

    made = seen.after("flatten")
    assert spread(made[0]) < 0.5 * spread(seen.first)
    kept = seen.contrast(made, seen.vessels) / seen.contrast(plain(seen), seen.vessels)
    assert kept == pytest.approx(1.0, abs=0.1)
    covered = seen.true < 1.0
    assert np.abs(made[0] - seen.first)[covered].mean() < 1.0


def with_grid(frame: Image, across: float, down: float, share: float) -> Image:
    y, x = np.mgrid[: frame.shape[0], : frame.shape[1]]
    wave = np.cos(2 * np.pi * (across * x + down * y))
    made: Image = (frame * (1 + share * wave)).astype(np.float32)
    return made


@pytest.mark.parametrize(
    "line", [(0.31, 0.004, 0.03), (0.22, 0.0, 0.01), (0.45, -0.01, 0.02), (0.002, 0.37, 0.02)]
)
def test_grid_lines_go_and_nothing_else(line: tuple[float, float, float]) -> None:
    seen = film()
    ruled = with_grid(seen.first, *line)
    made = applied(step_of("grid-lines"), Stack(ruled[None]), seen.scene)
    left, added = (made - seen.first)[seen.field], (ruled - seen.first)[seen.field]
    assert left.std() < 0.2 * added.std(), "14 dB of the lines' power at least"


def test_a_film_without_grid_stays_bit_for_bit(seen: Film) -> None:
    assert lines(seen.first) == []
    assert np.array_equal(seen.after("grid-lines")[0], seen.first)
    noise = np.random.default_rng(1).normal(0, 1, (256, 300)).astype(np.float32)
    assert lines(noise) == []


def test_vesselness_finds_the_vessels(seen: Film) -> None:
    made = seen.after("vesselness")[0]
    found = area_under_roc(made[seen.field], seen.vessels[seen.field])
    wide = cv2.GaussianBlur(seen.first, (0, 0), 10)
    darker = area_under_roc((wide - seen.first)[seen.field], seen.vessels[seen.field])
    assert found > 0.84
    assert found > darker + 0.02
    assert 0.0 <= made.min() <= made.max() <= 1.0


def test_edges_are_those_of_the_film_without_noise(seen: Film) -> None:
    true, rough = (np.hypot(*np.gradient(frame)) for frame in (seen.true, seen.first))
    inside = cv2.erode(seen.field.astype(np.uint8), np.ones((25, 25))).astype(bool)
    found, other = (
        np.corrcoef(frame[inside], true[inside])[0, 1] for frame in (seen.after("edges")[0], rough)
    )
    assert found > 0.93
    assert 1 - found < 0.8 * (1 - other), "a fifth less that the truth does not explain"


def test_the_outline_of_the_collimator_is_no_edge_and_no_vessel(seen: Film) -> None:
    outline = wider(seen.true < 1.0, 9) & (seen.true < 1.0)
    for name in ("edges", "vesselness"):
        made = seen.after(name)[0]
        assert made[outline].max() == 0.0


@pytest.mark.parametrize("sigma", [0.5, 1.3, 6.0])
def test_derivatives_of_a_parabola_are_exact(sigma: float) -> None:
    smooth, slope, bend = (one.astype(np.float64) for one in gaussian_derivatives(sigma))
    at = np.arange(len(smooth)) - len(smooth) // 2
    assert [smooth.sum(), slope.sum(), bend.sum()] == pytest.approx([1, 0, 0], abs=1e-5)
    assert (slope * at).sum() == pytest.approx(1, abs=1e-5)
    assert (bend * at**2).sum() == pytest.approx(2, abs=1e-4)


def test_vesselness_is_that_of_scikit_image_at_one_scale(seen: Film) -> None:
    from skimage.filters import frangi

    made = seen.after("vesselness:narrow=6,wide=6")[0]
    other = frangi(seen.first, sigmas=[3.0], black_ridges=True)
    inside = cv2.erode(seen.field.astype(np.uint8), np.ones((31, 31))).astype(bool)
    ranks = [np.argsort(np.argsort(frame[inside])) for frame in (made, other)]
    assert np.corrcoef(ranks)[0, 1] > 0.9


def test_widths_in_millimetres_need_their_size(seen: Film) -> None:
    pixels = seen.after("vesselness:narrow=2,wide=10")[0]
    known = replace(seen, scene=replace(seen.scene, spacing=(0.5, 0.5)))
    assert np.array_equal(known.after("vesselness:narrow=1,wide=5,unit=mm")[0], pixels)
    unknown = replace(seen.scene, spacing=None)
    with pytest.raises(UsageError, match="give widths in pixels"):
        Vesselness(unit="mm").output(unknown)


@pytest.fixture(scope="module")
def angiogram(shared_data: Path) -> tuple[Image, Scene]:
    """The middle frame of a real angiogram with contrast, as if the size of pixels were known."""
    clip = xs.open(shared_data / XA)
    frame = np.asarray(clip[len(clip) // 2], np.float32)
    return frame, replace(run(scene_of(clip)), spacing=(0.3, 0.3))


def strong(change: Image, frame: Image) -> float:
    """Return what the most changed twentieth of the pixels changes at least, of the usual range."""
    return float(np.percentile(np.abs(change), 95) / np.ptp(np.percentile(frame, (1, 99))))


@pytest.mark.parametrize("name", NEW)
def test_the_default_visibly_acts_on_a_real_angiogram(
    name: str, angiogram: tuple[Image, Scene]
) -> None:
    frame, scene = angiogram
    assert strong(applied(step_of(name), Stack(frame[None]), scene) - frame, frame) > 0.02


PARAMETERS = [(name, one) for name in NEW for one in parameters_of(step_of(name))]


@pytest.mark.parametrize(
    ("name", "parameter"), PARAMETERS, ids=[f"{name}-{one.name}" for name, one in PARAMETERS]
)
def test_every_parameter_visibly_acts_on_a_real_angiogram(
    name: str, parameter: Parameter, angiogram: tuple[Image, Scene]
) -> None:
    frame, scene = angiogram
    few, many = both_ends(name, parameter, frame, scene)
    assert strong(few - many, max((few, many), key=np.ptp)) > 0.02


@pytest.mark.parametrize("parameter", parameters_of(step_of("grid-lines")), ids=lambda p: p.name)
def test_grid_lines_on_a_real_angiogram_go_as_parameters_say(
    parameter: Parameter, angiogram: tuple[Image, Scene]
) -> None:
    frame, scene = angiogram
    ruled = with_grid(frame, 0.31, 0.004, 0.02)
    few, many = both_ends("grid-lines", parameter, ruled, scene)
    assert strong(few - many, frame) > 0.2 * strong(ruled - frame, frame)


def both_ends(name: str, parameter: Parameter, frame: Image, scene: Scene) -> tuple[Image, Image]:
    """Return what a step makes with a parameter at either end of its range."""
    made = [
        applied(replace(step_of(name), **{parameter.name: end}), Stack(frame[None]), scene)
        for end in (ends(parameter)[0], ends(parameter)[-1])
    ]
    return made[0], made[1]


def test_a_real_angiogram_without_a_grid_is_left_alone(shared_data: Path) -> None:
    clip = xs.open(shared_data / XA)
    made = process(clip, pipeline_of(["grid-lines"]))
    assert np.array_equal(made[10], clip[10])


def test_every_new_step_is_listed() -> None:
    assert {*NEW, "grid-lines"} <= set(STEPS.entries())
