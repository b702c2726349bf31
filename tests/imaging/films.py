"""Frames of the phantom whose truth is known, and what is measured on them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from xray_studio.core.pipeline import applied
from xray_studio.core.scene import Scene
from xray_studio.core.step import Image, Stack
from xray_studio.imaging.noise import estimate_noise
from xray_studio.imaging.phantom import make_angiogram
from xray_studio.services.processing.steps import step_of

Mask = NDArray[np.bool_]
FILLED = 2600.0  # ms from the start of the run: the arteries are full


@dataclass(frozen=True)
class Film:
    """A frame of an angiogram, twice with other noise, and where its vessels are."""

    first: Image
    second: Image
    true: Image
    vessels: Mask
    thin: Mask
    field: Mask
    scene: Scene

    def after(self, words: str) -> tuple[Image, Image]:
        """Return both frames after a step."""
        step = step_of(words)
        first, second = (
            applied(step, Stack(f[None]), self.scene) for f in (self.first, self.second)
        )
        return first, second

    @property
    def away(self) -> Mask:
        """The field without vessels and what is near them."""
        return self.field & ~wider(self.vessels, 5)

    def noise(self, pair: tuple[Image, Image]) -> float:
        """Return the deviation of what differs between two frames with other noise."""
        return float((pair[0] - pair[1])[self.away].std() / 2**0.5)

    def contrast(self, pair: tuple[Image, Image], where: Mask) -> float:
        """Return how much lower vessels are than what is beside them."""
        mean = (pair[0] + pair[1]) / 2
        ring = (wider(self.vessels, 17) & self.away).astype(np.float32)
        share = cv2.blur(ring, (21, 21))
        beside = cv2.blur(mean * ring, (21, 21)) / np.maximum(share, 1e-3)
        return float((beside - mean)[where & (share > 0.02)].mean())


def wider(mask: Mask, size: int) -> Mask:
    """Return a mask grown by a square of `size` pixels."""
    return np.asarray(cv2.dilate(mask.astype(np.uint8), np.ones((size, size))) > 0)


@lru_cache(maxsize=4)
def film(seed: int = 4, size: int = 512) -> Film:
    """Return a film of the phantom."""
    run = make_angiogram(seed, 1, size, first_time=FILLED)
    shutter = run.scene.shutter
    true = run.noise_free(0)
    detector = run.scene.detector
    bare = (true / np.maximum(shutter, 1e-3)).astype(np.float32)
    first, second = (detector.read(bare, n, shutter).astype(np.float32) for n in (1, 2))
    low, high = np.percentile(first, (0.1, 99.9))
    seen, noise = (float(low), float(high)), estimate_noise(first[None])
    scene = Scene(0.0, 4095.0, noise, modality="XA", spacing=(0.34, 0.34), seen=seen)
    vessels = run.vessel_mask(0)
    thin = vessels & (run.contrast_path(0) < 1.2)
    return Film(first, second, true, vessels, thin, shutter > 0.9, scene)


def area_under_roc(score: Image, truth: Mask) -> float:
    """Return how often a pixel of the truth scores higher than another one; ties count half."""
    values, places = np.unique(score, return_inverse=True)
    yes = np.bincount(places.ravel()[truth.ravel()], minlength=len(values)).astype(np.float64)
    no = np.bincount(places.ravel()[~truth.ravel()], minlength=len(values)).astype(np.float64)
    below = np.cumsum(no) - no
    return float((yes * (below + no / 2)).sum() / (yes.sum() * no.sum()))
