"""Step presets: reads, keeps and shares pipelines in the background, and asks for names."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from xray_studio.core.job import Job
from xray_studio.core.pipeline import Pipeline
from xray_studio.services.processing.presets import (
    Preset,
    deleted,
    kept,
    presets_there_are,
    shared,
    taken,
)
from xray_studio.ui.session import Session
from xray_studio.ui.viewer.step_commands import StepCommands
from xray_studio.ui.work import JobRunner

if TYPE_CHECKING:
    from xray_studio.ui.dialogs.step_presets import PresetsDialog

LANE = "step presets"


class StepPresets(QObject):
    """Serves a dialog of presets. `told` tells a sentence and its colour."""

    told = Signal(str, str)

    def __init__(self, session: Session, runner: JobRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner, self._session = runner, session
        self._commands = StepCommands(session)
        self._dialog: PresetsDialog | None = None

    @property
    def pipeline(self) -> Pipeline:
        """The pipeline of the view."""
        return self._session.view.pipeline

    def serve(self, dialog: PresetsDialog) -> None:
        """Do what a dialog asks for while it is open."""
        self._dialog = dialog
        dialog.finished.connect(self._closed)
        dialog.used.connect(self._use)
        dialog.saved.connect(lambda name: self._start(kept(name, self.pipeline), self._show))
        dialog.deleted.connect(lambda name: self._start(deleted(name), self._show))
        dialog.shared.connect(lambda path: self._start(shared(path, self.pipeline), self._written))
        dialog.taken.connect(lambda path: self._start(taken(path), self._take))
        self._start(presets_there_are(), self._show)

    def _start(self, job: Job[Any], then: Callable[[Any], None]) -> None:
        self._runner.start(
            job, title="Presets", lane=LANE, visible=False, on_result=then,
            on_error=lambda error: self._refuse(str(error)),
        )  # fmt: skip

    def _show(self, found: Sequence[Preset]) -> None:
        if self._dialog is not None:
            self._dialog.show_kept(found)

    def _use(self, preset: Preset) -> None:
        self._commands.put(preset.pipeline)

    def _take(self, pipeline: Pipeline) -> None:
        self._commands.put(pipeline)
        if self._dialog is not None:
            self._dialog.accept()

    def _written(self, path: Path) -> None:
        self.told.emit(f"{path.name} saved", "done")

    def _refuse(self, sentence: str) -> None:
        if self._dialog is not None:
            self._dialog.refuse(sentence)
        else:
            self.told.emit(sentence, "danger")

    def _closed(self) -> None:
        self._dialog = None
