"""Gate: looks, in the background, at what an export would tell of the patient."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from xray_studio.core.clip import Clip
from xray_studio.core.job import Job, Progress
from xray_studio.core.output import Picture
from xray_studio.core.presentation import Presentation
from xray_studio.core.privacy import PrivacyReport
from xray_studio.core.workers import Priority
from xray_studio.services.decoding import awaited
from xray_studio.services.export.options import ExportOptions
from xray_studio.services.privacy.gate import examine
from xray_studio.ui.work import JobRunner, Task

LOOK, PICTURE = "privacy", "privacy picture"


class Gate(QObject):
    """Starts looks. `examined` tells the task of a look and its report, `failed` task and sentence.

    `stopped` tells a task that was stopped, `pictured` a frame (from 0) and its picture,
    `not_pictured` why there is none.
    """

    examined = Signal(object, object)
    failed = Signal(object, str)
    stopped = Signal(object)
    pictured = Signal(int, object)
    not_pictured = Signal(str)

    def __init__(self, runner: JobRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner = runner
        runner.ended.connect(self._ended)

    def examine(self, clip: Clip, target: Path, options: ExportOptions) -> Task:
        """Look at everything that an export would tell; a look before gives way."""

        def found(report: PrivacyReport) -> None:
            self.examined.emit(task, report)

        task = self._runner.start(
            examine(clip, target, options),
            title="Looking for what tells the patient",
            lane=LOOK,
            visible=False,
            replace=True,
            on_result=found,
            on_error=lambda error: self.failed.emit(task, str(error)),
        )
        return task

    def cancel(self) -> None:
        """Stop looking."""
        self._runner.cancel_lane(LOOK)

    def picture(self, clip: Clip, frame: int, how: Presentation) -> None:
        """Make the picture of a frame as it is stored: shown as presented, but not turned."""
        self._runner.start(
            picture_of(clip, frame, how),
            title="Preview",
            lane=PICTURE,
            visible=False,
            replace=True,
            on_result=lambda made: self.pictured.emit(frame, made),
            on_error=lambda error: self.not_pictured.emit(str(error)),
        )

    def _ended(self, task: Task) -> None:
        if task.lane == LOOK:
            self.stopped.emit(task)


def picture_of(clip: Clip, frame: int, how: Presentation) -> Job[Picture]:
    """Return frame `frame` (from 0) as shown, in the place of its stored pixels."""
    from xray_studio.imaging.render import render

    waiting = Progress(message="Making a preview")
    yield waiting
    stored = yield from awaited(clip.source.request(frame, Priority.PLAYBACK), waiting)
    return render(clip, frame, how, stored)
