"""Restoring: keeps the session while it changes, and brings back one that ended unexpectedly."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from xray_studio.core.errors import StudioError
from xray_studio.core.job import Job, Progress
from xray_studio.services.last_session import SavedSession, SessionFile
from xray_studio.services.processing.catalogue import steps_there_are
from xray_studio.ui.arrangements import is_of_another
from xray_studio.ui.controller import Controller
from xray_studio.ui.grid.offer_bar import Offer, OfferBar
from xray_studio.ui.remembering import all_again, missing_of, on_screen_again, resting, saved
from xray_studio.ui.session import Session
from xray_studio.ui.state import State
from xray_studio.ui.work import JobRunner

LANE = "last session"
PAUSE = 1000  # milliseconds from a change until it is kept
SENTENCE = "The last session ended unexpectedly."


class Restoring(QObject):
    """Call `begin` at the start and `end` at a good end. `told` tells a sentence."""

    told = Signal(str)

    def __init__(
        self,
        session: Session,
        controller: Controller,
        runner: JobRunner,
        bar: OfferBar,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._controller, self._runner = session, controller, runner
        self._bar = bar
        self._file = SessionFile()
        self._kept = SavedSession()
        self._coming: SavedSession | None = None
        self._loading = False
        self._timer = QTimer(self, singleShot=True, interval=PAUSE)
        self._timer.timeout.connect(self._keep)
        session.changed.connect(self._follow)

    def begin(self, *, at_once: bool = False) -> None:
        """Offer the session that ended unexpectedly, or bring it back `at_once`."""
        left = self._file.left
        if left is None or not left.grids or self._wish == "never":
            return
        if at_once or (self._wish == "always" and not self._session.state.opened):
            self.restore()
            return
        refuse = self._forget
        offer = Offer("history", SENTENCE, "Restore", self.restore, "Not now", refuse)
        self._bar.show_offer(offer)

    def restore(self) -> None:
        """Open what was open, and show it as it was."""
        left, self._file.left = self._file.left, None
        if left is not None:
            self._controller.open(left.opened, show=False)
            self._coming = left
            self._session.update(marks=left.marks)
            self._load_steps(left)

    def end(self) -> None:
        """Forget the session: the window is closed in good order."""
        self._timer.stop()
        self._file.end()

    def _load_steps(self, session: SavedSession) -> None:
        """Load, away from the window, the steps that pictures were processed by."""
        if any(view.steps for grid in session.grids for view in grid.views):
            self._loading = True
            self._runner.start(
                steps_there_are(), title="Loading steps", lane=LANE, visible=False,
                on_result=self._loaded, on_error=self._loaded,
            )  # fmt: skip

    def _loaded(self, _found: object) -> None:
        self._loading = False
        self._place()

    @property
    def _wish(self) -> str:
        return self._session.state.settings.privacy.last_session

    def _forget(self) -> None:
        self._file.left = None
        if not self._session.state.opened:
            self._file.forget()

    # -- keeping

    def _follow(self, old: State, new: State) -> None:
        if not self._timer.isActive():
            self._timer.start()
        if self._coming is None or self._loading:
            return
        if new.opened not in {old.opened, self._coming.opened}:
            self._coming = None  # something else was opened meanwhile
        elif old.catalog is not new.catalog or (old.scanning and not new.scanning):
            self._place()

    def _keep(self) -> None:
        state = self._session.state
        session = saved(resting(state))
        unanswered = not session.grids and self._file.left is not None
        if session == self._kept or self._coming is not None or unanswered:
            return
        self._kept = session
        self._runner.start(
            written(self._file, saved(state), keep=self._wish != "never"),
            title="Keeping the session",
            lane=LANE,
            visible=False,
            on_error=lambda _error: None,
        )

    # -- bringing back

    def _place(self) -> None:
        """Put every picture that has been found into its place, at the end of all patients."""
        coming, state = self._coming, self._session.state
        if coming is None:
            return
        if coming.front < len(coming.grids):
            series = [s for s in state.catalog.all_series() if not is_of_another(state, s)]
            state = on_screen_again(state, coming.grids[coming.front], series)
            self._session.update(views=state.views, layout=state.layout, active=state.active)
        missing, count = missing_of(coming, state.catalog.all_series())
        if not missing or not state.scanning:
            self._coming = None
            self._complete(coming)
            if missing:
                self.told.emit(missing_words(missing, count))

    def _complete(self, coming: SavedSession) -> None:
        """Bring the other patients back, and windows of their own."""
        new = all_again(self._session.state, coming)
        parts = ("arrangements", "detached", "views", "layout", "active", "alone")
        self._session.update(**{name: getattr(new, name) for name in parts})
        self._controller.show_first()


def written(file: SessionFile, session: SavedSession, *, keep: bool) -> Job[None]:
    """Keep a session; nothing is kept of an empty window, or where that is not wanted."""
    yield Progress(message="Keeping the session")
    try:
        if keep and session.grids:
            file.write(session)
        else:
            file.forget()
    except StudioError:
        file.forget()


def missing_words(missing: int, count: int) -> str:
    """Return what could not be brought back, in words."""
    if missing == count:
        return "The pictures of the last session were not found; their files may have moved."
    if missing == 1:
        return "1 picture of the last session was not found; its file may have moved."
    return f"{missing} pictures of the last session were not found; their files may have moved."
