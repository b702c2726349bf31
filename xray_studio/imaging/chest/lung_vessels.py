"""Arteries, veins and bronchi of both lungs as tubes."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from xray_studio.imaging.chest import tree
from xray_studio.imaging.chest.body import Body
from xray_studio.imaging.chest.shapes import Place
from xray_studio.imaging.phantom.curves import Array
from xray_studio.imaging.phantom.splat import Tubes

# Where vessels enter each lung: arteries, veins.
ROOTS = {
    "arteries": ((-50.0, 22.0, 28.0), (52.0, 32.0, 38.0)),
    "veins": ((-34.0, 22.0, 6.0), (36.0, 26.0, 8.0)),
    "bronchi": ((-40.0, 30.0, 20.0), (44.0, 34.0, 26.0)),
}
ENDS = {"arteries": 620, "veins": 460, "bronchi": 70}
TIP = {"arteries": 0.56, "veins": 0.52, "bronchi": 0.85}
STRAIGHT = {"arteries": 0.28, "veins": 0.34, "bronchi": 0.4}
MARGIN = 7.0  # mm below the pleura that no large vessel reaches


@lru_cache(maxsize=4)
def vessels(seed: int, kind: str) -> Tubes:
    """Grow one kind of tubes (see `ROOTS`) in both lungs."""
    rng = np.random.default_rng([seed, 21, sorted(ROOTS).index(kind)])
    lines: list[Array] = []
    radii: list[Array] = []
    for side, root in zip((-1.0, 1.0), ROOTS[kind], strict=True):
        grown = tree.grow(np.array(root), _targets(rng, side, root, ENDS[kind]), STRAIGHT[kind])
        side_lines, side_radii = tree.tubes(grown, TIP[kind])
        lines += side_lines
        radii += side_radii
    return Tubes.join(lines, radii)


def _targets(rng: np.random.Generator, side: float, root: tuple[float, ...], count: int) -> Array:
    """Return places (count, 3) all over a lung, a way apart, more of them near the root."""
    low, high = np.array([6.0, -88.0, -128.0]), np.array([132.0, 94.0, 160.0])
    points = rng.uniform(low, high, (60 * count, 3)) * np.array([side, 1.0, 1.0])
    at = Place(*(points[:, axis].astype(np.float32) for axis in range(3)))
    points = points[Body(at).lungs > MARGIN]
    far = np.linalg.norm(points - np.array(root), axis=1)
    points = points[rng.random(len(points)) < 1.0 / (1.0 + (far / 90.0) ** 2)]
    return _spread(points, count)


def _spread(points: Array, count: int) -> Array:
    """Keep `count` points that are not too near one another."""
    kept = points[:1]
    nearest = 0.62 * (3.0e6 / count / 2.0) ** (1.0 / 3.0)
    for point in points[1:]:
        if np.linalg.norm(kept - point, axis=1).min() > nearest:
            kept = np.concatenate([kept, point[None]])
            if len(kept) == count:
                break
    return kept
