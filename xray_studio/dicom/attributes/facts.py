"""Who and what an object shows, and how it was made, as far as the display needs it."""

from __future__ import annotations

from pydicom.dataset import Dataset

from xray_studio.core.clip import Acquisition, Identity
from xray_studio.dicom.attributes.groups import Groups
from xray_studio.dicom.attributes.mask import read_mask
from xray_studio.dicom.attributes.values import integer, number, numbers, text
from xray_studio.dicom.file import syntaxes
from xray_studio.dicom.pixels.pixel_format import PixelFormat

PROJECTION = frozenset(("XA", "RF", "CR", "DX", "MG", "PX", "IO", "RG"))
_CALIBRATIONS = {"GEOMETRY": "magnification", "FIDUCIAL": "calibrated"}
_DATES = (("AcquisitionDate", "AcquisitionTime"), ("ContentDate", "ContentTime"),
          ("SeriesDate", "SeriesTime"), ("StudyDate", "StudyTime"))  # fmt: skip
PROPERTIES = "FramePixelDataPropertiesSequence"
MOST_MAGNIFIED = 20.0
WIDEST_ASPECT = 20.0
STILL = 1.0  # degrees that the angles of frames may differ by and count as one
_POSITION = "PositionerPositionSequence"
_INCREMENTS = ("PositionerPrimaryAngleIncrement", "PositionerSecondaryAngleIncrement")


def read_identity(dataset: Dataset) -> Identity:
    """Return who the pictures show and when they were made, as stored (PN, DA, TM)."""
    date, time = _moment(dataset)
    return Identity(
        patient_name=text(dataset, "PatientName"),
        patient_id=text(dataset, "PatientID"),
        birth_date=text(dataset, "PatientBirthDate"),
        sex=text(dataset, "PatientSex"),
        institution=text(dataset, "InstitutionName"),
        study_description=text(dataset, "StudyDescription"),
        date=date,
        time=time,
        accession_number=text(dataset, "AccessionNumber"),
    )


def _moment(dataset: Dataset) -> tuple[str, str]:
    """Return date and time of the acquisition, else of what comes nearest to it."""
    stamp = text(dataset, "AcquisitionDateTime")
    if len(stamp) >= 8 and stamp[:8].isdigit():
        return stamp[:8], stamp[8:].split("+")[0].split("-")[0]
    for date, time in _DATES:
        if text(dataset, date):
            return text(dataset, date), text(dataset, time)
    return "", ""


def read_acquisition(
    groups: Groups, layout: PixelFormat, syntax: str, frames: int, warnings: list[str]
) -> Acquisition:
    """Return how the pictures of an object of so many frames were made."""
    dataset = groups.dataset
    spacing, meaning = _spacing(groups)
    return Acquisition(
        modality=text(dataset, "Modality"),
        sop_class_uid=text(dataset, "SOPClassUID"),
        sop_instance_uid=text(dataset, "SOPInstanceUID"),
        study_instance_uid=text(dataset, "StudyInstanceUID"),
        series_instance_uid=text(dataset, "SeriesInstanceUID"),
        series_number=integer(dataset, "SeriesNumber"),
        series_description=text(dataset, "SeriesDescription"),
        body_part_examined=text(dataset, "BodyPartExamined"),
        instance_number=integer(dataset, "InstanceNumber"),
        angles=_angles(groups),
        pixel_spacing=spacing,
        spacing_meaning=meaning,
        lossy=text(dataset, "LossyImageCompression") == "01" or syntaxes.loses(syntax),
        burned_in=text(dataset, "BurnedInAnnotation").upper(),
        transfer_syntax=syntax,
        photometric=layout.photometric,
        pixel_intensity=_intensity(groups),
        color_space=text(dataset, "ColorSpace").upper(),
        mask=read_mask(groups, frames),
        warnings=tuple(dict.fromkeys(warnings)),
    )


def _intensity(groups: Groups) -> str:
    """Return Pixel Intensity Relationship: LIN, LOG, DISP or what else the object says of it."""
    return text(groups.macro(PROPERTIES, 0), "PixelIntensityRelationship").upper()


def _angles(groups: Groups) -> tuple[float, float] | None:
    """Return the angles of all frames, None when they are unknown or the positioner turns.

    Enhanced objects tell them frame by frame, others by increments (PS3.3 C.8.7.5).
    """
    if any(any(numbers(groups.dataset, keyword)) for keyword in _INCREMENTS):
        return None
    count = len(groups.per_frame) if groups.varies(_POSITION) else 1
    each = [_angles_at(groups.macro(_POSITION, frame)) for frame in range(count)]
    known = [angles for angles in each if angles is not None]
    if len(known) < count or any(max(way) - min(way) > STILL for way in zip(*known, strict=True)):
        return None
    return known[0]


def _angles_at(macro: Dataset) -> tuple[float, float] | None:
    primary = number(macro, "PositionerPrimaryAngle")
    secondary = number(macro, "PositionerSecondaryAngle")
    return None if primary is None or secondary is None else (primary, secondary)


def _spacing(groups: Groups) -> tuple[tuple[float, float] | None, str]:
    """Return row and column spacing in millimetres and where they hold (PS3.3 10.7.1.3)."""
    dataset = groups.dataset
    pixel = _pair(groups.macro("PixelMeasuresSequence", 0), "PixelSpacing")
    detector = _pair(groups.macro(PROPERTIES, 0), "ImagerPixelSpacing")
    if pixel is None:
        return _without_calibration(dataset, detector)
    if text(dataset, "Modality") not in PROJECTION and detector is None:
        return pixel, "patient"
    stated = _CALIBRATIONS.get(text(dataset, "PixelSpacingCalibrationType"))
    differs = detector is not None and detector != pixel
    return pixel, stated or ("calibrated" if differs else "detector")


def _without_calibration(
    dataset: Dataset, detector: tuple[float, float] | None
) -> tuple[tuple[float, float] | None, str]:
    """Return the spacing at the detector, in the patient where the magnification is estimated.

    Estimated Radiographic Magnification Factor is the distance of the detector from the source
    divided by that of the patient (PS3.3 C.8.7.5). Scanned films tell that on the film.
    """
    if detector is None:
        film = _pair(dataset, "NominalScannedPixelSpacing")
        return film, "film" if film else ""
    factor = number(dataset, "EstimatedRadiographicMagnificationFactor") or 0.0
    if not 1.0 <= factor <= MOST_MAGNIFIED:
        return detector, "detector"
    return (detector[0] / factor, detector[1] / factor), "magnification"


def _pair(dataset: Dataset, keyword: str) -> tuple[float, float] | None:
    pair = numbers(dataset, keyword)[:2]
    return (pair[0], pair[1]) if len(pair) == 2 and min(pair) > 0.0 else None


def read_aspect(groups: Groups) -> float:
    """Return the height of a pixel divided by its width: from its spacing, else as stated.

    Values beyond reason count as square (PS3.3 C.7.6.3.1.7: Pixel Aspect Ratio is height, width).
    """
    spacing, _ = _spacing(groups)
    pair = spacing or _pair(groups.dataset, "PixelAspectRatio") or (1.0, 1.0)
    aspect = pair[0] / pair[1]
    return aspect if 1.0 / WIDEST_ASPECT <= aspect <= WIDEST_ASPECT else 1.0
