"""A structured report as text: headings for containers, a line for each item (PS3.3 C.17)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from pydicom.dataset import Dataset

from xray_studio.core.content import Content
from xray_studio.core.corner_text import format_name
from xray_studio.core.document import Block, Document, Heading, Paragraph
from xray_studio.dicom.attributes.values import items, text
from xray_studio.dicom.documents.content import read_content
from xray_studio.dicom.documents.source import Source, blank, moment_text, plain

TOO_LARGE = "The report is too large to be shown as a whole: its last part is left out."
_RELATIONS = {"INFERRED FROM": "inferred from", "SELECTED FROM": "on"}
LANGUAGE, OBSERVER_TYPE, OBSERVER_NAME = "121049", "121005", "121008"
# Subject Context, PS3.16 TID 1007: who the report is about.
_WHO = ("121028", "121029", "121030", "121031", "121032", "121033", "121034", "121035", "121036")
_ABOUT = {"HAS CONCEPT MOD", "HAS OBS CONTEXT", "HAS ACQ CONTEXT"}


def read_report(source: Source) -> Document:
    """Return a structured report of any template as a document."""
    content, cut = read_content(source.dataset)
    title = str(content.name)
    document = blank(source)
    return replace(
        document,
        title=plain(title) or document.title,
        facts=tuple(report_facts(source.dataset, content)),
        blocks=tuple(report_blocks(content)),
        content=content,
        warnings=(TOO_LARGE,) if cut else (),
    )


def report_facts(dataset: Dataset, content: Content) -> Iterator[tuple[str, str]]:
    """Yield what a report tells of itself (PS3.3 C.17.2): state, observers, language, template."""
    moment = moment_text(text(dataset, "ContentDate"), text(dataset, "ContentTime"))
    facts = {
        "Written": moment,
        "Completion": _completion(dataset),
        "Verification": text(dataset, "VerificationFlag").capitalize(),
        "State": {"PRELIMINARY": "Preliminary", "FINAL": "Final"}.get(
            text(dataset, "PreliminaryFlag"), ""
        ),
        "Verified by": "; ".join(map(_verifier, items(dataset, "VerifyingObserverSequence"))),
        "Author": "; ".join(map(_author, items(dataset, "AuthorObserverSequence"))),
        "Observer": "; ".join(_values(content, OBSERVER_NAME)),
        "Language": "; ".join(_values(content, LANGUAGE)),
        "Institution": plain(text(dataset, "InstitutionName")),
        "Template": f"TID {content.template}" if content.template else "",
        "Replaces": _count(dataset, "PredecessorDocumentsSequence"),
    }
    yield from ((label, value) for label, value in facts.items() if value)


def _completion(dataset: Dataset) -> str:
    words = text(dataset, "CompletionFlag").capitalize()
    why = plain(text(dataset, "CompletionFlagDescription"))
    return f"{words} ({why})" if words and why else words


def _verifier(item: Dataset) -> str:
    who = format_name(text(item, "VerifyingObserverName"))
    organisation = text(item, "VerifyingOrganization")
    when = moment_text(text(item, "VerificationDateTime"))
    return ", ".join(filter(None, (who, plain(organisation), when)))


def _author(item: Dataset) -> str:
    device = text(item, "DeviceSerialNumber") or text(item, "ManufacturerModelName")
    who = format_name(text(item, "PersonName")) or device
    return ", ".join(filter(None, (who, plain(text(item, "InstitutionName")))))


def _values(content: Content, concept: str) -> list[str]:
    return [child.text for child in content.all_of(concept) if child.text]


def _count(dataset: Dataset, keyword: str) -> str:
    series = [
        s for study in items(dataset, keyword) for s in items(study, "ReferencedSeriesSequence")
    ]
    count = sum(len(items(one, "ReferencedSOPSequence")) for one in series)
    return "" if not count else f"{count} earlier document{'' if count == 1 else 's'}"


def report_blocks(content: Content) -> Iterator[Block]:
    """Yield the content of a report, without its title."""
    lines = {item.place: item for item in content.walk()}
    for child in content.children:
        if not _told_as_fact(child):
            yield from _blocks(child, 1, 0, lines)


Items = dict[tuple[int, ...], Content]


def _told_as_fact(item: Content) -> bool:
    plain_fact = item.relationship in _ABOUT and not item.children
    return plain_fact and item.name.is_one(LANGUAGE, OBSERVER_NAME, OBSERVER_TYPE)


def _blocks(item: Content, level: int, indent: int, lines: Items) -> Iterator[Block]:
    if item.value_type == "CONTAINER":
        if str(item.name):
            yield Heading(str(item.name), level)
        for child in item.children:
            yield from _blocks(child, level + bool(str(item.name)), 0, lines)
        return
    yield _line(item, indent, lines)
    for child in item.children:
        if not _is_drawn_on(item, child):
            yield from _blocks(child, level, indent + 1, lines)


def _line(item: Content, indent: int, lines: Items) -> Paragraph:
    relation = _RELATIONS.get(item.relationship, "")
    if item.refers_to and not item.value_type:
        return Paragraph(_pointed(item, lines), "", indent, relation or "see")
    words = item.text
    for child in item.children:
        if _is_drawn_on(item, child):
            words = f"{words}, on {child.text}"
    return Paragraph(
        text=words,
        label=str(item.name),
        indent=indent,
        relation=relation,
        target=item.target,
        identity=item.name.is_one(*_WHO),
    )


def _is_drawn_on(item: Content, child: Content) -> bool:
    """Tell whether a child is the object that coordinates lie on, and nothing more."""
    pointing = child.target is not None and not child.children
    return item.value_type in {"SCOORD", "TCOORD"} and pointing


def _pointed(item: Content, lines: Items) -> str:
    """Return the item that another one refers to by its place (PS3.3 C.17.3.2.5)."""
    found = lines.get(item.refers_to)
    place = ".".join(map(str, item.refers_to))
    if found is None:
        return f"item {place}, which is not there"
    return ": ".join(filter(None, (str(found.name), found.text))) or f"item {place}"
