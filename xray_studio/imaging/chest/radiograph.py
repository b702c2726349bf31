"""Radiographs of the chest, with the nodule or as they were before it grew."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xray_studio.imaging.chest.film import develop
from xray_studio.imaging.chest.nodule import NODULE, Nodule
from xray_studio.imaging.chest.projection import Layers, project
from xray_studio.imaging.cone_beam import ConeBeam
from xray_studio.imaging.phantom.raster import warp

FIELD = 360.0  # mm of detector
SOURCE_DETECTOR, SOURCE_PATIENT = 1800.0, 1620.0
ANGLES = {"PA": 0.0, "LL": 90.0}
SHARE = 0.12  # of the nodule's greatest attenuation: more counts as nodule
SLACK = {"PA": (0.9, 0.992, (9.0, -14.0)), "LL": (-1.2, 1.006, (-16.0, 9.0))}


@dataclass(frozen=True)
class Films:
    """The same view twice, 12 bits (rows, columns): with the nodule, whose `mask` is known.

    `earlier` is from before, when the patient stood a little otherwise and there was none.
    """

    beam: ConeBeam
    now: NDArray[np.uint16]
    earlier: NDArray[np.uint16]
    mask: NDArray[np.bool_]


def take(view: str, seed: int, size: int = 2048, nodule: Nodule = NODULE) -> Films:
    """Take a view (PA or LL: postero-anterior, left lateral) of `size` x `size` pixels.

    The same `seed` is the same patient as in `ct.Scan`. The same arguments give the same pixels.
    """
    beam = ConeBeam(
        ANGLES[view], 0.0, size, FIELD / size, SOURCE_DETECTOR, SOURCE_PATIENT, (0.0, 0.0, 14.0)
    )
    layers = project(beam, seed, nodule)
    number = 2 * sorted(ANGLES).index(view)
    now = develop(layers.chest + layers.nodule, seed * 31 + number, "L" if view == "PA" else "")
    before = warp(layers.chest, _stance(view, size))
    earlier = develop(before, seed * 31 + number + 1, "R" if view == "PA" else "")
    return Films(beam, now, earlier, _mask(layers))


def _mask(layers: Layers) -> NDArray[np.bool_]:
    return np.asarray(layers.nodule > SHARE * layers.nodule.max())


def _stance(view: str, size: int) -> NDArray[np.float64]:
    """Affine map (2, 3): turned by some degrees, scaled and shifted about the middle."""
    degrees, zoom, shift = SLACK[view]
    turn = np.deg2rad(degrees)
    matrix = zoom * np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    middle = np.full(2, (size - 1) / 2.0)
    moved = middle + np.array(shift) * size / 2048 - matrix @ middle
    return np.column_stack([matrix, moved])
