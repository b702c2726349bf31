"""Writes encapsulated PDF documents (PS3.3 A.45.1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pydicom import Dataset
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
    dataset.update(document_module(paper))
    return save(dataset, path)


def document_module(paper: PdfDocument) -> Dataset:
    """Return the Encapsulated Document module (PS3.3 C.24.2)."""
    part = Dataset()
    part.InstanceNumber = 1
    part.ContentDate = f"{paper.written:%Y%m%d}"
    part.ContentTime = f"{paper.written:%H%M%S}"
    part.AcquisitionDateTime = f"{paper.written:%Y%m%d%H%M%S}"
    part.BurnedInAnnotation = "YES"
    part.DocumentTitle = paper.title
    part.ConceptNameCodeSequence = coded(paper.kind)
    part.MIMETypeOfEncapsulatedDocument = "application/pdf"
    part.EncapsulatedDocumentLength = len(paper.data)
    part.EncapsulatedDocument = paper.data + b"\0" * (len(paper.data) % 2)
    return part
