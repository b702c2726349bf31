"""What a person does with a report: every function returns another report, none changes one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from xray_studio.core.errors import UsageError
from xray_studio.core.report.report import (
    SUMMARY,
    KeyPicture,
    Measured,
    Report,
    Section,
    State,
    Where,
)
from xray_studio.core.report.sentence import Sentence

SIGNED: Final = "This report is signed and stays as it is; amend it to make a new version."
NO_SENTENCE: Final = "There is no such sentence in the report."
NO_SECTION: Final = "There is no such section in the report."
NO_WORDS: Final = "Write some words, or remove the sentence."
NO_HEADING: Final = "Give the section a heading."


def sentence_at(report: Report, where: Where) -> Sentence:
    """Return the sentence at a place. Raises UsageError where there is none."""
    found = dict(report.each()).get(where)
    if found is None:
        raise UsageError(NO_SENTENCE)
    return found


def accept(report: Report, where: Where) -> Report:
    """Accept a sentence as it is."""
    return _with(report, where, sentence_at(report, where).accepted())


def accept_all(report: Report) -> Report:
    """Accept every sentence that nobody has accepted or changed."""
    for where in report.open_places():
        report = accept(report, where)
    return report


def change(report: Report, where: Where, text: str) -> Report:
    """Give a sentence other words; the summary can be begun this way. Raises UsageError."""
    if not text.strip():
        raise UsageError(NO_WORDS)
    if where == SUMMARY and report.summary is None:
        return _edited(report, summary=Sentence(text))
    return _with(report, where, sentence_at(report, where).changed(text))


def insert(report: Report, where: Where, sentence: Sentence | str) -> Report:
    """Insert a sentence, or the words of a person, so that it stands at a place."""
    if isinstance(sentence, str):
        if not sentence.strip():
            raise UsageError(NO_WORDS)
        sentence = Sentence(sentence)
    section = _section(report, where.section)
    if not 0 <= where.sentence <= len(section.sentences):
        raise UsageError(NO_SENTENCE)
    each = section.sentences
    made = (*each[: where.sentence], sentence, *each[where.sentence :])
    return _with_section(report, where.section, replace(section, sentences=made))


def remove(report: Report, where: Where) -> Report:
    """Remove a sentence, or the summary."""
    sentence_at(report, where)
    if where == SUMMARY:
        return _edited(report, summary=None)
    section = report.sections[where.section]
    made = section.sentences[: where.sentence] + section.sentences[where.sentence + 1 :]
    return _with_section(report, where.section, replace(section, sentences=made))


def add_section(report: Report, heading: str, at: int | None = None) -> Report:
    """Add an empty section that stands at a place (from 0), else behind the others."""
    place = len(report.sections) if at is None else at
    if not heading.strip():
        raise UsageError(NO_HEADING)
    if not 0 <= place <= len(report.sections):
        raise UsageError(NO_SECTION)
    each = report.sections
    return _edited(report, sections=(*each[:place], Section(heading), *each[place:]))


def rename_section(report: Report, number: int, heading: str) -> Report:
    """Give a section (from 0) another heading."""
    if not heading.strip():
        raise UsageError(NO_HEADING)
    return _with_section(report, number, replace(_section(report, number), heading=heading))


def remove_section(report: Report, number: int) -> Report:
    """Remove a section (from 0) with its sentences."""
    _section(report, number)
    return _edited(report, sections=report.sections[:number] + report.sections[number + 1 :])


def insert_measurement(report: Report, where: Where, one: Measured) -> Report:
    """Insert a measurement in words at a place, and keep its values with the report."""
    made = insert(report, where, f"{one.name}: {one.words}.")
    return made if one in made.measurements else _edited(
        made, measurements=(*made.measurements, one)
    )  # fmt: skip


def remove_measurement(report: Report, one: Measured) -> Report:
    """Remove the values of a measurement; the sentence that tells it stays."""
    kept = tuple(other for other in report.measurements if other != one)
    return _edited(report, measurements=kept)


def add_key_picture(report: Report, one: KeyPicture) -> Report:
    """Show a picture with the report; one that is shown already gets the new caption."""
    kept = [other for other in report.key_pictures if _spot(other) != _spot(one)]
    return _edited(report, key_pictures=(*kept, one))


def remove_key_picture(report: Report, one: KeyPicture) -> Report:
    """Show a picture with the report no longer."""
    kept = tuple(other for other in report.key_pictures if _spot(other) != _spot(one))
    return _edited(report, key_pictures=kept)


def _spot(one: KeyPicture) -> tuple[str, int]:
    return one.sop_instance_uid, one.frame


def _section(report: Report, number: int) -> Section:
    if not 0 <= number < len(report.sections):
        raise UsageError(NO_SECTION)
    return report.sections[number]


def _with_section(report: Report, number: int, section: Section) -> Report:
    each = report.sections
    return _edited(report, sections=(*each[:number], section, *each[number + 1 :]))


def _with(report: Report, where: Where, sentence: Sentence) -> Report:
    if where == SUMMARY:
        return _edited(report, summary=sentence)
    section = _section(report, where.section)
    each = section.sentences
    made = (*each[: where.sentence], sentence, *each[where.sentence + 1 :])
    return _with_section(report, where.section, replace(section, sentences=made))


def _edited(report: Report, **fields: Any) -> Report:
    """Return a report with other fields; one that stays the same is not edited."""
    if report.is_signed:
        raise UsageError(SIGNED)
    made = replace(report, **fields)
    return report if made == report else replace(made, state=State.EDITED)
