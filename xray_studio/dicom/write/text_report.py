"""Writes written reports as structured reports (PS3.3 A.35.1, Basic Text SR; TID 2000)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pydicom import Dataset
from pydicom.sequence import Sequence
from pydicom.uid import BasicTextSRStorage

from xray_studio.dicom.write.content import concept, container, image, person, text
from xray_studio.dicom.write.key_objects import KeyImage
from xray_studio.dicom.write.objects import Code, save
from xray_studio.dicom.write.report import document, evidence
from xray_studio.dicom.write.study import SeriesFacts, StudyFacts

LANGUAGE: Code = ("121049", "DCM", "Language of Content Item and Descendants")
ENGLISH: Code = ("en", "RFC5646", "English")
OBSERVER_KIND: Code = ("121005", "DCM", "Observer Type")
PERSON: Code = ("121006", "DCM", "Person")
OBSERVER: Code = ("121008", "DCM", "Person Observer Name")


@dataclass(frozen=True)
class Section:
    """A headed paragraph."""

    heading: Code
    name: Code
    words: str


@dataclass(frozen=True)
class TextReport:
    """A report by `author` (a PN) with its title, sections and the images it names."""

    title: Code
    author: str
    written: datetime
    sections: tuple[Section, ...]
    images: tuple[KeyImage, ...]


def write_text_report(
    path: Path, study: StudyFacts, series: SeriesFacts, report: TextReport
) -> str:
    """Write a report; the file appears whole or not at all. Gives its SOP Instance UID.

    Raises WriteError where nothing can be written.
    """
    root = container(
        report.title,
        concept(LANGUAGE, ENGLISH, relation="HAS CONCEPT MOD"),
        concept(OBSERVER_KIND, PERSON, relation="HAS OBS CONTEXT"),
        person(OBSERVER, report.author, "HAS OBS CONTEXT"),
        *(container(part.heading, text(part.name, part.words)) for part in report.sections),
        *(image(key.image.sop_class, key.image.instance, key.frames) for key in report.images),
        template="2000",
    )
    made = document(str(BasicTextSRStorage), study, series, report.written, root)
    made.CompletionFlag, made.VerificationFlag = "COMPLETE", "UNVERIFIED"
    made.PerformedProcedureCodeSequence = Sequence([])
    made.AuthorObserverSequence = Sequence([_author(report.author)])
    named = [key.image for key in report.images]
    made.CurrentRequestedProcedureEvidenceSequence = evidence(study, named)
    return save(made, path)


def _author(name: str) -> Dataset:
    item = Dataset()
    item.ObserverType = "PSN"
    item.PersonName = name
    item.PersonIdentificationCodeSequence = Sequence([])
    item.InstitutionName = ""
    item.InstitutionCodeSequence = Sequence([])
    return item
