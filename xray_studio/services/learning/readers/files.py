"""A folder without a table: DICOM objects, which tell of themselves, and picture files."""

from __future__ import annotations

import hashlib
from typing import Final

from xray_studio.core.job import Job
from xray_studio.core.kinds import VOLUME
from xray_studio.core.learning.cases import Case, Collection, Film, View
from xray_studio.core.study import Catalog, Patient, Series, Study
from xray_studio.services.learning.readers.shared_tables import view_of
from xray_studio.services.open import scan

_RADIOGRAPHS: Final = frozenset(("CR", "DX", "RG"))
_CHEST: Final = ("CHEST", "THORAX", "LUNG")


def read_files(name: str, folder: str) -> Job[Collection]:
    """Return the pictures below a folder, studies and patients as the objects tell them.

    A picture that tells nobody is a patient of its own. What is no radiograph of a chest is of
    another view; a radiograph that does not name its body part is untold.
    """
    catalog = yield from scan([folder])
    return Collection(name, "files", tuple(_cases(name, catalog)), (), catalog.skipped)


def _cases(name: str, catalog: Catalog) -> list[Case]:
    found: dict[tuple[str, str], list[Film]] = {}
    for patient in catalog.patients:
        for study in patient.studies:
            for series in study.series:
                if not series.is_document and series.kind != VOLUME:
                    _add(found, patient, study, series)
    return [
        Case(f"{name}/{study}", f"{name}/{whose}", tuple(films))
        for (whose, study), films in found.items()
    ]


def _add(
    found: dict[tuple[str, str], list[Film]], patient: Patient, study: Study, series: Series
) -> None:
    for instance in series.instances:
        alone = instance.path if patient.loose else repr(study.study_instance_uid or series.key)
        whose = instance.path if patient.loose else repr(patient.key)
        kind = "" if patient.loose else series.modality
        film = Film(instance.path, _view(series), series.view.upper(), modality=kind)
        found.setdefault((_unnamed(whose), _unnamed(whose, alone)), []).append(film)


def _view(series: Series) -> View:
    part = series.body_part_examined.upper()
    if series.kind != "dicom":
        return View.UNTOLD
    if series.modality not in _RADIOGRAPHS or (part and not part.startswith(_CHEST)):
        return View.OTHER
    return view_of(series.view) if part else View.UNTOLD


def _unnamed(*words: str) -> str:
    """Return a name that tells one from another and nothing else."""
    return hashlib.sha256("\n".join(words).encode("utf-8", "surrogateescape")).hexdigest()[:16]
