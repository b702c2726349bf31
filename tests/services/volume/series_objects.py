"""Series of slices made for tests."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from pydicom.uid import ExplicitVRBigEndian, generate_uid

from tests.dicom.objects import make_object, save
from tests.volume.phantom import phantom
from xray_studio.core.volume.volume import Volume

CT, MR, PET = (f"1.2.840.10008.5.1.4.1.1.{n}" for n in ("2", "4", "128"))


def write_series(
    folder: Path,
    made: Volume,
    *,
    skip: tuple[int, ...] = (),
    name: str = "",
    syntax: str = "",
    each: Any = None,
    **attributes: Any,
) -> None:
    """Write a volume slice by slice; `each` gives attributes of slice n."""
    folder.mkdir(exist_ok=True)
    grid = made.geometry
    axes = grid.directions
    series, study, frame = generate_uid(), generate_uid(), generate_uid()
    for n, plane in enumerate(made.values):
        if n in skip:
            continue
        told: dict[str, Any] = {
            "SOPClassUID": CT, "Modality": "CT", "SeriesInstanceUID": series,
            "StudyInstanceUID": study, "FrameOfReferenceUID": frame, "InstanceNumber": n + 1,
            "ImagePositionPatient": [f"{x:.9g}" for x in grid.points([(0, 0, n)])[0]],
            "ImageOrientationPatient": [f"{x:.12g}" for x in [*axes[:, 0], *axes[:, 1]]],
            "PixelSpacing": [f"{x:.9g}" for x in (grid.spacing[1], grid.spacing[0])],
            "SliceThickness": "2.5", "RescaleSlope": "1", "RescaleIntercept": "0",
        }  # fmt: skip
        told |= attributes | (each(n) if each else {})
        made_object = make_object(np.ascontiguousarray(plane), **told)
        if syntax == ExplicitVRBigEndian:
            made_object.PixelData = plane.astype(plane.dtype.newbyteorder(">")).tobytes()
        save(made_object, folder / f"{name}{n:03}.dcm", **({"syntax": syntax} if syntax else {}))


def tilted(kind: str = "int16") -> Volume:
    """Return the phantom with its planes shifted against each other."""
    return phantom(kind, tilted=True)
