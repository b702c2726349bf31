"""Which series of a catalogue go into which part of a data set, under which names.

A patient stays on one side. Who is the same is decided with care: one Patient ID is one person,
whatever the name beside it; so is one name with one birth date, and one study. Pictures and videos
tell nobody: those of one folder stay together.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Hashable, Iterator
from dataclasses import dataclass
from pathlib import PurePath

from xray_studio.core.split import shuffled, split, together
from xray_studio.core.study import Catalog, Patient, Series, Study


@dataclass(frozen=True, slots=True)
class PlannedSeries:
    """One series of a data set: its part, and keys that tell nothing but which belong together.

    `patient` is "P0007", `study` "P0007-S1", `series` "P0007-S1-R2".
    """

    series: Series
    part: str
    patient: str
    study: str
    key: str


def plan(
    catalog: Catalog,
    shares: tuple[int, int, int],
    seed: int,
    only: Container[tuple[object, ...]] | None = None,
) -> list[PlannedSeries]:
    """Return every series that shows pictures, sorted by its key; `only` those of some identities.

    The same catalogue, shares and seed give the same plan, in whatever order files were found. Who
    is the same is told by the whole catalogue, also where only some series are wanted.
    """
    found = list(_series(catalog))
    groups = together([_marks(*each) for each in found])
    if only is not None:
        kept = [place for place, each in enumerate(found) if each[2].identity in only]
        found, groups = [found[place] for place in kept], [groups[place] for place in kept]
    names = _names([each for each, _ in zip(found, groups, strict=True)], groups)
    parts = split(sorted(set(names.values())), shares, seed)
    keys = {name: f"P{n:04}" for n, name in enumerate(shuffled(list(parts), seed), start=1)}
    planned = []
    order = sorted(zip(found, groups, strict=True), key=lambda pair: _order(*pair[0]))
    studies: dict[tuple[str, str], int] = {}
    counts: Counter[str] = Counter()
    for (patient, study, series), group in order:
        name = names[group]
        person = keys[name]
        number = studies.setdefault((person, _study_name(patient, study)),
                                    1 + sum(who == person for who, _ in studies))  # fmt: skip
        visit = f"{person}-S{number}"
        counts[visit] += 1
        key = f"{visit}-R{counts[visit]}"
        planned.append(PlannedSeries(series, parts[name], person, visit, key))
    return sorted(planned, key=lambda one: one.key)


Found = tuple[Patient, Study, Series]


def _series(catalog: Catalog) -> Iterator[Found]:
    for patient in catalog.patients:
        for study in patient.studies:
            for series in study.series:
                if series.instances and not series.is_document:
                    yield patient, study, series


def _marks(patient: Patient, study: Study, series: Series) -> list[Hashable]:
    """Return what a series shares with others of the same person."""
    if patient.loose:
        return [("folder", str(PurePath(path).parent)) for path in series.paths]
    marks: list[Hashable] = [("objects", i.sop_instance_uid) for i in series.instances
                             if i.sop_instance_uid]  # fmt: skip
    number, name = patient.patient_id.strip().casefold(), _plain(patient.patient_name)
    if number:
        marks.append(("number", number))
    if name and patient.birth_date:
        marks.append(("person", name, patient.birth_date))
    if study.study_instance_uid:
        marks.append(("study", study.study_instance_uid))
    return marks or [("file", path) for path in series.paths]


def _plain(name: str) -> str:
    return " ".join(name.casefold().replace("^", " ").replace("=", " ").split())


def _names(found: list[Found], groups: list[int]) -> dict[int, str]:
    """Return a name for each group that does not depend on the order of the files."""
    names: dict[int, str] = {}
    for each, group in zip(found, groups, strict=True):
        name = repr(_order(*each))
        names[group] = min(name, names.get(group, name))
    return names


def _order(patient: Patient, study: Study, series: Series) -> tuple[object, ...]:
    """Return a sort key by what the files say, and by their names where they say nothing."""
    return (
        study.date,
        study.time,
        _study_name(patient, study),
        series.series_number or 0,
        series.series_instance_uid,
        series.key if not patient.loose else "",
        min(i.sop_instance_uid or _short(i.path) for i in series.instances),
    )


def _short(path: str) -> str:
    """Return the end of a path, which is the same wherever the folder lies."""
    return "/".join(PurePath(path).parts[-2:])


def _study_name(patient: Patient, study: Study) -> str:
    if study.study_instance_uid:
        return study.study_instance_uid
    return f"{patient.patient_id}/{study.date}/{study.description}"
