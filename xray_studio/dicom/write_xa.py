"""Writes X-ray angiographic images (PS3.3 A.14), Explicit VR Little Endian.

Single-plane, static positioner and table, 12 bits in 16, linear in the exposure.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydicom import Dataset
from pydicom.dataset import FileDataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.uid import UID, ExplicitVRLittleEndian, XRayAngiographicImageStorage

from xray_studio.core.files import replacing
from xray_studio.core.version import VERSION

MAKER = "X-Ray Studio"
BITS_STORED = 12
FRAME_TIME_TAG = 0x00181063
HEART = ("80891009", "SCT", "Heart")


@dataclass(frozen=True)
class XaStudy:
    """Whose study it is; `uid` is its Study Instance UID, names as DICOM writes them (PN)."""

    uid: str
    patient_name: str
    patient_id: str
    birth_date: date
    sex: str
    institution: str
    description: str
    started: datetime
    comment: str = ""


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
    orientation: tuple[tuple[float, float, float], tuple[float, float, float]]
    blades: tuple[int, int, int, int]


@dataclass(frozen=True)
class XaTechnique:
    """Exposure as the generator reports it: kV, mA, and ms per frame."""

    peak_voltage: float = 78.0
    tube_current: int = 620
    pulse_width: float = 7.0


@dataclass(frozen=True)
class XaRun:
    """One acquisition: `frames` (n, rows, columns) uint16 of 12 bits and what belongs to it.

    `frame_time` in ms. `mask_frames` and `r_waves` are indices from 0. `window` is centre and
    width. A run of one frame is written as a single-frame image.
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


def uid_from(name: str) -> str:
    """UID under the UUID-derived root 2.25 (PS3.5 B.2), the same for the same name."""
    return f"2.25.{uuid.uuid5(uuid.NAMESPACE_URL, f'xray-studio/{name}').int}"


def write_xa(path: Path, study: XaStudy, run: XaRun) -> str:
    """Write one run; the file appears whole or not at all. Gives its SOP Instance UID.

    Raises WriteError where nothing can be written.
    """
    dataset = _object(study, run)
    with replacing(path) as temporary:
        dataset.save_as(temporary, enforce_file_format=True)
    return str(dataset.SOPInstanceUID)


def _object(study: XaStudy, run: XaRun) -> Dataset:
    instance = UID(uid_from(f"{study.uid}/{run.number}/instance"))
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = XRayAngiographicImageStorage
    meta.MediaStorageSOPInstanceUID = instance
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    meta.ImplementationClassUID = UID(uid_from("implementation"))
    meta.ImplementationVersionName = f"XRAY_STUDIO_{VERSION}"[:16]
    dataset = FileDataset("", {}, file_meta=meta, preamble=b"\0" * 128)
    dataset.SOPClassUID = XRayAngiographicImageStorage
    dataset.SOPInstanceUID = instance
    for part in (_patient, _study):
        dataset.update(part(study))
    dataset.update(_series(study, run))
    for module in (_image, _acquisition, _positioner, _collimator, _pixels):
        dataset.update(module(run))
    dataset.update(_contrast())
    if len(run.frames) > 1:
        dataset.update(_cine(run))
    if run.mask_frames:
        dataset.update(_mask(run))
    return dataset


def _patient(study: XaStudy) -> Dataset:
    part = Dataset()
    part.SpecificCharacterSet = "ISO_IR 192"
    part.PatientName = study.patient_name
    part.PatientID = study.patient_id
    part.PatientBirthDate = f"{study.birth_date:%Y%m%d}"
    part.PatientSex = study.sex
    part.PatientComments = study.comment
    return part


def _study(study: XaStudy) -> Dataset:
    part = Dataset()
    part.StudyInstanceUID = study.uid
    part.StudyDate = f"{study.started:%Y%m%d}"
    part.StudyTime = f"{study.started:%H%M%S}"
    part.StudyDescription = study.description
    part.StudyID = f"{study.started:%y%m%d%H%M}"
    part.AccessionNumber = ""
    part.ReferringPhysicianName = ""
    part.PatientAge = f"{_age(study):03d}Y"
    return part


def _age(study: XaStudy) -> int:
    born, then = study.birth_date, study.started
    return then.year - born.year - ((then.month, then.day) < (born.month, born.day))


def _series(study: XaStudy, run: XaRun) -> Dataset:
    part = Dataset()
    part.Modality = "XA"
    part.SeriesInstanceUID = uid_from(f"{study.uid}/{run.number}/series")
    part.SeriesNumber = run.number
    part.SeriesDescription = run.description
    part.SeriesDate, part.SeriesTime = f"{run.acquired:%Y%m%d}", f"{run.acquired:%H%M%S}"
    part.InstitutionName = study.institution
    part.Manufacturer = MAKER
    part.ManufacturerModelName = "Phantom"
    part.SoftwareVersions = VERSION
    part.DeviceSerialNumber = "0"
    part.BodyPartExamined = "HEART"
    part.ProtocolName = study.description
    return part


def _image(run: XaRun) -> Dataset:
    part = Dataset()
    part.ImageType = ["ORIGINAL", "PRIMARY", "SINGLE PLANE"]
    part.InstanceNumber = 1
    part.AcquisitionNumber = run.number
    part.AcquisitionDate = part.ContentDate = f"{run.acquired:%Y%m%d}"
    part.AcquisitionTime = part.ContentTime = f"{run.acquired:%H%M%S}"
    part.PatientOrientation = [_letters(axis) for axis in run.geometry.orientation]
    part.AnatomicRegionSequence = Sequence([_code(*HEART)])
    part.BurnedInAnnotation = "NO"
    part.LossyImageCompression = "00"
    part.PixelIntensityRelationship = "LIN"
    part.WindowCenter, part.WindowWidth = (f"{value:g}" for value in run.window)
    return part


def _letters(axis: tuple[float, float, float]) -> str:
    """Direction in the patient as letters (PS3.3 C.7.6.1.1.1), the strongest first."""
    named = zip(("LR", "PA", "HF"), axis, strict=True)
    strong = sorted(((abs(x), pair[x < 0.0]) for pair, x in named if abs(x) > 0.2), reverse=True)
    return "".join(letter for _, letter in strong)


def _code(value: str, scheme: str, meaning: str) -> Dataset:
    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = value, scheme, meaning
    return item


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
    part.RadiationSetting = "GR"
    part.RadiationMode = "PULSED"
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
    part = Dataset()
    part.SamplesPerPixel = 1
    part.PhotometricInterpretation = "MONOCHROME2"
    part.Rows, part.Columns = run.frames.shape[1:]
    part.BitsAllocated, part.BitsStored, part.HighBit = 16, BITS_STORED, BITS_STORED - 1
    part.PixelRepresentation = 0
    part.PixelData = run.frames.astype("<u2", copy=False).tobytes()
    part["PixelData"].VR = "OW"
    return part


def _cine(run: XaRun) -> Dataset:
    part, rate = Dataset(), round(1000.0 / run.frame_time)
    part.NumberOfFrames = len(run.frames)
    part.FrameIncrementPointer = FRAME_TIME_TAG
    part.FrameTime = f"{run.frame_time:g}"
    part.CineRate = part.RecommendedDisplayFrameRate = rate
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
