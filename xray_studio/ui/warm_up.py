"""Warm-up: load in a quiet moment what the first series and the first export need.

A library that is loaded holds up the window's thread for some hundredths of a second. That goes
unnoticed while nothing happens, and adds up when a study opens and an export starts just then.
A worker process that has read nothing yet takes most of a second to begin.
"""

from __future__ import annotations

from concurrent.futures import Future, wait

from PySide6.QtCore import QObject, QTimer

from xray_studio.core.job import Job, Progress
from xray_studio.core.workers import Priority, run_apart
from xray_studio.services.export.exporters import EXPORTERS
from xray_studio.ui.work import JobRunner

QUIET = 1500  # milliseconds without any job before the loading starts
PATIENCE = 10.0  # seconds
LANE = "warm up"


class WarmUp(QObject):
    """Starts the loading, once, when no job has run for a while."""

    def __init__(self, runner: JobRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner = runner
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(QUIET)
        self._timer.timeout.connect(self._load)
        runner.ended.connect(self._wait)

    def begin(self) -> None:
        """Wait for a quiet moment from now on."""
        self._timer.start()

    def stop(self) -> None:
        """Load nothing any more."""
        self._runner.ended.disconnect(self._wait)
        self._timer.stop()

    def _wait(self) -> None:
        if self._timer.isActive():
            self._timer.start()

    def _load(self) -> None:
        if self._runner.tasks:
            self._timer.start()
        else:
            self.stop()
            self._runner.start(load_libraries(), title="Getting ready", lane=LANE, visible=False)


def load_libraries() -> Job[None]:
    """Let a worker process load what reads objects, then load what writes and checks a video."""
    yield Progress(message="Getting ready")
    name = "xray_studio.dicom.describe:describe_batch"
    reader: Future[object] = run_apart(name, (), priority=Priority.BATCH)
    wait([reader], PATIENCE)  # one that fails is told where something is read
    yield Progress(message="Getting ready")
    EXPORTERS.load(".mp4")
