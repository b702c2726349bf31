"""What a node is asked for, and what it says it has (PS3.4 annex C, Study Root), plainly."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """Of what one match tells."""

    STUDY = "study"
    SERIES = "series"
    IMAGE = "image"


@dataclass(frozen=True, slots=True)
class Query:
    """What is looked for; "" takes everything. Names take * and ?.

    `study_date` is one day as YYYYMMDD, or a range as YYYYMMDD-YYYYMMDD, open at either end.
    """

    level: Level = Level.STUDY
    patient_name: str = ""
    patient_id: str = ""
    study_date: str = ""
    accession_number: str = ""
    modality: str = ""
    study_instance_uid: str = ""
    series_instance_uid: str = ""
    sop_instance_uid: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """One study, series or object that a node has; "" and None are what it did not tell."""

    level: Level
    study_instance_uid: str = ""
    series_instance_uid: str = ""
    sop_instance_uid: str = ""
    sop_class_uid: str = ""
    patient_name: str = ""
    patient_id: str = ""
    patient_birth_date: str = ""
    patient_sex: str = ""
    study_date: str = ""
    study_time: str = ""
    study_description: str = ""
    accession_number: str = ""
    modality: str = ""
    series_number: int | None = None
    series_description: str = ""
    instance_number: int | None = None
    series: int | None = None
    instances: int | None = None
