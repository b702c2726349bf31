"""Whose video it is and of which study, as plain values; what is missing is asked for."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Final

from xray_studio.core.errors import UsageError

_GROUPS: Final = 3  # of a name: plain letters, ideographs, sounds (PS3.5 6.2)
_PARTS: Final = 5  # of each: family, given, middle, before, after


@dataclass(frozen=True, slots=True)
class Identity:
    """Patient and study, spelled as in DICOM (PN, DA, TM, LO), "" where nobody tells.

    `study_uid` "" stands for a new study. `procedure_id` and `step_id` are those of the request
    that it was planned by, with their descriptions. `source_class` and `source_instance` name the
    object that the video was made from.
    """

    patient_id: str = ""
    patient_name: str = ""
    issuer: str = ""
    birth_date: str = ""
    sex: str = ""
    study_uid: str = ""
    study_id: str = ""
    study_date: str = ""
    study_time: str = ""
    study_description: str = ""
    accession: str = ""
    referring: str = ""
    modality: str = ""
    procedure_id: str = ""
    procedure_description: str = ""
    step_id: str = ""
    step_description: str = ""
    region: tuple[str, str, str] | None = None
    source_class: str = ""
    source_instance: str = ""

    @property
    def missing(self) -> tuple[str, ...]:
        """What has to be told before anything is written; blanks and separators tell nothing."""
        wanted = {
            "patient ID": self.patient_id.strip(),
            "patient name": self.patient_name.strip(" ^="),
        }
        return tuple(name for name, told in wanted.items() if not told)

    def over(self, other: Identity) -> Identity:
        """Return what another identity tells, with what this one tells put over it.

        Raises UsageError where the patient is not the same: one of the two is a mistake.
        """
        if self.patient_id and other.patient_id and self.patient_id != other.patient_id:
            raise UsageError(
                "The patient ID is another one than in the object that the video is like; name"
                " only one of them."
            )
        own = {one.name: getattr(self, one.name) for one in fields(self)}
        return replace(other, **{name: told for name, told in own.items() if told})


def check_identity(identity: Identity) -> None:
    """Raise UsageError with what is missing, and for values that DICOM cannot hold."""
    if identity.missing:
        raise UsageError(
            f"Whose video is it? The {' and the '.join(identity.missing)}"
            f" {'is' if len(identity.missing) == 1 else 'are'} missing; give --patient-id and"
            " --patient-name, or --like with an object of the patient."
        )
    if identity.sex not in {"", "M", "F", "O"}:
        raise UsageError(f"{identity.sex} is no sex in DICOM; choose M, F or O, or leave it out.")
    for name, told in (("birth date", identity.birth_date), ("study date", identity.study_date)):
        if told and not _is_date(told):
            raise UsageError(f"{told} is no {name}; write it as YYYYMMDD or YYYY-MM-DD.")
    if identity.birth_date > f"{datetime.now().astimezone():%Y%m%d}":
        raise UsageError(
            "The birth date lies in the future; give the right one (--birth-date), or see whether"
            " the clock of this computer is right."
        )
    for name, told, longest in (
        ("patient ID", identity.patient_id, 64),
        *(("patient name", group, 64) for group in identity.patient_name.split("=")),
        ("accession number", identity.accession, 16),
        ("study description", identity.study_description, 64),
    ):
        if len(told) > longest or "\\" in told or not told.isprintable():
            raise UsageError(
                f"The {name} has at most {longest} letters, no backslash and no line break."
            )
    groups = identity.patient_name.split("=")
    if len(groups) > _GROUPS or any(group.count("^") >= _PARTS for group in groups):
        raise UsageError(
            f"A patient name has at most {_PARTS} parts with ^ between them, written in at most"
            f" {_GROUPS} ways with = between them."
        )
    if identity.modality and not re.fullmatch("[A-Z0-9_ ]{1,16}", identity.modality):
        raise UsageError("A modality is a short word in capitals such as ES, GM, XC or US.")


def date_of(told: str) -> str:
    """Return a date as DICOM writes it, from one with hyphens or without."""
    parts = told.split("-")
    return "".join(parts) if [len(part) for part in parts] == [4, 2, 2] else told


def _is_date(told: str) -> bool:
    if len(told) != 8 or not told.isdigit():
        return False
    try:
        date.fromisoformat(told)
    except ValueError:
        return False
    return True
