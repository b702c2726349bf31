"""Writes CT slices (PS3.3 A.3), one file each, Explicit VR Little Endian."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydicom import Dataset
from pydicom.dataset import FileDataset
from pydicom.uid import CTImageStorage

from xray_studio.core.place import Vector
from xray_studio.dicom.write.dx import CHEST
from xray_studio.dicom.write.objects import coded, new_object, save, uid_from
from xray_studio.dicom.write.pixels import grey_pixels
from xray_studio.dicom.write.study import (
    SeriesFacts,
    StudyFacts,
    patient_and_study,
    series_and_equipment,
)

BITS_STORED = 12
CT_CLASS = str(CTImageStorage)
INTERCEPT = -1024  # stored values are Hounsfield units less this
WINDOWS = (("SOFT_TISSUE", 40, 400), ("LUNG", -600, 1500))


@dataclass(frozen=True)
class CtSeries:
    """What all slices share: lengths in mm, `tilt` of the gantry in degrees.

    `orientation` holds the unit vectors of rows and columns in the patient.
    """

    number: int
    description: str
    acquired: datetime
    orientation: tuple[Vector, Vector]
    spacing: float
    thickness: float
    tilt: float

    @property
    def series(self) -> SeriesFacts:
        """The series that holds the slices."""
        return SeriesFacts("CT", self.number, self.description, self.acquired, "CHEST")


@dataclass(frozen=True)
class CtSlice:
    """One slice: `values` (rows, columns) in Hounsfield units, `position` of its first pixel.

    `number` is its Instance Number, from 1; `table` the position of the table in mm.
    """

    values: NDArray[np.int16]
    number: int
    position: Vector
    table: float


def write_ct(path: Path, study: StudyFacts, series: CtSeries, image: CtSlice) -> str:
    """Write a slice; the file appears whole or not at all. Gives its SOP Instance UID.

    Raises WriteError where nothing can be written.
    """
    return save(_object(study, series, image), path)


def frame_of_reference(study: StudyFacts) -> str:
    """Frame of Reference UID of all slices of a study."""
    return uid_from(f"{study.uid}/gantry")


def _object(study: StudyFacts, series: CtSeries, image: CtSlice) -> FileDataset:
    dataset = new_object(CT_CLASS, series.series.instance_uid(study, image.number))
    dataset.update(patient_and_study(study))
    dataset.update(series_and_equipment(study, series.series))
    dataset.IrradiationEventUID = uid_from(f"{study.uid}/{series.number}/event")
    dataset.FrameOfReferenceUID = frame_of_reference(study)
    dataset.PositionReferenceIndicator = ""
    for part in (_image(series, image), _geometry(series, image), _acquisition()):
        dataset.update(part)
    dataset.update(_values(image))
    return dataset


def _image(series: CtSeries, image: CtSlice) -> Dataset:
    part = Dataset()
    part.ImageType = ["ORIGINAL", "PRIMARY", "AXIAL"]
    part.InstanceNumber = image.number
    part.AcquisitionNumber = 1
    part.AcquisitionDate = part.ContentDate = f"{series.acquired:%Y%m%d}"
    part.AcquisitionTime = part.ContentTime = f"{series.acquired:%H%M%S}"
    part.AnatomicRegionSequence = coded(CHEST)
    part.BurnedInAnnotation = "NO"
    part.LossyImageCompression = "00"
    part.PatientPosition = "HFS"
    return part


def _geometry(series: CtSeries, image: CtSlice) -> Dataset:
    part = Dataset()
    axes = (value for axis in series.orientation for value in axis)
    part.ImageOrientationPatient = [f"{value:.8g}" for value in axes]
    part.ImagePositionPatient = [f"{value:.6f}" for value in image.position]
    part.PixelSpacing = [f"{series.spacing:.8g}"] * 2
    part.SliceThickness = f"{series.thickness:g}"
    part.SliceLocation = f"{image.table:g}"
    part.GantryDetectorTilt = f"{series.tilt:g}"
    return part


def _acquisition() -> Dataset:
    part = Dataset()
    part.ScanOptions = "AXIAL MODE"
    part.KVP = "120"
    part.XRayTubeCurrent, part.ExposureTime, part.Exposure = 240, 500, 120
    part.ConvolutionKernel = "STANDARD"
    part.RotationDirection = "CW"
    part.DataCollectionDiameter = part.ReconstructionDiameter = "360"
    part.DistanceSourceToDetector, part.DistanceSourceToPatient = "950", "540"
    part.ContrastBolusAgent = "Iodinated contrast 350 mg/ml"
    part.ContrastBolusRoute = "IV"
    part.ContrastBolusVolume = "70"
    return part


def _values(image: CtSlice) -> Dataset:
    stored = np.clip(image.values.astype(np.int32) - INTERCEPT, 0, (1 << BITS_STORED) - 1)
    part = grey_pixels(stored.astype(np.uint16)[None], BITS_STORED)
    part.RescaleIntercept, part.RescaleSlope, part.RescaleType = str(INTERCEPT), "1", "HU"
    part.WindowCenter = [str(centre) for _, centre, _ in WINDOWS]
    part.WindowWidth = [str(width) for _, _, width in WINDOWS]
    part.WindowCenterWidthExplanation = [name for name, _, _ in WINDOWS]
    return part
