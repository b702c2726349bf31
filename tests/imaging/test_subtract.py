"""Subtraction against what is known: vessels keep their contrast and what did not change goes."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import ndimage

from xray_studio.core.errors import UsageError
from xray_studio.core.mask import FileMask
from xray_studio.core.pipeline import applied
from xray_studio.core.scene import Kept, Scene
from xray_studio.core.step import Image, Stack
from xray_studio.imaging.moved import moved, reached
from xray_studio.imaging.phantom import make_angiogram
from xray_studio.imaging.pixel_shift import pixel_shift
from xray_studio.imaging.steps.subtract import UNIT, Subtract

SCENE = Scene(0.0, 4095.0, frames=40, intensity="LIN")
MU = 0.06  # contrast medium, per mm of its path
MOTIONS = ((0.0, 0.0), (1.3, -0.7), (-4.6, 2.2), (0.4, 0.3))


@lru_cache(maxsize=1)
def truth() -> tuple[Image, Image, Image, np.ndarray]:
    """Return four mask frames, a frame with vessels, what the vessels take away, and the field.

    The third is the natural logarithm of the part of the radiation that the vessels let through.
    """
    made = make_angiogram(3, 1, 512)
    still, vessels = made.noise_free(0), -MU * made.scene.contrast_path(made.scene.moment(2.0))
    read = made.scene.detector.read
    masks = np.stack([read(still, 10 + index) for index in range(4)]).astype(np.float32)
    frame = read(still * np.exp(vessels), 30).astype(np.float32)
    return masks, frame, vessels.astype(np.float32), made.scene.shutter > 0.999


def subtracted(step: Subtract, masks: Image, frame: Image, scene: Scene = SCENE) -> Image:
    kept = Kept(step.needs(scene), step.keep(masks))
    return applied(step, Stack(frame[None]), replace(scene, kept=kept))


def quiet(vessels: Image, field: np.ndarray) -> np.ndarray:
    """Return where nothing but noise is left: within the field, away from vessels."""
    away = cv2.dilate((vessels < -1e-3).astype(np.uint8), np.ones((9, 9), np.uint8)) == 0
    inner = cv2.erode(field.astype(np.uint8), np.ones((9, 9), np.uint8)) > 0
    return np.asarray(away & inner)


def test_vessels_keep_their_contrast_and_the_background_goes() -> None:
    masks, frame, vessels, field = truth()
    found = subtracted(Subtract(first=1, count=4), masks, frame) / UNIT
    thick = (vessels < -0.02) & field
    slope = np.polyfit(vessels[thick], found[thick], 1)[0]
    background = quiet(vessels, field)
    before, after = np.log(np.maximum(frame, 1.0))[background].std(), found[background].std()
    assert slope == pytest.approx(1.0, abs=0.05)
    assert found[thick].mean() == pytest.approx(vessels[thick].mean(), rel=0.05)
    assert abs(float(found[background].mean())) < 0.002
    assert after < 0.05 * before, f"{before:.4f} to {after:.4f}"


def test_a_mask_of_four_frames_has_less_noise_than_one() -> None:
    masks, frame, vessels, field = truth()
    background = quiet(vessels, field)
    one, four = (
        subtracted(Subtract(first=1, count=count), masks[:count], frame)[background].std()
        for count in (1, 4)
    )
    assert four / one == pytest.approx((1.25 / 2.0) ** 0.5, abs=0.05)


@pytest.mark.parametrize("way", MOTIONS[1:])
def test_a_moved_patient_is_followed_by_the_pixel_shift(way: tuple[float, float]) -> None:
    masks, frame, vessels, field = truth()
    away = ndimage.shift(vessels, way[::-1], order=1, mode="nearest")
    background, ends = quiet(away, field), {"right": way[0], "down": way[1]}
    frame = patient_moved(frame, way, field)
    still = subtracted(Subtract(first=1, count=4), masks, frame)[background].std()
    after = subtracted(Subtract(first=1, count=4, **ends), masks, frame)[background].std()
    assert after < still
    assert (
        after < 1.15 * subtracted(Subtract(first=1, count=4), masks, truth()[1])[background].std()
    )


@pytest.mark.parametrize("way", MOTIONS)
def test_the_shift_of_a_moved_patient_is_found(way: tuple[float, float]) -> None:
    masks, frame, _, field = truth()
    found = pixel_shift(masks.mean(axis=0), patient_moved(frame, way, field), SCENE)
    assert np.hypot(found.right - way[0], found.down - way[1]) <= 0.2
    assert found.left <= 1.0


def patient_moved(frame: Image, way: tuple[float, float], field: np.ndarray) -> Image:
    """Return a frame whose patient moved right and down behind blades that stand still."""
    there = ndimage.shift(frame, way[::-1], order=5, mode="nearest")
    return np.where(field, there, frame).astype(np.float32)


def test_nothing_to_compare_moves_nothing() -> None:
    flat = np.full((64, 64), 500.0, np.float32)
    assert pixel_shift(flat, flat, SCENE) == pixel_shift(flat, flat, SCENE)
    assert pixel_shift(flat, flat, SCENE).left >= 1.0


@given(st.integers(-12, 12), st.integers(-12, 12))
def test_whole_pixels_are_moved_bit_for_bit(right: int, down: int) -> None:
    image = np.random.default_rng(4).normal(size=(40, 50)).astype(np.float32)
    made, inside = moved(image, float(right), float(down)), reached(image.shape, right, down)
    rolled = np.roll(image, (down, right), (0, 1))
    np.testing.assert_array_equal(made[inside], rolled[inside])


@pytest.mark.parametrize("way", [(0.5, 0.0), (0.0, -0.25), (1.9, -3.3)])
def test_parts_of_pixels_are_moved_to_where_they_belong(way: tuple[float, float]) -> None:
    y, x = np.mgrid[:60, :80].astype(np.float64)

    def wave(right: float, down: float) -> Image:
        return np.asarray(np.sin((x - right) / 4) + np.cos((y - down) / 5), np.float32)

    inner = (slice(8, -8), slice(8, -8))
    assert np.abs(moved(wave(0, 0), *way) - wave(*way))[inner].max() < 2e-3


def test_what_the_moved_mask_does_not_reach_is_nothing() -> None:
    masks, frame, _, _ = truth()
    made = subtracted(Subtract(first=1, right=2.5, down=-1.2), masks[:1], frame)
    assert not made[:, :3].any()
    assert not made[-2:].any()
    assert made[:-2, 3:].any()


@pytest.mark.parametrize(("intensity", "word", "log"), [
    ("LIN", "auto", True), ("LOG", "auto", False), ("", "auto", False), ("DISP", "auto", False),
    ("LOG", "on", True), ("LIN", "off", False),
])  # fmt: skip
def test_the_logarithm_is_taken_as_the_file_says(intensity: str, word: str, *, log: bool) -> None:
    step, scene = Subtract(first=1, logarithm=word), replace(SCENE, intensity=intensity)
    mask, frame = np.full((1, 4, 4), 1000.0, np.float32), np.full((4, 4), 900.0, np.float32)
    made = subtracted(step, mask, frame, scene)
    assert made == pytest.approx(1000 * np.log(0.9) if log else -100.0, rel=1e-5)
    told = step.told(scene).split("; ")[-1]
    assert told.startswith("logarithm" if log else "no logarithm")
    asks = word == "auto" and intensity not in ("LIN", "LOG")
    assert asks == ("does not ask" in told)


def test_the_mask_is_that_of_the_file_and_its_shift_is_added() -> None:
    scene = replace(SCENE, mask=FileMask((1, 2, 4), 0.5, -1.25))
    step = Subtract(right=0.3, count=9)
    assert step.needs(scene) == (1, 2, 4)
    assert step.shift(scene) == (0.8, -1.25)
    assert step.told(scene) == (
        "mask frames 2, 3, 5 (as the file says); mask moved 0.8 right, 1.25 up (pixels); logarithm"
    )
    assert replace(step, first=7, count=3).told(scene) == (
        "mask frames 7-9; mask moved 0.3 right (pixels); logarithm"
    )
    assert Subtract(count=2).told(SCENE) == (
        "mask frames 1, 2 (the file names none); mask not moved; logarithm"
    )


def test_what_comes_out_lies_within_its_range() -> None:
    step, scene = Subtract(first=1), SCENE
    mask, frame = np.full((1, 3, 3), 4095.0, np.float32), np.zeros((3, 3), np.float32)
    after = step.output(scene)
    assert after.low == -after.high
    assert subtracted(step, mask, frame).min() >= after.low
    assert (after.intensity, after.mask, after.kept) == ("", None, None)


@pytest.mark.parametrize(("step", "scene", "told"), [
    (Subtract(), replace(SCENE, colour=True), "needs a grey picture; this one is in colour"),
    (Subtract(first=40, count=2), SCENE, "there is no mask frame 41; the clip has 40"),
    (Subtract(), replace(SCENE, mask=FileMask(refused="the file names several masks.")),
     "the file names several masks. Choose the mask frames"),
    (Subtract(), Scene(-10.0, 0.0, frames=4, intensity="LIN"), "switch the logarithm off"),
])  # fmt: skip
def test_what_cannot_be_is_refused(step: Subtract, scene: Scene, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        step.check(scene)


def test_a_mask_of_another_size_is_refused() -> None:
    masks, frame, _, _ = truth()
    with pytest.raises(UsageError, match="needs a mask of the size of the frame"):
        subtracted(Subtract(first=1), masks[:1, :-1], frame)
