"""Saving reports: as PDF, as DICOM objects, as text, and in the forms that other systems read."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import Signal

from xray_studio.core.errors import StudioError
from xray_studio.core.job import Job
from xray_studio.core.report.report import Report
from xray_studio.core.study import Series
from xray_studio.services.report.drafting import Shown, with_others
from xray_studio.services.report.files import SUFFIXES, Form, Heated, Order, Written, write
from xray_studio.ui.errand import Errand
from xray_studio.ui.finding_state import film_of, holds
from xray_studio.ui.report_state import films_beside
from xray_studio.ui.state import State

LANE: Final = "saving reports"
KINDS: Final = {
    Form.PDF: "PDF documents (*.pdf)",
    Form.SR: "DICOM structured reports (*.dcm)",
    Form.TEXT: "Text (*.txt)",
    Form.JSON: "JSON (*.json)",
    Form.FHIR: "FHIR DiagnosticReport (*.json)",
    Form.HL7: "HL7 messages (*.hl7)",
}


class ReportSaving(Errand):
    """Asks where a report goes and writes it. `written` tells one that knows its new object."""

    written = Signal(object)

    def ask(self, form: Form) -> None:
        """Ask where the report on screen goes in a form."""
        report = self._session.state.reporting.report
        if report is not None:
            name = f"report{SUFFIXES[form]}"
            then = partial(self.save, report, form)
            self._desk.save_as("Save the report", name, KINDS[form], then)

    def save(self, report: Report, form: Form, target: Path) -> None:
        """Write a report; one that exists was agreed to in the dialog."""
        state = self._session.state
        film = film_of(state.view)
        if film is None:
            self.told.emit("Open the pictures of the report to save it.", "danger")
            return
        order = Order(
            report, form, target, heats=heats_of(state), overwrite=True,
            anonymous=state.identity_hidden,
        )  # fmt: skip
        self._runner.start(
            saved(order, film, films_beside(state)),
            title="Saving the report",
            lane=LANE,
            on_result=partial(self._saved, report),
            on_error=self._refused,
        )

    def _saved(self, report: Report, written: Written) -> None:
        if written.report is not report:
            self.written.emit(written.report)
        words = f"The report is saved as {written.path.name}."
        self.told.emit(" ".join(filter(None, (words, written.note))), "done")

    def _refused(self, error: StudioError) -> None:
        self.told.emit(f"The report is not saved: {error}", "danger")


def saved(order: Order, film: Shown, others: tuple[Series, ...]) -> Job[Written]:
    """Write a report with the film in view and the others of its study."""
    films = yield from with_others(film, others)
    clips = tuple(clip for clip, _ in films)
    written = yield from write(replace(order, clips=clips))
    return written


def heats_of(state: State) -> tuple[Heated, ...]:
    """Return the heat maps that were made of the film in view, where they hold."""
    told = holds(state)
    if told is None:
        return ()
    return tuple(Heated(told.clip, told.frame, heat) for heat in told.heats.values())
