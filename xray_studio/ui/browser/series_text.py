"""What the browser says about patients, studies and series."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from xray_studio.core import document_kinds
from xray_studio.core.corner_text import angle_text, format_date, format_name, patient_words
from xray_studio.core.kinds import IMAGE, LOOSE, VIDEO, VOLUME
from xray_studio.core.study import Catalog, Patient, Series, Study

RUNS = {"XA", "RF", "XRF"}
KINDS = {IMAGE: "Picture", VIDEO: "Video", VOLUME: "Volume"}


def series_title(series: Series, *, hidden: bool = False) -> str:
    """Return the name of a series, as "Run 3 · LCA".

    Without a description it is modality and protocol or view, else the name of the file or folder.
    Names of files and free text may name a patient, so they go while identity is hidden.
    """
    if series.kind in LOOSE:
        return KINDS[series.kind] if hidden else _file_title(series)
    if series.is_document:
        return document_title(series, hidden=hidden)
    description = "" if hidden else series.series_description or series.protocol_name
    if series.modality in RUNS and series.series_number is not None:
        return _joined(f"Run {series.series_number}", description)
    if hidden:
        return "Series" if series.series_number is None else f"Series {series.series_number}"
    if not series.series_description and (description or _view(series)):
        return _joined(series.modality, description or _view(series))
    return description or _place(series)


def _file_title(series: Series) -> str:
    """Return the name of a file; of a contrast of a case what follows the name of its folder.

    Those of BraTS are called NAME/NAME_t1ce.nii.gz, and what tells them apart stands last.
    """
    path = Path(series.instances[0].path)
    if series.kind == VOLUME and path.name.startswith(path.parent.name):
        return path.name.removeprefix(path.parent.name).lstrip("_-. ") or path.name
    return path.name


def document_title(series: Series, *, hidden: bool = False) -> str:
    """Return the title of a document; hidden, or without one, it is called by what it is."""
    title = "" if hidden else series.title or series.series_description
    return title or document_kinds.name(series.instances[0].sop_class_uid)


def _place(series: Series) -> str:
    """Return the name of the file, of several files that of their folder."""
    if not series.instances:
        return "Series"
    path = Path(series.instances[0].path)
    return path.name if len(series.instances) == 1 else path.parent.name or path.name


def _view(series: Series, *, hidden: bool = False) -> str:
    """Return view and stage, as "view 2 · Baseline"; hidden without what is free text."""
    number = f"view {series.view_number}" if series.view_number else ""  # 0 stands for none
    return number if hidden else _joined(series.view or number, series.stage_name)


def _joined(*parts: str) -> str:
    return " · ".join(filter(None, parts))


def series_details(series: Series, *, hidden: bool = False) -> tuple[str, str]:
    """Return two lines: modality with view, angles or body part, then frames with their rate.

    Of a volume of a research format they are the format, then its size.
    """
    if series.kind == VOLUME:
        moments = f"{series.moments} moments" if series.moments > 1 else ""
        return _joined(series.format, series.modality, moments), series.volume_size
    return _joined(series.modality, _where(series, hidden=hidden)), amount(series)


def _where(series: Series, *, hidden: bool) -> str:
    where = angle_text(series.angles) or series.body_part_examined.capitalize()
    view = _view(series, hidden=hidden)
    titled = series_title(series, hidden=hidden) == _joined(series.modality, view)
    return _joined("" if titled else view, where)


def amount(series: Series) -> str:
    """Return "96 frames · 15/s", "250 images", "1 image" or what a document is."""
    if series.is_document:
        return document_kinds.name(series.instances[0].sop_class_uid)
    if not is_clip(series):
        count = len(series.instances)
        return "1 image" if count == 1 else f"{count:,} images"
    rate = f"{series.frame_rate:.4g}/s" if series.frame_rate else ""
    return _joined(f"{series.frames:,} frames", rate)


def icon_of(series: Series) -> str:
    """Return the name of the icon that stands for a series without a thumbnail."""
    if not series.is_document:
        return "film" if is_clip(series) else "image"
    return document_kinds.icon(series.instances[0].sop_class_uid)


def is_clip(series: Series) -> bool:
    """Tell whether a series has objects of several frames, which play; planes do not."""
    return series.kind != VOLUME and any(instance.frames > 1 for instance in series.instances)


def patient_title(patient: Patient, number: int, *, hidden: bool = False) -> str:
    """Return the name of a patient, or "Patient 2" while identity is hidden."""
    if hidden and not patient.loose:
        return f"Patient {number}"
    return patient_words(patient)


def patient_titles(patients: Sequence[tuple[Patient, int]], *, hidden: bool = False) -> list[str]:
    """Return names for patients and their numbers; namesakes are told apart by what they have.

    That is the ID, else the birth date, else the date of the newest study, else the number.
    """
    titles = [patient_title(patient, number, hidden=hidden) for patient, number in patients]
    for tell in _APART:
        twins = {title for title, count in Counter(titles).items() if count > 1}
        for place, one in enumerate(patients):
            words = tell(*one)
            if titles[place] in twins and words not in titles[place]:
                titles[place] = _joined(titles[place], words)
    return titles


_APART: tuple[Callable[[Patient, int], str], ...] = (
    lambda patient, _number: patient.patient_id,
    lambda patient, _number: format_date(patient.birth_date),
    lambda patient, _number: format_date(max((s.date for s in patient.studies), default="")),
    lambda _patient, number: f"patient {number}",
)


def patient_details(patient: Patient, *, hidden: bool = False) -> str:
    """Return "DEMO-0001 · 1961-04-12 · F", "" while identity is hidden."""
    if hidden:
        return ""
    number = patient.patient_id if format_name(patient.patient_name) else ""
    return _joined(number, format_date(patient.birth_date), patient.sex)


def study_title(study: Study, *, hidden: bool = False) -> tuple[str, str]:
    """Return the description and the date of a study, neither while identity is hidden.

    Without a description it is called by its modalities: "CT, MR study".
    """
    modalities = ", ".join(sorted({series.modality for series in study.series} - {""}))
    plain = f"{modalities} study" if modalities else "Study"
    return (plain, "") if hidden else (study.description or plain, format_date(study.date))


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
    return f"{series_title(series, hidden=hidden)} {_where(series, hidden=hidden)}".lower()


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
    """Return number (from 1) and patient and study that a series, or a part of it, belongs to."""
    series = None if series is None else series.whole
    for number, patient in enumerate(catalog.patients, 1):
        for study in patient.studies:
            if any(same(found, series) for found in study.series):
                return number, patient, study
    return None


def same(one: Series, other: Series | None) -> bool:
    """Tell whether two values are the same series, possibly at different times of a scan."""
    return other is not None and (one is other or one.identity == other.identity)
