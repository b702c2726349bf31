"""What a node is asked for, and what it says it has (PS3.4 annex C, Study Root), plainly."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from xray_studio.core.errors import UsageError


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


def name_like(typed: str) -> str:
    """Return a name to look for: "Doe, Jane" is Doe^Jane*, and what has * or ? stays."""
    name = re.sub(r"\s*,\s*", "^", typed.strip())
    return name if not name or "*" in name or "?" in name else f"{name}*"


def days(first: str, last: str) -> str:
    """Return days from one to another as a query has them, each "" or written as 2026-11-22.

    Raises UsageError for what is no day.
    """
    begin, end = _day(first), _day(last)
    if begin and end and begin > end:
        raise UsageError("The first day is after the last one; correct one of them.")
    return begin if begin == end else f"{begin}-{end}"


def _day(typed: str) -> str:
    digits = typed.strip().replace("-", "")
    try:
        return f"{date.fromisoformat(digits):%Y%m%d}" if digits else ""
    except ValueError:
        raise UsageError(f"{typed.strip()} is no day; write it as 2026-11-22.") from None
