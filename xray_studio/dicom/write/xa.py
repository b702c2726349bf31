"""Writes X-ray angiographic images (PS3.3 A.14), Explicit VR Little Endian or JPEG Lossless.

Static positioner and table, 12 bits in 16, linear in the exposure.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydicom import Dataset
from pydicom.dataset import FileDataset
from pydicom.sequence import Sequence
from pydicom.uid import ExplicitVRLittleEndian, JPEGLosslessSV1, XRayAngiographicImageStorage

from xray_studio.core.orientation import letters
from xray_studio.core.place import Vector
from xray_studio.dicom.write.objects import Code, coded, new_object, reference, save, uid_from
from xray_studio.dicom.write.pixels import compress, grey_pixels
from xray_studio.dicom.write.study import (
    SeriesFacts,
    StudyFacts,
    patient_and_study,
    series_and_equipment,
)

XA_CLASS = str(XRayAngiographicImageStorage)
BITS_STORED = 12
FRAME_TIME_TAG = 0x00181063
WHOLE = 0.01  # frames a second
HEART: Code = ("80891009", "SCT", "Heart")
OTHER_PLANE: Code = ("121314", "DCM", "Other image of biplane pair")


@dataclass(frozen=True)
class XaGeometry:
    """Positioner and detector: angles in degrees (LAO, CRAN positive), lengths in mm.

    `orientation` holds the unit vectors of rows and columns in the patient (left, back, head).
    `blades` are the collimator's left, right, upper and lower edge in pixels, from 1.
    """

    primary_angle: float
    secondary_angle: float
    source_detector: float
    source_patient: float
    pixel_spacing: float
    orientation: tuple[Vector, Vector]
    blades: tuple[int, int, int, int]


@dataclass(frozen=True)
class XaTechnique:
    """Exposure as the generator reports it: kV, mA, and ms per frame.

    `setting` is Radiation Setting: GR for an acquisition, SC for fluoroscopy. `area_product` is the
    dose-area product of the whole run in dGy cm2, 0 where it is not known.
    """

    peak_voltage: float = 78.0
    tube_current: int = 620
    pulse_width: float = 7.0
    setting: str = "GR"
    area_product: float = 0.0


@dataclass(frozen=True)
class Plane:
    """One plane of a biplane run: `name` is A or B, `other` the SOP Instance UID of its partner."""

    name: str
    other: str


@dataclass(frozen=True)
class XaRun:
    """One acquisition: `frames` (n, rows, columns) uint16 of 12 bits and what belongs to it.

    `frame_time` in ms. `mask_frames` and `r_waves` are indices from 0. `window` is centre and
    width. `contrast` tells whether it was injected. `acquisition` is Acquisition Number where it is
    not `number`. `compressed` writes JPEG Lossless. A run of one frame is written as a
    single-frame image.
    """

    frames: NDArray[np.uint16]
    number: int
    description: str
    acquired: datetime
    geometry: XaGeometry
    window: tuple[float, float]
    frame_time: float = 66.667
    mask_frames: tuple[int, ...] = ()
    r_waves: tuple[int, ...] = ()
    technique: XaTechnique = XaTechnique()
    plane: Plane | None = None
    contrast: bool = True
    comment: str = ""
    acquisition: int = 0
    compressed: bool = False

    @property
    def series(self) -> SeriesFacts:
        """The series that holds this run and nothing else."""
        return SeriesFacts("XA", self.number, self.description, self.acquired, "HEART")


def event_uid(study: StudyFacts, number: int) -> str:
    """Irradiation Event UID of a run."""
    return uid_from(f"{study.uid}/{number}/event")


def write_xa(path: Path, study: StudyFacts, run: XaRun) -> str:
    """Write one run; the file appears whole or not at all. Gives its SOP Instance UID.

    Raises WriteError where nothing can be written.
    """
    return save(_object(study, run), path)


def _object(study: StudyFacts, run: XaRun) -> FileDataset:
    syntax = JPEGLosslessSV1 if run.compressed else ExplicitVRLittleEndian
    dataset = new_object(XA_CLASS, run.series.instance_uid(study), syntax)
    dataset.update(patient_and_study(study))
    dataset.update(series_and_equipment(study, run.series))
    dataset.IrradiationEventUID = event_uid(study, run.number)
    for module in (_image, _acquisition, _positioner, _collimator, _pixels):
        dataset.update(module(run))
    if run.plane is not None:
        dataset.update(_biplane(study, run.plane))
    if run.contrast:
        dataset.update(_contrast())
    if len(run.frames) > 1:
        dataset.update(_cine(run))
    if run.mask_frames:
        dataset.update(_mask(run))
    return dataset


def _biplane(study: StudyFacts, plane: Plane) -> Dataset:
    """Tell which plane it is and which object holds the other (PS3.3 C.8.7.1)."""
    item, part = reference(XA_CLASS, plane.other), Dataset()
    item.PurposeOfReferenceCodeSequence = coded(OTHER_PLANE)
    part.ImageType = ["ORIGINAL", "PRIMARY", f"BIPLANE {plane.name}"]
    part.ReferencedImageSequence = Sequence([item])
    part.FrameOfReferenceUID = uid_from(f"{study.uid}/table")
    part.PositionReferenceIndicator = ""
    return part


def _image(run: XaRun) -> Dataset:
    part = Dataset()
    part.ImageType = ["ORIGINAL", "PRIMARY", "SINGLE PLANE"]
    part.InstanceNumber = 1
    part.AcquisitionNumber = run.acquisition or run.number
    part.AcquisitionDate = part.ContentDate = f"{run.acquired:%Y%m%d}"
    part.AcquisitionTime = part.ContentTime = f"{run.acquired:%H%M%S}"
    if run.comment:
        part.ImageComments = run.comment
    part.PatientOrientation = [letters(axis) for axis in run.geometry.orientation]
    part.AnatomicRegionSequence = coded(HEART)
    part.BurnedInAnnotation = "NO"
    part.LossyImageCompression = "00"
    part.PixelIntensityRelationship = "LIN"
    part.WindowCenter, part.WindowWidth = (f"{value:g}" for value in run.window)
    return part


def _acquisition(run: XaRun) -> Dataset:
    technique, part = run.technique, Dataset()
    pulses = len(run.frames) * technique.pulse_width
    rows, columns = run.frames.shape[1:]
    spacing = run.geometry.pixel_spacing
    part.KVP = f"{technique.peak_voltage:g}"
    part.XRayTubeCurrent = technique.tube_current
    part.ExposureTime = round(pulses)
    part.Exposure = round(technique.tube_current * pulses / 1000.0)
    part.AveragePulseWidth = f"{technique.pulse_width:g}"
    part.RadiationSetting = technique.setting
    part.RadiationMode = "PULSED"
    if technique.area_product:
        part.ImageAndFluoroscopyAreaDoseProduct = f"{technique.area_product:.4g}"
    part.Grid = "IN"
    part.FocalSpots = "0.6"
    part.FieldOfViewShape = "RECTANGLE"
    part.FieldOfViewDimensions = [round(rows * spacing), round(columns * spacing)]
    part.ImagerPixelSpacing = [f"{spacing:.6g}"] * 2
    return part


def _positioner(run: XaRun) -> Dataset:
    geometry, part = run.geometry, Dataset()
    part.PositionerMotion = "STATIC"
    part.TableMotion = "STATIC"
    part.PositionerPrimaryAngle = f"{geometry.primary_angle:g}"
    part.PositionerSecondaryAngle = f"{geometry.secondary_angle:g}"
    part.DistanceSourceToDetector = f"{geometry.source_detector:g}"
    part.DistanceSourceToPatient = f"{geometry.source_patient:g}"
    factor = geometry.source_detector / geometry.source_patient
    part.EstimatedRadiographicMagnificationFactor = f"{factor:.6g}"
    return part


def _collimator(run: XaRun) -> Dataset:
    left, right, upper, lower = run.geometry.blades
    part = Dataset()
    part.CollimatorShape = "RECTANGULAR"
    part.CollimatorLeftVerticalEdge = left
    part.CollimatorRightVerticalEdge = right
    part.CollimatorUpperHorizontalEdge = upper
    part.CollimatorLowerHorizontalEdge = lower
    return part


def _contrast() -> Dataset:
    part = Dataset()
    part.ContrastBolusAgent = "Iodinated contrast 350 mg/ml"
    part.ContrastBolusRoute = "INTRAARTERIAL"
    part.ContrastBolusIngredient = "IODINE"
    part.ContrastBolusIngredientConcentration = "350"
    return part


def _pixels(run: XaRun) -> Dataset:
    part = grey_pixels(run.frames, BITS_STORED)
    if run.compressed:
        compress(part, run.frames, BITS_STORED)
    return part


def _cine(run: XaRun) -> Dataset:
    part, rate = Dataset(), 1000.0 / run.frame_time
    part.NumberOfFrames = len(run.frames)
    part.FrameIncrementPointer = FRAME_TIME_TAG
    part.FrameTime = f"{run.frame_time:g}"
    if abs(rate - round(rate)) < WHOLE:  # both hold whole numbers: 7.5 would become 8
        part.CineRate = part.RecommendedDisplayFrameRate = round(rate)
    part.StartTrim, part.StopTrim = 1, len(run.frames)
    part.EffectiveDuration = f"{len(run.frames) * run.frame_time / 1000.0:.4g}"
    part.PreferredPlaybackSequencing = 0
    part.RepresentativeFrameNumber = len(run.frames) // 2
    if run.r_waves:
        part.RWavePointer = [index + 1 for index in run.r_waves]
    return part


def _mask(run: XaRun) -> Dataset:
    """Average of the frames before the contrast, to be subtracted (PS3.3 C.7.6.10)."""
    item, part = Dataset(), Dataset()
    item.MaskOperation = "AVG_SUB"
    item.ApplicableFrameRange = [1, len(run.frames)]
    item.MaskFrameNumbers = [index + 1 for index in run.mask_frames]
    part.MaskSubtractionSequence = Sequence([item])
    part.RecommendedViewingMode = "NAT"
    return part
