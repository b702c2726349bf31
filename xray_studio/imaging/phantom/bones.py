"""Ribs and spine: hollow bones whose cortical rims show brighter than their middle.

Bones are drawn as tubes with a dense shell; the vertebral bodies, which are not tubes, are
integrated along every ray.
"""

from __future__ import annotations

import numpy as np

from xray_studio.imaging.cone_beam import ConeBeam
from xray_studio.imaging.phantom.curves import Array, arc_length, through, wander
from xray_studio.imaging.phantom.raster import Image, blur, enlarge
from xray_studio.imaging.phantom.solids import Ellipsoid
from xray_studio.imaging.phantom.splat import Ribbons, Tubes

CORTEX = 0.052  # attenuation per mm beyond soft tissue
ARCH_CORTEX = 0.040
MARROW = 0.008
BODY_MARROW = 0.0105
RIB_FLATNESS = 0.45
SPINE = (-30.0, 72.0)  # x and y of the vertebral bodies in mm
BODY_WIDTH, BODY_DEPTH = 16.5, 14.0
PITCH = 25.5
LEVELS = np.arange(-6, 7)


def skeleton(beam: ConeBeam, rng: np.random.Generator) -> Image:
    """Attenuation of all bones (rows, columns) beyond the soft tissue they replace."""
    coarse = beam.binned(2)
    offset = rng.uniform(-8.0, 8.0)
    heights = offset + LEVELS * PITCH + rng.normal(0.0, 0.5, len(LEVELS))
    bones = _ribs(coarse, rng, heights) + _arches(coarse, rng, heights)
    bones += _vertebral_bodies(coarse, rng, heights)
    return enlarge(blur(bones, 0.6), beam.size)


def _ribs(beam: ConeBeam, rng: np.random.Generator, heights: Array) -> Image:
    ribs = [_rib(rng, height, side) for height in heights for side in (-1.0, 1.0)]
    tubes = Tubes.join(*zip(*(_seen(beam, *rib) for rib in ribs), strict=True))
    ribbons = Ribbons(tubes, beam, 0.7)
    marrow = ribbons.disc(0.86)
    profile = CORTEX * (ribbons.solid - marrow) + MARROW * marrow
    return ribbons.draw(tubes.points, np.full(len(tubes.points), RIB_FLATNESS), profile)


def _seen(beam: ConeBeam, points: Array, radius: Array) -> tuple[Array, Array]:
    """Return the stretch of a rib that may show, two points of it at least."""
    line, _ = beam.project(points)
    near = np.flatnonzero(((line > -30.0) & (line < beam.size + 30.0)).all(axis=1))
    part = slice(near[0], near[-1] + 2) if len(near) else slice(0, 2)
    return points[part], radius[part]


def _arches(beam: ConeBeam, rng: np.random.Generator, heights: Array) -> Image:
    """Pedicles, processes and joints behind the bodies, as hollow ellipsoids."""
    total = np.zeros((beam.size, beam.size), np.float32)
    x, y = SPINE
    parts = [
        ((0.0, 33.0, -4.0), (3.0, 9.0, 10.0)),
        *[((side * 12.0, 17.0, 4.0), (4.2, 7.0, 5.5)) for side in (-1.0, 1.0)],
        *[((side * 13.0, 25.0, -3.0), (5.5, 4.0, 11.0)) for side in (-1.0, 1.0)],
        *[((side * 24.0, 29.0, 5.0), (11.0, 4.0, 4.6)) for side in (-1.0, 1.0)],
    ]
    for height in heights:
        for middle, semi in parts:
            centre = np.array(middle) + np.array([x, y, height]) + rng.normal(0.0, 0.7, 3)
            size = np.array(semi) * rng.uniform(0.9, 1.1, 3)
            _add_hollow(total, beam, centre, size)
    return total


def _add_hollow(total: Image, beam: ConeBeam, centre: Array, semi: Array) -> None:
    """Add one hollow ellipsoid where its shadow falls."""
    place, scale = beam.project(centre)
    reach = float(semi.max() * scale) + 2.0
    low = np.clip(np.floor(place - reach).astype(int), 0, beam.size)
    high = np.clip(np.ceil(place + reach).astype(int), 0, beam.size)
    if (high <= low).any():
        return
    columns, rows = np.meshgrid(np.arange(low[0], high[0]), np.arange(low[1], high[1]))
    source, rays = beam.rays(columns, rows)
    outer, inner = (Ellipsoid(tuple(centre), tuple(semi - wall)) for wall in (0.0, 0.9))
    paths = [leave - enter for enter, leave in (s.interval(source, rays) for s in (outer, inner))]
    window = total[low[1] : high[1], low[0] : high[0]]
    window += ARCH_CORTEX * (paths[0] - paths[1]) + MARROW * paths[1]


def _rib(rng: np.random.Generator, height: float, side: float) -> tuple[Array, Array]:
    """From the vertebra around the chest to the cartilage; slopes down as it goes."""
    turn = np.linspace(np.deg2rad(9.0), np.deg2rad(140.0), 40)
    wide, deep = 140.0 * rng.uniform(0.97, 1.03), 98.0 * rng.uniform(0.97, 1.03)
    fall = rng.uniform(84.0, 104.0)
    x = SPINE[0] + side * wide * np.sin(turn) ** 0.92
    y = 6.0 + deep * np.cos(turn)
    z = height + rng.normal(0.0, 1.5) + 5.0 * np.sin(2.0 * turn) - fall * (turn / turn[-1]) ** 1.3
    head = np.array([[SPINE[0] + side * 15.0, SPINE[1] + 4.0, height + 1.0]])
    points = through(np.concatenate([head, np.stack([x, y, z], axis=1)]), 0.35, 8.0)
    at = arc_length(points)
    points[:, 2] += wander(rng, at, (110.0, 50.0), (3.0, 1.0))
    radius = 5.6 + 0.9 * np.sin(np.pi * at / at[-1]) + wander(rng, at, (60.0, 25.0), (0.35, 0.15))
    radius *= 0.62 + 0.38 * np.tanh(at / 18.0)
    return points, radius


def _vertebral_bodies(beam: ConeBeam, rng: np.random.Generator, heights: Array) -> Image:
    """Bodies with cortical rim and end plates, discs between them."""
    at = np.arange(beam.size, dtype=float)
    columns, rows = np.meshgrid(at, at)
    source, rays = beam.rays(columns, rows)
    column = Ellipsoid((*SPINE, 0.0), (BODY_WIDTH + 1.5, BODY_DEPTH + 1.5, 1e5))
    enter, leave = column.interval(source, rays)
    hit = leave - enter > 1e-6
    total = np.zeros(enter.shape, np.float32)
    steps = max(14, 14 * beam.size // 256)  # end plates are thin: finer where pixels are
    near, far, ray = enter[hit], leave[hit], rays[hit]
    path = (far - near) / steps
    tilt = rng.normal(0.0, 0.03, (2, len(heights)))
    for step in range(steps):
        point = source + (near + (step + 0.5) * path)[:, None] * ray
        total[hit] += path * vertebral_density(point - [*SPINE, 0.0], heights, tilt)
    return total


def vertebral_density(points: Array, heights: Array, tilt: Array, pitch: float = PITCH) -> Array:
    """Attenuation per mm beyond soft tissue at points (n, 3) from the middle of the spine.

    `heights` (n,) are the levels of the vertebral bodies, `pitch` apart, `tilt` (2, n) their
    slants.
    """
    x, y = points[:, 0], points[:, 1]
    level = np.clip(np.searchsorted(heights, points[:, 2] + pitch / 2.0) - 1, 0, len(heights) - 1)
    z = points[:, 2] - heights[level] - tilt[0, level] * x - tilt[1, level] * y
    half = 10.2 + 0.9 * ((x / BODY_WIDTH) ** 2 + (y / BODY_DEPTH) ** 2)
    waist = 1.0 - 0.10 * np.clip(1.0 - (z / half) ** 2, 0.0, 1.0)
    rim = np.sqrt((x / (BODY_WIDTH * waist)) ** 2 + (y / (BODY_DEPTH * waist)) ** 2)
    inside = _soft(half - np.abs(z), 0.5) * _soft((1.0 - rim) * 15.0, 0.5)
    plate = np.exp(-0.5 * ((half - np.abs(z) - 0.8) / 0.7) ** 2) * _soft((1.0 - rim) * 15.0, 0.5)
    shell = np.exp(-0.5 * (((1.0 - rim) * 15.0 - 0.8) / 0.7) ** 2) * _soft(half - np.abs(z), 0.5)
    return np.asarray(BODY_MARROW * inside + 0.026 * np.maximum(plate, shell))


def _soft(distance: Array, width: float) -> Array:
    """1 well inside (distance > 0), 0 outside, with a soft border."""
    return np.asarray(np.clip(0.5 + distance / (2.0 * width), 0.0, 1.0))
