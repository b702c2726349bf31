"""Saving segments: asks where they go and whether the patient may be told; and opening them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QWidget

from xray_studio.core.errors import StudioError
from xray_studio.core.job import Job, Progress
from xray_studio.core.privacy import Privacy, PrivacyReport
from xray_studio.services.segmenting.session import Segmenting
from xray_studio.ui.desk import Desk
from xray_studio.ui.dialogs.privacy.document_gate import DocumentGate
from xray_studio.ui.errand import Errand
from xray_studio.ui.exports import Exports
from xray_studio.ui.in_the_window import in_the_window
from xray_studio.ui.session import Session
from xray_studio.ui.unusual_saving import ALL_OF_IT
from xray_studio.ui.volume.segment_commands import SegmentCommands
from xray_studio.ui.volume.segment_forms import FORMS, NAME, READ, SegmentForm
from xray_studio.ui.volume.segment_work import SegmentWork
from xray_studio.ui.work import JobRunner, Task

LANE: Final = "privacy of segments"
SAVING, OPENING = "Saving segments", "Opening segments"


@dataclass(frozen=True, slots=True, eq=False)
class Wanted:
    """A file that is wanted of segments over a volume."""

    work: Segmenting
    form: SegmentForm
    target: Path


class SegmentSaving(Errand):
    """Saves and opens one file at a time; `gate` is the dialog that asks about the patient.

    While a file is written or read nothing changes the label map.
    """

    def __init__(
        self,
        session: Session,
        runner: JobRunner,
        desk: Desk,
        exports: Exports,
        work: SegmentWork,
    ) -> None:
        super().__init__(session, runner, desk, work)
        self._exports, self._work = exports, work
        self._commands = SegmentCommands(session)
        self._task: Task | None = None
        self.gate: QDialog | None = None
        runner.ended.connect(self._ended)

    # -- saving

    def ask(self, name: str) -> None:
        """Ask where the segments on screen go, in a form of FORMS."""
        form = FORMS[name]
        then = partial(self.look, form)
        self._desk.save_as(form.title, f"{NAME}{form.ending}", form.files, then)

    def look(self, form: SegmentForm, chosen: Path) -> None:
        """Look at what the file would tell of the patient, then save it or ask."""
        work, painting = self._commands.work, self._commands.painting
        if work is None or painting is None or painting.busy:
            return
        wanted = Wanted(work, form, form.named(chosen))
        if wanted.target != chosen and wanted.target.exists():
            self.told.emit(f"{wanted.target.name} exists; choose it, or another name.", "danger")
            return
        self._runner.start(
            looked_at(wanted), title="Looking for what tells the patient", lane=LANE,
            visible=False, on_result=partial(self._examined, wanted), on_error=self._refused,
        )  # fmt: skip

    def _examined(self, wanted: Wanted, report: PrivacyReport) -> None:
        places = tuple(dict.fromkeys(finding.place for finding in report.findings))
        save = partial(self._save, wanted, Privacy(places=places))
        if not report.findings:
            save()
            return
        window = self._window()
        gate = DocumentGate(wanted.target, report, window, ALL_OF_IT)
        gate.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        gate.accepted.connect(save)
        gate.finished.connect(self._closed)
        self.gate = gate
        gate.open()

    def _closed(self) -> None:
        self.gate = None

    def _save(self, wanted: Wanted, decision: Privacy) -> None:
        painting = self._commands.painting
        if painting is None or painting.work is not wanted.work or painting.busy:
            return
        wanted.work.end_stroke()
        self._commands.note(busy=SAVING)
        self._task = self._exports.write(saved(wanted, decision), wanted.target)

    def _ended(self, task: Task) -> None:
        if task is self._task:
            self._task = None
            self._commands.note(busy="")

    # -- opening

    def ask_for_file(self) -> None:
        """Ask for a file of segments."""
        self._desk.open_file("Open segments", READ, lambda paths: self.open(Path(paths[0])))

    def open(self, path: Path) -> None:
        """Lay the segments of a file over the volume on screen, beside those there are."""
        self._work.run(self._commands.begin)
        work = self._commands.work
        if work is not None:
            self._work.begin(OPENING, opened(work, path), then=self._opened)

    def _opened(self, notes: tuple[str, ...]) -> None:
        if notes:
            self.told.emit(" ".join(notes), "secondary")

    def _refused(self, error: StudioError) -> None:
        self.told.emit(in_the_window(str(error)), "danger")

    def _window(self) -> QWidget:
        window = self._work.parent()
        assert isinstance(window, QWidget)
        return window


def looked_at(wanted: Wanted) -> Job[PrivacyReport]:
    """Return what a file would tell of the patient."""
    yield Progress(message="Looking for what tells the patient")
    from xray_studio.services.segmenting.privacy import examine_segments

    work = wanted.work
    return examine_segments(work.volume, work.segments, wanted.form.saving(wanted.target, work))


def saved(wanted: Wanted, decision: Privacy) -> Job[Path]:
    """Write a file, note that the segments are in it, and return the first one written."""
    yield Progress(message=f"Saving {wanted.target.name}")
    from xray_studio.services.segmenting.privacy import save_agreed

    work = wanted.work
    saving = wanted.form.saving(wanted.target, work)
    paths = yield from save_agreed(work.volume, work.labels, saving, decision)
    work.saved = work.saved or wanted.form.keeps_voxels
    return paths[0]


def opened(work: Segmenting, path: Path) -> Job[tuple[str, ...]]:
    """Take the segments of a file, and return what is to be known of them."""
    yield Progress(message=OPENING)
    from xray_studio.services.segmenting.opening import open_segments

    found = yield from open_segments(path, work.volume)
    yield Progress(message=OPENING)
    work.take(found.labels)
    return found.notes
