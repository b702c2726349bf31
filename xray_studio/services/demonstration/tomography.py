"""A CT of the chest after contrast, gantry tilted, and the mask of its nodule."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import numpy as np

from xray_studio.core.job import Job, Progress
from xray_studio.core.place import Vector
from xray_studio.dicom.write.ct import CT_CLASS, CtSeries, CtSlice, frame_of_reference, write_ct
from xray_studio.dicom.write.seg import Geometry, Mask, Subject, write_seg
from xray_studio.dicom.write.study import SeriesFacts
from xray_studio.imaging.chest.ct import Gantry, Scan
from xray_studio.imaging.chest.nodule import NODULE as LESION
from xray_studio.imaging.phantom.curves import Array
from xray_studio.services.demonstration.patient import LUNG, NODULE, SEED, TOMOGRAPHY

FOLDER = "ct"
NUMBER = 2
SLICES = 80


def parts() -> list[tuple[float, Callable[[Path, int], Job[None]]]]:
    """Return how to write the slices, with about the seconds it takes."""
    return [(3.0, write_slices)]


def write_slices(folder: Path, size: int) -> Job[None]:
    """Write all slices, the first at the head, and the mask of the nodule."""
    scan = Scan(Gantry(3 * size // 4, SLICES), SEED, LESION)
    series = _series(scan.gantry)
    (folder / FOLDER).mkdir(exist_ok=True)
    marked: list[int] = []
    images: list[str] = []
    for number, index in enumerate(reversed(range(SLICES)), 1):
        image = CtSlice(
            scan.slice(index), number, _vector(scan.gantry.corner(index)),
            float(scan.gantry.middle(index)[2]),
        )  # fmt: skip
        uid = write_ct(folder / FOLDER / f"{number:04}.dcm", TOMOGRAPHY, series, image)
        if scan.lesion(index).any():
            marked.append(index)
            images.append(uid)
        yield Progress(number, SLICES, "Making slices")
    _write_mask(folder / FOLDER / "nodule.dcm", scan, marked, tuple(images))


def _series(gantry: Gantry) -> CtSeries:
    return CtSeries(
        number=NUMBER,
        description="Chest arterial 2.5",
        acquired=TOMOGRAPHY.started + timedelta(minutes=4),
        orientation=(_vector(gantry.axes[0]), _vector(gantry.axes[1])),
        spacing=gantry.spacing,
        thickness=gantry.thickness,
        tilt=gantry.tilt,
    )


def _vector(values: Array) -> Vector:
    x, y, z = (float(value) for value in values)
    return x, y, z


def _write_mask(path: Path, scan: Scan, marked: list[int], images: tuple[str, ...]) -> None:
    series = _series(scan.gantry)
    mask = Mask(
        frames=np.array([scan.lesion(index) for index in marked]),
        images=images,
        sop_class=CT_CLASS,
        source_series=series.series.uid(TOMOGRAPHY),
        subjects=(Subject("Nodule", NODULE, LUNG),),
        geometry=Geometry(
            frame_of_reference(TOMOGRAPHY),
            series.orientation,
            (series.spacing, series.spacing),
            series.thickness,
            tuple(_vector(scan.gantry.corner(index)) for index in marked),
        ),
    )
    facts = SeriesFacts("SEG", NUMBER + 100, "Nodule", series.acquired, "CHEST")
    write_seg(path, TOMOGRAPHY, facts, mask)
