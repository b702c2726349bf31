"""Commands of reports: edit, review, undo. Each one changes the session, nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from xray_studio.core.measure.mark import spot_of
from xray_studio.core.report import edit
from xray_studio.core.report.report import (
    FINDINGS,
    HEADINGS,
    SUMMARY,
    KeyPicture,
    Measured,
    Report,
    Where,
)
from xray_studio.core.report.signing import why_not_signed
from xray_studio.ui.actions.reasons import needs
from xray_studio.ui.finding_state import film_of
from xray_studio.ui.report_state import Reporting, is_looking, sentence_at
from xray_studio.ui.session import Session
from xray_studio.ui.state import State

Line = tuple[int, str]
"""A line of a section: which sentence it was (from 0), -1 for a new one, and its words."""


class ReportCommands:
    """Edits the report on screen."""

    def __init__(self, session: Session) -> None:
        self._session = session

    @property
    def _reporting(self) -> Reporting:
        return self._session.state.reporting

    def rewrite(self, section: int, lines: Sequence[Line]) -> None:
        """Give a section the lines that were typed; -1 is the summary, which is one sentence."""
        report = self._reporting.report
        if report is None or not self._reporting.is_open:
            return
        made = _summarised(report, lines) if section < 0 else rewritten(report, section, lines)
        self._put(made, typed=(section, _changed_line(report, section, lines), _words(lines)))

    def accept(self) -> None:
        """Accept the sentence at the cursor and go to the next that nobody has reviewed."""
        place, report = self._reporting.at, self._reporting.report
        if report is not None and place is not None and has_open_sentence(self._session.state):
            self._put(edit.accept(report, place))
            self.next()

    def accept_section(self, section: int) -> None:
        """Accept every sentence of a section (from 0; -1 the summary) as it is."""
        report = self._reporting.report
        if report is None or not self._reporting.is_open:
            return
        for where in report.open_places():
            if where.section == section:
                report = edit.accept(report, where)
        self._put(report)

    def go_to(self, where: Where | None) -> None:
        """Take a sentence as the one that keys and buttons mean."""
        if where != self._reporting.at:
            self._session.update(reporting=replace(self._reporting, at=where))

    def next(self) -> None:
        """Go to the next sentence that nobody has reviewed, from the last to the first."""
        report, now = self._reporting.report, self._reporting.at
        places = [] if report is None else report.open_places()
        if places:
            order = [_order(place) for place in places]
            here = (-1, -1) if now is None else _order(now)
            later = [place for place, key in zip(places, order, strict=True) if key > here]
            self.go_to((later or places)[0])

    def undo(self) -> None:
        """Take the last step back."""
        now = self._reporting
        if now.past and now.report is not None:
            made = replace(
                now, report=_sent_as(now.past[-1], now.report), past=now.past[:-1], typed=(),
                future=(now.report, *now.future),
            )  # fmt: skip
            self._session.update(reporting=made)

    def redo(self) -> None:
        """Take the step again that was taken back."""
        now = self._reporting
        if now.future and now.report is not None:
            made = replace(
                now, report=_sent_as(now.future[0], now.report), future=now.future[1:], typed=(),
                past=(*now.past, now.report),
            )  # fmt: skip
            self._session.update(reporting=made)

    def insert(self, text: str) -> None:
        """Insert a sentence of a person behind the one at the cursor."""
        report = self._reporting.report
        if report is not None and self._reporting.is_open:
            where = self._behind(report)
            self._put(edit.insert(report, where, text))
            self.go_to(where)

    def insert_measurement(self, one: Measured) -> None:
        """Insert a measurement behind the sentence at the cursor."""
        report = self._reporting.report
        if report is not None and self._reporting.is_open:
            where = self._behind(report)
            self._put(edit.insert_measurement(report, where, one))
            self.go_to(where)

    def add_picture(self) -> None:
        """Show the frame in view with the report."""
        report, film = self._reporting.report, film_of(self._session.view)
        if report is None or film is None or not self._reporting.is_open:
            return
        spot, series = spot_of(*film), self._session.view.series
        if spot is not None and spot.uid:
            caption = "" if series is None else series.series_description
            self._put(edit.add_key_picture(report, KeyPicture(spot.uid, spot.frame, caption)))

    def add_section(self, heading: str) -> None:
        """Add a section where it usually stands, ready to be written."""
        report = self._reporting.report
        if report is None or not self._reporting.is_open:
            return
        order = {name: number for number, name in enumerate(HEADINGS)}
        mine = order.get(heading, len(order))
        before = [order.get(one.heading, len(order)) <= mine for one in report.sections]
        place = 1 + max((n for n, is_before in enumerate(before) if is_before), default=-1)
        self._put(edit.add_section(report, heading, place))

    def remove_picture(self, one: KeyPicture) -> None:
        """Show a picture with the report no longer."""
        report = self._reporting.report
        if report is not None and self._reporting.is_open:
            self._put(edit.remove_key_picture(report, one))

    def show_heat(self) -> None:
        """Choose the finding that the sentence at the cursor rests on."""
        sentence = sentence_at(self._session.state)
        if sentence is not None and sentence.finding:
            state = self._session.state
            found = replace(state.findings, chosen=sentence.finding, shown=True)
            self._session.update(findings=found, looks=replace(state.looks, ahead=False))

    def use_engine(self, name: str) -> None:
        """Write drafts with another engine from now on."""
        self._session.change_settings("reports", engine=name)

    def keep_word(self, word: str) -> None:
        """Take a word for known from now on."""
        kept = self._session.state.settings.reports.words.split()
        if word not in kept:
            self._session.change_settings("reports", words=" ".join((*kept, word)))

    def turn_to(self, report: Report) -> None:
        """Show another report of the study."""
        now = self._reporting
        others = tuple(one for one in now.others if one is not report)
        kept = others if now.report is None else (*others, now.report)
        self._session.update(reporting=replace(now.shown(report), others=kept, saved=report))

    def _behind(self, report: Report) -> Where:
        """Return the place behind the sentence at the cursor, else at the end of the findings."""
        at = self._reporting.at
        if at is not None and at != SUMMARY and 0 <= at.section < len(report.sections):
            there = len(report.sections[at.section].sentences)
            return Where(at.section, min(at.sentence + 1, there))
        names = [section.heading for section in report.sections]
        number = names.index(FINDINGS) if FINDINGS in names else 0
        return Where(number, len(report.sections[number].sentences))

    def _put(self, report: Report, typed: tuple[object, ...] = ()) -> None:
        self._session.update(reporting=self._reporting.put(report, typed))


def rewritten(report: Report, section: int, lines: Sequence[Line]) -> Report:
    """Return a report with the lines of a section (from 0); lines without words are passed over."""
    wanted = [(was, text) for was, text in lines if text.strip()]
    kept = {was for was, _ in wanted}
    for number in reversed(range(len(report.sections[section].sentences))):
        if number not in kept:
            report = edit.remove(report, Where(section, number))
    for place, (was, text) in enumerate(wanted):
        where = Where(section, place)
        report = edit.insert(report, where, text) if was < 0 else edit.change(report, where, text)
    return report


def _sent_as(report: Report, now: Report) -> Report:
    """Return a report of a step before or after, with the objects that were written of it."""
    return report if report.objects == now.objects else replace(report, objects=now.objects)


def _summarised(report: Report, lines: Sequence[Line]) -> Report:
    text = " ".join(text.strip() for _, text in lines if text.strip())
    if text:
        return edit.change(report, SUMMARY, text)
    return report if report.summary is None else edit.remove(report, SUMMARY)


def _changed_line(report: Report, section: int, lines: Sequence[Line]) -> int:
    """Return the first line of a section that is another one than in the report."""
    before = [] if section < 0 else [one.text for one in report.sections[section].sentences]
    pairs = enumerate(zip(before, (text for _, text in lines), strict=False))
    return next((n for n, (one, other) in pairs if one != other), min(len(before), len(lines)))


def _words(lines: Sequence[Line]) -> int:
    return sum(len(text.split()) for _, text in lines)


def _order(where: Where) -> tuple[int, int]:
    """Return what sorts places as they are read: the summary last."""
    return (1 << 30, 0) if where == SUMMARY else where


@needs("Open a picture first, or wait until the last draft is written.")
def can_draft(state: State) -> bool:
    """Tell whether a report on the picture in view can be begun."""
    return film_of(state.view) is not None and not state.reporting.busy


@needs("Open a picture first, or wait until cases were compared.")
def can_compare(state: State) -> bool:
    """Tell whether cases like the film in view can be looked for."""
    return film_of(state.view) is not None and not is_looking(state)


@needs("Wait until cases were compared.")
def is_free(state: State) -> bool:
    """Tell whether another library can be chosen."""
    return not is_looking(state)


@needs("No cases are being compared.")
def is_comparing(state: State) -> bool:
    """Tell whether cases are being looked for."""
    return is_looking(state)


@needs("No draft is being written.")
def is_drafting(state: State) -> bool:
    """Tell whether a draft is being written."""
    return bool(state.reporting.busy)


@needs("Begin a report that is not signed first.")
def has_open_report(state: State) -> bool:
    """Tell whether a report can be edited."""
    return state.reporting.is_open


@needs("Begin a report first.")
def has_report(state: State) -> bool:
    """Tell whether there is a report on the study in view."""
    return state.reporting.report is not None and state.reporting.writing is None


@needs("Put the cursor into an AI sentence that is neither accepted nor changed.")
def has_open_sentence(state: State) -> bool:
    """Tell whether the sentence at the cursor waits for a review."""
    sentence = sentence_at(state)
    return state.reporting.is_open and sentence is not None and sentence.is_open


@needs("Every AI sentence is accepted or changed.")
def has_open_sentences(state: State) -> bool:
    """Tell whether any sentence waits for a review."""
    report = state.reporting.report
    return state.reporting.is_open and report is not None and bool(report.open_places())


@needs("Put the cursor into a sentence that rests on a finding.")
def rests_on_finding(state: State) -> bool:
    """Tell whether the sentence at the cursor comes from a finding."""
    sentence = sentence_at(state)
    return sentence is not None and bool(sentence.finding)


@needs("Begin a report, review every AI sentence of it, and describe what a template leaves open.")
def can_sign(state: State) -> bool:
    """Tell whether the report can be signed."""
    report = state.reporting.report
    return state.reporting.is_open and report is not None and not why_not_signed(report)


@needs("Only a signed report is amended.")
def can_amend(state: State) -> bool:
    """Tell whether a new version of the report can be begun."""
    report = state.reporting.report
    return (
        report is not None
        and report.is_signed
        and not any(
            one.identifier == report.identifier and one.version > report.version
            for one in state.reporting.others
        )
    )


@needs("Begin a report first, and open a DICOM picture.")
def can_add_picture(state: State) -> bool:
    """Tell whether the frame in view can be shown with the report."""
    film = film_of(state.view)
    spot = None if film is None else spot_of(*film)
    return state.reporting.is_open and spot is not None and bool(spot.uid)


@needs("No step of the report can be taken back.")
def can_undo(state: State) -> bool:
    """Tell whether a step can be taken back."""
    return state.reporting.is_open and bool(state.reporting.past)


@needs("No step of the report was taken back.")
def can_redo(state: State) -> bool:
    """Tell whether a step can be taken again."""
    return state.reporting.is_open and bool(state.reporting.future)
