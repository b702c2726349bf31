"""How an export passes the privacy gate: looked at first, then by itself or by a person's word."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from xray_studio.core.clip import Clip
from xray_studio.core.privacy import Marked, Privacy, PrivacyReport
from xray_studio.services.export.options import ExportOptions
from xray_studio.ui.dialogs.privacy.dialog import PrivacyDialog
from xray_studio.ui.exports import Exports
from xray_studio.ui.work import Task


@dataclass(frozen=True, slots=True)
class Asked:
    """An export that is asked for; `always` asks a person whatever is found."""

    target: Path
    options: ExportOptions
    overwrite: bool
    always: bool


class Passage(QObject):
    """Takes the exports of one clip through the gate and starts them.

    `started` tells the task of an export, `refused` why it cannot be, "" when the person went back.
    What was marked once is offered again. It outlives the dialog that asks: closing that does not
    stop what was asked for.
    """

    started = Signal(object)
    refused = Signal(str)

    def __init__(self, clip: Clip, exports: Exports, window: QWidget) -> None:
        super().__init__(exports)
        gate = exports.gate
        self._clip, self._exports, self._gate, self._window = clip, exports, gate, window
        self._task: Task | None = None
        self._asked: Asked | None = None
        self._marked: tuple[Marked, ...] = ()
        self._look_again = False
        self.dialog: PrivacyDialog | None = None
        gate.examined.connect(self._examined)
        gate.failed.connect(self._failed)
        gate.stopped.connect(self._stopped)

    def turn_to(self, clip: Clip, *, same_places: bool) -> None:
        """Take another clip through the gate.

        Marks stay where everything lies at the `same_places`. Elsewhere they would cover something
        else, so they go, and a person who made some is asked again, whatever is found.
        """
        self._clip = clip
        if not same_places:
            self._look_again = self._look_again or bool(self._marked)
            self._marked = ()

    def ask(self, asked: Asked) -> None:
        """Look at an export, then start it."""
        self._asked = asked
        self._task = self._gate.examine(self._clip, asked.target, asked.options)

    def leave(self, window: QWidget) -> None:
        """Go on without the dialog that asked; what a person must decide is asked over `window`."""
        self._window = window
        if self._asked is None:
            self.deleteLater()
        else:
            self.started.connect(self.deleteLater)
            self.refused.connect(self.deleteLater)

    def cancel(self) -> None:
        """Stop looking; nothing passes."""
        self._gate.cancel()

    def _examined(self, task: Task, report: PrivacyReport) -> None:
        if task is not self._task or self._asked is None:
            return
        self._task = None
        if report.findings or self._marked or self._look_again or self._asked.always:
            self._show(self._asked, report)
        else:
            self._start(self._asked, Privacy(detector=report.detector))

    def _start(self, asked: Asked, decision: Privacy) -> None:
        self._asked = None
        options = replace(asked.options, privacy=decision)
        start = self._exports.start
        self.started.emit(start(self._clip, asked.target, options, overwrite=asked.overwrite))

    def _refuse(self, sentence: str) -> None:
        self._asked = None
        self.refused.emit(sentence)

    def _show(self, asked: Asked, report: PrivacyReport) -> None:
        dialog = PrivacyDialog(
            self._clip, asked.target, asked.options, report,
            gate=self._gate, parent=self._window, before=self._marked,
        )  # fmt: skip
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(lambda: self._accepted(dialog, asked))
        dialog.rejected.connect(lambda: self._refuse(""))
        dialog.finished.connect(self._closed)
        self.dialog = dialog
        dialog.open()

    def _accepted(self, dialog: PrivacyDialog, asked: Asked) -> None:
        decision = dialog.decision()
        self._marked, self._look_again = decision.marked, False
        self._start(asked, decision)

    def _closed(self) -> None:
        self.dialog = None

    def _failed(self, task: Task, sentence: str) -> None:
        if task is self._task:
            self._task = None
            self._refuse(sentence)

    def _stopped(self, task: Task) -> None:
        # A look that was stopped tells neither a report nor an error.
        if task is self._task:
            self._task = None
            self._refuse("")
