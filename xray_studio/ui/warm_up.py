"""Warm-up: load in a quiet moment what the first export needs.

A library that is loaded holds up the window's thread for some hundredths of a second. That goes
unnoticed while nothing happens, and adds up when a study opens and an export starts just then.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer

from xray_studio.core.job import Job, Progress
from xray_studio.services.exporters import EXPORTERS
from xray_studio.ui.work import JobRunner

QUIET = 1500  # milliseconds without any job before the loading starts
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
            self._runner.start(load_exporters(), title="Getting ready", lane=LANE, visible=False)


def load_exporters() -> Job[None]:
    """Load what writes and checks a video."""
    yield Progress(message="Getting ready")
    EXPORTERS.load(".mp4")
