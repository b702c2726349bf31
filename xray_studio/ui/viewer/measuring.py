"""Measuring: keeps the read-outs of a processed picture in step with the frame in view."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer

from xray_studio.core.clip import Clip
from xray_studio.services.processing.readings import Readings, readings
from xray_studio.ui.session import Session
from xray_studio.ui.state import State
from xray_studio.ui.work import JobRunner

LANE = "read-outs"
REST = 250  # milliseconds without another frame before it is measured


class Measuring(QObject):
    """Follows one viewport while somebody looks at read-outs and its clip does not play."""

    def __init__(self, session: Session, runner: JobRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._runner = session, runner
        self._clip: Clip | None = None
        self._original: Clip | None = None
        self._lane = f"{LANE} {session.state.active}"
        self._rest = QTimer(self, singleShot=True, interval=REST)
        self._rest.timeout.connect(self._start)
        session.changed.connect(self._follow)

    def use(self, clip: Clip | None, original: Clip | None) -> None:
        """Measure a clip, which remembers its frames, beside the one it is made of."""
        self._runner.cancel_lane(self._lane)
        self._clip, self._original = clip, original
        if original is None and self._session.view.readings is not None:
            self._session.update_view(readings=None)
        self._rest.start()

    def _follow(self, old: State, new: State) -> None:
        moved = old.view.frame != new.view.frame or old.view.cine.playing != new.view.cine.playing
        if moved or old.measures != new.measures:
            self._rest.start()

    def _start(self) -> None:
        state, clip, original = self._session.state, self._clip, self._original
        view = state.view
        if clip is None or original is None or view.cine.playing or not state.measures:
            return
        self._runner.start(
            readings(clip, original, view.frame),
            title="Measuring",
            lane=self._lane,
            visible=False,
            replace=True,
            on_result=lambda found: self._found(clip, view.frame, found),
            on_error=lambda _error: self._found(clip, view.frame, None),
        )

    def _found(self, clip: Clip, frame: int, found: Readings | None) -> None:
        if clip is self._clip and self._session.view.frame == frame:
            self._session.update_view(readings=found)
