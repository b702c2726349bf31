"""The privacy gate of documents: what a document would tell, before it is handed on.

Documents are written as they are: nothing in them is ever changed. So what names the patient is
told, and where nothing may identify a document is refused.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from xray_studio.core.document import Document
from xray_studio.core.document_text import document_lines
from xray_studio.core.errors import UsageError
from xray_studio.core.identity_in_names import told_by_name
from xray_studio.core.job import Job, Progress
from xray_studio.core.privacy import Finding, Place, Privacy, PrivacyReport
from xray_studio.core.workers import Priority, run_apart
from xray_studio.services.decoding import awaited
from xray_studio.services.documents.export import SECONDS
from xray_studio.services.documents.reading import PDF

_MOST_PAGES: Final = 3  # that are named one by one
_HEADER: Final = "The header of the clinical document names persons ({})."
_PICTURES: Final = "{} of the document {} a picture, whose text is not read; look at it."
_OTHER: Final = "A document of this kind is not looked into; look at it."
_HEAD: Final = "The head of the page names the patient, since identity is shown."
_FREE: Final = "The text of a document can name persons in many ways; read it."


@dataclass(frozen=True, slots=True)
class Inside:
    """What the document inside an object tells: attributes by place, and what could not be read."""

    told: dict[str, tuple[str, ...]]
    persons: tuple[str, ...] = ()
    pictures: int = 0
    read: bool = True


def examine_document(document: Document, target: Path) -> Job[PrivacyReport]:
    """Look at everything that the document inside an object would tell, saved at `target`."""
    waiting = Progress(message="Looking for what tells the patient")
    yield waiting
    future = run_apart(
        inside_told, document.path, document.media_type,
        priority=Priority.BATCH, time_limit=SECONDS,
    )  # fmt: skip
    inside: Inside = yield from awaited(future, waiting)
    return PrivacyReport((*_by_name(document, target), *_findings(inside)), (), None)


def examine_printed(document: Document, target: Path, *, hidden: bool) -> Job[PrivacyReport]:
    """Look at what a document would tell whose text is set anew; `hidden` leaves its head out."""
    yield Progress(message="Looking for what tells the patient")
    found = [*_by_name(document, target)]
    if not hidden:
        found.append(Finding(Place.DOCUMENT, certain=True, sentence=_HEAD))
    told = told_by_name("\n".join(document_lines(document, hidden=hidden)), document.identity)
    found += _findings(Inside({"in its text": told} if told else {}))
    return PrivacyReport(tuple(found), (), None)


def refuse(report: PrivacyReport) -> None:
    """Raise UsageError that says what a document tells and where, as nothing may identify."""
    told = [finding.sentence for finding in report.findings if finding.place is Place.DOCUMENT]
    name = [finding.sentence for finding in report.findings if finding.place is Place.FILE_NAME]
    raise UsageError(
        f"{' '.join([*name, *told])} A document is written as it is, so it cannot be de-identified;"
        " leave --deidentify out if it is meant to be handed on like that."
    )


def needs_a_word(report: PrivacyReport) -> bool:
    """Tell whether a person should decide: somebody is named, or a part could not be read."""
    return any(finding.certain or finding.sentence != _FREE for finding in report.findings)


def decided(report: PrivacyReport) -> Privacy:
    """Return what is recorded of a document that was written: where it tells the patient."""
    return Privacy(places=tuple(dict.fromkeys(finding.place for finding in report.findings)))


def inside_told(path: str, kind: str) -> Inside:
    """Return what the document inside the object at `path` tells; runs in a worker process."""
    from xray_studio.dicom.attributes.dataset import lenient_pydicom
    from xray_studio.dicom.documents import identity
    from xray_studio.dicom.documents.encapsulated import inside
    from xray_studio.dicom.documents.source import read_source

    with lenient_pydicom():
        source = read_source(path)
        data = inside(source)
        if kind == PDF:
            from xray_studio.imaging.pdf_words import words_of_pdf

            words, pictures = words_of_pdf(data)
            return Inside(identity.told_by(source, words), pictures=pictures)
        words = identity.words_inside(data, kind)
        persons = identity.persons_inside(data, kind)
        return Inside(identity.told_by(source, words), persons, read=bool(words))


def _by_name(document: Document, target: Path) -> Iterator[Finding]:
    told = told_by_name(target.name, document.identity)
    if told:
        sentence = f"The name of the file tells {' and '.join(told)} of its source."
        yield Finding(Place.FILE_NAME, certain=True, sentence=sentence)


def _findings(inside: Inside) -> Iterator[Finding]:
    """Yield one finding for all attributes that stand at the same places, then the rest."""
    places: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
    for place, attributes in inside.told.items():
        places[attributes].append(place)
    for attributes, there in places.items():
        sentence = f"The document tells {joined(attributes)}, {joined(_few(there))}."
        yield Finding(Place.DOCUMENT, certain=True, sentence=sentence)
    if inside.persons:
        sentence = _HEADER.format(joined(inside.persons))
        yield Finding(Place.DOCUMENT, certain=True, sentence=sentence)
    if inside.pictures:
        pages = f"{inside.pictures:,} page{'' if inside.pictures == 1 else 's'}"
        verb = "is" if inside.pictures == 1 else "are each"
        yield Finding(Place.DOCUMENT, certain=False, sentence=_PICTURES.format(pages, verb))
    if not inside.read:
        yield Finding(Place.DOCUMENT, certain=False, sentence=_OTHER)
    elif not inside.told:
        yield Finding(Place.DOCUMENT, certain=False, sentence=_FREE)


def _few(places: list[str]) -> list[str]:
    """Return places, many pages as their number."""
    pages = [place for place in places if place.startswith("on page ")]
    if len(pages) <= _MOST_PAGES:
        return places
    return [*(p for p in places if p not in pages), f"on {len(pages):,} pages"]


def joined(parts: tuple[str, ...] | list[str]) -> str:
    """Return words as a list of a sentence."""
    *first, last = parts
    return f"{', '.join(first)} and {last}" if first else last
