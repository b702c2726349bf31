"""Whose pictures are that do not tell it themselves, as a person names the patient."""

from __future__ import annotations

import re
from typing import Final

from xray_studio.core.clip import Identity
from xray_studio.core.errors import UsageError

_LONGEST: Final = 64  # letters of LO and of a component group of PN (PS3.5 6.2)
_SEXES: Final = ("", "F", "M", "O")


def identity_of(
    patient_id: str = "", patient_name: str = "", birth_date: str = "", sex: str = "",
    accession: str = "",
) -> Identity:  # fmt: skip
    """Return a patient: name as PN ("Doe^Jane"), birth date as 1970-12-31 or 19701231, sex F, M, O.

    Raises UsageError for what DICOM cannot hold.
    """
    told = {"--patient-id": patient_id, "--patient-name": patient_name, "--accession": accession}
    for option, words in told.items():
        longest = 16 if option == "--accession" else _LONGEST
        if len(words) > longest or "\\" in words or not words.isprintable():
            raise UsageError(f"{option} takes at most {longest} letters, none of them a backslash.")
    day = birth_date.replace("-", "")
    if day and not re.fullmatch(r"\d{4}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])", day):
        raise UsageError("Give the birth date as 1970-12-31.")
    if sex.upper() not in _SEXES:
        raise UsageError("Give the sex as F, M or O.")
    return Identity(patient_name, patient_id, day, sex.upper(), accession_number=accession)
