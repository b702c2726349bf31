"""Projects the chest onto a detector: attenuation along every ray, in layers.

Soft tissue is added up plane by plane, each plane magnified as the cone beam magnifies it; tubes
(bones, vessels, spicules) are drawn exactly (`phantom.splat`).
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from xray_studio.imaging.chest import anatomy, skeleton
from xray_studio.imaging.chest.body import Body
from xray_studio.imaging.chest.lung_vessels import vessels
from xray_studio.imaging.chest.nodule import Nodule
from xray_studio.imaging.chest.shapes import Field, Place, inside
from xray_studio.imaging.cone_beam import ConeBeam
from xray_studio.imaging.phantom.bones import vertebral_density
from xray_studio.imaging.phantom.curves import Array
from xray_studio.imaging.phantom.raster import Image, blur, enlarge
from xray_studio.imaging.phantom.solids import Ellipsoid
from xray_studio.imaging.phantom.splat import Ribbons, Tubes
from xray_studio.imaging.phantom.texture import power_law

TISSUE = 0.0178  # attenuation per mm of soft tissue at about 120 kV
LUNG = 0.25  # density of lung to that of soft tissue
FAT = 0.87
CORTEX, MARROW = 0.030, 0.0052  # per mm beyond soft tissue
BLOOD = 0.72 * TISSUE  # per mm beyond the lung it displaces
VESSELS = 1.7  # times as dense as blood, for the walls and the tissue around them
THICK = 1.2  # mm: larger vessels count for less, since the hilum holds them already
GRAIN = 0.016  # deviation of the attenuation of fat and muscle
PARENCHYMA = 0.020  # deviation behind 100 mm of lung
PLANE = 3.0  # mm between planes
GRID = 1.5  # mm between points of a plane
REACH = 205.0  # mm from the middle that is projected
STEPS = 12  # along a ray through the spine

# Processes of a vertebra: centre from the middle of its body, half axes.
ARCHES = (
    ((0.0, 36.0, -8.0), (2.8, 10.0, 9.0)),
    *(((side * 11.0, 17.0, 4.0), (3.6, 6.0, 5.5)) for side in (-1.0, 1.0)),
    *(((side * 22.0, 28.0, 5.0), (11.0, 4.0, 4.6)) for side in (-1.0, 1.0)),
)


@dataclass(frozen=True)
class Layers:
    """Attenuation (rows, columns) of the chest without and of the nodule alone.

    `soft` is the coarse part (trunk, lungs, heart), `fine` bones and vessels.
    """

    soft: Image
    fine: Image
    nodule: Image

    @property
    def chest(self) -> Image:
        """Everything but the nodule."""
        return np.asarray(self.soft + self.fine, np.float32)


def project(beam: ConeBeam, seed: int, nodule: Nodule) -> Layers:
    """Attenuation in one projection: a posteroanterior or a left lateral one (see `_planes`)."""
    half = beam.binned(2)
    soft, lungs, lump = _planes(beam, nodule)
    size = beam.size
    seen = np.clip(lungs / 40.0, 0.0, 1.0)
    grain = _grain(np.random.default_rng([seed, 24]), shrunk(lungs, half.size))
    fine = (
        grain
        + _bones(half, seed)
        + _spine(half, seed)
        + shrunk(seen, half.size) * _vessels(half, seed)
    )
    spikes = Tubes.join(*nodule.spikes())
    drawn = Ribbons(spikes, half).draw(spikes.points, np.ones(len(spikes.points)))
    lesion = enlarge(lump, size) + BLOOD * enlarge(blur(drawn, 0.8), size)
    return Layers(enlarge(soft, size), enlarge(blur(fine, 1.0), size), np.maximum(lesion, 0.0))


def _grain(rng: np.random.Generator, lungs: Image) -> Image:
    """Unevenness of fat, muscle and lung, where `lungs` is the path through lung in mm."""
    size = lungs.shape[0]
    body = enlarge(power_law(rng, size // 4, 3.4, 0.5), size)
    fine = power_law(rng, size, 2.6, 0.05) * np.clip(lungs / 100.0, 0.0, 1.6)
    return np.asarray(GRAIN * body + PARENCHYMA * fine, np.float32)


def shrunk(image: Image, size: int) -> Image:
    """Smooth change of size to (size, size)."""
    return enlarge(image, size)


def _planes(beam: ConeBeam, nodule: Nodule) -> tuple[Image, Image, Image]:
    """Coarse attenuation, path through lung in mm, attenuation of the nodule.

    Planes lie across the beam: of constant y when it runs from back to front, of constant x when
    it runs from right to left.
    """
    frontal = abs(beam.axes[2][1]) > 0.5
    first, last = (-130.0, 116.0) if frontal else (-204.0, 204.0)
    size = int(beam.size * beam.pixel_spacing / beam.magnification / GRID)
    total, air, lump = (np.zeros((size, size), np.float32) for _ in range(3))
    for depth in np.arange(first, last, PLANE) + PLANE / 2.0:
        at = _plane(beam, float(depth), frontal=frontal)
        body = Body(at, arms_up=not frontal)
        skin, lung = inside(body.skin, 3.0), inside(body.lungs, 3.0)
        wall = skin - inside(np.minimum(body.skin - 14.0, body.skin), 6.0)
        hollow = inside(body.airways, 2.0) + inside(_gas(body), 4.0)
        density = skin - (1.0 - LUNG) * lung - (1.0 - FAT) * wall - hollow
        _add(total, beam, density * np.float32(TISSUE * PLANE), at)
        _add(air, beam, lung * np.float32(PLANE), at)
        if abs(depth - nodule.centre[1 if frontal else 0]) < 2.0 * nodule.radius:
            lesion = inside(nodule.depth(at), 2.0) * np.float32(BLOOD * PLANE)
            _add(lump, beam, lesion, at)
    return total, air, lump


def _plane(beam: ConeBeam, depth: float, *, frontal: bool) -> Place:
    """Points of one plane; rows run towards the feet, columns as in the image."""
    across = np.arange(-REACH, REACH, GRID, dtype=np.float32)[None]
    middle = np.float32(beam.isocentre[2])
    down = middle - np.arange(-REACH, REACH, GRID, dtype=np.float32)[:, None]
    fixed = np.full((1, 1), depth, np.float32)
    return Place(across, fixed, down) if frontal else Place(fixed, across, down)


def _add(total: Image, beam: ConeBeam, values: Field, at: Place) -> None:
    """Add a plane where the cone beam projects it."""
    corner = np.array([at.x.flat[0], at.y.flat[0], at.z.flat[0]], dtype=float)
    place, scale = beam.project(corner)
    shrink = total.shape[0] / beam.size
    zoom = float(scale) * GRID * shrink
    left, top = (place + 0.5) * shrink - 0.5
    affine = np.array([[zoom, 0.0, left], [0.0, zoom, top]])
    size = (total.shape[1], total.shape[0])
    total += cv2.warpAffine(np.ascontiguousarray(values), affine, size)


def _gas(body: Body) -> Field:
    """Air in the stomach of a patient who stands."""
    return np.asarray(
        np.minimum(body.stomach - 2.0, body.at.z - np.float32(anatomy.GASTRIC_AIR)), np.float32
    )


def _bones(beam: ConeBeam, seed: int) -> Image:
    """Tubular bones; from the side the arms are raised out of the picture."""
    arms = 0 if abs(beam.axes[2][1]) > 0.5 else 1
    parts = [bone for bone in skeleton.bones(seed) if not (arms and bone.arm)]
    tubes = Tubes.join([bone.points for bone in parts], [bone.radius for bone in parts])
    flat = np.concatenate([np.full(len(bone.points), bone.flat) for bone in parts])
    ribbons = Ribbons(tubes, beam)
    marrow = ribbons.disc(0.84)
    return ribbons.draw(tubes.points, flat, CORTEX * (ribbons.solid - marrow) + MARROW * marrow)


def _vessels(beam: ConeBeam, seed: int) -> Image:
    total = np.zeros((beam.size, beam.size), np.float32)
    for kind in ("arteries", "veins"):
        tubes = vessels(seed, kind)
        weight = VESSELS * BLOOD * np.minimum(1.0, THICK / tubes.radius)
        Ribbons(tubes, beam).add(total, tubes.points, weight)
    return total


def _spine(beam: ConeBeam, seed: int) -> Image:
    """Vertebral bodies and the arches behind them, integrated along every ray."""
    coarse = beam.binned(2)
    levels, slant = skeleton.spine_levels(seed)
    at = np.arange(coarse.size, dtype=float)
    columns, rows = np.meshgrid(at, at)
    source, rays = coarse.rays(columns, rows)
    column = Ellipsoid((0.0, anatomy.SPINE_Y, 0.0), (18.0, 15.5, 1e5))
    enter, leave = column.interval(source, rays)
    hit = leave - enter > 1e-6
    near, ray, path = enter[hit], rays[hit], (leave - enter)[hit] / STEPS
    total = np.zeros(enter.shape, np.float32)
    for step in range(STEPS):
        point = source + (near + (step + 0.5) * path)[:, None] * ray
        total[hit] += 0.36 * path * spine_density(point, levels, slant)
    return enlarge(total + _arches(coarse, levels, source, rays), beam.size)


def spine_density(points: Array, levels: Array, slant: Array) -> Array:
    """Attenuation per mm (n,) of the vertebral bodies at points (n, 3) beyond soft tissue."""
    return vertebral_density(
        points - np.array([0.0, anatomy.SPINE_Y, 0.0]), levels, slant, skeleton.PITCH
    )


def _arches(beam: ConeBeam, levels: Array, source: Array, rays: Array) -> Image:
    """Pedicles and processes as dense ellipsoids."""
    total = np.zeros(rays.shape[:2], np.float32)
    for level in levels:
        for centre, semi in ARCHES:
            place = np.array(centre) + np.array([0.0, anatomy.SPINE_Y, level])
            low, high = _window(beam, place, max(semi))
            if (high <= low).any():
                continue
            part = np.s_[low[1] : high[1], low[0] : high[0]]
            outer = Ellipsoid(tuple(place), semi).interval(source, rays[part])
            inner = Ellipsoid(tuple(place), (semi[0] - 1.2, semi[1] - 1.2, semi[2] - 1.2)).interval(
                source, rays[part]
            )
            wall = (outer[1] - outer[0]) - (inner[1] - inner[0])
            total[part] += 0.5 * CORTEX * wall + 0.5 * MARROW * (inner[1] - inner[0])
    return total


def _window(beam: ConeBeam, place: Array, reach: float) -> tuple[Array, Array]:
    """First and last pixel (column, row) that a ball may touch."""
    middle, scale = beam.project(place)
    wide = reach * float(scale) + 2.0
    return (
        np.clip(np.floor(middle - wide).astype(int), 0, beam.size),
        np.clip(np.ceil(middle + wide).astype(int), 0, beam.size),
    )
