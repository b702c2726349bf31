"""Checks: draws patterns and reads and writes measurements in the background."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from xray_studio.core.display_check import Response
from xray_studio.core.errors import StudioError
from xray_studio.core.job import Job
from xray_studio.services.display_check import drawn, loaded, save_response
from xray_studio.ui.work import JobRunner

PATTERN, TABLE = "display pattern", "display table"


class Checks(QObject):
    """Runs the jobs of a display check.

    `drawn` tells a pattern, `loaded` measured luminances, `saved` a path, `failed` a sentence.
    `kept` are the words typed so far, by level, with those of the ambient light last.
    """

    drawn = Signal(object)
    loaded = Signal(object)
    saved = Signal(object)
    failed = Signal(str)

    def __init__(self, runner: JobRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner = runner
        self.kept: tuple[str, ...] = ()

    def draw(self, rows: int, columns: int, index: int) -> None:
        """Draw a pattern for a screen of so many pixels."""
        self._start(drawn(rows, columns, index), PATTERN, "Drawing a pattern", self.drawn.emit)

    def load(self, path: Path) -> None:
        """Read a table of luminances."""
        self._start(loaded(path), TABLE, "Reading the measurement", self.loaded.emit)

    def save(self, path: Path, response: Response) -> None:
        """Write a table of luminances and what they come to."""
        job = save_response(path, response)
        self._start(job, TABLE, "Saving the measurement", self.saved.emit)

    def _start(self, job: Job[Any], lane: str, title: str, then: Any) -> None:
        def failed(error: StudioError) -> None:
            self.failed.emit(str(error))

        self._runner.start(
            job,
            title=title,
            lane=lane,
            visible=False,
            replace=lane == PATTERN,
            on_result=then,
            on_error=failed,
        )
