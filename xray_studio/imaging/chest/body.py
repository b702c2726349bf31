"""Soft tissue of the chest, plane by plane: what each organ fills of every point."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from xray_studio.imaging.chest import anatomy
from xray_studio.imaging.chest.shapes import Field, Place, Point, ellipsoids, pipes, turned, union

SQUARE = np.float32(0.32)


def _heart_frame() -> NDArray[np.float64]:
    axis = np.array(anatomy.HEART_AXIS) / np.linalg.norm(anatomy.HEART_AXIS)
    aside = np.cross(axis, [0.0, 0.0, 1.0])
    aside /= np.linalg.norm(aside)
    return np.array([aside, np.cross(axis, aside), axis])


HEART = _heart_frame()


@dataclass(frozen=True)
class Body:
    """One plane through the body: depths (see `shapes`) of its organs, made as they are asked for.

    `arms_up` is how patients lie in a CT scanner; upright, the shoulders are wide and the stomach's
    air lies under the left dome. `breath` lowers the diaphragm by so many mm.
    """

    at: Place
    arms_up: bool = False
    breath: float = 0.0

    @cached_property
    def skin(self) -> Field:
        """Trunk and breasts."""
        widths = anatomy.ARMS_UP_WIDTH if self.arms_up else anatomy.SKIN_WIDTH
        wide = _at_level(self.at.z, anatomy.SKIN_LEVELS, widths)
        deep = _at_level(self.at.z, anatomy.SKIN_LEVELS, anatomy.SKIN_DEPTH)
        trunk = _oval(self.at, wide, deep, np.float32(2.0))
        return union(trunk, ellipsoids(self.at, *anatomy.BREASTS))

    @cached_property
    def pleura(self) -> Field:
        """Space within the ribs, above and below the diaphragm."""
        wide, deep, middle = (
            _at_level(self.at.z, anatomy.LEVELS, values)
            for values in (anatomy.PLEURA_WIDTH, anatomy.PLEURA_DEPTH, anatomy.PLEURA_MIDDLE)
        )
        return _oval(self.at, wide, deep, middle)

    @cached_property
    def chest(self) -> Field:
        """Side of the diaphragm: positive above it."""
        right, left = (self._dome(dome) for dome in (anatomy.RIGHT_DOME, anatomy.LEFT_DOME))
        share = 0.5 + 0.5 * np.tanh(self.at.x / np.float32(14.0))
        level = right + share * (left - right) - np.float32(self.breath)
        return np.asarray((self.at.z - level) * np.float32(0.75), np.float32)

    def _dome(self, top: Point) -> Field:
        out = (self.at.x - np.float32(top[0])) * np.float32(np.sign(top[0]))
        across = out / np.where(out > 0.0, np.float32(72.0), np.float32(120.0))
        depth = self.at.y - np.float32(top[1])
        along = depth / np.where(depth > 0.0, np.float32(84.0), np.float32(112.0))
        far = across * across + along * along
        far *= np.sqrt(np.sqrt(far))
        return np.asarray(np.float32(top[2]) - np.float32(anatomy.DOME_FALL) * far, np.float32)

    @cached_property
    def heart(self) -> Field:
        """The heart with its chambers and the fat around it."""
        return union(self.ventricles, self.atria)

    @cached_property
    def ventricles(self) -> Field:
        """Both ventricles."""
        return turned(self.at, HEART, anatomy.LEFT_VENTRICLE, anatomy.RIGHT_VENTRICLE)

    @cached_property
    def atria(self) -> Field:
        """Both atria and the left appendage."""
        return ellipsoids(self.at, anatomy.RIGHT_ATRIUM, anatomy.LEFT_ATRIUM, anatomy.APPENDAGE)

    @cached_property
    def cavities(self) -> Field:
        """Blood within the heart."""
        chambers = turned(self.at, HEART, anatomy.LEFT_CAVITY, anatomy.RIGHT_CAVITY)
        return union(chambers, self.atria - np.float32(2.5))

    @cached_property
    def aorta(self) -> Field:
        """Ascending, arch, descending."""
        return pipes(self.at, anatomy.AORTA)

    @cached_property
    def great_vessels(self) -> Field:
        """Aorta, pulmonary arteries, caval veins and the vessels of head and arms."""
        courses = (
            anatomy.PULMONARY_TRUNK,
            anatomy.LEFT_ARTERY,
            anatomy.RIGHT_ARTERY,
            anatomy.SUPERIOR_CAVA,
            anatomy.INFERIOR_CAVA,
            *anatomy.ARM_VESSELS,
        )
        return union(self.aorta, pipes(self.at, *courses))

    @cached_property
    def airways(self) -> Field:
        """Trachea and main bronchi."""
        return pipes(self.at, anatomy.TRACHEA, anatomy.RIGHT_BRONCHUS, anatomy.LEFT_BRONCHUS)

    @cached_property
    def spine(self) -> Field:
        """The spine with the muscles beside it."""
        return _column(self.at)

    @cached_property
    def mediastinum(self) -> Field:
        """All between the lungs."""
        filling = ellipsoids(self.at, *anatomy.MEDIASTINUM)
        return union(self.heart, self.great_vessels, self.spine, filling)

    @cached_property
    def lungs(self) -> Field:
        """Both lungs."""
        around = np.minimum(self.pleura, self.chest)
        return np.asarray(np.minimum(around, -self.mediastinum), np.float32)

    @cached_property
    def belly(self) -> Field:
        """Space below the diaphragm within the ribs."""
        return np.asarray(np.minimum(self.pleura, -self.chest), np.float32)

    @cached_property
    def stomach(self) -> Field:
        """The stomach."""
        return np.asarray(np.minimum(ellipsoids(self.at, anatomy.STOMACH), self.belly - 5.0))


def _at_level(z: Field, levels: NDArray[np.float64], values: NDArray[np.float64]) -> Field:
    return np.interp(z, levels, values).astype(np.float32)


def _oval(at: Place, wide: Field, deep: Field, middle: Field | np.float32) -> Field:
    """Oval, a little squarer than an ellipse, whose size changes from level to level."""
    across, along = at.x / wide, (at.y - middle) / deep
    across, along = across * across, along * along
    far = across + along - SQUARE * np.minimum(across, 2.0) * np.minimum(along, 2.0)
    return np.asarray((1.0 - np.sqrt(far)) * np.minimum(wide, deep), np.float32)


def _column(at: Place) -> Field:
    """Return the spine with the muscles beside it, which bends a little from side to side."""
    bend = np.float32(2.5) * np.sin(at.z / np.float32(72.0) + np.float32(0.6))
    wide = np.float32(20.0) + np.float32(2.6) * np.sin(at.z / np.float32(37.0))
    across = (at.x - bend) / wide
    along = (at.y - np.float32(anatomy.SPINE_Y + 8.0)) / np.float32(27.0)
    return np.asarray((1.0 - np.sqrt(across * across + along * along)) * wide, np.float32)
