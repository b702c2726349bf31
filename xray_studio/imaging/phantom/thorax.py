"""The chest around the heart: line integrals of attenuation, before any contrast.

Tissue is water-like at one effective energy (about 75 kV with copper filtering); lungs are a third
as dense; bone adds to the tissue it replaces. The result is three layers, because three things
move differently: what stays, what moves with breathing, what moves with the heart.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xray_studio.imaging.cone_beam import ConeBeam
from xray_studio.imaging.phantom import bones, lungs, organs
from xray_studio.imaging.phantom.curves import Array
from xray_studio.imaging.phantom.heart import Heart
from xray_studio.imaging.phantom.raster import Image, blur, enlarge
from xray_studio.imaging.phantom.solids import Intervals, union_length
from xray_studio.imaging.phantom.texture import grain, power_law

TISSUE = 0.0185  # per mm
LUNG = 0.34 * TISSUE
GRAIN = 0.02  # deviation of the attenuation of fat and muscle
COARSE, ENOUGH = 4, 128  # layers without fine detail: a quarter of the resolution, or so many
CONTRACTIONS = np.linspace(-0.08, 1.0, 6)  # at which the heart's shadow is known


@dataclass(frozen=True)
class Thorax:
    """Attenuation (rows, columns) of what stays and what breathes; the beating heart.

    `heart` and `muscle` (contractions, rows, columns) are coarse: the attenuation that the heart
    adds where it displaces lung, and the path through its muscle in mm, at `CONTRACTIONS`.
    """

    still: Image
    breathing: Image
    heart: NDArray[np.float32]
    muscle: NDArray[np.float32]

    def beating(self, contraction: float, perfusion: float) -> Image:
        """Attenuation of the heart (rows, columns), `perfusion` of its muscle per mm."""
        at = np.interp(contraction, CONTRACTIONS, np.arange(len(CONTRACTIONS)))
        low = min(int(at), len(CONTRACTIONS) - 2)
        share = np.array([low + 1 - at, at - low], np.float32)
        shadow = np.tensordot(share, self.heart[low : low + 2], 1)
        shadow += np.float32(perfusion) * np.tensordot(share, self.muscle[low : low + 2], 1)
        return enlarge(shadow, self.still.shape[0])


def build(beam: ConeBeam, heart: Heart, seed: int) -> Thorax:
    """Line integrals of the chest in one projection."""
    rng = np.random.default_rng([seed, 2])
    coarse = _Coarse(beam, rng)
    lung, centre = coarse.through(organs.LUNGS, 3.0), coarse.through(organs.MEDIASTINUM, 4.0)
    air = _outside(lung, centre)
    hearts = coarse.moving([organs.heart_solids(heart, c) for c in CONTRACTIONS], 3.0)
    behind = [_outside(lung, [*centre, *shape]) for shape in hearts]
    belly = coarse.through(organs.ABDOMEN, 3.0)
    free = _outside(lung, [*centre, *hearts[0], *belly])
    walls = coarse.moving([organs.muscle_solids(heart, c) for c in CONTRACTIONS], 1.5)
    body = union_length(coarse.through(organs.BODY, 0.0))
    gain = TISSUE - LUNG
    still = coarse.fine(TISSUE * body - gain * air, 1.6)
    still += GRAIN * grain(rng, beam.size, 3.0, 0.4) + bones.skeleton(beam, rng)
    breathing = coarse.fine(gain * (behind[0] - free), 1.2)
    breathing += lungs.markings(beam, rng, coarse.fine(air, 1.6))
    shadows = [coarse.soft(gain * (air - path), 2.0) for path in behind]
    muscle = [coarse.soft(_between(wall), 1.2) for wall in walls]
    return Thorax(still, breathing, np.stack(shadows), np.stack(muscle))


def _outside(solids: Intervals, others: Intervals) -> Array:
    """Path through some solids where they are not within others."""
    return union_length([*solids, *others]) - union_length(others)


def _between(wall: Intervals) -> Array:
    """Path within an outer surface and outside the inner one."""
    return np.maximum(union_length(wall[:1]) - union_length(wall[1:]), 0.0)


class _Coarse:
    """Rays on a coarse grid, and the way back to full resolution."""

    def __init__(self, beam: ConeBeam, rng: np.random.Generator) -> None:
        self.beam, self.rng = beam, rng
        self.factor = max(COARSE, beam.size // ENOUGH)
        self.size = beam.size // self.factor
        at = (np.arange(self.size) + 0.5) * self.factor - 0.5
        columns, rows = np.meshgrid(at, at)
        self.source, self.rays = beam.rays(columns, rows)

    def through(self, solids: organs.Solids, ripple: float) -> Intervals:
        """Intervals of every solid; `ripple` (mm) makes each outline a little irregular."""
        return self.moving([solids], ripple)[0]

    def moving(self, shapes: list[organs.Solids], ripple: float) -> list[Intervals]:
        """Intervals of solids in several positions, which keep their irregular outlines."""
        sources = [self._wavy(ripple) for _ in shapes[0]]
        return [
            [
                solid.interval(source, self.rays)
                for solid, source in zip(shape, sources, strict=True)
            ]
            for shape in shapes
        ]

    def _wavy(self, ripple: float) -> Array:
        if ripple == 0.0:
            return self.source
        right, down, _ = self.beam.axes
        waves = [power_law(self.rng, self.size // 4, 5.0, 0.5) for _ in range(2)]
        across, along = (enlarge(wave, self.size) for wave in waves)
        shift = across[..., None] * right + along[..., None] * down
        moved: Array = self.source + ripple * shift
        return moved

    def soft(self, layer: Array, softness: float) -> Image:
        """Coarse layer whose outlines are softened by `softness` mm."""
        sigma = softness * self.beam.magnification / self.beam.pixel_spacing / self.factor
        return blur(layer.astype(np.float32), sigma)

    def fine(self, layer: Array, softness: float) -> Image:
        """Full-resolution version of a coarse layer, softened by `softness` mm."""
        return enlarge(self.soft(layer, softness), self.beam.size)
