"""The one lesion there is: a solid nodule with spicules in the right upper lobe."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from xray_studio.imaging.chest.shapes import OUTSIDE, Field, Place, Point
from xray_studio.imaging.phantom.curves import Array, unit


@dataclass(frozen=True)
class Nodule:
    """A lobulated ball with spicules: `centre` and `radius` in mm of the patient."""

    centre: Point = (-78.0, -14.0, 74.0)
    radius: float = 13.0
    spicules: int = 16

    def depth(self, at: Place) -> Field:
        """Depth in mm below its uneven surface, without the spicules."""
        whole = np.full(at.shape, OUTSIDE, np.float32)
        middle, reach = np.array(self.centre), 1.6 * self.radius
        if (found := at.near(middle - reach, middle + reach)) is not None:
            window, place = found
            whole[window] = self._depth(place)
        return whole

    def _depth(self, at: Place) -> Field:
        dx, dy, dz = (
            p - np.float32(c) for p, c in zip((at.x, at.y, at.z), self.centre, strict=True)
        )
        far = np.sqrt(dx * dx + dy * dy + dz * dz) + np.float32(1e-3)
        bumps = np.zeros((), np.float32)
        for way, height, sharp in self._bumps():
            facing = (dx * way[0] + dy * way[1] + dz * way[2]) / far
            bumps = bumps + np.float32(height) * np.exp(np.float32(sharp) * (facing - 1.0))
        return np.asarray(np.float32(self.radius) * (0.88 + bumps) - far, np.float32)

    @staticmethod
    def _bumps() -> list[tuple[Array, float, float]]:
        rng = np.random.default_rng(31)
        ways = unit(rng.normal(size=(9, 3))).astype(np.float32)
        return [(way, rng.uniform(0.08, 0.26), rng.uniform(4.0, 9.0)) for way in ways]

    def spikes(self) -> tuple[list[Array], list[Array]]:
        """Return centre lines (n, 3) and radii (n,) of the spicules in mm."""
        rng = np.random.default_rng(32)
        lines, radii = [], []
        along = np.linspace(0.0, 1.0, 16)[:, None]
        for way in unit(rng.normal(size=(self.spicules, 3))):
            length = self.radius * rng.uniform(0.4, 0.95)
            bow = 0.12 * length * along**2 * unit(np.cross(way, rng.normal(size=3)))
            start = 0.8 * self.radius
            lines.append(np.array(self.centre) + (start + along * length) * way + bow)
            radii.append(np.linspace(0.85, 0.2, 16))
        return lines, radii


NODULE = Nodule()
