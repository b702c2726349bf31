"""From headers to a catalogue: patients, their studies, and series in display order. Pure.

Pictures come in any order and as long as a scan lasts; a catalogue can be asked for at any time and
costs only what has changed since the last one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field

from xray_studio.core.header import Header
from xray_studio.core.kinds import DOCUMENT, LOOSE
from xray_studio.core.reasons import CUT_COPY, DUPLICATE, DUPLICATE_DOCUMENT
from xray_studio.core.stacks import Picture, natural, split
from xray_studio.core.study import (
    Catalog,
    Instance,
    Patient,
    PatientName,
    Series,
    Skipped,
    Study,
    person_key,
)


@dataclass(slots=True)
class _SeriesFiles:
    """Pictures of one series, and its units as long as nothing is added."""

    header: Header
    owner: tuple[object, ...]
    pictures: list[Picture] = field(default_factory=list)
    seen: dict[str, Picture] = field(default_factory=dict)
    units: tuple[Series, ...] | None = None

    def split(self) -> tuple[Series, ...]:
        if self.units is None:
            self.units = split(self.pictures, self.owner)
        return self.units


@dataclass(slots=True)
class _StudyFiles:
    """Series of one study, and the study as long as nothing is added."""

    header: Header
    series: dict[object, _SeriesFiles] = field(default_factory=dict)
    study: Study | None = None

    def build(self) -> Study:
        if self.study is None:
            self.study = _study(self)
        return self.study


@dataclass(slots=True)
class _PatientFiles:
    """Studies of one patient, and the patient as long as nothing is added."""

    header: Header
    number: int = 0
    studies: dict[object, _StudyFiles] = field(default_factory=dict)
    patient: Patient | None = None
    order: tuple[object, ...] = ()

    def build(self) -> Patient:
        if self.patient is None:
            self.patient = _patient(self)
            self.order = _patient_order(self.patient)
        return self.patient


@dataclass(slots=True)
class _Copies:
    """Files of one object, in the order they were found; that which is `taken` is in its series."""

    patient: _PatientFiles
    study: _StudyFiles
    series: _SeriesFiles
    files: list[Picture]
    taken: Picture
    cut: frozenset[str] = frozenset()

    def choose(self, cut: Collection[str]) -> None:
        """Take the first file that is not `cut` short, the first of all where each one is."""
        self.cut = frozenset(cut)
        whole = [one for one in self.files if one[1].path not in cut]
        chosen = (whole or self.files)[0]
        self.series.pictures[self.series.pictures.index(self.taken)] = self.taken = chosen
        self.patient.patient = self.study.study = self.series.units = None

    def skipped(self) -> Iterator[Skipped]:
        """Yield the files that are left out, each with the reason."""
        taken = self.taken[1].path
        for _, instance in self.files:
            document = instance.kind == DOCUMENT
            reason = DUPLICATE_DOCUMENT if document else DUPLICATE
            if instance.path in self.cut and taken not in self.cut:
                reason = CUT_COPY
            if instance.path != taken:
                yield Skipped(instance.path, reason, taken)


class CatalogBuilder:
    """Collects pictures and skipped files; `catalog` groups and sorts what is there."""

    def __init__(self) -> None:
        self._patients: dict[object, list[_PatientFiles]] = {}
        self._persons: Counter[PatientName] = Counter()
        self._skipped: list[Skipped] = []
        self._parts: set[str] = set()
        self._copies: dict[tuple[int, str], _Copies] = {}
        self.pictures = 0

    def skip(self, path: str, reason: str) -> None:
        """Note a file that is not opened."""
        self._skipped.append(Skipped(path, reason))

    def belong(self, paths: Iterable[str]) -> None:
        """Note files that are parts of others, as voxels beside a header: none is skipped."""
        self._parts.update(paths)

    def add(self, header: Header, instances: Iterable[Instance]) -> None:
        """Add pictures with one header; of copies of a picture the first is taken for now."""
        patient = self._patient_of(header)
        study_key, series_key = _study_key(header), _series_key(header)
        study = patient.studies.setdefault(study_key, _StudyFiles(header))
        if not study.header.study_description:
            study.header = header
        series = study.series.get(series_key)
        if series is None:
            owner = (_patient_key(header), patient.number, study_key, series_key)
            series = study.series[series_key] = _SeriesFiles(header, owner)
        for instance in instances:
            key = instance.sop_instance_uid or instance.path
            picture = (header, instance)
            known = series.seen.setdefault(key, picture)
            if known is not picture and _same_picture(known[1], instance):
                new = _Copies(patient, study, series, [known], known)
                self._copies.setdefault((id(series), key), new).files.append(picture)
                continue
            series.pictures.append(picture)
            self.pictures += 1
        patient.patient = study.study = series.units = None

    def copies(self) -> list[tuple[str, ...]]:
        """Return the files of each picture of which there are several."""
        return [
            tuple(instance.path for _, instance in one.files)
            for one in self._copies.values()
            if one.taken[1].kind != DOCUMENT
        ]

    def choose_whole(self, cut: Collection[str]) -> None:
        """Take those copies of pictures whose files are not `cut` short."""
        for one in self._copies.values():
            if any(instance.path in cut for _, instance in one.files):
                one.choose(cut)

    def catalog(self) -> Catalog:
        """Return all that was added so far: patients by name, studies with the newest first."""
        files = [one for same in self._patients.values() for one in same if one.build().studies]
        patients = tuple(one.build() for one in sorted(files, key=lambda one: one.order))
        copies = (skipped for one in self._copies.values() for skipped in one.skipped())
        own = (skipped for skipped in self._skipped if skipped.path not in self._parts)
        return Catalog(patients, (*own, *copies))

    def _patient_of(self, header: Header) -> _PatientFiles:
        """Return the patient; different birth dates are different persons with one ID and name."""
        same = self._patients.setdefault(_person(header), [])
        for files in same:
            born = files.header.birth_date
            if born == header.birth_date or not header.birth_date:
                return files
            if not born:
                files.header = header
                return files
        key = _patient_key(header)
        same.append(_PatientFiles(header, self._persons[key]))
        self._persons[key] += 1
        return same[-1]


def _same_picture(a: Instance, b: Instance) -> bool:
    """Tell whether two files are copies: a UID alone is not trusted with a patient's picture."""
    return (a.instance_number, a.frames, a.rows, a.columns, a.image_position) == (
        b.instance_number, b.frames, b.rows, b.columns, b.image_position
    )  # fmt: skip


def _patient_key(header: Header) -> PatientName:
    return person_key(header.patient_id, header.patient_name, header.issuer)


def _person(header: Header) -> object:
    """Tell whose picture it is: without a Patient ID two studies may be of two persons."""
    if header.patient_id:
        return _patient_key(header)
    loose = header.kind in LOOSE
    return loose, _patient_key(header), "" if loose else _study_key(header)


def _study_key(header: Header) -> object:
    return header.study_instance_uid or ("", header.study_date, header.study_description)


def _series_key(header: Header) -> object:
    fallback = ("", header.modality, header.series_number, header.series_description)
    return header.series_instance_uid or fallback


def _patient(files: _PatientFiles) -> Patient:
    header = files.header
    studies = [study for one in files.studies.values() if (study := one.build()).series]
    return Patient(
        patient_id=header.patient_id,
        patient_name=header.patient_name,
        birth_date=header.birth_date,
        sex=header.sex,
        studies=tuple(sorted(studies, key=lambda study: (study.date, study.time), reverse=True)),
        issuer=header.issuer,
        number=files.number,
        loose=header.kind in LOOSE,
    )


def _patient_order(patient: Patient) -> tuple[object, ...]:
    name = patient.patient_name.strip("^= ")
    newest = patient.studies[0] if patient.studies else Study("")
    return (
        patient.loose,
        not name,
        natural(name),
        natural(patient.patient_id),
        patient.birth_date,
        newest.date,
        newest.study_instance_uid,
    )


def _study(files: _StudyFiles) -> Study:
    header = files.header
    series = sorted(files.series.values(), key=lambda one: _series_order(one.header))
    return Study(
        study_instance_uid=header.study_instance_uid,
        date=header.study_date,
        time=header.study_time,
        description=header.study_description,
        accession_number=header.accession_number,
        series=tuple(unit for one in series for unit in one.split()),
    )


def _series_order(header: Header) -> tuple[object, ...]:
    number = header.series_number
    return (
        (number is None, number or 0),
        header.modality,
        natural(header.series_description),
        header.series_instance_uid,
    )
