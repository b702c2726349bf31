"""Radiographs of CT volumes: what a C-arm or a chest stand would see of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from xray_studio.core.errors import UsageError, WriteError
from xray_studio.core.files import check_place
from xray_studio.core.job import Job, Progress
from xray_studio.core.volume.transfer import HOUNSFIELD
from xray_studio.core.volume.volume import Volume
from xray_studio.dicom.write.objects import Code
from xray_studio.dicom.write.projected import BITS_STORED, Projected, write_projected
from xray_studio.imaging.cone_beam import ConeBeam
from xray_studio.imaging.ray_sum import ray_sums
from xray_studio.services.volume.noted import noted

WATER: Final = 0.0206  # linear attenuation of water at 60 keV, 1/mm (NIST XCOM)
XA, DX = "xa", "dx"
FILMS: Final = {"PA": (0.0, 0.0), "LL": (90.0, 0.0)}
DISTANCES: Final = {XA: (1050.0, 765.0), DX: (1800.0, 1550.0)}  # source to detector, to patient
_WHITE: Final = (1 << BITS_STORED) - 1
_SEEN: Final = 1e-3  # attenuation from which on a pixel counts as behind something
_ENDS: Final = (1.0, 99.0)  # percentiles that are black and white at first
_ROOM: Final = 1.02  # about the shadow of the volume
_UNIT: Final = (
    "A radiograph is computed from Hounsfield units, which this volume is not in; take a CT."
)
_BODY: Final[Code] = ("123037004", "SCT", "Body structure")


@dataclass(frozen=True, slots=True)
class RadiographOrder:
    """What is computed and where it goes.

    `kind` is "xa" or "dx", `angles` are in degrees, each a frame. `film` is PA or LL for "dx".
    `size` are pixels a side; `field` is the side of the detector in mm, 0 for one that takes the
    whole volume in. `distances` are those from the source, in mm.
    """

    target: Path
    kind: str = XA
    angles: tuple[tuple[float, float], ...] = ((0.0, 0.0),)
    film: str = ""
    size: int = 1024
    field: float = 0.0
    distances: tuple[float, float] = (0.0, 0.0)
    overwrite: bool = False

    def check(self) -> None:
        """Raise UsageError for what cannot be, WriteError for a place that must be kept."""
        if (self.kind == DX) != bool(self.film):
            raise UsageError("A digital X-ray image is PA or LL; other angles are angiographic.")
        if not 64 <= self.size <= 4096:
            raise UsageError("A radiograph has 64 to 4,096 pixels a side.")
        detector, patient = self.distances
        if any(self.distances) and not 0.0 < patient < detector:
            raise UsageError("The detector is farther from the source than the patient is.")
        check_place(self.target)
        if self.target.exists() and not self.overwrite:
            raise WriteError(f"{self.target.name} is there already; --overwrite replaces it.")


def turned(
    start: tuple[float, float], through: float, frames: int
) -> tuple[tuple[float, float], ...]:
    """Return the angles of a turn of the C-arm: primary angles through so many degrees."""
    if frames < 2:
        raise UsageError("A turn has two frames or more.")
    steps = np.linspace(0.0, through, frames)
    return tuple((round(start[0] + float(step), 4), start[1]) for step in steps)


def radiograph(volume: Volume, order: RadiographOrder) -> Job[Projected]:
    """Write a radiograph of a CT of one moment and return it. Raises StudioError."""
    order.check()
    made = yield from projected(volume, order)
    yield Progress(message="Writing the radiograph")
    write_projected(order.target, made)
    noted(order.target, volume.identity, named=bool(made.source))
    return made


def projected(volume: Volume, order: RadiographOrder) -> Job[Projected]:
    """Return a radiograph of a CT of one moment; nothing is written. Raises StudioError."""
    if volume.unit != HOUNSFIELD:
        raise UsageError(_UNIT)
    yield Progress(message="Turning Hounsfield units into attenuation")
    attenuation = WATER * np.maximum(0.0, 1.0 + volume.at(0).astype(np.float32) / 1000.0)
    sums = list[npt.NDArray[np.float32]]()
    beams = _beams(volume, order)
    for beam in beams:
        sums.append((yield from ray_sums(attenuation, volume.geometry.affine, beam)))
    return _made(volume, order, beams, np.stack(sums))


def _beams(volume: Volume, order: RadiographOrder) -> Sequence[ConeBeam]:
    detector, patient = order.distances if any(order.distances) else DISTANCES[order.kind]
    angles = (FILMS[order.film],) if order.film else order.angles
    centre = volume.geometry.centre
    wide = [ConeBeam(*angle, 2, 1.0, detector, patient, centre) for angle in angles]
    field = order.field or max(_shadow(volume, beam) for beam in wide)
    spacing = field / order.size
    return [ConeBeam(*angle, order.size, spacing, detector, patient, centre) for angle in angles]


def _shadow(volume: Volume, beam: ConeBeam) -> float:
    """Return the side of a square detector that takes a whole volume in, in mm."""
    corners = volume.geometry.corners()
    depth = (corners - np.array(beam.isocentre)) @ beam.axes[2] + beam.source_patient
    if depth.min() <= 0.0:
        raise UsageError("The source lies within the volume; move it farther away (--distances).")
    places, _ = beam.project(corners)
    return float(2.0 * np.abs(places - beam.centre).max() * _ROOM)


def _made(
    volume: Volume, order: RadiographOrder, beams: Sequence[ConeBeam], sums: npt.NDArray[np.float32]
) -> Projected:
    behind = sums[sums > _SEEN]
    low, high = np.percentile(behind, _ENDS) if len(behind) else (0.0, 1.0)
    most = max(float(sums.max()), 1e-3)
    stored = np.rint(sums / most * _WHITE).astype(np.uint16)
    bright = bool(order.film)
    ends = np.array([low, high]) / most * _WHITE
    middle, width = float(ends.mean()), max(1.0, float(ends[1] - ends[0]))
    right, down = ((float(x), float(y), float(z)) for x, y, z in beams[0].axes[:2])
    return Projected(
        stored if bright else (_WHITE - stored).astype(np.uint16), bright,
        tuple((beam.primary, beam.secondary) for beam in beams), beams[0].pixel_spacing,
        beams[0].source_detector, beams[0].source_patient, (right, down),
        (round(middle if bright else _WHITE - middle, 1), round(width, 1)), _BODY,
        volume.paths[0] if volume.format.startswith("DICOM") and volume.paths else "", order.film,
    )  # fmt: skip
