"""What the panel of the report says."""

from __future__ import annotations

from typing import Final

from xray_studio.core.learning.heat import BADGE
from xray_studio.core.report.report import BLANK, Report
from xray_studio.core.report.words import ai_line, origin_lines, signer, time_words
from xray_studio.ui.report_state import Reporting, engine_shown
from xray_studio.ui.state import State

NOTHING: Final = "Open a picture to write a report about it."
DOCUMENT: Final = "This is a document. A report is written about pictures."
ABOUT: Final = (
    "An engine writes a draft about the picture in view, sentence by sentence. What AI wrote stays"
    " marked until you accept or change it, and only then the report can be signed."
)
NO_ENGINE: Final = "No report engine is installed. A report can be written by hand."
WRITE, AGAIN, STOP, BY_HAND = "Write a draft", "New draft", "Stop", "Write by hand"
ANALYSE: Final = "Analyse the film\N{HORIZONTAL ELLIPSIS}"
ACCEPT, HEAT, NEXT, ACCEPT_ALL = "Accept", "Heat", "Next", "Accept all"
AGREEMENT: Final = "Agreement with drafts"
SIGN, AMEND, INSERT, SAVE = "Sign\N{HORIZONTAL ELLIPSIS}", "Amend", "Insert", "Save"
EMPTY: Final = "Nothing is written here."
NO_SENTENCE: Final = "The cursor is in no sentence."
SUMMARY: Final = "Summary"


def busy_words(reporting: Reporting) -> str:
    """Return what is being done and how far it is."""
    progress = reporting.progress
    words = reporting.busy if progress is None or not progress.message else progress.message
    if progress is None or progress.total < 2:
        return f"{words}\N{HORIZONTAL ELLIPSIS}"
    return f"{words}, {progress.done} of {progress.total}"


def reason_words(state: State, *, begun: bool = False) -> str:
    """Return what stands in the panel while there is no report, or why no engine can write one."""
    if state.view.document is not None:
        return "" if begun else DOCUMENT
    if state.view.clip is None:
        return "" if begun else NOTHING
    known, shown = state.reporting.engines, engine_shown(state)
    if known is not None and not any(not one.unavailable for one in known):
        return "" if begun else NO_ENGINE
    if shown is not None and shown.unavailable:
        return f"{shown.title}: {shown.unavailable}"
    return "" if begun else "\n\n".join(filter(None, (ABOUT, _lacking(state))))


def _lacking(state: State) -> str:
    """Return why the engine that comes first cannot be used, where another takes its place."""
    first = next(iter(state.reporting.engines or ()), None)
    return f"{first.title}: {first.unavailable}" if first is not None and first.unavailable else ""


def badge_words(report: Report | None, reporting: Reporting) -> str:
    """Return what AI has to do with what is shown, "" for nothing."""
    if reporting.writing is not None:
        return f"{BADGE}."
    return "" if report is None else ai_line(report)


def state_words(report: Report, reporting: Reporting) -> str:
    """Return how far a report is, which version, and whether it is kept."""
    version = f" · version {report.version}" if report.version > 1 else ""
    if report.signature is not None:
        who = signer(report.signature)
        return f"Signed{version} · {who} · {time_words(report.signature.time)}"
    kept = "kept" if report is reporting.saved else "not kept yet"
    return f"{report.state.value.capitalize()}{version} · {kept}"


def review_words(report: Report) -> str:
    """Return how many sentences wait for a review, and how much a template leaves open."""
    if report.is_signed:
        assert report.signature is not None
        return f"SHA-256 {report.signature.content_sha256[:16]}\N{HORIZONTAL ELLIPSIS}"
    left = len(report.open_places())
    blank = sum(BLANK in sentence.text for _, sentence in report.each())
    reviewed = "every AI sentence reviewed" if report.has_ai else ""
    review = f"{left} AI sentence{'s' * (left > 1)} to review" if left else reviewed
    return " · ".join(filter(None, (review, f"{blank} to be described" if blank else "")))


def origin_words(report: Report) -> str:
    """Return who wrote the draft, and what belongs to its reading."""
    return "\n".join(origin_lines(report))
