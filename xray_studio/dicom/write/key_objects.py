"""Writes key object selections (PS3.3 A.35.4, TID 2010): which images matter, and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pydicom.uid import KeyObjectSelectionDocumentStorage

from xray_studio.dicom.write.content import container, image, text
from xray_studio.dicom.write.objects import Code, save
from xray_studio.dicom.write.report import Evidence, document, evidence
from xray_studio.dicom.write.study import SeriesFacts, StudyFacts

KO_CLASS = str(KeyObjectSelectionDocumentStorage)
OF_INTEREST: Code = ("113000", "DCM", "Of Interest")
DESCRIPTION: Code = ("113012", "DCM", "Key Object Description")


@dataclass(frozen=True)
class Selection:
    """Chosen images and why; `written` is when."""

    images: tuple[KeyImage, ...]
    why: str
    written: datetime


@dataclass(frozen=True)
class KeyImage:
    """A key image, or frames of one, counted from 0."""

    image: Evidence
    frames: tuple[int, ...] = ()


def write_key_objects(path: Path, study: StudyFacts, series: SeriesFacts, chosen: Selection) -> str:
    """Write a selection; the file appears whole or not at all. Gives its SOP Instance UID.

    Raises WriteError where nothing can be written.
    """
    images = [image(key.image.sop_class, key.image.instance, key.frames) for key in chosen.images]
    root = container(OF_INTEREST, text(DESCRIPTION, chosen.why), *images, template="2010")
    made = document(KO_CLASS, study, series, chosen.written, root)
    named = [key.image for key in chosen.images]
    made.CurrentRequestedProcedureEvidenceSequence = evidence(study, named)
    return save(made, path)
