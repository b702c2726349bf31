"""Bones of the chest as tubes and, for the spine, as attenuation at every place."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from xray_studio.imaging.chest import anatomy
from xray_studio.imaging.phantom.curves import Array, arc_length, through, wander

PITCH = 24.0  # mm from vertebra to vertebra
TOP = 158.0  # z of the first thoracic vertebra
LEVELS = TOP - PITCH * np.arange(-3, 16)  # of the vertebral bodies
RIBS = 11  # pairs
TURN = np.deg2rad(np.array([74, 112, 128, 138, 142, 143, 140, 132, 124, 112, 96.0]))
FALL = np.array([34, 58, 78, 92, 102, 110, 116, 112, 104, 92, 70.0])  # mm from spine to front
STEP = 0.25  # mm between points of a bone
OUTSIDE = 6.0  # mm of a rib's middle beyond the pleura


@dataclass(frozen=True)
class Bone:
    """A hollow bone: centre line (n, 3), radius (n,) in mm; `flat` is its depth to its height.

    `arm` tells what goes up with the arms.
    """

    points: Array
    radius: Array
    flat: float = 1.0
    arm: bool = False


@lru_cache(maxsize=2)
def bones(seed: int) -> tuple[Bone, ...]:
    """Ribs, clavicles, upper arms, borders of the shoulder blades, breast bone."""
    rng = np.random.default_rng([seed, 22])
    ribs = [_rib(rng, number, side) for number in range(RIBS) for side in (-1.0, 1.0)]
    return (*ribs, *_girdle(rng, -1.0), *_girdle(rng, 1.0), *_breast_bone())


def _breast_bone() -> list[Bone]:
    """Rods side by side, wider at the top."""
    line = np.array([(0, -50, 118), (0, -66, 88), (0, -86, 40), (0, -95, -8), (0, -94, -30)], float)
    apart = np.array([13.0, 11.0, 9.5, 10.0, 5.0])
    rods = []
    for side in (-1.0, -0.5, 0.0, 0.5, 1.0):
        controls = np.column_stack(
            [line + side * np.outer(apart, (1.0, 0.0, 0.0)), np.full(5, 6.2)]
        )
        whole = through(controls, STEP, 6.0)
        rods.append(Bone(whole[:, :3], _rounded(whole), 0.35))
    return rods


def spine_levels(seed: int) -> tuple[Array, Array]:
    """Heights (n,) of the vertebral bodies, rising, and their slants (2, n)."""
    rng = np.random.default_rng([seed, 23])
    levels = np.sort(LEVELS + rng.normal(0.0, 0.5, len(LEVELS)))
    return levels, rng.normal(0.0, 0.03, (2, len(levels)))


def _rib(rng: np.random.Generator, number: int, side: float) -> Bone:
    """From the vertebra around the pleural space towards the front, falling as it goes."""
    turn = np.linspace(np.deg2rad(14.0), TURN[number], 48)
    share = turn / turn[-1]
    start = TOP - PITCH * number + 5.0
    z = start + 7.0 * np.sin(np.pi * share * 0.8) * (1.0 - share)
    z = z - FALL[number] * rng.uniform(0.97, 1.03) * share**1.45
    wide, deep, middle = (
        np.interp(z, anatomy.LEVELS, values)
        for values in (anatomy.PLEURA_WIDTH, anatomy.PLEURA_DEPTH, anatomy.PLEURA_MIDDLE)
    )
    wide, deep = (np.maximum(size, least) + OUTSIDE for size, least in ((wide, 44.0), (deep, 34.0)))
    x = side * wide * np.abs(np.sin(turn)) ** 0.86
    y = middle + deep * np.sign(np.cos(turn)) * np.abs(np.cos(turn)) ** 0.9
    head = np.array([[side * 15.0, anatomy.SPINE_Y + 6.0, start - 1.0]])
    points = through(np.concatenate([head, np.stack([x, y, z], axis=1)]), STEP, 8.0)
    at = arc_length(points)
    points[:, 2] += wander(rng, at, (120.0, 60.0), (1.6, 0.6))
    radius = 5.6 + 0.9 * np.sin(np.pi * at / at[-1]) + wander(rng, at, (60.0, 25.0), (0.3, 0.12))
    radius *= (0.66 + 0.34 * np.tanh(at / 20.0)) * (0.86 if number in {0, 10} else 1.0)
    return Bone(points, radius, 0.5)


def _girdle(rng: np.random.Generator, side: float) -> list[Bone]:
    """Clavicle, shoulder blade and upper arm of one side."""
    parts = (
        # Clavicle: an S from the breast bone to the shoulder.
        ([(13, -50, 122), (40, -52, 132), (80, -36, 142), (118, -14, 148), (148, 4, 152)],
         (8.6, 6.4, 5.4, 5.6, 7.2), 1.0),
        # Shoulder blade: its border, its spine, its inner border.
        ([(152, 26, 132), (150, 44, 104), (143, 58, 66), (134, 68, 30)], (6.0, 5.0, 4.4, 3.4), 0.8),
        ([(164, 10, 156), (140, 42, 146), (110, 60, 128)], (6.4, 4.6, 3.0), 0.7),
        ([(110, 62, 138), (106, 70, 100), (116, 72, 60), (132, 68, 30)], (2.6, 2.4, 2.4, 3.2), 0.6),
        # Upper arm: head, neck, shaft.
        ([(172, 10, 142), (178, 10, 124), (186, 10, 92), (196, 8, 20)], (22.0, 17.0, 12.0, 11.0),
         1.0),
    )  # fmt: skip
    bones_ = []
    for controls, sizes, flat in parts:
        line = np.array(controls, float) * np.array([side, 1.0, 1.0])
        line = line + rng.normal(0.0, 1.0, 3)
        whole = through(np.column_stack([line, np.array(sizes)]), STEP, 9.0)
        bones_.append(Bone(whole[:, :3], _rounded(whole), flat, arm=sizes[0] > 20.0))
    return bones_


def _rounded(whole: Array) -> Array:
    """Radius (n,) that closes both ends of a bone (n, 4) like a ball."""
    at = arc_length(whole[:, :3])
    end = np.minimum(at, at[-1] - at) / whole[:, 3]
    return np.asarray(whole[:, 3] * np.sqrt(1.0 - (1.0 - np.minimum(end + 0.02, 1.0)) ** 2))
