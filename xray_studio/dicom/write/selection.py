"""Key object selections of objects that lie in files (PS3.3 A.35.4, TID 2010)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pydicom
from pydicom.dataset import Dataset, FileDataset
from pydicom.errors import InvalidDicomError
from pydicom.sequence import Sequence

from xray_studio.core.errors import UnreadableError, UsageError
from xray_studio.core.version import VERSION
from xray_studio.dicom.attributes.dataset import lenient_pydicom
from xray_studio.dicom.attributes.values import text as value_of
from xray_studio.dicom.write.content import as_document, container, image, text
from xray_studio.dicom.write.derived import new_uid
from xray_studio.dicom.write.key_objects import DESCRIPTION, KO_CLASS, OF_INTEREST
from xray_studio.dicom.write.objects import MAKER, new_object, save
from xray_studio.dicom.write.report import Evidence, evidence_of

SERIES_NUMBER = 9000  # behind those of the devices
# What the selection has in common with what it selects (PS3.3 C.7.1.1, C.7.2.1).
_SHARED = (
    ("PatientName", 2), ("PatientID", 2), ("IssuerOfPatientID", 3), ("PatientBirthDate", 2),
    ("PatientSex", 2), ("StudyInstanceUID", 1), ("StudyDate", 2), ("StudyTime", 2),
    ("ReferringPhysicianName", 2), ("StudyID", 2), ("AccessionNumber", 2),
    ("StudyDescription", 3),
)  # fmt: skip
_READ = [
    "SpecificCharacterSet", "SOPClassUID", "SOPInstanceUID", "SeriesInstanceUID",
    "NumberOfFrames", *(keyword for keyword, _ in _SHARED),
]  # fmt: skip


@dataclass(frozen=True)
class SelectionOrder:
    """What to select: files with the frames of each (from 0), why, when, and where it goes."""

    images: tuple[tuple[str, tuple[int, ...]], ...]
    why: str
    written: datetime
    target: str


def write_selection(order: SelectionOrder) -> str:
    """Write a selection of images of one study. Gives its SOP Instance UID.

    Runs in a worker process. Raises UnreadableError, UsageError (nothing, or several studies) or
    WriteError.
    """
    with lenient_pydicom():
        sources = [(_header(path), frames) for path, frames in order.images]
        studies = {str(source.get("StudyInstanceUID", "")) for source, _ in sources}
        if len(studies) != 1 or "" in studies:
            raise UsageError("Key images of one study are saved at a time; mark fewer.")
        made = _object(order, sources)
        return save(made, Path(order.target), lambda: [(source, "") for source, _ in sources])


def _header(path: str) -> Dataset:
    try:
        found = pydicom.dcmread(path, stop_before_pixels=True, specific_tags=_READ)
    except (OSError, InvalidDicomError, ValueError) as error:
        raise UnreadableError(f"{Path(path).name} can no longer be read; open it again.") from error
    if not value_of(found, "SOPInstanceUID") or not value_of(found, "SOPClassUID"):
        raise UnreadableError(f"{Path(path).name} does not say which object it is.")
    return found


def _object(order: SelectionOrder, sources: list[tuple[Dataset, tuple[int, ...]]]) -> FileDataset:
    made = new_object(KO_CLASS, new_uid())
    first = sources[0][0]
    for keyword, kind in (("SpecificCharacterSet", 3), *_SHARED):
        if keyword in first:
            made[keyword] = first[keyword]
        elif kind == 2:
            setattr(made, keyword, "")
    _series(made, order)
    items = [_named(source, frames) for source, frames in sources]
    root = container(OF_INTEREST, text(DESCRIPTION, order.why), *items, template="2010")
    made.update(as_document(root))
    study = str(first.StudyInstanceUID)
    made.CurrentRequestedProcedureEvidenceSequence = evidence_of(
        study, [_evidence(source) for source, _ in sources]
    )
    return made


def _series(made: Dataset, order: SelectionOrder) -> None:
    made.Modality = "KO"
    made.SeriesInstanceUID = new_uid()
    made.SeriesNumber, made.InstanceNumber = SERIES_NUMBER, 1
    made.SeriesDescription = "Key images"
    made.Manufacturer, made.SoftwareVersions = MAKER, VERSION
    made.ReferencedPerformedProcedureStepSequence = Sequence([])
    made.ContentDate, made.ContentTime = f"{order.written:%Y%m%d}", f"{order.written:%H%M%S}"


def _named(source: Dataset, frames: tuple[int, ...]) -> Dataset:
    """Name an image; frames only of an object that has several."""
    several = str(source.get("NumberOfFrames", "1") or "1").strip() not in {"", "0", "1"}
    uids = str(source.SOPClassUID), str(source.SOPInstanceUID)
    return image(*uids, frames if several else ())


def _evidence(source: Dataset) -> Evidence:
    return Evidence(
        str(source.SOPClassUID), str(source.SOPInstanceUID), str(source.SeriesInstanceUID)
    )
