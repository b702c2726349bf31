"""The chest around the heart: line integrals of attenuation, before any contrast.

Tissue is water-like at one effective energy (about 75 kV with copper filtering); lungs are a
quarter as dense; bone adds to the tissue it replaces. The result is three layers, because three
things move differently: what stays, what moves with breathing, what moves with the heart.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from xray_studio.imaging.phantom import bones, lungs
from xray_studio.imaging.phantom.curves import Array
from xray_studio.imaging.phantom.geometry import ConeBeam
from xray_studio.imaging.phantom.heart import Heart
from xray_studio.imaging.phantom.raster import Image, blur, enlarge
from xray_studio.imaging.phantom.solids import Ellipsoid, Intervals, union_length
from xray_studio.imaging.phantom.texture import power_law

TISSUE = 0.0185  # per mm
LUNG = 0.34 * TISSUE
GRAIN = 0.02  # deviation of the attenuation of fat and muscle
COARSE = 4  # layers without fine detail are made at a quarter of the resolution

BODY = Ellipsoid((-30.0, 8.0, 0.0), (172.0, 118.0, 2000.0))
LUNGS = (
    Ellipsoid((46.0, 6.0, 12.0), (79.0, 92.0, 140.0)),
    Ellipsoid((-108.0, 6.0, 12.0), (79.0, 92.0, 140.0)),
)
ABDOMEN = (
    Ellipsoid((-104.0, -2.0, -128.0), (88.0, 98.0, 84.0)),
    Ellipsoid((44.0, 0.0, -124.0), (108.0, 104.0, 92.0)),
)
MEDIASTINUM = (
    Ellipsoid((-30.0, 0.0, 78.0), (27.0, 42.0, 66.0)),
    Ellipsoid((-12.0, 58.0, 0.0), (13.0, 13.0, 400.0)),
    Ellipsoid((-38.0, 44.0, 8.0), (36.0, 26.0, 64.0)),
    Ellipsoid((-30.0, 74.0, 0.0), (24.0, 26.0, 2000.0)),
)


@dataclass(frozen=True)
class Thorax:
    """Attenuation (rows, columns) of what stays, what breathes and what beats; and the blush.

    `blush` is the path through heart muscle in mm, scaled by the contrast in its capillaries.
    """

    still: Image
    breathing: Image
    beating: Image
    blush: Image


def heart_solids(heart: Heart) -> tuple[Ellipsoid, ...]:
    """Ventricles, right atrium, left atrium and outflow tract as ellipsoids."""
    base, apex = np.array(heart.base), heart.frame[2]
    lateral = heart.frame[0]

    def at(along: float, aside: float) -> tuple[float, float, float]:
        x, y, z = base + along * apex + aside * lateral
        return float(x), float(y), float(z)

    return (
        Ellipsoid(at(22.0, 0.0), (41.0, 41.0, 64.0), heart.frame),
        Ellipsoid(at(16.0, -28.0), (40.0, 42.0, 62.0), heart.frame),
        Ellipsoid((-46.0, 8.0, 6.0), (36.0, 38.0, 44.0)),
        Ellipsoid((-24.0, 36.0, 26.0), (38.0, 24.0, 26.0)),
        Ellipsoid((-18.0, -22.0, 52.0), (26.0, 26.0, 34.0)),
    )


def build(beam: ConeBeam, heart: Heart, seed: int) -> Thorax:
    """Line integrals of the chest in one projection."""
    rng = np.random.default_rng([seed, 2])
    coarse = _Coarse(beam, rng)
    lung, centre = coarse.through(LUNGS, 3.0), coarse.through(MEDIASTINUM, 4.0)
    hearts, belly = coarse.through(heart_solids(heart), 3.0), coarse.through(ABDOMEN, 3.0)
    body = union_length(coarse.through((BODY,), 0.0))
    air = _outside(lung, centre)
    behind_heart = _outside(lung, [*centre, *hearts])
    free = _outside(lung, [*centre, *hearts, *belly])
    gain = TISSUE - LUNG
    still = coarse.fine(TISSUE * body - gain * air, 1.6)
    still += GRAIN * power_law(rng, beam.size, 3.0, 0.4) + bones.skeleton(beam, rng)
    breathing = coarse.fine(gain * (behind_heart - free), 1.2)
    breathing += lungs.markings(beam, rng, coarse.fine(air))
    beating = coarse.fine(gain * (air - behind_heart), 2.2)
    return Thorax(still, breathing, beating, coarse.fine(_muscle(coarse, heart), 1.2))


def _outside(solids: Intervals, others: Intervals) -> Array:
    """Path through some solids where they are not within others."""
    return union_length([*solids, *others]) - union_length(others)


def _muscle(coarse: _Coarse, heart: Heart) -> Array:
    """Path through the wall of the left ventricle."""
    base, apex = np.array(heart.base), heart.frame[2]
    middle = tuple(base + 12.0 * apex)
    wall = Ellipsoid(middle, (40.0, 40.0, 72.0), heart.frame)
    cavity = Ellipsoid(tuple(base + 4.0 * apex), (29.0, 29.0, 68.0), heart.frame)
    return union_length(coarse.through((wall,), 1.5)) - union_length(coarse.through((cavity,), 1.5))


class _Coarse:
    """Rays on a coarse grid, and the way back to full resolution."""

    def __init__(self, beam: ConeBeam, rng: np.random.Generator) -> None:
        self.beam, self.rng = beam, rng
        self.size = beam.size // COARSE
        at = (np.arange(self.size) + 0.5) * COARSE - 0.5
        columns, rows = np.meshgrid(at, at)
        self.source, self.rays = beam.rays(columns, rows)

    def through(self, solids: tuple[Ellipsoid, ...], ripple: float) -> list[tuple[Array, Array]]:
        """Intervals of every solid; `ripple` (mm) makes each outline a little irregular."""
        return [solid.interval(self._wavy(ripple), self.rays) for solid in solids]

    def _wavy(self, ripple: float) -> Array:
        if ripple == 0.0:
            return self.source
        right, down, _ = self.beam.axes
        waves = [power_law(self.rng, self.size // 4, 5.0, 0.5) for _ in range(2)]
        across, along = (enlarge(wave, self.size) for wave in waves)
        shift = across[..., None] * right + along[..., None] * down
        moved: Array = self.source + ripple * shift
        return moved

    def fine(self, layer: Array, softness: float = 0.8) -> Image:
        """Full-resolution version of a coarse layer, its outlines softened by `softness` mm."""
        sigma = softness * self.beam.magnification / self.beam.pixel_spacing / COARSE
        return enlarge(blur(layer.astype(np.float32), sigma), self.beam.size)
