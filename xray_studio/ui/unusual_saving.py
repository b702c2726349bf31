"""Saving what is unusual: asks where it goes and, where it tells the patient, whether it may."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QWidget

from xray_studio.core.anomaly.detection import Detection
from xray_studio.core.clip import Clip
from xray_studio.core.job import Job, Progress
from xray_studio.core.privacy import Privacy, PrivacyReport
from xray_studio.services.export.options import ExportOptions
from xray_studio.ui.desk import Desk
from xray_studio.ui.dialogs.privacy.dialog import PrivacyDialog
from xray_studio.ui.dialogs.privacy.document_gate import DocumentGate
from xray_studio.ui.errand import Errand
from xray_studio.ui.exports import Exports
from xray_studio.ui.session import Session
from xray_studio.ui.state import State
from xray_studio.ui.unusual_kinds import KINDS, NAME, Kind
from xray_studio.ui.unusual_state import holds
from xray_studio.ui.viewer.unusual_commands import can_save_object, can_save_result
from xray_studio.ui.work import JobRunner

if TYPE_CHECKING:  # it loads what makes pictures, which jobs do on their own thread
    from xray_studio.services.anomaly.results.result import Result

LANE: Final = "privacy of a result"
ALL_OF_IT: Final = "Nothing of it is left out: who gets the file can read all of this."


@dataclass(frozen=True, slots=True, eq=False)
class Wanted:
    """A file that is wanted: what was found in a clip, of which kind, pictures of which frame."""

    clip: Clip
    found: Detection
    least: int
    kind: Kind
    frame: int

    @property
    def options(self) -> ExportOptions:
        """Which frames of the clip pictures are of."""
        return ExportOptions(frames=None if self.kind.every else (self.frame, self.frame))

    def result(self) -> Result:
        """Return what is written; not on the thread of the window."""
        from xray_studio.services.anomaly.files import told
        from xray_studio.services.anomaly.results.result import Result

        every = self.kind.every
        frame = None if every else self.frame
        answer = told(self.found, self.least)
        return Result(self.clip, self.found, answer, self.least, every, frame)


class UnusualSaving(Errand):
    """Saves one file at a time; `gate` is the dialog that asks about the patient."""

    def __init__(
        self,
        session: Session,
        runner: JobRunner,
        desk: Desk,
        exports: Exports,
        window: QWidget,
    ) -> None:
        super().__init__(session, runner, desk, window)
        self._exports, self._window = exports, window
        self.gate: QDialog | None = None

    def ask(self, name: str) -> None:
        """Ask where a file of the answer about the picture on screen goes."""
        wanted = wanted_of(self._session.state, KINDS[name])
        if wanted is not None:
            kind = wanted.kind
            then = partial(self.look, wanted)
            self._desk.save_as(kind.title, f"{NAME}{kind.suffix}", kind.files, then)

    def look(self, wanted: Wanted, chosen: Path) -> None:
        """Look at what the file would tell of the patient, then save it or ask."""
        target = named(chosen, wanted.kind)
        if target != chosen and target.exists():
            self.told.emit(f"{target.name} exists; choose it, or another name.", "danger")
            return
        self._runner.start(
            looked_at(wanted, target),
            title="Looking for what tells the patient",
            lane=LANE,
            visible=False,
            on_result=partial(self._examined, wanted, target),
            on_error=self._refused,
        )

    def _examined(self, wanted: Wanted, target: Path, report: PrivacyReport) -> None:
        if not report.findings:
            self._save(wanted, target, Privacy(detector=report.detector))
            return
        if wanted.kind.is_picture:
            gate = PrivacyDialog(
                wanted.clip, target, wanted.options, report,
                gate=self._exports.gate, parent=self._window,
            )  # fmt: skip
            self._show(gate, lambda: self._save(wanted, target, gate.decision()))
        else:
            places = tuple(dict.fromkeys(finding.place for finding in report.findings))
            plain = DocumentGate(target, report, self._window, ALL_OF_IT)
            self._show(plain, lambda: self._save(wanted, target, Privacy(places=places)))

    def _show(self, gate: QDialog, save: Callable[[], None]) -> None:
        gate.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        gate.accepted.connect(save)
        gate.finished.connect(self._closed)
        self.gate = gate
        gate.open()

    def _closed(self) -> None:
        self.gate = None

    def _save(self, wanted: Wanted, target: Path, decision: Privacy) -> None:
        self._exports.write(saved(wanted, target, decision), target)


def wanted_of(state: State, kind: Kind) -> Wanted | None:
    """Return a file of the answer about the picture on screen, None where there is none."""
    answer = holds(state)
    can = can_save_object(state) if kind.is_object else can_save_result(state)
    if answer is None or not can:
        return None
    least = state.settings.unusual.least
    return Wanted(answer.clip, answer.found, least, kind, state.view.frame)


def named(target: Path, kind: Kind) -> Path:
    """Return a place whose name ends as files of a kind do."""
    if target.name.lower().endswith(kind.ending):
        return target
    plain = target.name.removesuffix(Path(kind.ending).suffix)  # dialogs add the last part alone
    return target.with_name(plain + kind.ending)


def looked_at(wanted: Wanted, target: Path) -> Job[PrivacyReport]:
    """Return what a file would tell of the patient."""
    yield Progress(message="Looking for what tells the patient")
    from xray_studio.services.anomaly.results.privacy import examine_file

    report = yield from examine_file(wanted.result(), wanted.kind.suffix, target)
    return report


def saved(wanted: Wanted, target: Path, decision: Privacy) -> Job[Path]:
    """Write a file, and return where it is."""
    yield Progress(message=f"Saving {target.name}")
    from xray_studio.services.anomaly.results.writing import write_file

    path = yield from write_file(wanted.result(), wanted.kind.suffix, target, decision)
    return path
