"""Report: sections of sentences about pictures of one study, a draft until a person signs it."""

from __future__ import annotations

import enum
import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple

from xray_studio.core.drawing import Point
from xray_studio.core.report.sentence import Sentence, Source

INDICATION: Final = "Indication"
TECHNIQUE: Final = "Technique"
COMPARISON: Final = "Comparison"
FINDINGS: Final = "Findings"
IMPRESSION: Final = "Impression"
HEADINGS: Final = (INDICATION, TECHNIQUE, COMPARISON, FINDINGS, IMPRESSION)  # in their usual order


class State(enum.StrEnum):
    """How far a report is: as the engine wrote it, edited by a person, or signed by one."""

    DRAFT = "draft"
    EDITED = "edited"
    SIGNED = "signed"


class Where(NamedTuple):
    """Place of a sentence: which section, and which sentence of it, both from 0."""

    section: int
    sentence: int


BLANK: Final = "[to be described]"  # what a template leaves to a person
SUMMARY: Final = Where(-1, 0)  # the place of the summary, which stands in no section


@dataclass(frozen=True, slots=True)
class Section:
    """Sentences below a heading: one of HEADINGS, or any other."""

    heading: str
    sentences: tuple[Sentence, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a section without a heading."""
        if not self.heading.strip():
            raise ValueError("a section has no heading")

    @property
    def text(self) -> str:
        """Its sentences as one paragraph."""
        return " ".join(one.text for one in self.sentences)


@dataclass(frozen=True, slots=True)
class Film:
    """A picture that a report is about: its object and frame (from 0), and what it shows.

    `pixels_sha256` is that of the stored values of the frame (`services.report.films`), `view`
    what the view classifier says ("" where it was not asked). A picture that is no DICOM object
    has no UID, and is known by its pixels alone.
    """

    sop_instance_uid: str
    frame: int
    pixels_sha256: str
    view: str = ""


@dataclass(frozen=True, slots=True)
class Measured:
    """A measurement taken into a report, as it was then.

    `kind` is that of its mark ("length", "angle", "ellipse", "outline"), `size` is in `unit` (mm,
    px, °, mm², px²), and `where` says where millimetres hold. `points` are (column, row) from the
    corner of the first pixel, on `frame` (from 0) of an object. `mean` and `deviation` are of the
    values inside, in `value_unit`. `words` tell all of it.
    """

    name: str
    kind: str
    words: str
    sop_instance_uid: str
    frame: int
    size: float | None = None
    unit: str = ""
    where: str = ""
    points: tuple[Point, ...] = ()
    mean: float | None = None
    deviation: float | None = None
    value_unit: str = ""

    def __post_init__(self) -> None:
        """Refuse numbers that are none."""
        numbers = (self.size, self.mean, self.deviation, *(n for xy in self.points for n in xy))
        if not all(one is None or math.isfinite(one) for one in numbers):
            raise ValueError("a measurement holds a number that is none")


@dataclass(frozen=True, slots=True)
class KeyPicture:
    """A picture that the report shows: its object, frame (from 0), and what is said of it."""

    sop_instance_uid: str
    frame: int
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signed and when, for which organisation, and the hash of what was signed."""

    name: str
    time: datetime
    content_sha256: str
    organisation: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    """A DICOM object that was written of a report; a later one names it as its predecessor."""

    sop_class_uid: str
    sop_instance_uid: str
    series_instance_uid: str
    study_instance_uid: str


@dataclass(frozen=True, slots=True)
class Provenance:
    """How a draft came about: program, engine and model, when, and what belongs to its reading.

    `draft` keeps the sections as the engine wrote them, `draft_summary` its summary.
    """

    program: str
    source: Source
    time: datetime
    notes: tuple[str, ...] = ()
    draft: tuple[Section, ...] = ()
    draft_summary: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """A report on pictures of one study.

    `identifier` is that of all its versions; `version` counts from 1, and `predecessor` is the
    content hash of the signed version before, "" for the first. `summary` is one line: modality,
    view, main findings. `provenance` is None for what a person began. `objects` are those written
    of it so far, the latest last.
    """

    identifier: str
    study_instance_uid: str
    films: tuple[Film, ...]
    created: datetime
    sections: tuple[Section, ...] = ()
    summary: Sentence | None = None
    state: State = State.DRAFT
    measurements: tuple[Measured, ...] = ()
    key_pictures: tuple[KeyPicture, ...] = ()
    provenance: Provenance | None = None
    version: int = 1
    predecessor: str = ""
    signature: Signature | None = None
    objects: tuple[Sent, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what no report can be."""
        if not self.identifier or self.version < 1 or bool(self.predecessor) != (self.version > 1):
            raise ValueError("a report has no identifier, or its version is none")
        if (self.state is State.SIGNED) != (self.signature is not None):
            raise ValueError("a signed report lacks its signature, or another one has some")
        if self.signature is not None and any(one.is_open for _, one in self.each()):
            raise ValueError("a signed report holds AI sentences that nobody reviewed")

    @property
    def is_signed(self) -> bool:
        """Tell whether a person has signed it."""
        return self.signature is not None

    @property
    def has_ai(self) -> bool:
        """Tell whether a model wrote any of its sentences, whatever became of them since."""
        return any(one.is_ai for _, one in self.each())

    def each(self) -> Iterator[tuple[Where, Sentence]]:
        """Yield every sentence with its place, the summary last."""
        for number, section in enumerate(self.sections):
            for place, sentence in enumerate(section.sentences):
                yield Where(number, place), sentence
        if self.summary is not None:
            yield SUMMARY, self.summary

    def open_places(self) -> list[Where]:
        """Return where AI sentences stand that nobody has accepted or changed."""
        return [where for where, one in self.each() if one.is_open]

    def section(self, heading: str) -> Section | None:
        """Return the first section below a heading."""
        return next((one for one in self.sections if one.heading == heading), None)
