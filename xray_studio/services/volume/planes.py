"""Planes and slabs of a volume, and files of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from xray_studio.core.volume.planes import Plane, Projection
from xray_studio.core.volume.volume import Volume
from xray_studio.imaging.slabs import projected
from xray_studio.volume.reslice import Reslicer

Picture: TypeAlias = npt.NDArray[np.float32]


@dataclass(slots=True)
class Cutter:
    """Cuts a volume of one moment by planes, and projects slabs. Keep it as long as the volume.

    Use it from one thread.
    """

    volume: Volume
    _reslicer: Reslicer | None = None

    def cut(self, plane: Plane, how: Projection = Projection.MIP) -> Picture:
        """Return the values on a plane, or projected through its slab, (rows, columns) float32.

        NaN stands outside the volume. Raises UsageError for a volume of several moments.
        """
        one = self.volume.single("A plane")
        if self._reslicer is None:
            self._reslicer = Reslicer(one.values, one.geometry)
        if plane.thickness <= 0.0:
            return self._reslicer.cut(plane)
        picture, counts = projected(one.values, one.geometry, plane, how)
        if not counts.all():  # a slab thinner than the way between two slices
            between = np.isnan(picture)
            picture[between] = self._reslicer.cut(plane)[between]
        return picture
