"""Curved planes of a volume, as along a vessel: their values, and a clip of them.

    found = sheet(CurvedPlane(points, width=40.0))
    values = curved(volume, found)              # (rows, columns), columns along the curve

A straightened curve is seen from all around where `around` gives several planes: each is turned
about the curve by as many degrees more.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np

from xray_studio.core.clip import Acquisition, Clip, Frame
from xray_studio.core.errors import UsageError
from xray_studio.core.lut import Pixels, Rescale
from xray_studio.core.playback import Timing
from xray_studio.core.volume.curve import Bending, CurvedPlane, Sheet, sheet
from xray_studio.core.volume.planes import Projection
from xray_studio.core.volume.volume import Volume
from xray_studio.core.workers import Priority, done
from xray_studio.imaging.curved import Picture, looked_up, projected_layers
from xray_studio.services.volume.windows import usual_window

CURVED: Final = "CURVED"
_CAPTURE: Final = "1.2.840.10008.5.1.4.1.1.7.4"  # what its pictures are as DICOM
_RATE: Final = 10.0  # turns a second


def curved(
    volume: Volume, found: Sheet, thickness: float = 0.0, how: Projection = Projection.MIP
) -> Picture:
    """Return the values of a volume on a sheet, (rows, columns) float32, NaN outside of it.

    A slab of `thickness` mm is projected across the sheet, sampled at least once in each voxel.
    Raises UsageError for several moments.
    """
    one = volume.single("A curved plane")
    steps = round(np.ceil(thickness / min(one.geometry.spacing))) if thickness > 0.0 else 0
    depths = np.linspace(-thickness / 2, thickness / 2, steps + 1) if steps else np.zeros(1)
    layers = (looked_up(one.values, one.geometry, found.points(depth)) for depth in depths.tolist())
    return projected_layers(layers, how)


def around(plane: CurvedPlane, count: int) -> tuple[CurvedPlane, ...]:
    """Return a straightened plane turned once about its curve in so many steps.

    Raises UsageError for a stretched one, which hangs in one direction.
    """
    if count > 1 and plane.bending is not Bending.STRAIGHTENED:
        raise UsageError("A stretched curve hangs in one direction; only straightened ones turn.")
    return tuple(plane.turned(360.0 * n / count) for n in range(count))


@dataclass(frozen=True, slots=True, eq=False)
class CurvedSource:
    """FrameSource whose frames are curved planes of one volume, all of one size, in its values.

    Outside the volume they hold no number (NaN).
    """

    volume: Volume
    sheets: tuple[Sheet, ...]
    thickness: float
    how: Projection
    dtype: np.dtype[Any] = field(default_factory=lambda: np.dtype(np.float32))

    @property
    def shape(self) -> tuple[int, ...]:
        """(frames, rows, columns)."""
        return (len(self.sheets), *self.sheets[0].size)

    def read(self, index: int) -> Frame:
        """Return frame `index` (from 0), read-only."""
        values = curved(self.volume, self.sheets[index], self.thickness, self.how)
        values.setflags(write=False)
        return values

    def request(self, index: int, priority: Priority) -> Future[Frame]:
        """Return the frame as a future that is done."""
        del priority
        return done(self.read(index))


def curved_clip(
    volume: Volume, planes: Sequence[CurvedPlane], how: Projection = Projection.MIP
) -> Clip:
    """Return curved planes of one size as a clip of the volume's patient and study.

    Its millimetres are those along the curve and across it.
    """
    one = volume.single("A curved plane")
    sheets = tuple(sheet(plane) for plane in planes)
    if len({found.size for found in sheets}) != 1:
        raise UsageError("All curved planes of a clip have one size.")
    if np.isnan(curved(one, sheets[0])).all():
        raise UsageError("The curve lies outside the volume; its points are in mm, LPS.")
    row, column = sheets[0].spacing
    return Clip(
        CurvedSource(one, sheets, planes[0].thickness, how),
        Timing(_RATE, "default"),
        Pixels(bits=16),
        modality=(Rescale(unit=one.unit),),
        windows=one.windows or (usual_window(one),),
        identity=one.identity,
        pixel_aspect=row / column,
        acquisition=replace(
            Acquisition(), modality=one.modality, photometric="MONOCHROME2",
            sop_class_uid=_CAPTURE, series_description=one.description, burned_in="NO",
            pixel_spacing=(row, column) if one.spaced else None,
            spacing_meaning="patient" if one.spaced else "", warnings=one.warnings,
        ),
        paths=one.paths,
        processed=(CURVED,),
    )  # fmt: skip
