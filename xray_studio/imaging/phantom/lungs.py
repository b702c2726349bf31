"""Lung markings: the branching vessels and the fine grain that fill the lungs."""

from __future__ import annotations

import numpy as np

from xray_studio.imaging.cone_beam import ConeBeam
from xray_studio.imaging.phantom.curves import Array, unit
from xray_studio.imaging.phantom.raster import Image, blur, enlarge
from xray_studio.imaging.phantom.splat import Ribbons, Tubes
from xray_studio.imaging.phantom.texture import grain

BLOOD = 0.018  # attenuation per mm beyond the lung it displaces
GRAIN = 0.024  # deviation of the parenchyma's attenuation behind 80 mm of lung
HILA = np.array([(8.0, 30.0, 34.0), (-66.0, 28.0, 34.0)])
ROOTS = 11
GENERATIONS = 6
STEP = 0.4


def markings(beam: ConeBeam, rng: np.random.Generator, air: Image) -> Image:
    """Attenuation (rows, columns) of vessels and parenchyma; `air` is the path through lung, mm."""
    coarse = beam.binned(2)
    curves, radii, weights = _vessels(rng)
    tubes = Tubes.join(curves, radii)
    drawn = Ribbons(tubes, coarse).draw(tubes.points, np.concatenate(weights))
    vessels = enlarge(blur(drawn, 0.9), beam.size)
    share = np.clip(air / 80.0, 0.0, 1.5)
    uneven = GRAIN * grain(rng, beam.size, 3.0, 0.10)
    total = share * uneven + np.clip(share * 2.0, 0.0, 1.0) * BLOOD * vessels
    return np.asarray(total, np.float32)


def _vessels(rng: np.random.Generator) -> tuple[list[Array], list[Array], list[Array]]:
    """Centre lines (n, 3), radii (n,) and weights (n,) of vessels that fan out from both hila.

    The weight lets a vessel come out of the mediastinum gradually.
    """
    side = np.repeat([1.0, -1.0], ROOTS)
    count = len(side)
    fan = np.stack(
        [
            side * rng.uniform(0.3, 1.0, count),
            rng.normal(0, 0.7, count),
            rng.normal(-0.2, 0.8, count),
        ]
    )
    way = unit(fan.T)
    start = np.repeat(HILA, ROOTS, axis=0) + rng.normal(0.0, 5.0, (count, 3))
    radius = rng.uniform(1.7, 3.1, count)
    curves: list[Array] = []
    radii: list[Array] = []
    weights: list[Array] = []
    for generation in range(GENERATIONS):
        lines, thickness, start, way, radius = _generation(rng, start, way, radius)
        curves.extend(lines)
        radii.extend(thickness)
        weights.extend(_weight(thickness, generation))
    return curves, radii, weights


def _weight(thickness: Array, generation: int) -> Array:
    along = np.linspace(0.0, 1.0, thickness.shape[1])
    return np.broadcast_to(along**2 if generation == 0 else 1.0, thickness.shape)


def _generation(
    rng: np.random.Generator, start: Array, way: Array, radius: Array
) -> tuple[Array, Array, Array, Array, Array]:
    """Grow all branches of one generation at once; gives them and the origins of the next."""
    count = len(start)
    length = rng.uniform(5.0, 9.0, count) * radius**0.75 + 4.0
    t = np.linspace(0.0, 1.0, int(length.max() / STEP) + 2)[:, None]
    aside = unit(np.cross(way, rng.normal(size=(count, 3))))
    bow, hook = rng.normal(0.0, 0.16, (2, count, 1))
    reach = length[:, None, None]
    bend = bow[:, None] * t**2 + hook[:, None] * t**3
    lines = start[:, None] + reach * (t * way[:, None] + bend * aside[:, None])
    thickness = radius[:, None] * (1.0 - 0.18 * t.T)
    onwards = unit(way + (2.0 * bow + 3.0 * hook) * aside)
    across = unit(np.cross(onwards, rng.normal(size=(count, 3))))
    split = rng.uniform(0.35, 0.65, count)
    lean = rng.uniform(0.3, 0.9, (2, count))
    shares = np.stack([split, 1.0 - split])
    signs = np.array([[1.0], [-1.0]])
    turned = onwards + (signs * lean * (1.0 - shares))[..., None] * across
    children = 0.84 * radius * np.cbrt(shares)
    return (
        lines,
        thickness,
        np.tile(lines[:, -1], (2, 1)),
        unit(turned).reshape(-1, 3),
        children.ravel(),
    )
