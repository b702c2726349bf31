"""CT of the chest after contrast: slices of Hounsfield units through the same patient.

The gantry is tilted: slices stand at an angle to the table, which moves on along z.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from xray_studio.imaging.chest import anatomy, skeleton
from xray_studio.imaging.chest.body import HEART, Body
from xray_studio.imaging.chest.lung_vessels import vessels
from xray_studio.imaging.chest.nodule import Nodule
from xray_studio.imaging.chest.projection import ARCHES, spine_density
from xray_studio.imaging.chest.shapes import Field, Place, ellipsoids, inside, pipes, turned, union
from xray_studio.imaging.chest.stamps import Stamps
from xray_studio.imaging.phantom.curves import Array
from xray_studio.imaging.phantom.raster import correlated_noise
from xray_studio.imaging.phantom.splat import Tubes

AIR, LUNG, FAT, MUSCLE = -1000.0, -872.0, -104.0, 58.0
ARTERIAL, VENOUS, HEART_MUSCLE, LIVER, SPLEEN, KIDNEY = 330.0, 225.0, 96.0, 92.0, 128.0, 190.0
DENSE, UNMIXED = 430.0, 128.0  # where it flows in, and where it has not come to
SOFT_TISSUE, SOLID, SPONGY, CORTICAL = 38.0, 44.0, 190.0, 880.0
DISC = 88.0
HOUNSFIELD = 1.9e4  # HU for an attenuation of 1 per mm beyond soft tissue
NOISE = 11.0
TABLE, TABLE_TOP = 117.0, -420.0  # mm behind the middle; HU
FIELD = 360.0  # mm across the image


@dataclass(frozen=True)
class Gantry:
    """Where slices lie: `tilt` in degrees, `first` the z of the middle of the lowest one.

    Rows run to the patient's left, columns to the back and, by the tilt, to the feet. `feed` is
    the way of the table from slice to slice, `thickness` that of each, all in mm.
    """

    size: int = 384
    slices: int = 80
    tilt: float = 12.0
    first: float = -102.0
    feed: float = 2.5
    thickness: float = 2.5

    @property
    def spacing(self) -> float:
        """Distance of pixels in mm."""
        return FIELD / self.size

    @property
    def axes(self) -> Array:
        """Unit vectors (3, 3) of rows, columns and the normal in the patient."""
        sin, cos = np.sin(np.deg2rad(self.tilt)), np.cos(np.deg2rad(self.tilt))
        return np.array([[1.0, 0.0, 0.0], [0.0, cos, -sin], [0.0, sin, cos]])

    def middle(self, index: int) -> Array:
        """Middle (3,) of a slice, counted from 0 at the feet."""
        return np.array([0.0, 0.0, self.first + index * self.feed])

    def corner(self, index: int) -> Array:
        """Centre (3,) of the first pixel: Image Position (Patient)."""
        half = (self.size - 1) / 2.0 * self.spacing
        return np.asarray(self.middle(index) - half * (self.axes[0] + self.axes[1]))

    def place(self, index: int) -> Place:
        """Points of a slice."""
        x, y, z = self.corner(index)
        steps = np.arange(self.size) * self.spacing
        _, cos, sin = self.axes[1]
        column = steps[:, None]
        return Place(
            (x + steps)[None].astype(np.float32),
            (y + column * cos).astype(np.float32),
            (z + column * sin).astype(np.float32),
        )


@dataclass(frozen=True)
class Scan:
    """One patient in one gantry; the same `seed` is the same patient as in radiographs."""

    gantry: Gantry
    seed: int
    nodule: Nodule

    def slice(self, index: int) -> NDArray[np.int16]:
        """Hounsfield units (rows, columns) of a slice, with noise."""
        values = self.noise_free(index)
        values += NOISE * correlated_noise(self.gantry.size, self.seed * 977 + index, 0.6, 1.3)
        return np.asarray(np.rint(np.clip(values, -1024.0, 3071.0)), np.int16)

    def lesion(self, index: int) -> NDArray[np.bool_]:
        """Where the nodule is (rows, columns), without its spicules."""
        return np.asarray(self.nodule.depth(self.gantry.place(index)) > 0.0)

    def noise_free(self, index: int) -> Field:
        """Hounsfield units (rows, columns) of a slice."""
        body = Body(self.gantry.place(index), arms_up=True)
        values = _trunk(body)
        _organs(values, body)
        _lungs(values, body)
        _paint(values, self._vessels.draw(index), 240.0, 1.6)
        _vessels(values, body)
        _paint(values, body.airways + np.float32(1.6), 30.0, 1.0)
        _paint(values, body.airways, AIR + 8.0, 1.0)
        _paint(values, self._bronchi.draw(index), AIR + 30.0, 1.4)
        _paint(values, self.nodule.depth(body.at), SOLID, 1.2)
        _paint(values, self._spicules.draw(index), SOLID - 60.0, 1.6)
        self._skeleton(values, body.at, index)
        return values

    def _skeleton(self, values: Field, at: Place, index: int) -> None:
        ribs = self._bones.draw(index)
        _paint(values, ribs, CORTICAL, 1.2)
        _paint(values, ribs - np.float32(1.7), SPONGY, 1.2)
        arches = _arches(at, self.seed)
        _paint(values, arches, CORTICAL, 1.2)
        _paint(values, arches - np.float32(1.6), SPONGY, 1.2)
        _spine(values, at, self.seed)

    @cached_property
    def _bones(self) -> Stamps:
        parts = [bone for bone in skeleton.bones(self.seed) if not bone.arm]
        points = np.concatenate([bone.points[::5] for bone in parts])
        radius = np.concatenate([bone.radius[::5] * 0.9 for bone in parts])
        return Stamps(self.gantry, points, radius)

    @cached_property
    def _vessels(self) -> Stamps:
        both = [vessels(self.seed, kind) for kind in ("arteries", "veins")]
        return Stamps(
            self.gantry,
            np.concatenate([tubes.points for tubes in both]),
            np.concatenate([tubes.radius for tubes in both]),
        )

    @cached_property
    def _bronchi(self) -> Stamps:
        tubes = vessels(self.seed, "bronchi")
        return Stamps(self.gantry, tubes.points, 0.8 * tubes.radius)

    @cached_property
    def _spicules(self) -> Stamps:
        tubes = Tubes.join(*self.nodule.spikes())
        return Stamps(self.gantry, tubes.points, tubes.radius)


def _paint(values: Field, depth: Field, number: float, softness: float) -> None:
    """Fill a shape with a number of Hounsfield units."""
    found = np.flatnonzero(depth.max(axis=1) > -softness)
    if not len(found):
        return
    rows = slice(found[0], found[-1] + 1)
    across = np.flatnonzero(depth[rows].max(axis=0) > -softness)
    columns = slice(across[0], across[-1] + 1)
    part = values[rows, columns]
    share = inside(depth[rows, columns], softness)
    share *= np.float32(number) - part
    part += share


def _trunk(body: Body) -> Field:
    """Air, skin, fat, and the muscles around ribs and spine."""
    values = np.full(body.at.shape, AIR, np.float32)
    bow = np.float32(TABLE) - np.float32(0.0011) * body.at.x * body.at.x
    _paint(values, np.float32(1.6) - np.abs(body.at.y - bow), TABLE_TOP, 1.0)
    _paint(values, body.skin, 20.0, 1.2)
    _paint(values, body.skin - np.float32(1.8), FAT, 1.2)
    _paint(values, body.pleura + np.float32(15.0), MUSCLE, 2.0)
    back = ellipsoids(body.at, ((-36.0, 78.0, 0.0), (33.0, 24.0, 900.0)),
                      ((36.0, 78.0, 0.0), (33.0, 24.0, 900.0)))  # fmt: skip
    _paint(values, np.minimum(back, body.skin - 7.0), MUSCLE, 2.0)
    return values


def _organs(values: Field, body: Body) -> None:
    """Heart, great vessels' fat, and the upper abdomen."""
    belly = body.belly
    _paint(values, belly - np.float32(3.0), FAT, 1.5)
    _paint(values, np.minimum(ellipsoids(body.at, *anatomy.KIDNEYS), belly), KIDNEY, 1.5)
    _paint(values, np.minimum(ellipsoids(body.at, anatomy.SPLEEN), belly - 2.0), SPLEEN, 1.5)
    _paint(values, body.stomach, 46.0, 1.5)
    gas = np.minimum(body.stomach - 4.0, -body.at.y - np.float32(22.0))
    _paint(values, gas, AIR, 1.5)
    liver = np.minimum(ellipsoids(body.at, *anatomy.LIVER), belly - 1.5)
    _paint(values, liver, LIVER, 1.5)
    between = np.minimum(body.mediastinum, np.minimum(body.pleura, body.chest))
    _paint(values, between, FAT + 14.0, 1.5)
    _paint(values, np.minimum(body.pleura, body.spine), MUSCLE, 1.5)
    _paint(values, body.ventricles - np.float32(2.0), HEART_MUSCLE, 1.5)
    _paint(values, body.cavities, VENOUS, 2.0)


def _vessels(values: Field, body: Body) -> None:
    """Blood: contrast has passed the right heart and fills the left one and the aorta."""
    left = turned(body.at, HEART, anatomy.LEFT_CAVITY)
    _paint(values, union(left, ellipsoids(body.at, anatomy.LEFT_ATRIUM)), ARTERIAL, 2.0)
    _paint(values, body.great_vessels, ARTERIAL, 1.0)
    _paint(values, pipes(body.at, anatomy.SUPERIOR_CAVA), DENSE, 1.0)
    _paint(values, pipes(body.at, anatomy.INFERIOR_CAVA), UNMIXED, 1.0)


def _lungs(values: Field, body: Body) -> None:
    """Lungs, denser towards the back where blood sinks to."""
    sunk = np.float32(LUNG) + np.float32(0.28) * np.clip(body.at.y, -90.0, 90.0)
    share = inside(body.lungs, 1.2)
    values += share * (sunk - values)


def _spine(values: Field, at: Place, seed: int) -> None:
    """Vertebral bodies in front of the canal."""
    reach = np.array([20.0, 18.0, 1e4])
    middle = np.array([0.0, anatomy.SPINE_Y, 0.0])
    found = at.near(middle - reach, middle + reach)
    canal = ellipsoids(at, ((0.0, anatomy.SPINE_Y + 23.0, 0.0), (9.0, 8.0, 1e5)))
    _paint(values, canal, SOFT_TISSUE, 1.2)
    if found is None:
        return
    window, place = found
    points = np.stack(np.broadcast_arrays(place.x, place.y, place.z), axis=-1)
    levels, slant = skeleton.spine_levels(seed)
    density = spine_density(points.reshape(-1, 3).astype(float), levels, slant)
    bone = density.reshape(place.shape).astype(np.float32) * np.float32(HOUNSFIELD)
    column = ellipsoids(place, ((0.0, anatomy.SPINE_Y, 0.0), (16.5, 14.0, 1e5)))
    _paint(values[window], column, DISC, 1.2)
    np.maximum(values[window], np.where(bone > 60.0, bone + MUSCLE, AIR), out=values[window])


def _arches(at: Place, seed: int) -> Field:
    levels, _ = skeleton.spine_levels(seed)
    parts = [
        ((centre[0], centre[1] + anatomy.SPINE_Y, centre[2] + float(level)), semi)
        for level in levels
        for centre, semi in ARCHES
    ]
    return ellipsoids(at, *parts)
