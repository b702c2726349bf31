"""Patients, studies, series and instances, as read from headers. Attributes follow DICOM keywords.

The values are small on purpose: a catalogue of 100,000 files stays far under 500 MB.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple, TypeAlias

from xray_studio.core.header import Header
from xray_studio.core.kinds import DICOM, DOCUMENT, VOLUME

PatientName: TypeAlias = tuple[str, str, str]
PatientKey: TypeAlias = tuple[str, str, str, int]


class Instance(NamedTuple):
    """One file that holds pictures or a document. A tuple, since a scan makes very many of them.

    `frames` is at least 1, 0 for a document. `image_position` and `image_orientation` are those of
    PS3.3 C.7.6.2 in millimetres, `acquisition` is a sortable date and time
    ("20261120094107.000000" or "").
    `kind` is "dicom", "document", "image", "video" or "volume"; of a volume, frames are its planes
    at all moments.
    """

    path: str
    sop_instance_uid: str = ""
    sop_class_uid: str = ""
    instance_number: int | None = None
    frames: int = 1
    rows: int = 0
    columns: int = 0
    image_position: tuple[float, float, float] | None = None
    image_orientation: tuple[float, ...] | None = None
    acquisition: str = ""
    kind: str = "dicom"


Own: TypeAlias = tuple[str, int | None, int, tuple[float, float, float] | None, str]
"""SOP Instance UID, Instance Number, frames, image position and acquisition of one file."""


def instance_of(path: str, header: Header, own: Own) -> Instance:
    """Return one file from what it shares with others and what is its own."""
    uid, number, frames, position, acquisition = own
    return Instance(
        path,
        uid,
        header.sop_class_uid,
        number,
        frames,
        header.rows,
        header.columns,
        position,
        header.image_orientation,
        acquisition,
        header.kind,
    )


@dataclass(frozen=True, slots=True)
class Series:
    """Instances shown as one unit: one multi-frame object, one document, or the sorted images.

    `key` tells apart several units of one Series Instance UID. `owner` tells apart patients,
    studies and series, since badly anonymised files of several patients share their UIDs. `view`
    is View Name (ultrasound), else View Position (radiographs). `title` is that of a document,
    `format` and number of `moments` those of a volume of a research format. `part` names what is
    made of it rather than lies in it, as the axial planes of its volume.
    """

    series_instance_uid: str
    modality: str = ""
    series_description: str = ""
    series_number: int | None = None
    instances: tuple[Instance, ...] = ()
    key: str = ""
    body_part_examined: str = ""
    protocol_name: str = ""
    stage_name: str = ""
    view: str = ""
    view_number: int | None = None
    frame_rate: float | None = None
    angles: tuple[float, float] | None = None
    owner: tuple[object, ...] = ()
    title: str = ""
    part: str = ""
    format: str = ""
    moments: int = 1

    @property
    def kind(self) -> str:
        """Kind of the instances, which is one."""
        return self.instances[0].kind if self.instances else DICOM

    @property
    def is_document(self) -> bool:
        """Tell whether this is read rather than looked at."""
        return self.kind == DOCUMENT

    @property
    def volume_size(self) -> str:
        """Columns, rows and planes of a volume of a research format, as "64 x 64 x 30", else ""."""
        if self.kind != VOLUME:
            return ""
        one = self.instances[0]
        return f"{one.columns} x {one.rows} x {one.frames // max(1, self.moments)}"

    @property
    def identity(self) -> tuple[object, ...]:
        """What stays the same while a scan finds more of a unit, and is no other unit's."""
        return self.owner, self.series_instance_uid, self.key, self.part

    @property
    def whole(self) -> Series:
        """The series that this is made of, itself where it is none."""
        return replace(self, part="") if self.part else self

    @property
    def frames(self) -> int:
        """Frames of all instances."""
        return sum(instance.frames for instance in self.instances)

    @property
    def paths(self) -> tuple[str, ...]:
        """Files in display order."""
        return tuple(instance.path for instance in self.instances)


@dataclass(frozen=True, slots=True)
class Study:
    """One study; `date` and `time` are DICOM DA and TM as stored."""

    study_instance_uid: str
    date: str = ""
    time: str = ""
    description: str = ""
    accession_number: str = ""
    series: tuple[Series, ...] = ()


@dataclass(frozen=True, slots=True)
class Patient:
    """One patient: same Patient ID, name and issuer. A name alone is no identity.

    Studies without a Patient ID are each a patient of their own; pictures and videos, which tell
    nothing of a patient, stand together under one that is no person (`loose`). `number` tells
    apart those of whom Patient ID, name and issuer are equal.
    """

    patient_id: str
    patient_name: str = ""
    birth_date: str = ""
    sex: str = ""
    studies: tuple[Study, ...] = ()
    issuer: str = ""
    number: int = 0
    loose: bool = False

    @property
    def key(self) -> PatientKey:
        """What tells patients of one catalogue apart, however much of it was found so far."""
        return *person_key(self.patient_id, self.patient_name, self.issuer), self.number


def person_key(patient_id: str, patient_name: str, issuer: str) -> PatientName:
    """Tell persons apart; padding and letter case of a name make no other person."""
    return patient_id, patient_name.casefold().rstrip("^= "), issuer


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that was not opened, and why, in words a person understands.

    `taken` is the file that holds the same object and was taken in its place, "" for others.
    """

    path: str
    reason: str
    taken: str = ""

    @property
    def told(self) -> str:
        """The reason, with the name of the file that was taken."""
        return f"{self.reason}; {Path(self.taken).name} is taken" if self.taken else self.reason


@dataclass(frozen=True, slots=True)
class Catalog:
    """All that a scan found."""

    patients: tuple[Patient, ...] = ()
    skipped: tuple[Skipped, ...] = ()

    @property
    def instances(self) -> int:
        """Number of instances."""
        return sum(len(series.instances) for series in self.all_series())

    def pictures(self) -> list[Series]:
        """Return every series but documents, in display order."""
        return [series for series in self.all_series() if not series.is_document]

    def all_series(self) -> list[Series]:
        """Return every series, in display order."""
        return [s for p in self.patients for study in p.studies for s in study.series]
