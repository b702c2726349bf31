"""Radiographs computed from volumes, as X-ray angiographic (PS3.3 A.14) or digital X-ray (A.26).

They are derived and secondary, of the patient and study of the volume; nobody was exposed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from pydicom import Dataset
from pydicom.dataset import FileDataset
from pydicom.sequence import Sequence
from pydicom.uid import UID

from xray_studio.core.orientation import letters
from xray_studio.core.place import Vector
from xray_studio.core.version import VERSION
from xray_studio.dicom.write.derived import new_uid
from xray_studio.dicom.write.dx import DX_CLASS, VIEWS
from xray_studio.dicom.write.objects import MAKER, Code, coded, new_object, save
from xray_studio.dicom.write.parts import PATIENT, STUDY, read_part, shared_by
from xray_studio.dicom.write.pixels import grey_pixels
from xray_studio.dicom.write.xa import FRAME_TIME_TAG, XA_CLASS

BITS_STORED: Final = 12
_FRAME_TIME: Final = 100.0  # ms from one angle of a turn to the next, as it is played
_ABOUT: Final = (
    "Digitally reconstructed radiograph: sums of linear attenuation along the rays of a cone beam"
    " through a volume in Hounsfield units; for teaching and tests"
)


@dataclass(frozen=True, slots=True, eq=False)
class Projected:
    """What was computed: `frames` (n, rows, columns) of 12 bits.

    `bright` tells whether much attenuation is bright, as on a film. `angles` are (primary,
    secondary) in degrees, one for each frame. Lengths are mm, `spacing` that of the detector.
    `orientation` holds the unit vectors of rows and columns in the patient for the first frame,
    `window` is centre and width, `region` the anatomic region. `source` is an object of the
    volume's study, "" where it is of no DICOM object; `film` is PA or LL where it is written as
    digital X-ray.
    """

    frames: NDArray[np.uint16]
    bright: bool
    angles: tuple[tuple[float, float], ...]
    spacing: float
    source_detector: float
    source_patient: float
    orientation: tuple[Vector, Vector]
    window: tuple[float, float]
    region: Code
    source: str = ""
    film: str = ""


def write_projected(path: Path, made: Projected) -> str:
    """Write a radiograph and return its SOP Instance UID.

    Raises WriteError where nothing can be written or the object would break the standard.
    """
    return save(_object(made), path)


def _object(made: Projected) -> FileDataset:
    dataset = new_object(DX_CLASS if made.film else XA_CLASS, new_uid())
    dataset.update(_study(made))
    dataset.update(_image(made))
    dataset.update(_pixels(made))
    dataset.update(_distances(made))
    dataset.update(_film(made) if made.film else _positioner(made))
    return dataset


def _study(made: Projected) -> Dataset:
    known = [read_part(made.source).dataset] if made.source else [Dataset()]
    base = shared_by(known, (*PATIENT, *STUDY))
    if not str(base.get("StudyInstanceUID") or ""):
        base.StudyInstanceUID = UID(new_uid())
    base.SeriesInstanceUID = UID(new_uid())
    base.Modality = "DX" if made.film else "XA"
    base.SeriesNumber = None
    base.SeriesDescription = "Reconstructed radiograph"
    if not made.film:  # of a film the image tells it
        base.Laterality = None
    base.Manufacturer = base.ManufacturerModelName = MAKER
    base.SoftwareVersions = VERSION
    return base


def _image(made: Projected) -> Dataset:
    part, now = Dataset(), datetime.now(UTC).astimezone()
    part.ImageType = ["DERIVED", "SECONDARY", *([] if made.film else ["SINGLE PLANE"])]
    part.InstanceNumber = 1
    part.ContentDate, part.ContentTime = f"{now:%Y%m%d}", f"{now:%H%M%S}"
    part.InstanceCreationDate, part.InstanceCreationTime = part.ContentDate, part.ContentTime
    part.DerivationDescription = _ABOUT
    part.PatientOrientation = [letters(axis) for axis in made.orientation]
    part.AnatomicRegionSequence = coded(made.region)
    part.BurnedInAnnotation = "NO"
    part.LossyImageCompression = "00"
    part.WindowCenter, part.WindowWidth = (f"{value:g}" for value in made.window)
    return part


def _pixels(made: Projected) -> Dataset:
    part = grey_pixels(made.frames, BITS_STORED)
    # Of angiographic images LOG asks for a table back to intensities (PS3.3 C.8.7.1.1.2).
    part.PixelIntensityRelationship = "LOG" if made.film else "DISP"
    if made.film:
        part.PixelIntensityRelationshipSign = -1 if made.bright else 1
        part.RescaleIntercept, part.RescaleSlope, part.RescaleType = "0", "1", "US"
        part.PresentationLUTShape = "IDENTITY"
    return part


def _distances(made: Projected) -> Dataset:
    part = Dataset()
    part.DistanceSourceToDetector = f"{made.source_detector:g}"
    part.DistanceSourceToPatient = f"{made.source_patient:g}"
    factor = made.source_detector / made.source_patient
    part.EstimatedRadiographicMagnificationFactor = f"{factor:.6g}"
    part.ImagerPixelSpacing = [f"{made.spacing:.6g}"] * 2
    part.KVP = None
    return part


def _positioner(made: Projected) -> Dataset:
    part, (first, *rest) = Dataset(), made.angles
    part.PositionerPrimaryAngle, part.PositionerSecondaryAngle = (f"{one:g}" for one in first)
    part.PositionerMotion = "DYNAMIC" if rest else "STATIC"
    part.RadiationSetting = "GR"
    part.XRayTubeCurrent = part.ExposureTime = part.Exposure = None
    if rest:
        part.NumberOfFrames = len(made.angles)
        part.FrameIncrementPointer = FRAME_TIME_TAG
        part.FrameTime = f"{_FRAME_TIME:g}"
        for keyword, which in (("Primary", 0), ("Secondary", 1)):
            steps = [f"{angle[which] - first[which]:g}" for angle in made.angles]
            setattr(part, f"Positioner{keyword}AngleIncrement", steps)
    return part


def _film(made: Projected) -> Dataset:
    view, orientation = VIEWS[made.film]
    part = Dataset()
    part.PresentationIntentType = "FOR PRESENTATION"
    part.AcquisitionContextSequence = Sequence([])
    part.ImageLaterality = "U"
    part.ViewPosition = made.film
    part.ViewCodeSequence = coded(view)
    part.ViewCodeSequence[0].ViewModifierCodeSequence = Sequence([])
    part.PatientOrientation = list(orientation)
    part.PositionerType = None
    part.DetectorType = None
    return part
