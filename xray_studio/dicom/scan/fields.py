"""From the raw values of a header to the facts a catalogue needs (attributes of PS3.3 Annex C).

The slices of a stack repeat most of their header: those values are decoded once and from then on
found by their bytes.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from xray_studio.core.header import Header
from xray_studio.core.kinds import DOCUMENT
from xray_studio.dicom.file import raw_values as raw
from xray_studio.dicom.file.encoding import Form
from xray_studio.dicom.rate import Told, told_rate
from xray_studio.dicom.scan.walk import Found

PIXEL_TAGS = frozenset((0x7FE00008, 0x7FE00009, 0x7FE00010))
FUNCTIONAL_GROUPS = frozenset((0x52009229, 0x52009230))
IMAGE_POSITION, IMAGE_ORIENTATION = 0x00200032, 0x00200037

# Equal for the pictures of a stack.
SHARED = {
    "PatientID": 0x00100020,
    "PatientName": 0x00100010,
    "IssuerOfPatientID": 0x00100021,
    "PatientBirthDate": 0x00100030,
    "PatientSex": 0x00100040,
    "StudyInstanceUID": 0x0020000D,
    "StudyDate": 0x00080020,
    "StudyTime": 0x00080030,
    "StudyDescription": 0x00081030,
    "AccessionNumber": 0x00080050,
    "SeriesInstanceUID": 0x0020000E,
    "Modality": 0x00080060,
    "SeriesDescription": 0x0008103E,
    "SeriesNumber": 0x00200011,
    "BodyPartExamined": 0x00180015,
    "ProtocolName": 0x00181030,
    "StageName": 0x00082120,
    "ViewName": 0x00082127,
    "ViewNumber": 0x00082128,
    "ViewPosition": 0x00185101,
    "SOPClassUID": 0x00080016,
    "ImageType": 0x00080008,
    "Rows": 0x00280010,
    "Columns": 0x00280011,
    "SamplesPerPixel": 0x00280002,
    "BitsAllocated": 0x00280100,
    "PhotometricInterpretation": 0x00280004,
    "EchoNumbers": 0x00180086,
    "AcquisitionNumber": 0x00200012,
    "ImageOrientationPatient": IMAGE_ORIENTATION,
    "RecommendedDisplayFrameRate": 0x00082144,
    "CineRate": 0x00180040,
    "FrameTime": 0x00181063,
    "FrameTimeVector": 0x00181065,
    "FrameIncrementPointer": 0x00280009,
    "PositionerPrimaryAngle": 0x00181510,
    "PositionerSecondaryAngle": 0x00181511,
    "PositionerPrimaryAngleIncrement": 0x00181520,
    "PositionerSecondaryAngleIncrement": 0x00181521,
    "SpecificCharacterSet": 0x00080005,
}
# Each picture has its own; `read_headers` takes them apart in this order.
OWN = {
    "SOPInstanceUID": 0x00080018,
    "InstanceNumber": 0x00200013,
    "NumberOfFrames": 0x00280008,
    "ImagePositionPatient": IMAGE_POSITION,
    "AcquisitionDateTime": 0x0008002A,
    "AcquisitionDate": 0x00080022,
    "AcquisitionTime": 0x00080032,
    "ContentDate": 0x00080023,
    "ContentTime": 0x00080033,
}
TAGS = (*SHARED.values(), *OWN.values())
SHARED_SLOTS = len(SHARED)
SOP_CLASS_SLOT, ROWS_SLOT = TAGS.index(SHARED["SOPClassUID"]), TAGS.index(SHARED["Rows"])
FRAMES_SLOT = TAGS.index(OWN["NumberOfFrames"])
POSITION_SLOT, ORIENTATION_SLOT = TAGS.index(IMAGE_POSITION), TAGS.index(IMAGE_ORIENTATION)


class Facts(NamedTuple):
    """What pictures share, and how many bits a row and a frame of native pixels take."""

    header: Header
    row_bits: int
    frame_bits: int


@cache
def lookup(form: Form) -> tuple[dict[int, int], frozenset[int], frozenset[int]]:
    """Return keys with slots, keys of pixel data and keys of functional groups in one form."""
    pixels = frozenset(map(form.key, PIXEL_TAGS))
    return form.keys(TAGS), pixels, frozenset(map(form.key, FUNCTIONAL_GROUPS))


def empty_fields(form: Form) -> Found:
    """Return what a walk in this form fills: raw values in the order of TAGS."""
    wanted, pixels, noted = lookup(form)
    return Found(wanted, len(TAGS), pixels, noted)


def facts(values: tuple[bytes, ...], *, little: bool) -> Facts | None:
    """Return the shared facts of raw values in the order of SHARED.

    None when Rows or Columns is missing, unreadable or 0: such a picture has no size.
    """
    value = dict(zip(SHARED, values, strict=True))
    rows = raw.unsigned(value["Rows"], little=little)
    columns = raw.unsigned(value["Columns"], little=little)
    if not rows or not columns:
        return None
    samples = raw.unsigned(value["SamplesPerPixel"], little=little) or 1
    bits = raw.unsigned(value["BitsAllocated"], little=little) or 0
    stored = 2 if value["PhotometricInterpretation"].startswith(b"YBR_FULL_422") else samples
    return Facts(
        header=_header(value, rows, columns, samples, bits, little=little),
        row_bits=columns * stored * bits,
        frame_bits=rows * columns * stored * bits,
    )


def document_header(values: tuple[bytes, ...], title: str, *, little: bool) -> Header:
    """Return the header of a document from raw values in the order of SHARED."""
    value = dict(zip(SHARED, values, strict=True))
    header = _header(value, 0, 0, 0, 0, little=little)
    return header._replace(kind=DOCUMENT, title=title)


def _header(
    value: dict[str, bytes], rows: int, columns: int, samples: int, bits: int, *, little: bool
) -> Header:
    characters = value["SpecificCharacterSet"]

    def text(keyword: str) -> str:
        return raw.text(value[keyword], characters)

    return Header(
        patient_id=text("PatientID"),
        patient_name=text("PatientName"),
        issuer=text("IssuerOfPatientID"),
        birth_date=text("PatientBirthDate"),
        sex=text("PatientSex"),
        study_instance_uid=text("StudyInstanceUID"),
        study_date=text("StudyDate"),
        study_time=text("StudyTime"),
        study_description=text("StudyDescription"),
        accession_number=text("AccessionNumber"),
        series_instance_uid=text("SeriesInstanceUID"),
        modality=text("Modality"),
        series_description=text("SeriesDescription"),
        series_number=raw.integer(value["SeriesNumber"]),
        body_part_examined=text("BodyPartExamined"),
        protocol_name=text("ProtocolName"),
        stage_name=text("StageName"),
        view=text("ViewName") or text("ViewPosition"),
        view_number=raw.integer(value["ViewNumber"]),
        sop_class_uid=text("SOPClassUID"),
        image_type=text("ImageType"),
        rows=rows,
        columns=columns,
        samples=samples,
        bits_allocated=bits,
        echo=text("EchoNumbers"),
        acquisition_number=raw.integer(value["AcquisitionNumber"]),
        image_orientation=raw.numbers(value["ImageOrientationPatient"], 6),
        frame_rate=_frame_rate(value, little=little),
        angles=_angles(value),
    )


def _frame_rate(value: dict[str, bytes], *, little: bool) -> float | None:
    """Return frames per second, None when the file says nothing."""
    found = told_rate(
        Told(
            recommended=raw.number(value["RecommendedDisplayFrameRate"]),
            cine=raw.number(value["CineRate"]),
            pointers=raw.tags(value["FrameIncrementPointer"], little=little),
            frame_time=raw.number(value["FrameTime"]),
            vector=raw.numbers_of(value["FrameTimeVector"]),
        )
    )
    return None if found is None else found[0]


def _angles(value: dict[str, bytes]) -> tuple[float, float] | None:
    """Return the positioner angles, None when they are unknown or the positioner turns."""
    increments = ("PositionerPrimaryAngleIncrement", "PositionerSecondaryAngleIncrement")
    if any(any(raw.numbers_of(value[keyword])) for keyword in increments):
        return None
    primary = raw.number(value["PositionerPrimaryAngle"])
    secondary = raw.number(value["PositionerSecondaryAngle"])
    if primary is None or secondary is None:
        return None
    return primary, secondary
