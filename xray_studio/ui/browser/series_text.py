"""What the browser says about patients, studies and series."""

from __future__ import annotations

from pathlib import Path

from xray_studio.core.corner_text import angle_text, format_date, format_name, patient_words
from xray_studio.core.study import Catalog, Patient, Series, Study

RUNS = {"XA", "RF", "XRF"}
KINDS = {"image": "Picture", "video": "Video"}


def series_title(series: Series, *, hidden: bool = False) -> str:
    """Return the name of a series, as "Run 3 · LCA".

    File names and descriptions may name a patient, so they go while identity is hidden.
    """
    kind = series.instances[0].kind if series.instances else "dicom"
    if kind != "dicom":
        return KINDS[kind] if hidden else Path(series.instances[0].path).name
    description = "" if hidden else series.series_description
    if series.modality in RUNS and series.series_number is not None:
        return " · ".join(filter(None, (f"Run {series.series_number}", description)))
    number = "Series" if series.series_number is None else f"Series {series.series_number}"
    return description or number


def series_details(series: Series) -> tuple[str, str]:
    """Return two lines: modality with angles or body part, then frames with their rate."""
    where = angle_text(series.angles) or series.body_part_examined.capitalize()
    return " · ".join(filter(None, (series.modality, where))), amount(series)


def amount(series: Series) -> str:
    """Return "96 frames · 15/s", "250 images" or "1 image"."""
    if not is_clip(series):
        count = len(series.instances)
        return "1 image" if count == 1 else f"{count:,} images"
    rate = f"{series.frame_rate:.4g}/s" if series.frame_rate else ""
    return " · ".join(filter(None, (f"{series.frames:,} frames", rate)))


def is_clip(series: Series) -> bool:
    """Tell whether a series has objects of several frames, which play."""
    return any(instance.frames > 1 for instance in series.instances)


def patient_title(patient: Patient, number: int, *, hidden: bool = False) -> str:
    """Return the name of a patient, or "Patient 2" while identity is hidden."""
    if hidden and not patient.loose:
        return f"Patient {number}"
    return patient_words(patient)


def patient_details(patient: Patient, *, hidden: bool = False) -> str:
    """Return "DEMO-0001 · 1961-04-12 · F", "" while identity is hidden."""
    if hidden:
        return ""
    number = patient.patient_id if format_name(patient.patient_name) else ""
    return " · ".join(filter(None, (number, format_date(patient.birth_date), patient.sex)))


def study_title(study: Study, *, hidden: bool = False) -> tuple[str, str]:
    """Return the description and the date of a study, neither while identity is hidden."""
    if hidden:
        return "Study", ""
    return study.description or "Study", format_date(study.date)


def study_search_text(patient: Patient, study: Study, *, hidden: bool) -> str:
    """Return what a search looks at in patient and study, in lower case; no hidden identity."""
    if hidden:
        return ""
    who = (format_name(patient.patient_name), patient.patient_name, patient.patient_id)
    numbers = (patient.birth_date, study.accession_number)
    about = (study.description, study.date, format_date(study.date))
    return " ".join((*who, *numbers, *about)).lower()


def series_search_text(series: Series, *, hidden: bool) -> str:
    """Return what a search looks at in a series besides its modality, in lower case."""
    where = angle_text(series.angles) if series.angles else series.body_part_examined
    return f"{series_title(series, hidden=hidden)} {where}".lower()


def begins_a_word(word: str, text: str) -> bool:
    """Tell whether a word of `text` begins with `word`, both in lower case.

    Words begin at any letter or figure that follows neither, so "0001" is one of "demo-0001".
    """
    if not word[:1].isalnum():
        return word in text
    place = text.find(word)
    while place > 0 and text[place - 1].isalnum():
        place = text.find(word, place + 1)
    return place >= 0


def owner(catalog: Catalog, series: Series | None) -> tuple[int, Patient, Study] | None:
    """Return number (from 1) and patient and study that a series belongs to."""
    for number, patient in enumerate(catalog.patients, 1):
        for study in patient.studies:
            if any(same(found, series) for found in study.series):
                return number, patient, study
    return None


def same(one: Series, other: Series | None) -> bool:
    """Tell whether two values are the same series, possibly at different times of a scan."""
    return other is not None and (one is other or one.identity == other.identity)
