"""Signing: who signs a report; what is signed stays as it is."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QGridLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from xray_studio.core.errors import StudioError
from xray_studio.core.report.report import Report
from xray_studio.ui.browser.series_text import owner, patient_title, study_title
from xray_studio.ui.dialogs.parts import (
    MARGIN,
    button,
    captioned,
    footer,
    framed,
    heading,
    sized,
)
from xray_studio.ui.look.theme import mark
from xray_studio.ui.state import State

WIDTH, HEIGHT = 480, 372
ABOUT = (
    "The report is kept with your name, the time and the SHA-256 of all that it says. It cannot be"
    " changed after that; a new version can take its place."
)


class SignDialog(QDialog):
    """Whose report it is, name and organisation. `run` signs; what it refuses is shown here."""

    def __init__(
        self,
        subject: str,
        names: tuple[str, str],
        run: Callable[[str, str], object],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._run = run
        self.setWindowTitle("Sign")
        self.name, self.organisation = QLineEdit(names[0], self), QLineEdit(names[1], self)
        self.name.setAccessibleName("Name of who signs")
        self.organisation.setAccessibleName("Organisation")
        self.problem = QLabel("", self)
        self.problem.setWordWrap(True)
        mark(self.problem, role="danger")
        self.sign = button("Sign", self, "accent")
        cancel = button("Cancel", self)
        self.sign.clicked.connect(self._take)
        for field in (self.name, self.organisation):
            field.returnPressed.connect(self._take)
            field.textEdited.connect(lambda _text: self.problem.setText(""))
        cancel.clicked.connect(self.reject)
        framed(self, heading("Sign the report", "", self), self._body(subject),
            footer((), (cancel, self.sign)))  # fmt: skip
        sized(self, WIDTH, HEIGHT)
        self.name.setFocus()

    def _body(self, subject: str) -> QWidget:
        body = QWidget(self)
        whose = QLabel(subject, body)
        whose.setWordWrap(True)
        whose.setTextFormat(Qt.TextFormat.PlainText)
        mark(whose, role="strong")
        about = QLabel(ABOUT, body)
        about.setWordWrap(True)
        mark(about, role="secondary")
        form = QGridLayout()
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(8)
        for label, field in (("Name", self.name), ("Organisation", self.organisation)):
            field.setParent(body)
            captioned(form, label, field)
        form.setColumnStretch(1, 1)
        column = QVBoxLayout(body)
        column.setContentsMargins(MARGIN, 16, MARGIN, 16)
        column.setSpacing(12)
        column.addWidget(whose)
        column.addWidget(about)
        column.addLayout(form)
        column.addWidget(self.problem)
        column.addStretch(1)
        return body

    def _take(self) -> None:
        try:
            self._run(self.name.text(), self.organisation.text())
        except StudioError as error:
            self.problem.setText(str(error))
            self.name.setFocus()
            return
        self.accept()


def subject_words(state: State, report: Report) -> str:
    """Return whose report is signed, of which study, and how much it says."""
    found, hidden = owner(state.catalog, state.front), state.identity_hidden
    whose: tuple[str, ...] = ()
    if found is not None:
        number, patient, study = found
        whose = (patient_title(patient, number, hidden=hidden), *study_title(study, hidden=hidden))
    count = sum(len(section.sentences) for section in report.sections)
    says = "1 sentence" if count == 1 else f"{count} sentences"
    version = f"version {report.version}" if report.version > 1 else ""
    return " · ".join(filter(None, (*whose, says, version)))
