"""AutoWindow: finds the window that was asked for in the background."""

from __future__ import annotations

from concurrent.futures import wait

from PySide6.QtCore import QObject

from xray_studio.core.clip import Clip
from xray_studio.core.job import Job, Progress
from xray_studio.core.presentation import Window
from xray_studio.core.workers import Priority
from xray_studio.ui.session import Session
from xray_studio.ui.state import State
from xray_studio.ui.work import JobRunner

LANE = "automatic window"
PATIENCE = 0.05  # seconds between two looks at whether the search is still wanted


class AutoWindow(QObject):
    """Follows `View.auto_window`: starts the search and puts what it finds into the session."""

    def __init__(self, session: Session, runner: JobRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._runner = session, runner
        self._clip: Clip | None = None
        self._lane = f"{LANE} {session.state.active}"
        session.changed.connect(self._follow)

    def use(self, clip: Clip | None) -> None:
        """Look at the frames of `clip`, which remembers what it decoded."""
        self._clip = clip

    def _follow(self, old: State, new: State) -> None:
        if new.view.auto_window and not old.view.auto_window and self._clip is not None:
            clip, index = new.view.clip, new.view.frame
            self._runner.start(
                find_window(self._clip, index),
                title="Automatic window",
                lane=self._lane,
                visible=False,
                replace=True,
                on_result=lambda window: self._found(clip, window),
                on_error=lambda _error: self._session.update_view(auto_window=False),
            )
        elif old.view.auto_window and not new.view.auto_window:
            self._runner.cancel_lane(self._lane)

    def _found(self, clip: Clip | None, window: Window) -> None:
        view = self._session.view
        if view.clip is clip and view.auto_window:
            presentation = view.presentation.with_voi(window)
            self._session.update_view(presentation=presentation, auto_window=False)


def find_window(clip: Clip, index: int) -> Job[Window]:
    """Find the automatic window of a clip as a job that can be stopped while frames are decoded.

    The clip remembers what it decoded: its frames are there when they are looked at.
    """
    yield Progress(message="Looking at the grey values")
    from xray_studio.services.presets import auto_window, frames_looked_at

    frames = frames_looked_at(clip, index)
    waiting = {clip.source.request(frame, Priority.PLAYBACK) for frame in frames}
    while waiting:
        # One given up by others counts as done; `wait` alone waits for its queue to drop it.
        waiting = {future for future in wait(waiting, PATIENCE).not_done if not future.done()}
        yield Progress(message="Looking at the grey values")
    return auto_window(clip, index)
