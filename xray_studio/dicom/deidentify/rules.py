"""What is asked for, and what is known of the object: travels to the worker process."""

from __future__ import annotations

from dataclasses import dataclass, field

from pydicom.dataset import Dataset

from xray_studio.core.deidentify.options import Profile
from xray_studio.core.deidentify.pseudonyms import Pseudonyms
from xray_studio.core.deidentify.vocabulary import name_words
from xray_studio.core.region import Region
from xray_studio.dicom.attributes.values import text

_NAMES = (
    "PatientName", "OtherPatientNames", "PatientBirthName", "PatientMotherBirthName", "PatientID",
    "AccessionNumber", "ReferringPhysicianName", "PerformingPhysicianName", "OperatorsName",
    "NameOfPhysiciansReadingStudy", "PhysiciansOfRecord", "RequestingPhysician", "InstitutionName",
    "StationName", "InstitutionalDepartmentName",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Order:
    """How the object at `path` is de-identified.

    `masks` become black in every frame. `looked` tells that somebody, or the detector, looked for
    text in the pixels, so that what is not masked is clean. `values` asks for old and new values,
    for the screen alone.
    """

    path: str
    profile: Profile
    pseudonyms: Pseudonyms
    masks: tuple[Region, ...] = ()
    looked: bool = False
    values: bool = False


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom an object is about: what pseudonyms are made of, and words that name people."""

    sop_class: str
    patient: str
    words: frozenset[str] = field(repr=False, default=frozenset())


def subject_of(dataset: Dataset) -> Subject:
    """Return whom an object is about.

    Patient ID tells a patient; without one the name and birth date, else the study, do.
    """
    identity = text(dataset, "PatientID") or "\\".join(
        filter(None, (text(dataset, "PatientName"), text(dataset, "PatientBirthDate")))
    )
    names = name_words(*(text(dataset, keyword) for keyword in _NAMES))
    patient = identity or text(dataset, "StudyInstanceUID")
    return Subject(text(dataset, "SOPClassUID"), patient, names)
