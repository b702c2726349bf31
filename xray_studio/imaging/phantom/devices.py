"""Things that are not the patient: guiding catheter, contrast spilling back, ECG lead."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from xray_studio.imaging.cone_beam import ConeBeam
from xray_studio.imaging.phantom.curves import Array, arc_length, resample, through
from xray_studio.imaging.phantom.flow import IODINE
from xray_studio.imaging.phantom.raster import Image, blur
from xray_studio.imaging.phantom.splat import Ribbons, Tubes

OUTER, INNER = 1.0, 0.72  # mm: 6 French with a 1.4 mm lumen
WALL = 0.26  # attenuation per mm of the loaded polymer
ELECTRODE = (0.0, -107.0, 18.0)  # mm: on the skin in front of the heart
LEAD = 0.55  # attenuation per mm of an electrode wire


class Catheter:
    """A Judkins left catheter from the right arm down the ascending aorta into the ostium."""

    def __init__(self, beam: ConeBeam, ostium: Array, direction: Array) -> None:
        tip = ostium + 1.5 * direction
        path = np.array([
            (0, 0, 0), (-7, 2, 1), (-14, 3.5, 7), (-20, 4, 16), (-23, 2.5, 28), (-23.5, 0, 42),
            (-22, -2, 58), (-24, 0, 76), (-33, 2, 96), (-48, 0, 116),
        ], dtype=float)  # fmt: skip
        path[1] = -7.0 * direction
        self.points = resample(through(tip + path, 0.18, 5.0), 0.18)
        self.at = arc_length(self.points)
        tube = Tubes.join([self.points], [np.full(len(self.points), OUTER)])
        self._ribbons = Ribbons(tube, beam)
        lumen = self._ribbons.disc(INNER / OUTER)
        self._wall, self._lumen = WALL * (self._ribbons.solid - lumen), lumen

    def add(self, total: Image, shift: Array, filling: float) -> None:
        """Add its attenuation, the tip moved by `shift` (mm), contrast in its lumen (0 to 1)."""
        points = self.points + np.exp(-((self.at / 42.0) ** 2))[:, None] * shift
        profile = self._wall + np.float32(filling * IODINE) * self._lumen
        self._ribbons.add(total, points, np.ones(len(points)), profile)


@dataclass(frozen=True)
class Puff:
    """One cloud of contrast that spills back into the aorta."""

    born: float
    start: Array
    velocity: Array
    size: float
    amount: float


def spill(seed: int, begin: float, length: float) -> list[Puff]:
    """Clouds that leave the ostium during the injection, positions relative to it (mm)."""
    rng = np.random.default_rng([seed, 5])
    puffs = []
    for born in np.arange(begin + 0.12, begin + length, 0.09):
        start = np.array([-4.0, 1.0, 0.5]) + rng.normal(0.0, 1.6, 3)
        velocity = np.array([-9.0, -2.0, 16.0]) + rng.normal(0.0, 9.0, 3)
        puffs.append(Puff(born, start, velocity, rng.uniform(1.6, 3.0), rng.gamma(2.0, 0.5)))
    return puffs


def add_spill(total: Image, beam: ConeBeam, puffs: list[Puff], ostium: Array, time: float) -> None:
    """Add the attenuation of spilled contrast at a time in seconds."""
    for puff in puffs:
        age = time - puff.born
        if 0.0 < age < 0.9:
            reach = 0.35 * (1.0 - np.exp(-age / 0.35))
            place, scale = beam.project(ostium + puff.start + puff.velocity * reach)
            sigma = (puff.size + 5.0 * age) * float(scale)
            depth = 2.2 * puff.amount * (1.0 - np.exp(-age / 0.05)) * np.exp(-age / 0.25)
            _add_cloud(total, place, sigma, IODINE * depth / (1.0 + (age / 0.3) ** 2))


def _add_cloud(total: Image, place: Array, sigma: float, height: float) -> None:
    low = np.clip(np.floor(place - 3.0 * sigma).astype(int), 0, total.shape[0])
    high = np.clip(np.ceil(place + 3.0 * sigma).astype(int), 0, total.shape[0])
    columns = np.arange(low[0], high[0], dtype=np.float32) - np.float32(place[0])
    rows = np.arange(low[1], high[1], dtype=np.float32) - np.float32(place[1])
    x, y = (np.exp(np.float32(-0.5 / sigma**2) * away * away) for away in (columns, rows))
    total[low[1] : high[1], low[0] : high[0]] += np.multiply.outer(np.float32(height) * y, x)


def ecg_lead(beam: ConeBeam, seed: int) -> Image:
    """Attenuation of one electrode and its wire on the skin of the chest."""
    rng = np.random.default_rng([seed, 6])
    spot = np.array(ELECTRODE) + rng.normal(0.0, 1.5, 3)
    way = np.array([
        (0, 0, 0), (9, 2, 10), (24, 9, 30), (38, 22, 60), (44, 40, 100), (48, 62, 180),
    ], dtype=float)  # fmt: skip
    wire = through(spot + way + rng.normal(0.0, 2.0, way.shape) * (way[:, 2:] > 0.0), 0.2, 8.0)
    tubes = Tubes.join([wire], [np.full(len(wire), 0.28)])
    image = np.float32(LEAD) * Ribbons(tubes, beam).draw(wire, np.ones(len(wire)))
    place, scale = beam.project(spot)
    for radius, value in ((2.4, 0.16), (1.3, 0.30)):
        disc = np.zeros_like(image)
        centre = tuple(int(v * 256) for v in place)
        cv2.circle(disc, centre, int(radius * float(scale) * 256), value, -1, cv2.LINE_AA, 8)
        image += disc
    return blur(image, 0.6)
