"""Writes encapsulated PDF documents (PS3.3 A.45.1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pydicom.uid import EncapsulatedPDFStorage

from xray_studio.dicom.write.objects import Code, coded, new_object, save
from xray_studio.dicom.write.study import (
    SeriesFacts,
    StudyFacts,
    patient_and_study,
    series_and_equipment,
)


@dataclass(frozen=True)
class PdfDocument:
    """A document: its bytes, its title and what kind it is."""

    data: bytes
    title: str
    kind: Code
    written: datetime


def write_pdf(path: Path, study: StudyFacts, series: SeriesFacts, paper: PdfDocument) -> str:
    """Write a document; the file appears whole or not at all. Gives its SOP Instance UID.

    Raises WriteError where nothing can be written.
    """
    dataset = new_object(str(EncapsulatedPDFStorage), series.instance_uid(study))
    dataset.update(patient_and_study(study))
    dataset.update(series_and_equipment(study, series))
    dataset.ConversionType = "WSD"
    dataset.InstanceNumber = 1
    dataset.ContentDate = f"{paper.written:%Y%m%d}"
    dataset.ContentTime = f"{paper.written:%H%M%S}"
    dataset.AcquisitionDateTime = f"{paper.written:%Y%m%d%H%M%S}"
    dataset.BurnedInAnnotation = "YES"
    dataset.DocumentTitle = paper.title
    dataset.ConceptNameCodeSequence = coded(paper.kind)
    dataset.MIMETypeOfEncapsulatedDocument = "application/pdf"
    dataset.EncapsulatedDocumentLength = len(paper.data)
    dataset.EncapsulatedDocument = paper.data + b"\0" * (len(paper.data) % 2)
    return save(dataset, path)
