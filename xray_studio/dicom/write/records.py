"""Directory records of one object (PS3.3 F.5): patient, study, series and the object itself.

What a record must tell and the object does not is made up, the same way each time: a directory
could not list the object otherwise. The object itself stays as it is.
"""

from __future__ import annotations

import hashlib

from pydicom.dataset import Dataset
from pydicom.fileset import DIRECTORY_RECORDERS
from pydicom.sequence import Sequence
from pydicom.uid import UID

from xray_studio.core.errors import UnsupportedError
from xray_studio.dicom.attributes.values import integer, items, tag_of, text
from xray_studio.dicom.file import syntaxes
from xray_studio.dicom.write.copy import as_bytes

LEVELS = 4
Records = tuple[bytes, bytes, bytes, bytes]
_STORAGE = "1.2.840.10008.5.1.4.1.1."
_KINDS = (
    ("88.59", "KEY OBJECT DOC"),
    ("88.", "SR DOCUMENT"),
    ("11.", "PRESENTATION"),
    ("9.", "WAVEFORM"),
    ("104.", "ENCAP DOC"),
    ("66.1", "REGISTRATION"),
    ("66.3", "REGISTRATION"),
    ("67", "VALUE MAP"),
)
_PATIENT = ("PatientName", "PatientID", "PatientBirthDate", "PatientSex")
_STUDY = ("StudyDate", "StudyTime", "AccessionNumber", "StudyDescription", "StudyInstanceUID",
          "StudyID")  # fmt: skip
_SERIES = ("Modality", "InstitutionName", "SeriesDescription", "SeriesInstanceUID", "SeriesNumber")
_IMAGE = ("ImageType", "Rows", "Columns", "NumberOfFrames", "ImagePositionPatient",
          "ImageOrientationPatient", "FrameOfReferenceUID")  # fmt: skip
_EMPTY = ("PatientName", "AccessionNumber", "StudyDescription")  # type 2: there, if without value


def record_kind(dataset: Dataset) -> str:
    """Return the type of record that lists an object, "" for what has none here."""
    sop_class = text(dataset, "SOPClassUID")
    if not sop_class.startswith(_STORAGE) or not text(dataset, "SOPInstanceUID"):
        return ""
    short = sop_class.removeprefix(_STORAGE)
    for begin, kind in _KINDS:
        if short.startswith(begin):
            return kind
    return "IMAGE" if "Rows" in dataset else ""


def records_of(
    dataset: Dataset, kind: str, syntax: str
) -> tuple[tuple[str, str, str, str], tuple[object, ...], Records]:
    """Return what tells the records of an object apart, what sorts them, and the records."""
    _make_up(dataset)
    keys = (
        f"{text(dataset, 'PatientID')}\\{text(dataset, 'PatientName')}",
        text(dataset, "StudyInstanceUID"),
        text(dataset, "SeriesInstanceUID"),
        text(dataset, "SOPInstanceUID"),
    )
    order = (
        keys[0],
        (text(dataset, "StudyDate"), text(dataset, "StudyTime"), keys[1]),
        (integer(dataset, "SeriesNumber") or 0, keys[2]),
        (integer(dataset, "InstanceNumber") or 0, keys[3]),
    )
    patient = _record(dataset, "PATIENT", _PATIENT)
    study = _record(dataset, "STUDY", _STUDY)
    series = _record(dataset, "SERIES", _SERIES)
    return keys, order, (patient, study, series, _leaf(dataset, kind, syntax))


def _make_up(dataset: Dataset) -> None:
    """Give an object what its records must tell (type 1)."""
    for keyword in ("StudyInstanceUID", "SeriesInstanceUID"):
        if not text(dataset, keyword):
            seed = f"{text(dataset, 'PatientID')}/{text(dataset, 'StudyDate')}/{keyword}"
            number = int.from_bytes(hashlib.sha256(seed.encode()).digest()[:16], "big")
            setattr(dataset, keyword, UID(f"2.25.{number}"))
    study = hashlib.sha256(text(dataset, "StudyInstanceUID").encode()).hexdigest()[:12].upper()
    for keyword, value in (
        ("PatientID", f"NONE-{study}"),
        ("StudyDate", text(dataset, "SeriesDate") or text(dataset, "ContentDate") or "19000101"),
        ("StudyTime", text(dataset, "SeriesTime") or text(dataset, "ContentTime") or "000000"),
        ("StudyID", "1"),
        ("Modality", "OT"),
        ("SeriesNumber", "1"),
        ("InstanceNumber", "1"),
    ):
        if not text(dataset, keyword):
            setattr(dataset, keyword, value)


def _record(dataset: Dataset, kind: str, keywords: tuple[str, ...]) -> bytes:
    record = Dataset()
    _copy(dataset, record, ("SpecificCharacterSet", *keywords))
    for keyword in _EMPTY:
        if keyword in keywords and keyword not in record:
            setattr(record, keyword, "")
    return _typed(record, kind)


def _leaf(dataset: Dataset, kind: str, syntax: str) -> bytes:
    try:
        keys = DIRECTORY_RECORDERS[kind](dataset)
    except (ValueError, AttributeError, KeyError) as error:
        raise UnsupportedError("It lacks what a DICOMDIR tells of its kind.") from error
    record = Dataset()
    record.update(keys)
    _only_title(record)
    _copy(dataset, record, ("SpecificCharacterSet",))
    if kind == "IMAGE":
        _copy(dataset, record, _IMAGE)
    record.ReferencedSOPClassUIDInFile = UID(text(dataset, "SOPClassUID"))
    record.ReferencedSOPInstanceUIDInFile = UID(text(dataset, "SOPInstanceUID"))
    record.ReferencedTransferSyntaxUIDInFile = UID(syntax)
    return _typed(record, kind)


def _only_title(record: Dataset) -> None:
    """Leave of the content of a document what modifies its title, as records have it (F.5)."""
    kept = [item for item in items(record, "ContentSequence")
            if text(item, "RelationshipType") == "HAS CONCEPT MOD"]  # fmt: skip
    record.pop(tag_of("ContentSequence"), None)
    if kept:
        record.ContentSequence = Sequence(kept)


def _typed(record: Dataset, kind: str) -> bytes:
    record.DirectoryRecordType = kind
    return as_bytes(record, syntaxes.EXPLICIT_LITTLE)


def _copy(dataset: Dataset, record: Dataset, keywords: tuple[str, ...]) -> None:
    for keyword in keywords:
        if keyword in dataset:
            record.add(dataset[keyword])
