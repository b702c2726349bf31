"""The privacy gate of documents: what the saved file would tell of the patient."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from xray_studio.core.privacy import PrivacyReport
from xray_studio.ui.dialogs.parts import MARGIN, button, footer, framed, heading, scrolling, sized
from xray_studio.ui.dialogs.privacy.list import FindingList

WIDTH, HEIGHT = 560, 360
AS_IT_IS = "Nothing in a document is changed: who gets the file can read all of this."


class DocumentGate(QDialog):
    """Lists what a document, or another file, tells. Accepted, it is saved all the same."""

    def __init__(
        self, target: Path, report: PrivacyReport, parent: QWidget, look: str = AS_IT_IS
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Before it is saved")
        head = heading("Before it is saved", f"What {target.name} would tell", self)
        self.findings = FindingList(report.findings, look=look)
        column = QVBoxLayout()
        column.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        column.addWidget(self.findings)
        column.addStretch(1)
        inner = QWidget(self)
        inner.setLayout(column)
        certain = any(finding.certain for finding in report.findings)
        self.back_button = button("Back", self)
        words = "Save with identity" if certain else "Save as it is"
        self.confirm_button = button(words, self, "accent")
        self.confirm_button.setDefault(True)
        self.back_button.clicked.connect(self.reject)
        self.confirm_button.clicked.connect(self.accept)
        foot = footer([], [self.back_button, self.confirm_button])
        framed(self, head, scrolling(inner, self), foot)
        sized(self, WIDTH, HEIGHT)
