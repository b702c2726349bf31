"""A report as plain text: for terminals, files, and where a letter takes text alone."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from datetime import datetime
from typing import Final

from xray_studio.core.corner_text import format_name
from xray_studio.core.learning.heat import BADGE
from xray_studio.core.report.report import Report, Signature, State
from xray_studio.core.report.sentence import Sentence, chance_words

WIDTH: Final = 80
AI_MARK: Final = "[AI]"  # before a sentence that nobody has accepted or changed
REVIEWED: Final = "Drafted with AI; every sentence was reviewed by the person who signed."


def report_text(report: Report, who: tuple[tuple[str, str], ...] = ()) -> str:
    """Return a report as text, lines of at most 80 columns; `who` are facts of patient and study.

    Sentences of a model that nobody reviewed begin with "[AI]", and a line says what that means.
    """
    return "\n".join(_lines(report, who)) + "\n"


def badges(report: Report) -> tuple[str, ...]:
    """Return what marks a report wherever it is shown: DRAFT or SIGNED, and AI where due."""
    state = "SIGNED" if report.state is State.SIGNED else "DRAFT"
    return (state, "AI") if report.has_ai else (state,)


def state_line(report: Report) -> str:
    """Return in a line how far a report is, and who signed it."""
    version = f", version {report.version}" if report.version > 1 else ""
    if report.signature is None:
        changed = "edited, not signed" if report.state is State.EDITED else "not signed"
        return f"DRAFT{version}, {changed}"
    return f"SIGNED{version} by {signer(report.signature)}, {time_words(report.signature.time)}"


def signer(signature: Signature) -> str:
    """Return who signed, as a person reads it: "Doe, Jane (Clinic)"."""
    name = format_name(signature.name)
    return f"{name} ({signature.organisation})" if signature.organisation else name


def ai_line(report: Report) -> str:
    """Return in a line what a model has to do with a report, "" for none."""
    if not report.has_ai:
        return ""
    return REVIEWED if report.is_signed else f"{BADGE}."


def marked(one: Sentence) -> str:
    """Return a sentence with what marks it as AI while nobody reviewed it, and how sure that is."""
    if not one.is_open:
        return one.text
    told = chance_words(one)
    return f"{AI_MARK} {one.text} [probability of {told}]" if told else f"{AI_MARK} {one.text}"


def origin_lines(report: Report) -> Iterator[str]:
    """Yield who wrote the draft, with model, version and hash, and what belongs to its reading."""
    made = report.provenance
    if made is None:
        return
    yield f"Draft by {source_words(report)}, {made.program}, {time_words(made.time)}"
    yield from made.notes


def source_words(report: Report) -> str:
    """Return engine, model, version and hash of the draft, "" for what a person began."""
    if report.provenance is None:
        return ""
    source = report.provenance.source
    model = source.model
    told = f", model {model.name} {model.version} (SHA-256 {model.sha256[:16]}…)" if model else ""
    return f"engine {source.engine}{told}"


def time_words(time: datetime) -> str:
    """Return a time with its zone: "2026-11-21 14:05 +0100"."""
    return f"{time:%Y-%m-%d %H:%M %z}".rstrip()


def _lines(report: Report, who: tuple[tuple[str, str], ...]) -> Iterator[str]:
    yield "REPORT"
    yield from (f"{label}: {value}" for label, value in who if value)
    yield state_line(report)
    yield from filter(None, (ai_line(report),))
    if report.summary is not None:
        yield ""
        yield from _wrapped(marked(report.summary))
    for section in report.sections:
        yield from ("", section.heading.upper())
        for one in section.sentences:
            yield from _wrapped(marked(one))
    yield from _values(report)
    yield from _end(report)


def _values(report: Report) -> Iterator[str]:
    if report.measurements:
        yield from ("", "MEASUREMENTS")
        yield from (f"{one.name}: {one.words}" for one in report.measurements)
    if report.key_pictures:
        yield from ("", "KEY IMAGES")
        for number, one in enumerate(report.key_pictures, 1):
            yield f"{number}. {one.caption or 'Frame'} (frame {one.frame + 1})"


def _end(report: Report) -> Iterator[str]:
    origin = list(origin_lines(report))
    if origin or report.signature is not None:
        yield ""
    for line in origin:
        yield from _wrapped(line)
    if report.signature is not None:
        yield f"Content SHA-256 {report.signature.content_sha256}"


def _wrapped(text: str) -> list[str]:
    """Return text in lines; scripts that set no blanks are not broken by it."""
    lines = []
    for line in text.split("\n"):
        lines += textwrap.wrap(line, WIDTH, break_long_words=False, break_on_hyphens=False) or [""]
    return lines
