"""Exports: writes clips in the background, one after the other, and tells how each one ended."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal, SignalInstance

from xray_studio.core.clip import Clip
from xray_studio.core.errors import StudioError
from xray_studio.core.job import Job, Progress
from xray_studio.core.output import Picture
from xray_studio.core.workers import Priority
from xray_studio.services.export import ExportResult, export
from xray_studio.services.export_options import ExportOptions, canvas
from xray_studio.services.export_pictures import Pictures
from xray_studio.ui.work import JobRunner, Task

EXPORT, PREVIEW = "export", "preview"


class Exports(QObject):
    """Starts exports. `finished` tells task and result, `failed` task and sentence.

    `progressed` and `ended` tell the task of any export, `previewed` a picture for the dialog,
    `preview_failed` why there is none. `last` is what was written last.
    """

    finished = Signal(object, object)
    failed = Signal(object, str)
    progressed = Signal(object)
    ended = Signal(object)
    previewed = Signal(object)
    preview_failed = Signal(str)

    def __init__(self, runner: JobRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner = runner
        self.last = Path()
        runner.progressed.connect(lambda task: self._pass_on(task, self.progressed))
        runner.ended.connect(lambda task: self._pass_on(task, self.ended))

    def _pass_on(self, task: Task, signal: SignalInstance) -> None:
        if task.lane == EXPORT:
            signal.emit(task)

    def start(
        self, clip: Clip, target: Path, options: ExportOptions, *, overwrite: bool = False
    ) -> Task:
        """Write a clip; it waits while another export is being written.

        With `overwrite` the user knows that the target exists and will be replaced.
        """

        def finished(result: ExportResult) -> None:
            self.last = result.target
            self.finished.emit(task, result)

        def failed(error: StudioError) -> None:
            self.failed.emit(task, str(error))

        task = self._runner.start(
            export(clip, target, options, overwrite=overwrite),
            title=f"Exporting {target.name}",
            lane=EXPORT,
            gives_way=True,
            on_result=finished,
            on_error=failed,
        )
        return task

    def preview(self, clip: Clip, frame: int, options: ExportOptions) -> None:
        """Make the picture that an export would write for a frame (from 0)."""
        self._runner.start(
            preview(clip, frame, options),
            title="Preview",
            lane=PREVIEW,
            visible=False,
            replace=True,
            on_result=self.previewed.emit,
            on_error=lambda error: self.preview_failed.emit(str(error)),
        )

    def cancel(self, task: Task) -> None:
        """Stop an export; nothing of it is left behind."""
        self._runner.cancel(task)


def preview(clip: Clip, frame: int, options: ExportOptions) -> Job[Picture]:
    """Return the picture that an export writes for a frame (from 0)."""
    yield Progress(message="Making a preview")
    assert options.presentation is not None
    size = canvas(clip, options, options.presentation.rotation)
    pictures = Pictures(clip, options.presentation, options.overlay, size, (frame,))
    stored = clip.source.request(frame, Priority.PLAYBACK).result()
    yield Progress(message="Making a preview")
    return pictures.made(frame, stored)
