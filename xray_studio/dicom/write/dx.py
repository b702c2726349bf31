"""Writes digital radiographs (PS3.3 A.26), for presentation, Explicit VR Little Endian."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydicom import Dataset
from pydicom.dataset import FileDataset
from pydicom.sequence import Sequence
from pydicom.uid import DigitalXRayImageStorageForPresentation

from xray_studio.dicom.write.objects import Code, coded, new_object, save, uid_from
from xray_studio.dicom.write.pixels import grey_pixels
from xray_studio.dicom.write.study import (
    SeriesFacts,
    StudyFacts,
    patient_and_study,
    series_and_equipment,
)

BITS_STORED = 12
DX_CLASS = str(DigitalXRayImageStorageForPresentation)
CHEST: Code = ("51185008", "SCT", "Chest")
VIEWS: dict[str, tuple[Code, tuple[str, str]]] = {
    "PA": (("272479007", "SCT", "postero-anterior"), ("L", "F")),
    "LL": (("399173006", "SCT", "left lateral"), ("P", "F")),
}


@dataclass(frozen=True)
class Radiograph:
    """One film: `pixels` (rows, columns) uint16 of 12 bits, bright where much is absorbed.

    `view` is PA or LL (View Position), `inverse` stores it as MONOCHROME1. `spacing` and the
    distances are in mm, `window` is centre and width of `pixels`, `voltage` in kV and `exposure`
    in mAs.
    """

    pixels: NDArray[np.uint16]
    number: int
    description: str
    acquired: datetime
    view: str
    spacing: float
    source_detector: float
    source_patient: float
    window: tuple[float, float]
    inverse: bool = False
    voltage: float = 120.0
    exposure: float = 1.8

    @property
    def series(self) -> SeriesFacts:
        """The series that holds this film and nothing else."""
        return SeriesFacts("DX", self.number, self.description, self.acquired, "CHEST")


def write_dx(path: Path, study: StudyFacts, film: Radiograph) -> str:
    """Write a film; the file appears whole or not at all. Gives its SOP Instance UID.

    Raises WriteError where nothing can be written.
    """
    return save(_object(study, film), path)


def _object(study: StudyFacts, film: Radiograph) -> FileDataset:
    dataset = new_object(DigitalXRayImageStorageForPresentation, film.series.instance_uid(study))
    dataset.update(patient_and_study(study))
    dataset.update(series_and_equipment(study, film.series))
    dataset.IrradiationEventUID = uid_from(f"{study.uid}/{film.number}/event")
    for module in (_image, _presentation, _positioning, _detector, _exposure):
        dataset.update(module(film))
    return dataset


def _image(film: Radiograph) -> Dataset:
    part = Dataset()
    part.PresentationIntentType = "FOR PRESENTATION"
    part.ImageType = ["ORIGINAL", "PRIMARY"]
    part.InstanceNumber = 1
    part.AcquisitionNumber = film.number
    part.AcquisitionDate = part.ContentDate = f"{film.acquired:%Y%m%d}"
    part.AcquisitionTime = part.ContentTime = f"{film.acquired:%H%M%S}"
    part.AcquisitionContextSequence = Sequence([])
    part.ImageLaterality = "U"
    part.AnatomicRegionSequence = coded(CHEST)
    part.BurnedInAnnotation = "NO"
    part.LossyImageCompression = "00"
    return part


def _presentation(film: Radiograph) -> Dataset:
    """Pixels and how they become grey: MONOCHROME1 is stored upside down (PS3.3 C.8.11.3)."""
    white = (1 << BITS_STORED) - 1
    stored = (white - film.pixels if film.inverse else film.pixels).astype(np.uint16)
    centre, width = film.window
    part = grey_pixels(stored[None], BITS_STORED, "MONOCHROME1" if film.inverse else "MONOCHROME2")
    part.PixelIntensityRelationship = "LOG"
    part.PixelIntensityRelationshipSign = 1 if film.inverse else -1
    part.RescaleIntercept, part.RescaleSlope, part.RescaleType = "0", "1", "US"
    part.PresentationLUTShape = "INVERSE" if film.inverse else "IDENTITY"
    part.WindowCenter = f"{white - centre if film.inverse else centre:g}"
    part.WindowWidth = f"{width:g}"
    return part


def _positioning(film: Radiograph) -> Dataset:
    view, orientation = VIEWS[film.view]
    part = Dataset()
    part.ViewPosition = film.view
    part.ViewCodeSequence = coded(view)
    part.ViewCodeSequence[0].ViewModifierCodeSequence = Sequence([])
    part.PatientOrientation = list(orientation)
    part.PatientOrientationCodeSequence = coded(("10904000", "SCT", "erect"))
    part.PositionerType = "COLUMN"
    part.DistanceSourceToDetector = f"{film.source_detector:g}"
    part.DistanceSourceToPatient = f"{film.source_patient:g}"
    factor = film.source_detector / film.source_patient
    part.EstimatedRadiographicMagnificationFactor = f"{factor:.6g}"
    return part


def _detector(film: Radiograph) -> Dataset:
    rows, columns = film.pixels.shape
    part = Dataset()
    part.DetectorType = "SCINTILLATOR"
    part.DetectorConfiguration = "AREA"
    part.DetectorID = "0"
    part.DetectorActiveShape = "RECTANGLE"
    part.ImagerPixelSpacing = [f"{film.spacing:.6g}"] * 2
    part.FieldOfViewShape = "RECTANGLE"
    part.FieldOfViewDimensions = [round(rows * film.spacing), round(columns * film.spacing)]
    part.FieldOfViewOrigin = ["0", "0"]
    part.FieldOfViewRotation = "0"
    part.FieldOfViewHorizontalFlip = "NO"
    return part


def _exposure(film: Radiograph) -> Dataset:
    part = Dataset()
    part.KVP = f"{film.voltage:g}"
    part.ExposureInuAs = round(1000.0 * film.exposure)
    part.ExposureTime = 6
    part.Grid = "FIXED"
    part.FocalSpots = "1.2"
    return part
