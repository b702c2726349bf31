"""The privacy gate of folders and archives: what their names and the objects in them tell.

Nothing found here holds a value that identifies.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from xray_studio.core.clip import Clip, Identity
from xray_studio.core.errors import UsageError
from xray_studio.core.identity_in_names import told_by_name
from xray_studio.core.privacy import Finding, Place, Privacy, PrivacyReport
from xray_studio.core.study import Catalog, Patient

_NAME: Final = "The name of the {} tells {} of a patient."
_REFUSED: Final = "The name of the folder would tell a patient; choose another name."
_OBJECTS: Final = "DICOM objects keep the name, number and dates of the patient, as their sources."
_DOCUMENTS: Final = "Documents among them are handed on as they are, whatever they say."


def by_name(target: Path, catalog: Catalog) -> Iterator[Finding]:
    """Yield what the name of a folder or archive tells of anybody who is in it."""
    people = [_identity(patient) for patient in catalog.patients]
    told = dict.fromkeys(word for who in people for word in told_by_name(target.name, who))
    if told:
        what = "archive" if target.suffix.lower() == ".zip" else "folder"
        sentence = _NAME.format(what, " and ".join(told))
        yield Finding(Place.FILE_NAME, certain=True, sentence=sentence)


def check_name(target: Path, catalog: Catalog, decision: Privacy) -> None:
    """Raise UsageError for a name that tells a patient where nothing may identify."""
    if decision.deidentify and any(by_name(target, catalog)):
        raise UsageError(_REFUSED)


def check_folder(folder: Path, clip: Clip, decision: Privacy) -> None:
    """Raise UsageError where a folder tells the patient of one clip and nothing may identify."""
    if decision.deidentify and told_by_name(folder.name, clip.identity):
        raise UsageError(_REFUSED)


def of_media(catalog: Catalog, target: Path) -> PrivacyReport:
    """Return what a media folder tells."""
    return PrivacyReport((*by_name(target, catalog), *of_objects(catalog)), (), None)


def of_objects(catalog: Catalog) -> Iterator[Finding]:
    """Yield what objects tell that are handed on as they are."""
    yield Finding(Place.TAGS, certain=True, sentence=_OBJECTS)
    if any(series.is_document for series in catalog.all_series()):
        yield Finding(Place.DOCUMENT, certain=False, sentence=_DOCUMENTS)


def _identity(patient: Patient) -> Identity:
    return Identity(patient.patient_name, patient.patient_id, patient.birth_date)
