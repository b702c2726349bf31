"""Task dialog: a dialog that starts a task, shows how far it is and tells how it ended."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtWidgets import QDialog, QWidget

from xray_studio.core.job import Progress
from xray_studio.ui.dialogs.export.progress import ExportProgress
from xray_studio.ui.work import Task


class TaskDialog(QDialog):
    """Base of such dialogs; what is told of the tasks of others does not concern them.

    `stopped` is what is said of a task that was stopped, here or in the jobs bar: it tells neither
    result nor error.
    """

    stopped: ClassVar[str] = "Stopped. Nothing was written."
    progress: ExportProgress

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._task: Task | None = None

    def _show_running(self, *, running: bool) -> None:
        """Show what can be done while a task runs, or while none does."""

    def _show_progress(self, now: Progress) -> None:
        self.progress.show_progress(now)

    def _progressed(self, task: Task) -> None:
        if task is self._task:
            self._show_progress(task.progress)

    def _failed(self, task: Task, sentence: str) -> None:
        if self._is_done(task):
            self.progress.say(sentence, "danger")

    def _ended(self, task: Task) -> None:
        if self._is_done(task):
            self.progress.say(self.stopped)

    def _is_done(self, task: Task) -> bool:
        """Tell whether this is the task of this dialog, which then waits for the next one."""
        if task is not self._task:
            return False
        self._task = None
        self._show_running(running=False)
        return True
