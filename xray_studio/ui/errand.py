"""Errand: something done for the user in the background, whose end is told in a sentence."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from xray_studio.core.errors import StudioError
from xray_studio.ui.desk import Desk
from xray_studio.ui.session import Session
from xray_studio.ui.work import JobRunner


class Errand(QObject):
    """Base of all errands. `told` tells a sentence and its role."""

    told = Signal(str, str)

    def __init__(
        self, session: Session, runner: JobRunner, desk: Desk, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session, self._runner, self._desk = session, runner, desk

    def _refused(self, error: StudioError) -> None:
        self.told.emit(str(error), "danger")
