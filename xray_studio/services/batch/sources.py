"""What a batch takes as sources: all that was found but what batches wrote in its folder."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from xray_studio.core.study import Catalog, Patient, Series, Study


def without_results(catalog: Catalog, folder: Path, names: frozenset[str]) -> Catalog:
    """Leave out files of a folder whose names, or those of their folders in it, are among `names`.

    A folder to write to may stand among the sources: what an earlier batch wrote is none.
    """
    if not names:
        return catalog
    place = folder.resolve()

    def stays(path: str) -> bool:
        file = Path(path)
        if names.isdisjoint(file.parts):
            return True
        whole = file.resolve()
        return not whole.is_relative_to(place) or whole.relative_to(place).parts[0] not in names

    patients = (_patient(patient, stays) for patient in catalog.patients)
    return replace(catalog, patients=tuple(patient for patient in patients if patient.studies))


def _patient(patient: Patient, stays: Callable[[str], bool]) -> Patient:
    studies = (_study(study, stays) for study in patient.studies)
    return replace(patient, studies=tuple(study for study in studies if study.series))


def _study(study: Study, stays: Callable[[str], bool]) -> Study:
    series = (_series(one, stays) for one in study.series)
    return replace(study, series=tuple(one for one in series if one.instances))


def _series(series: Series, stays: Callable[[str], bool]) -> Series:
    return replace(series, instances=tuple(one for one in series.instances if stays(one.path)))
