"""Reports as files: text, JSON, PDF, DICOM objects, FHIR and HL7, each whole or not at all."""

from __future__ import annotations

import enum
import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from xray_studio.core.clip import Clip, Identity
from xray_studio.core.corner_text import format_date
from xray_studio.core.errors import UsageError
from xray_studio.core.files import replacing
from xray_studio.core.job import Job, Progress
from xray_studio.core.learning.heat import ABOUT, BADGE, Heat
from xray_studio.core.privacy import Place, Privacy
from xray_studio.core.report.fhir import Release, diagnostic_report
from xray_studio.core.report.hl7 import observation_message
from xray_studio.core.report.letter import Subject
from xray_studio.core.report.report import KeyPicture, Report
from xray_studio.core.report.stored import to_json
from xray_studio.core.report.words import report_text
from xray_studio.core.workers import run_apart
from xray_studio.services.decoding import awaited
from xray_studio.services.export.picture_place import check_file_place
from xray_studio.services.presets import initial_presentation
from xray_studio.services.privacy import log as privacy_log
from xray_studio.services.report.films import missing_of, pixels_sha256
from xray_studio.services.report.store import with_object
from xray_studio.services.settings import uid_root

if TYPE_CHECKING:
    from xray_studio.core.report.report import Sent
    from xray_studio.imaging.report_pdf import Illustration, Printed

_PDF: Final = "xray_studio.imaging.report_pdf:report_pdf"
_OBJECT: Final = "xray_studio.dicom.write.report_object:write_report"
DICOM: Final = ".dcm"
CHANGED: Final = (
    "These are not the pictures that the report is about; open those, or draft it anew."
)
NO_OBJECTS: Final = "A DICOM report stands beside DICOM films; name the objects that it is about."
NOBODY: Final = "It names no patient, since the picture tells none, and refers to no image."
COLOURS, OPACITY = "inferno", 0.5


class Form(enum.StrEnum):
    """What a report can be written as."""

    TEXT = "text"
    JSON = "json"
    PDF = "pdf"
    SR = "sr"
    FHIR = "fhir"
    HL7 = "hl7"


SUFFIXES: Final = {
    Form.TEXT: ".txt", Form.JSON: ".json", Form.PDF: ".pdf", Form.SR: ".sr.dcm",
    Form.FHIR: ".fhir.json", Form.HL7: ".hl7",
}  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Heated:
    """A heat map of frame `index` (from 0) of a clip."""

    clip: Clip
    index: int
    heat: Heat


@dataclass(frozen=True, slots=True, eq=False)
class Order:
    """A report with the clips of its films, as what it is written, and where.

    A PDF whose name ends in .dcm becomes a DICOM object. `anonymous` leaves out who the patient is,
    where no DICOM object is written. `whose` tells it of pictures that do not.
    """

    report: Report
    form: Form
    target: Path
    clips: tuple[Clip, ...] = ()
    heats: tuple[Heated, ...] = ()
    overwrite: bool = False
    release: Release = Release.R4
    anonymous: bool = False
    whose: Identity = field(default_factory=Identity)


@dataclass(frozen=True, slots=True)
class Written:
    """A file, the report that knows of it where it is a DICOM object, and what there is to say."""

    path: Path
    report: Report
    note: str = ""


def write(order: Order) -> Job[Written]:
    """Write a report.

    Raises UsageError where films are missing or are others than the report is about, and
    WriteError where the file cannot be written, or stands already.
    """
    paths = [path for clip in order.clips for path in clip.paths]
    check_file_place(order.target, paths, overwrite=order.overwrite)
    yield Progress(message="Writing the report")
    check_whose(order)
    _check_films(order)
    if order.form is Form.SR:
        found = yield from _object(order, b"")
    elif order.form is Form.PDF:
        found = yield from _paper(order)
    else:
        found = _told(order)
    places = () if order.anonymous else (Place.DOCUMENT,)
    suffix = order.target.suffix.lower()
    privacy_log.note_file(suffix, Privacy(places=places), order.target.read_bytes())
    return found


def subject_of(order: Order) -> Subject:
    """Return whom a report is about, as its films tell."""
    study = order.report.study_instance_uid
    found = Subject.of(order.clips[0]) if order.clips else Subject(Identity(), study)
    if order.whose != Identity():
        found = replace(found, identity=order.whose)
    return replace(found, identity=Identity()) if order.anonymous else found


def check_whose(order: Order) -> None:
    """Raise UsageError where a patient is named of films that tell whose they are."""
    if order.whose != Identity() and any(_tells(clip.identity) for clip in order.clips):
        raise UsageError("These films tell whose they are; name a patient for pictures alone.")


def _tells(who: Identity) -> bool:
    return bool(who.patient_id or who.patient_name)


def _check_films(order: Order) -> None:
    if not order.clips:
        return
    shown = [(clip, index) for clip in order.clips for index in range(len(clip))]
    wanted = {film.frame for film in order.report.films}
    likely = [one for one in shown if one[1] in wanted or len(one[0]) == 1] or shown
    missing = missing_of(order.report, likely) and missing_of(order.report, shown)
    if len(missing) == len(order.report.films) > 0:
        raise UsageError(CHANGED)
    if missing:
        raise UsageError(_missing_words(order.report, missing))


def _missing_words(report: Report, missing: Sequence[int]) -> str:
    """Return which films of a report are missing, by their place in it and their object."""
    named = []
    for number in missing:
        uid = report.films[number].sop_instance_uid
        named.append(f"film {number + 1}{f' (SOP Instance UID {uid})' if uid else ''}")
    are = "is" if len(missing) == 1 else "are"
    return (
        f"The report is about {len(report.films)} films, and {', '.join(named)} {are} not among"
        " these; name all of them."
    )


def _told(order: Order) -> Written:
    report, subject = order.report, subject_of(order)
    if order.form is Form.TEXT:
        text = report_text(report, subject.facts)
    elif order.form is Form.JSON:
        text = to_json(report)
    elif order.form is Form.FHIR:
        made = diagnostic_report(report, subject, order.release)
        text = json.dumps(made, ensure_ascii=False, indent=2) + "\n"
    else:
        text = observation_message(report, subject, datetime.now().astimezone())
    with replacing(order.target, private=True) as temporary:  # it may name a patient
        temporary.write_bytes(text.encode())
    return Written(order.target, report)


def _paper(order: Order) -> Job[Written]:
    from xray_studio.imaging.report_pdf import Paper

    subject = subject_of(order)
    pictures = tuple(_illustrations(order))
    paper = Paper(order.report, subject.facts, subject.running, pictures)
    printed: Printed = yield from awaited(run_apart(_PDF, paper), Progress(message="Setting pages"))
    note = ""
    if printed.unshown:
        count = len(printed.unshown)
        note = f"The fonts for PDF lack {count} of the letters; they stand in the other formats."
    if order.target.suffix.lower() == DICOM:
        found = yield from _object(order, printed.data)
        return replace(found, note=" ".join(filter(None, (note, found.note))))
    with replacing(order.target, private=True) as temporary:
        temporary.write_bytes(printed.data)
    return Written(order.target, order.report, note)


def _object(order: Order, pdf: bytes) -> Job[Written]:
    from xray_studio.dicom.write.report_object import ReportOrder

    if order.anonymous:
        raise UsageError("A DICOM report names the patient as its films do; de-identify those.")
    clips = [clip for clip in order.clips if clip.acquisition.sop_instance_uid or clip.objects]
    paths = dict.fromkeys(path for clip in clips for path in clip.paths)
    alone = not paths and not any(film.sop_instance_uid for film in order.report.films)
    if not paths and (not alone or order.report.study_instance_uid):
        raise UsageError(NO_OBJECTS)
    now = datetime.now().astimezone()
    made = ReportOrder(
        order.report, tuple(paths), now, str(order.target), uid_root(), pdf, order.whose
    )
    sent: Sent = yield from awaited(
        run_apart(_OBJECT, made), Progress(message="Writing the object")
    )
    note = NOBODY if alone and not order.whose.patient_id else ""
    return Written(order.target, with_object(order.report, sent), note)


# -- pictures


def _illustrations(order: Order) -> list[Illustration]:
    """Return key images, the films where there are none, and heat maps."""
    from xray_studio.imaging.render import render
    from xray_studio.imaging.report_pdf import Illustration

    found = []
    for clip, index, caption in _chosen(order):
        picture = render(clip, index, initial_presentation(clip))
        found.append(Illustration(picture, caption))
    return found + [_heated(one) for one in order.heats]


def _chosen(order: Order) -> list[tuple[Clip, int, str]]:
    found = []
    for key in order.report.key_pictures:
        place = _place(order.clips, key)
        if place is not None:
            found.append((*place, _caption(*place, key.caption)))
    if found:
        return found
    known = {film.pixels_sha256 for film in order.report.films}
    films = [(clip, index) for clip in order.clips for index in _frames(order, clip)]
    return [(*one, _caption(*one, "")) for one in films if pixels_sha256(*one) in known]


def _frames(order: Order, clip: Clip) -> Sequence[int]:
    wanted = {film.frame for film in order.report.films}
    return range(1) if len(clip) == 1 else [one for one in range(len(clip)) if one in wanted]


def _place(clips: Sequence[Clip], key: KeyPicture) -> tuple[Clip, int] | None:
    """Return the clip and frame that a key picture is, None where it is not among them."""
    for clip in clips:
        for index, (uid, number) in enumerate(clip.origins):
            named = uid or clip.acquisition.sop_instance_uid
            frame = number - 1 if number else index
            if (named, frame) == (key.sop_instance_uid, key.frame):
                return clip, index
    return None


def _caption(clip: Clip, index: int, words: str) -> str:
    made = clip.acquisition
    where = f"frame {index + 1}" if len(clip) > 1 else ""
    when = format_date(clip.identity.date) if not words else ""
    told = (words, made.series_description if not words else "", where, when)
    return " · ".join(one for one in told if one) or "Film"


def _heated(one: Heated) -> Illustration:
    from xray_studio.imaging.heat import drawn_over
    from xray_studio.imaging.render import render
    from xray_studio.imaging.report_pdf import Illustration

    shown = render(one.clip, one.index, initial_presentation(one.clip))
    words = f"Heat map of {one.heat.label}, {ABOUT[one.heat.method].title}. {BADGE}"
    return Illustration(drawn_over(shown, one.heat, COLOURS, OPACITY), words)
