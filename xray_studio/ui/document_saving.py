"""Saving the document on screen: asks where it goes and, where it names anybody, whether it may."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from xray_studio.core.document import Document
from xray_studio.core.privacy import PrivacyReport
from xray_studio.services.documents.privacy import decided, needs_a_word
from xray_studio.ui.desk import Desk
from xray_studio.ui.dialogs.privacy.document_gate import DocumentGate
from xray_studio.ui.document.saving import examination, name_for, save_document
from xray_studio.ui.exports import Exports
from xray_studio.ui.preferences import Preferences
from xray_studio.ui.session import Session
from xray_studio.ui.work import JobRunner

LANE = "document privacy"


class DocumentSaving(QObject):
    """Saves documents. `told` tells a sentence and its role; `gate` is the dialog that asks."""

    told = Signal(str, str)

    def __init__(
        self, session: Session, exports: Exports, runner: JobRunner, desk: Desk, window: QWidget
    ) -> None:
        super().__init__(window)
        self._session, self._exports, self._runner = session, exports, runner
        self._desk, self._window = desk, window
        self.gate: DocumentGate | None = None

    def ask(self, preferences: Preferences) -> None:
        """Ask where the document on screen goes."""
        document = self._session.view.document
        if document is None:
            return
        hidden = self._session.state.identity_hidden

        def look(path: str) -> None:
            self._look(document, Path(path), hidden=hidden)

        self._desk.save_document(name_for(document), preferences, look)

    def _look(self, document: Document, target: Path, *, hidden: bool) -> None:
        """Look at what the file would tell, then save it or ask."""

        def found(report: PrivacyReport) -> None:
            if needs_a_word(report):
                self._show(document, target, report, hidden=hidden)
            else:
                self._save(document, target, report, hidden=hidden)

        self._runner.start(
            examination(document, target, hidden=hidden),
            title="Looking for what tells the patient",
            lane=LANE,
            visible=False,
            on_result=found,
            on_error=lambda error: self.told.emit(str(error), "danger"),
        )

    def _show(
        self, document: Document, target: Path, report: PrivacyReport, *, hidden: bool
    ) -> None:
        dialog = DocumentGate(target, report, self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(lambda: self._save(document, target, report, hidden=hidden))
        dialog.finished.connect(self._closed)
        self.gate = dialog
        dialog.open()

    def _closed(self) -> None:
        self.gate = None

    def _save(
        self, document: Document, target: Path, report: PrivacyReport, *, hidden: bool
    ) -> None:
        job = save_document(document, target, hidden=hidden, privacy=decided(report))
        self._exports.write(job, target)
