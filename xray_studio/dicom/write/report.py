"""What structured reports and key object selections share (PS3.3 C.17.2, C.17.6)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from pydicom import Dataset
from pydicom.dataset import FileDataset
from pydicom.sequence import Sequence

from xray_studio.dicom.write.content import as_document
from xray_studio.dicom.write.objects import new_object, reference
from xray_studio.dicom.write.study import (
    SeriesFacts,
    StudyFacts,
    patient_and_study,
    series_and_equipment,
)


@dataclass(frozen=True)
class Evidence:
    """An object that a report speaks of."""

    sop_class: str
    instance: str
    series: str


def document(
    sop_class: str, study: StudyFacts, series: SeriesFacts, written: datetime, root: Dataset
) -> FileDataset:
    """Return a document with the given content, everything but its evidence."""
    dataset = new_object(sop_class, series.instance_uid(study))
    dataset.update(patient_and_study(study))
    dataset.update(series_and_equipment(study, series))
    dataset.ReferencedPerformedProcedureStepSequence = Sequence([])
    dataset.InstanceNumber = 1
    dataset.ContentDate, dataset.ContentTime = f"{written:%Y%m%d}", f"{written:%H%M%S}"
    dataset.update(as_document(root))
    return dataset


def evidence(study: StudyFacts, objects: Iterable[Evidence]) -> Sequence:
    """Return the objects of one study by series, for a sequence of evidence."""
    return evidence_of(study.uid, objects)


def evidence_of(study: str, objects: Iterable[Evidence]) -> Sequence:
    """Return the objects of the study with a Study Instance UID by series, as evidence."""
    by_series: dict[str, list[Dataset]] = {}
    for each in objects:
        by_series.setdefault(each.series, []).append(reference(each.sop_class, each.instance))
    item = Dataset()
    item.StudyInstanceUID = study
    item.ReferencedSeriesSequence = Sequence([])
    for series, references in by_series.items():
        inner = Dataset()
        inner.SeriesInstanceUID = series
        inner.ReferencedSOPSequence = Sequence(references)
        item.ReferencedSeriesSequence.append(inner)
    return Sequence([item])
