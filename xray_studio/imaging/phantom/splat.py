"""Turns tubes into line integrals: every tube adds the path a ray takes inside it.

A tube becomes a ribbon of samples across its projected centre line. Each sample carries the volume
of its piece of the tube and is shared among the four nearest pixels, so edges are smooth to a
fraction of a pixel, overlapping tubes add up as attenuation does, and volume is kept exactly
however a tube is foreshortened: a slice seen at a slant is spread over the ellipse it projects to.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from xray_studio.imaging.cone_beam import ConeBeam
from xray_studio.imaging.phantom.curves import Array
from xray_studio.imaging.phantom.raster import Image

Index = NDArray[np.intp]
Float = TypeVar("Float", np.float32, np.float64)

CHUNK = 8192  # ribbon samples worked on together: they stay in the cache
MARGIN = 40  # pixels around the image within which the middle of a tube may still matter


@dataclass(frozen=True)
class Tubes:
    """Many tubes end to end: `points` (n, 3) and `radius` (n,) in mm, `starts` of each tube."""

    points: Array
    radius: Array
    starts: Index

    @staticmethod
    def join(curves: Sequence[Array], radii: Sequence[Array]) -> Tubes:
        """Join tubes given as (n_i, 3) centre lines and (n_i,) radii."""
        starts = np.cumsum([0, *(len(curve) for curve in curves[:-1])])
        return Tubes(np.concatenate(curves), np.concatenate(radii), starts.astype(np.intp))


class Ribbons:
    """Draws a fixed set of tubes whose points may move from frame to frame.

    `pitch` is the distance in pixels between samples across a tube; samples along it lie as far
    apart as the points of the tube.
    """

    def __init__(self, tubes: Tubes, beam: ConeBeam, pitch: float = 0.8) -> None:
        self.tubes, self.beam = tubes, beam
        self.radius = tubes.radius.astype(np.float32)
        self.ends = np.append(tubes.starts[1:], len(tubes.points)) - 1
        width = 2.0 * tubes.radius * beam.magnification / beam.pixel_spacing
        counts = np.ceil(width / pitch - 0.4).clip(1).astype(np.intp)
        self.first = np.cumsum(counts) - counts
        self.sample = np.repeat(np.arange(len(counts)), counts)
        within = np.arange(len(self.sample)) - self.first[self.sample]
        self.low = 2.0 * within / counts[self.sample] - 1.0
        self.high = self.low + 2.0 / counts[self.sample]
        self.offset = ((self.low + self.high) / 2.0).astype(np.float32)
        fill = 2.0 * np.modf(self.sample * 0.6180339887498949 + within * 0.3819660)[0] - 1.0
        self.fore = (fill * np.sqrt(1.0 - self.offset**2)).astype(np.float32)
        self.solid = self.disc(1.0)

    def disc(self, radius: float) -> Image:
        """Area of a disc of `radius` (1: the whole tube) that each ribbon sample stands for."""
        low, high = (np.clip(edge / radius, -1.0, 1.0) for edge in (self.low, self.high))
        area = [t * np.sqrt(1.0 - t * t) + np.arcsin(t) for t in (low, high)]
        return (radius**2 * (area[1] - area[0])).astype(np.float32)

    def draw(self, points: Array, weight: Array, profile: Image | None = None) -> Image:
        """Path length in mm (rows, columns), each tube weighted by `weight` (n,) along its length.

        `profile` (see `disc`) says what a tube is made of across its width; solid without it.
        """
        image = np.zeros((self.beam.size, self.beam.size), np.float32)
        self.add(image, points, weight, profile)
        return image

    def add(self, image: Image, points: Array, weight: Array, profile: Image | None = None) -> None:
        """Add what `draw` gives to an image (rows, columns)."""
        slices = self._slices(points, weight)
        ribbons = np.flatnonzero((slices[6] != 0.0)[self.sample])
        share = self.solid if profile is None else profile
        for start in range(0, len(ribbons), CHUNK):
            part = ribbons[start : start + CHUNK]
            owner, offset, fore = self.sample[part], self.offset[part], self.fore[part]
            x, y, aside_x, aside_y, fore_x, fore_y, volume, bend = np.take(slices, owner, axis=1)
            x += aside_x * offset + fore_x * fore
            y += aside_y * offset + fore_y * fore
            _share_out(image, x, y, volume * share[part] * (1.0 - bend * offset))

    def _across(self, values: NDArray[Float]) -> NDArray[Float]:
        """Difference (n, d) between the samples after and before each one, within its tube."""
        difference = np.empty_like(values)
        difference[1:-1] = values[2:] - values[:-2]
        first, last = self.tubes.starts, self.ends
        difference[first] = values[first + 1] - values[first]
        difference[last] = values[last] - values[last - 1]
        return difference

    def _slices(self, points: Array, weight: Array) -> Image:
        """Per point (8, n): place, half widths across and along, volume, bend; in pixels."""
        place, pixels = self.beam.project(points)
        line, scale = place.astype(np.float32), pixels.astype(np.float32)
        chord = self._across(line)
        chord[(chord == 0.0).all(axis=1), 0] = 1e-6  # seen end-on: any direction will do
        step = np.hypot(chord[:, 0], chord[:, 1])
        tangent = chord / step[:, None]
        turn = self._across(tangent)
        curl = (tangent[:, 0] * turn[:, 1] - tangent[:, 1] * turn[:, 0]) / step
        width = self.radius * scale
        way = self._across(points)
        length = np.sqrt(np.einsum("ij,ij->i", way, way)).astype(np.float32)
        slant = np.sqrt(1.0 - np.minimum(step / (length * scale), 1.0) ** 2)
        hidden = width * np.clip((slant - 0.85) / 0.12, 0.0, 1.0)
        seen = ((line > -MARGIN) & (line < self.beam.size + MARGIN)).all(axis=1)
        slices = np.empty((8, len(points)), np.float32)
        slices[0:2] = line.T
        slices[2], slices[3] = -tangent[:, 1] * width, tangent[:, 0] * width
        slices[4:6] = tangent.T * hidden
        slices[6] = seen * weight * 0.5 * length * width**2
        slices[7] = np.clip(curl * width, -0.9, 0.9)
        return slices


def _share_out(image: Image, x: Image, y: Image, mass: Image) -> None:
    """Share point masses at (x, y) pixels among the four nearest pixels of a square image.

    Masses outside the image are left out.
    """
    size, total = image.shape[0], image.reshape(-1)
    mass *= (x >= 0.0) & (y >= 0.0) & (x < size - 1) & (y < size - 1)
    x, y = np.clip(x, 0.0, size - 1.01), np.clip(y, 0.0, size - 1.01)
    column, row = np.floor(x), np.floor(y)
    first = row.astype(np.intp) * size + column.astype(np.intp)
    right, lower = x - column, mass * (y - row)
    upper = mass - lower
    for step, pair in ((0, upper), (size, lower)):
        second = pair * right
        np.add.at(total, first + step, pair - second)
        np.add.at(total, first + (step + 1), second)
