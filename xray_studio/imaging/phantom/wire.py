"""A coronary guide wire: 0.014 inch of steel with a dense, bent tip that is turned and pushed."""

from __future__ import annotations

import numpy as np

from xray_studio.imaging.cone_beam import ConeBeam
from xray_studio.imaging.phantom.curves import Array, arc_length, smooth, unit
from xray_studio.imaging.phantom.raster import Image
from xray_studio.imaging.phantom.splat import Ribbons, Tubes

RADIUS = 0.178  # mm
STEEL, PLATINUM = 1.35, 3.4  # attenuation per mm
DENSE = 28.0  # mm of the tip that are wound with platinum
LENGTH = 230.0  # mm that are drawn
BEYOND = 120.0  # mm of catheter outside the field
STEP = 0.22
BEND, BEND_LENGTH = 1.5, 4.0  # mm
FIRST, LAST = 42.0, 112.0  # mm beyond the ostium: where the tip begins and ends
PUSHES = ((0.9, 1.5, 0.16), (3.0, 1.0, 0.22), (4.5, 1.6, 0.42), (7.0, 0.8, 0.2))


class GuideWire:
    """A wire that runs through the catheter into an artery; `catheter` (n, 3) from its tip."""

    def __init__(self, beam: ConeBeam, catheter: Array) -> None:
        far = catheter[-1] + np.outer(
            np.arange(STEP, BEYOND, STEP), unit(np.diff(catheter[-9:], axis=0)[-1])
        )
        self.catheter = np.concatenate([catheter, far])
        self.behind = np.arange(0.0, LENGTH, STEP)
        tube = Tubes.join([np.zeros((len(self.behind), 3))], [np.full(len(self.behind), RADIUS)])
        self._ribbons = Ribbons(tube, beam)
        dense = 0.5 - 0.5 * np.tanh((self.behind - DENSE) / 0.4)
        self._weight = STEEL + (PLATINUM - STEEL) * dense

    def tip(self, time: float) -> float:
        """Distance of the tip beyond the ostium in mm: pushed in steps, feeling its way."""
        pushed = sum(share * _ease((time - start) / length) for start, length, share in PUSHES)
        probing = 1.6 * np.sin(2.0 * np.pi * time / 1.3) * np.sin(np.pi * time / 3.7)
        return float(FIRST + (LAST - FIRST) * pushed + probing)

    def add(self, total: Image, artery: Array, time: float) -> None:
        """Add its attenuation; `artery` (n, 3) is the artery's centre line from the ostium."""
        points = self.place(artery, time)
        self._ribbons.add(total, points, self._weight)

    def place(self, artery: Array, time: float) -> Array:
        """Points (n, 3) of the wire in mm, the tip first."""
        path = np.concatenate([self.catheter[::-1], artery[12:]])
        path = smooth(path, 14.0)  # a wire bends less sharply than the vessel it lies in
        at = arc_length(path)
        ostium = at[len(self.catheter) - 1]
        along = ostium + self.tip(time) - self.behind
        points = np.stack([np.interp(along, at, axis) for axis in path.T], axis=1)
        return points + self._bend(points, time)

    def _bend(self, points: Array, time: float) -> Array:
        """Shift (n, 3) of the shaped tip, which turns as the wire is turned."""
        ahead = unit(points[0] - points[8])
        side = unit(np.cross(ahead, np.array([0.31, 0.52, -0.79])))
        turn = 2.2 * time + 1.1 * np.sin(2.0 * time)
        aside = np.cos(turn) * side + np.sin(turn) * np.cross(ahead, side)
        amount = BEND * np.clip(1.0 - self.behind / BEND_LENGTH, 0.0, 1.0) ** 2
        return np.asarray(amount[:, None] * aside)


def _ease(fraction: float) -> float:
    x = min(max(fraction, 0.0), 1.0)
    return x * x * (3.0 - 2.0 * x)
