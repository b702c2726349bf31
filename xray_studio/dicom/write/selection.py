"""Key object selections of objects that lie in files (PS3.3 A.35.4, TID 2010)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pydicom.dataset import Dataset, FileDataset
from pydicom.sequence import Sequence

from xray_studio.dicom.attributes.dataset import lenient_pydicom
from xray_studio.dicom.write.content import as_document, container, image, text
from xray_studio.dicom.write.headers import (
    as_evidence,
    beside,
    one_study,
    read_header,
    several_frames,
)
from xray_studio.dicom.write.key_objects import DESCRIPTION, KO_CLASS, OF_INTEREST
from xray_studio.dicom.write.objects import save
from xray_studio.dicom.write.report import evidence_of

SERIES_NUMBER = 9000  # behind those of the devices
SEVERAL_STUDIES = "Key images of one study are saved at a time; mark fewer."


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
        sources = [(read_header(path), frames) for path, frames in order.images]
        study = one_study([header for header, _ in sources], SEVERAL_STUDIES)
        made = _object(order, study, sources)
        return save(made, Path(order.target), lambda: [(source, "") for source, _ in sources])


def _object(
    order: SelectionOrder, study: str, sources: list[tuple[Dataset, tuple[int, ...]]]
) -> FileDataset:
    headers = [header for header, _ in sources]
    made = beside(KO_CLASS, headers, "KO", SERIES_NUMBER, "Key images")
    made.ReferencedPerformedProcedureStepSequence = Sequence([])
    made.ContentDate, made.ContentTime = f"{order.written:%Y%m%d}", f"{order.written:%H%M%S}"
    items = [_named(source, frames) for source, frames in sources]
    root = container(OF_INTEREST, text(DESCRIPTION, order.why), *items, template="2010")
    made.update(as_document(root))
    made.CurrentRequestedProcedureEvidenceSequence = evidence_of(
        study, [as_evidence(header) for header in headers]
    )
    return made


def _named(source: Dataset, frames: tuple[int, ...]) -> Dataset:
    """Name an image; frames only of an object that has several."""
    uids = str(source.SOPClassUID), str(source.SOPInstanceUID)
    return image(*uids, frames if several_frames(source) else ())
