"""Openings: every view that waits for its clip gets it. What nobody waits for any more is stopped.

Views are told apart by their series, not by their place: one that is moved while it opens finds
its clip there, and a series shown twice is opened once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import count

from PySide6.QtCore import QObject

from xray_studio.core.clip import Clip
from xray_studio.core.document import Document
from xray_studio.core.errors import StudioError
from xray_studio.core.job import Job, Progress, passed_on
from xray_studio.core.kinds import VOLUME
from xray_studio.core.playback import Loop
from xray_studio.core.presentation import Presentation, StoredWindow
from xray_studio.core.study import Catalog, Series
from xray_studio.services.documents.reading import open_document
from xray_studio.services.open import open_series
from xray_studio.services.presets import initial_presentation, presets
from xray_studio.services.setting_groups import Playback
from xray_studio.ui.browser.series_text import same
from xray_studio.ui.memory import fitting, restored
from xray_studio.ui.over_state import laying_of, plain
from xray_studio.ui.session import Session
from xray_studio.ui.state import State
from xray_studio.ui.view import View, opened
from xray_studio.ui.work import JobRunner, Task

LANE = "open"


@dataclass(frozen=True, slots=True, eq=False)
class Opened:
    """A clip with how it is shown at first and the windows it offers."""

    clip: Clip
    initial: Presentation
    windows: tuple[StoredWindow, ...]

    def view(self, series: Series) -> View:
        """Return the view of the clip just opened."""
        return opened(series, self.clip, self.initial, self.windows)


@dataclass(frozen=True, slots=True, eq=False)
class Read:
    """A document that was read."""

    document: Document

    def view(self, series: Series) -> View:
        """Return the view of the document."""
        return View(series=series, document=self.document)


def open_for_view(series: Series, catalog: Catalog) -> Job[Opened | Read]:
    """Open a series and find out, away from the window, how to show it.

    A dose report is joined with the runs of the catalogue. `progress.partial` is what can be shown
    of a long video before all its frames are found.
    """
    if series.is_document:
        document = yield from open_document(series.paths[0], catalog)
        return Read(document)
    clip = yield from passed_on(open_series(series), _begun)
    yield Progress(message="Choosing a window")
    return _looked_at(clip)


def _begun(progress: Progress) -> Progress:
    clip = progress.partial
    return replace(progress, partial=_looked_at(clip)) if isinstance(clip, Clip) else progress


def _looked_at(clip: Clip) -> Opened:
    return Opened(clip, initial_presentation(clip), presets(clip))


def started(view: View, playback: Playback) -> View:
    """Return a view just opened, playing and looping as the settings say."""
    plays = playback.autoplay and view.clip is not None and len(view.clip) > 1
    loop = view.cine.loop if playback.loop == "file" else Loop(playback.loop)
    first = 0 if plays else _first_frame(view)
    return replace(view, frame=first, cine=replace(view.cine, playing=plays, loop=loop))


def _first_frame(view: View) -> int:
    """Return the frame to open at: the middle plane of a volume, whose ends are often empty."""
    series = view.series
    if series is None or series.kind != VOLUME or view.clip is None:
        return 0
    return len(view.clip) // max(1, series.moments) // 2


def waits(view: View) -> bool:
    """Tell whether a view waits for its clip or document; a rendering comes from elsewhere."""
    if view.series is not None and view.series.part:
        return False
    there = view.clip is not None or view.document is not None
    return view.series is not None and not there and not view.error


def at_frame(view: View, frame: int | None) -> View:
    """Return a view at a frame of its clip, as it is when that is None."""
    if frame is None or view.clip is None:
        return view
    shown = min(max(0, frame), len(view.clip) - 1)
    return replace(view, frame=shown, cine=replace(view.cine, playing=False))


class Openings(QObject):
    """Opens the series of views, several at once."""

    def __init__(self, session: Session, runner: JobRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._runner = session, runner
        self._numbers = count()
        self._running: dict[tuple[object, ...], tuple[Series, str]] = {}
        self._begun: set[tuple[object, ...]] = set()
        runner.ended.connect(self._ended)
        session.changed.connect(self._follow)

    def extend(self, series: Series) -> None:
        """Open a series again of which more has been found; its picture stays until then."""
        self._start(series, self._extended)

    def _follow(self, old: State, new: State) -> None:
        if old.views is new.views:
            return
        shown = {v.series.identity for v in new.views if v.series is not None and not v.error}
        for identity in [known for known in self._running if known not in shown]:
            self._runner.cancel_lane(self._running.pop(identity)[1])
        for view in new.views:
            if view.series is not None and waits(view):
                known = self._running.get(view.series.identity)
                if known is None or known[0].paths != view.series.paths:
                    self._start(view.series, self._opened)

    def _start(self, series: Series, then: Callable[[Series, Opened | Read], None]) -> None:
        if series.identity in self._running:
            self._runner.cancel_lane(self._running[series.identity][1])
        lane = f"{LANE} {next(self._numbers)}"
        self._running[series.identity] = series, lane
        self._runner.start(
            open_for_view(series, self._session.state.catalog),
            title="Opening a series",
            lane=lane,
            visible=False,
            on_progress=lambda progress: self._heard(series, progress),
            on_result=lambda found: then(series, found),
            on_error=lambda error: self._failed(series, error),
        )

    def _ended(self, task: Task) -> None:
        for identity, (_, lane) in list(self._running.items()):
            if lane == task.lane:
                del self._running[identity]
                self._begun.discard(identity)

    def _heard(self, series: Series, progress: Progress) -> None:
        """Tell how far opening is, or show what can be shown already."""
        if isinstance(progress.partial, Opened):
            self._opened(series, progress.partial)
            self._begun.add(series.identity)
        else:
            self._change(series, progress=progress)

    def _failed(self, series: Series, error: StudioError) -> None:
        """Tell the reason, also where the beginning was shown: the rest cannot be."""
        begun = series.identity in self._begun

        def told(view: View) -> View:
            if waits(view):
                return replace(view, error=str(error), progress=None)
            return View(series=view.series, error=str(error)) if begun else view

        self._put(series, told)

    def _change(self, series: Series, **changes: object) -> None:
        """Change every view that waits for a series."""
        self._put(series, lambda view: replace(view, **changes) if waits(view) else view)  # type: ignore[arg-type]  # fields of View

    def _opened(self, series: Series, found: Opened | Read) -> None:
        fresh = started(found.view(series), self._session.state.settings.playback)

        begun = series.identity in self._begun

        def filled(view: View) -> View:
            if not waits(view):
                return settled(view, fresh) if begun else view
            back = restored(fresh, view.left)
            return at_frame(replace(back, laying=view.laying or back.laying), view.wanted)

        self._put(series, filled)

    def _extended(self, series: Series, found: Opened | Read) -> None:
        self._put(series, lambda view: extended(view, found.view(series)))

    def _put(self, series: Series, change: Callable[[View], View]) -> None:
        views = self._session.state.views
        self._session.update(views=tuple(change(v) if same(series, v.series) else v for v in views))


def extended(now: View, longer: View) -> View:
    """Return a view with a longer clip in place of the shorter one; the picture on screen stays."""
    if now.clip is None or longer.clip is None:
        return longer if waits(now) else now
    path = now.clip.paths[min(now.frame, len(now.clip.paths) - 1)]
    frame = longer.clip.paths.index(path) if path in longer.clip.paths else 0
    base = plain(now)
    assert base is not None
    initial, shown = fitting(base.initial, longer), fitting(base.presentation, longer)
    look = replace(longer, frame=frame, presentation=shown, initial=initial)
    return replace(look, laying=laying_of(now), pipeline=now.pipeline)


def settled(now: View, exact: View) -> View:
    """Return a view with all frames of its clip found; what it shows and plays stays."""
    if now.clip is None or exact.clip is None:
        return now
    last, before = len(exact.clip) - 1, len(now.clip) - 1
    cine = now.cine
    end = last if cine.last == before else min(cine.last, last)
    cine = replace(cine, first=min(cine.first, end), last=end)
    return replace(extended(now, exact), frame=min(now.frame, last), cine=cine)
