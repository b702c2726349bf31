"""Deidentifying: what the dialog for de-identification has done in the background."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from xray_studio.core.clip import Clip
from xray_studio.core.job import Job
from xray_studio.core.presentation import Presentation
from xray_studio.core.study import Series
from xray_studio.ui.exports import EXPORT
from xray_studio.ui.gate import Gate
from xray_studio.ui.in_the_window import in_the_window
from xray_studio.ui.work import JobRunner, Task

if TYPE_CHECKING:  # they load heavy libraries
    from xray_studio.core.deidentify.changes import Change
    from xray_studio.services.deidentify.choices import Choices
    from xray_studio.services.deidentify.preview import Look
    from xray_studio.services.deidentify.report import DeidentifyResult
    from xray_studio.services.deidentify.request import DeidentifyRequest

TAGS, LOOK = "deidentify tags", "deidentify look"


class Deidentifying(QObject):
    """Starts previews, looks and the writing itself.

    `previewed` tells the changes of an object, `looked` series and what was found in its pictures,
    `pictured` a frame and its picture. `written` tells task and result, `failed` task and sentence;
    `not_previewed`, `not_looked` and `not_pictured` tell sentences. `progressed` and `ended` tell
    the task that writes.
    """

    previewed = Signal(object)
    not_previewed = Signal(str)
    looked = Signal(object, object)
    not_looked = Signal(object, str)
    pictured = Signal(int, object)
    not_pictured = Signal(str)
    written = Signal(object, object)
    failed = Signal(object, str)
    progressed = Signal(object)
    ended = Signal(object)

    def __init__(self, runner: JobRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner = runner
        self._gate = Gate(runner, self)
        self._gate.pictured.connect(self.pictured)
        self._gate.not_pictured.connect(self.not_pictured)
        self._writing: set[Task] = set()
        runner.progressed.connect(self._pass_on)
        runner.ended.connect(self._ended)

    def preview(self, path: str, choices: Choices) -> None:
        """Find out what changes in an object."""
        self._runner.start(
            _previewed(path, choices), title="Preview", lane=TAGS, visible=False, replace=True,
            on_result=self.previewed.emit,
            on_error=lambda error: self.not_previewed.emit(in_the_window(str(error))),
        )  # fmt: skip

    def look(self, series: Series) -> None:
        """Open a series and look for text in it."""
        self._runner.start(
            _looked(series), title="Looking for text", lane=LOOK, visible=False, replace=True,
            on_result=lambda look: self.looked.emit(series, look),
            on_error=lambda error: self.not_looked.emit(series, in_the_window(str(error))),
        )  # fmt: skip

    def picture(self, clip: Clip, frame: int, how: Presentation) -> None:
        """Make the picture of a frame as it is stored."""
        self._gate.picture(clip, frame, how)

    def write(self, request: DeidentifyRequest) -> Task:
        """De-identify; it waits while an export is being written."""
        task = self._runner.start(
            _written(request), title="De-identifying", lane=EXPORT, gives_way=True,
            on_result=lambda result: self.written.emit(task, result),
            on_error=lambda error: self.failed.emit(task, in_the_window(str(error))),
        )  # fmt: skip
        self._writing.add(task)
        return task

    def cancel(self, task: Task) -> None:
        """Stop writing; whole objects stay."""
        self._runner.cancel(task)

    def leave(self) -> None:
        """Stop what is done for the dialog alone."""
        for lane in (TAGS, LOOK):
            self._runner.cancel_lane(lane)

    def _pass_on(self, task: Task) -> None:
        if task in self._writing:
            self.progressed.emit(task)

    def _ended(self, task: Task) -> None:
        if task in self._writing:
            self._writing.discard(task)
            self.ended.emit(task)


def _previewed(path: str, choices: Choices) -> Job[tuple[Change, ...]]:
    from xray_studio.services.deidentify.preview import preview

    changes = yield from preview(path, choices)
    return changes


def _looked(series: Series) -> Job[Look]:
    from xray_studio.services.deidentify.preview import look

    found = yield from look(series)
    return found


def _written(request: DeidentifyRequest) -> Job[DeidentifyResult]:
    from xray_studio.services.deidentify.job import deidentify

    result = yield from deidentify(request)
    return result
