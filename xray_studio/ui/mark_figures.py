"""Mark figures: finds the values in areas of the clip in view while somebody looks at them."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer

from xray_studio.core.clip import Clip
from xray_studio.core.measure.geometry import Greys
from xray_studio.core.measure.mark import Mark
from xray_studio.services.mark_values import Key, greys_found
from xray_studio.ui.mark_state import Figures, frame_of
from xray_studio.ui.session import Session
from xray_studio.ui.state import State
from xray_studio.ui.work import JobRunner

LANE = "measurements"
REST = 120  # milliseconds without another change before values are looked for


class MarkFigures(QObject):
    """Follows the active view."""

    def __init__(self, session: Session, runner: JobRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._runner = session, runner
        self._rest = QTimer(self, singleShot=True, interval=REST)
        self._rest.timeout.connect(self._start)
        session.changed.connect(self._follow)

    def _follow(self, old: State, new: State) -> None:
        if not new.lists_marks or not new.marks.each:
            return
        before, now = old.view, new.view
        moved = before.frame != now.frame or before.cine.playing != now.cine.playing
        other = old.marks is not new.marks or old.lists_marks != new.lists_marks
        if moved or other or before.clip is not now.clip:
            self._rest.start()

    def _start(self) -> None:
        state = self._session.state
        clip = state.view.clip
        if clip is None or state.view.cine.playing:
            return
        wanted = missing(state, clip)
        if wanted:
            self._runner.start(
                greys_found(clip, wanted), title="Measuring", lane=LANE, visible=False,
                replace=True, on_result=lambda found: self._found(clip, found),
                on_error=lambda _error: None,
            )  # fmt: skip

    def _found(self, clip: Clip, found: dict[Key, Greys | None]) -> None:
        state = self._session.state
        if clip is not state.view.clip:
            return
        known = state.figures.greys if state.figures.clip is clip else {}
        points = {mark.points for mark in state.marks.of(clip)}
        kept = {key: value for key, value in known.items() if key[0] in points}
        self._session.update(figures=Figures(clip, kept | found))


def missing(state: State, clip: Clip) -> list[tuple[Mark, int]]:
    """Return the areas of a clip of which no values were looked for, with their frames."""
    areas = [mark for mark in state.marks.of(clip) if mark.kind.has_area]
    wanted = [(mark, frame_of(clip, mark, state.view.frame)) for mark in areas]
    return [one for one in wanted if not state.figures.knows(clip, *one)]
