"""A dark vessel that moves over a still, uneven background: every frame is known."""

from __future__ import annotations

import numpy as np

from xray_studio.core.scene import Noise, Scene
from xray_studio.core.step import Image, RecursiveStep, Stack, Step

NOISE = Noise(3.6, 64.0)
SCENE = Scene(0.0, 4095.0, NOISE, 24, 15.0, "XA")


def moving_vessel(frames: int = 24, speed: float = 4.0, size: int = 192) -> Image:
    """Return frames without noise; the vessel is 6 pixels wide and goes right by `speed`."""
    y, x = np.mgrid[:size, :size].astype(np.float32)
    still = 900 + 250 * np.sin(x / 37) * np.cos(y / 53) + 1.5 * y
    made = np.empty((frames, size, size), np.float32)
    for index, frame in enumerate(made):
        middle = 24 + speed * index + 10 * np.sin(y / 30)
        frame[:] = still * (1 - 0.35 * np.exp(-(((x - middle) / 3.5) ** 4)))
    return made


def with_noise(true: Image, seed: int = 1, noise: Noise = NOISE) -> Image:
    """Return frames as quanta and electronics make them."""
    rng = np.random.default_rng(seed)
    quanta = noise.gain * rng.poisson(np.maximum(true, 0) / noise.gain)
    made: Image = (quanta + rng.normal(0, noise.ground**0.5, true.shape)).astype(np.float32)
    return made


def through(step: Step, frames: Image, scene: Scene = SCENE) -> Image:
    """Return all frames of a clip after a step."""
    if isinstance(step, RecursiveStep):
        running = step.begin(scene)
        return np.stack([running.next(frame)() for frame in frames])
    made = []
    for index in range(len(frames)):
        first = max(0, index - step.reach.before)
        stack = Stack(frames[first : index + step.reach.after + 1], index - first)
        made.append(step.apply(stack, scene))
    return np.stack(made)
