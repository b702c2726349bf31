"""Controller: turns what the user asks for into jobs of the services, and answers into state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from xray_studio.core.errors import StudioError
from xray_studio.core.job import Job, Progress
from xray_studio.core.measure.marks import Marks
from xray_studio.core.study import Catalog, Series
from xray_studio.services.demonstration import demonstration
from xray_studio.services.key_selections import key_images
from xray_studio.services.open import scan
from xray_studio.services.places import cache_folder
from xray_studio.ui.arrangements import (
    is_of_another,
    patient_of,
    patient_on_screen,
    place_of,
    turned_to,
    without,
)
from xray_studio.ui.beside import together
from xray_studio.ui.browser.series_text import same
from xray_studio.ui.browser.thumbnails import Thumbnails
from xray_studio.ui.document.objects import Found
from xray_studio.ui.layout import PLACES, Layout
from xray_studio.ui.memory import Memory, restored
from xray_studio.ui.opening import Openings, at_frame
from xray_studio.ui.over_state import plain
from xray_studio.ui.round_trips import RoundTrips
from xray_studio.ui.session import Session
from xray_studio.ui.state import put
from xray_studio.ui.view import View, opened
from xray_studio.ui.volume.look import left
from xray_studio.ui.work import JobRunner, Task

if TYPE_CHECKING:  # pydicom is imported when tags are read
    from xray_studio.dicom.tags import TagRow

SCAN, TAGS, KEYS = "scan", "tags", "key images"
NOT_OPENED = (
    "What this link leads to is not among the opened files; open the folder that holds it as well."
)
ANOTHER = (
    "This series is of another patient. One tab shows one patient: "
    "choose the series in the list to open it in a tab of its own."
)


class Controller(QObject):
    """Opens paths, series and tags.

    `failed` tells a sentence, `paths_opened` the paths to remember, `tags_read` a path and its
    tags, `tags_failed` a path and a sentence.
    """

    failed = Signal(str)
    paths_opened = Signal(object)
    tags_read = Signal(str, object)
    tags_failed = Signal(str, str)

    def __init__(
        self,
        session: Session,
        runner: JobRunner,
        thumbnails: Thumbnails,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._runner, self._thumbnails = session, runner, thumbnails
        self._memory = Memory()
        self._openings = Openings(session, runner, self)
        self.round_trips = RoundTrips(session, runner, self)
        self.round_trips.source_asked.connect(self.choose)
        self._first_shown = False
        runner.ended.connect(self._ended)

    def open(self, paths: Sequence[str], *, fresh: bool = False, show: bool = True) -> None:
        """Look for pictures in folders and files and show the first one, unless not to `show` it.

        What was open before gives way, as in other viewers: the list then holds exactly what was
        asked for, and nothing of another patient lingers in it. Several folders can be opened at
        once, and the recent list leads back. Files that have not changed since they were read last
        are not read again, unless `fresh`.
        """
        self.close_all()
        self._first_shown = not show
        self._session.update(opened=tuple(paths), scanning=True)
        self._runner.start(
            scan(list(paths), fresh=fresh),
            title=f"Reading {_named(paths)}",
            discreet="Reading files",
            lane=SCAN,
            on_progress=self._found,
            on_result=self._scanned,
            on_error=self._scan_failed,
        )
        own = cache_folder()
        self.paths_opened.emit(tuple(p for p in paths if own not in Path(p).parents))

    def show_first(self) -> None:
        """Show the first picture of what was found, if nothing is on screen."""
        self._first_shown = False
        catalog = self._session.state.catalog
        self._take(catalog, catalog.pictures() or catalog.all_series())

    def read_again(self) -> None:
        """Look again at what was opened: files come and go while a study is being sent."""
        self.open(self._session.state.opened, fresh=True)

    def stop_reading(self) -> None:
        """Stop looking for pictures; what was found stays."""
        self._runner.cancel_lane(SCAN)

    def close_all(self) -> None:
        """Empty the window; what is being read or opened stops. Rows and columns stay."""
        self._runner.cancel_lane(SCAN)
        self._thumbnails.clear()
        self._memory.clear()
        self._first_shown = False
        state = self._session.state
        state = replace(state, **together(state))
        state = replace(state, **left(state))
        self._session.update(
            layout=state.layout,
            catalog=Catalog(),
            scanning=False,
            opened=(),
            tool=state.tool,
            views=(View(),) * PLACES,
            active=0,
            alone=None,
            beside=None,
            volume=None,
            arrangements=(),
            key_frames=frozenset(),
            marks=Marks(),
            only_keys=None,
            exports=(),
        )

    def choose(self, series: Series) -> None:
        """Show a series in the active viewport, as it was left.

        That of another patient takes the whole grid, as it was left with this patient. Nothing
        happens when the series is on screen already.
        """
        state = self._session.state
        if patient_of(state, series) != patient_on_screen(state):
            self._turn_to(series)
        self._put(series, self._session.state.active)

    def put(self, series: Series, place: int) -> None:
        """Show a series at a place, which becomes the active one; only of the patient there is."""
        if is_of_another(self._session.state, series):
            self.failed.emit(ANOTHER)
            return
        self._put(series, place)
        self._session.update(active=place)

    def show_object(self, found: Found | None) -> None:
        """Show an object that a document leads to, at its frame, beside the document."""
        if found is None:
            self.failed.emit(NOT_OPENED)
            return
        state = self._session.state
        if is_of_another(state, found.series):
            self.failed.emit(ANOTHER)
            return
        place = place_of(state, found.series)
        if place is None:
            place = self._beside()
            self._memory.keep(self._session.state.views[place])
            view = replace(self._view(found.series), wanted=found.frame)
            views = put(self._session.state.views, place, at_frame(view, found.frame))
            self._session.update(views=views)
        else:
            view = at_frame(state.views[place], found.frame)
            wanted = found.frame if view.clip is None else None
            self._session.update(views=put(state.views, place, replace(view, wanted=wanted)))
        self._session.update(active=place)

    def toggle_key_images(self) -> None:
        """List key images alone, or everything again."""
        if self._session.state.only_keys is not None:
            self._session.update(only_keys=None)
            return
        self._runner.start(
            key_images(self._session.state.catalog),
            title="Reading key images",
            lane=KEYS,
            replace=True,
            on_result=lambda found: self._session.update(only_keys=found),
            on_error=lambda error: self.failed.emit(str(error)),
        )

    def _beside(self) -> int:
        """Return the place next to the active one; a single one makes room for another."""
        state = self._session.state
        if state.layout.count == 1:
            self._session.update(layout=replace(state.layout, columns=2), alone=None)
            return 1
        self._session.update(alone=None)
        return (state.active + 1) % state.layout.count

    def close(self, place: int) -> None:
        """Take the picture at a place away; its series comes back as it was left.

        The tab of a patient goes with the last picture.
        """
        state = self._session.state
        self._memory.keep(state.views[place])
        new = replace(state, views=put(state.views, place, View()))
        key = patient_on_screen(state)
        kept = without(state.arrangements, key) if new.front is None else state.arrangements
        self._session.update(views=new.views, arrangements=kept)

    def fill(self, series: Sequence[Series], layout: Layout) -> None:
        """Show several series of one patient side by side, from the first place on."""
        state = self._session.state
        for view in state.views:
            self._memory.keep(view)
        wanted = [self._view(one) for one in series[: layout.count]]
        views = (*wanted, *[View()] * (PLACES - len(wanted)))
        here = next((n for n, one in enumerate(series) if same(one, state.view.series)), 0)
        active = here if here < len(wanted) else 0
        self._session.update(views=views, layout=layout, active=active, alone=None)

    def step(self, series: Sequence[Series], by: int) -> None:
        """Show the series `by` places on in a list, from the one on screen."""
        here = next((n for n, s in enumerate(series) if same(s, self._session.view.series)), None)
        there = (0 if by > 0 else len(series) - 1) if here is None else here + by
        if 0 <= there < len(series):
            self.choose(series[there])

    def read_tags(self, path: str) -> None:
        """Read the tags of a file; `tags_read` or `tags_failed` tells the answer."""
        self._runner.start(
            tags_of(path),
            title="Reading tags",
            lane=TAGS,
            visible=False,
            replace=True,
            on_result=lambda rows: self.tags_read.emit(path, rows),
            on_error=lambda error: self.tags_failed.emit(path, str(error)),
        )

    def open_demonstration(self) -> None:
        """Make the demonstration study when it is not there yet, then open it."""
        self.close_all()
        self._session.update(opened=("demonstration",), scanning=True)
        self._runner.start(
            demonstration(),
            title="Making the demonstration",
            lane=SCAN,
            on_result=lambda folder: self.open([str(folder)]),
            on_error=self._scan_failed,
        )

    def _found(self, progress: Progress) -> None:
        if isinstance(progress.partial, Catalog):
            self._take(progress.partial, progress.partial.pictures())

    def _scanned(self, catalog: Catalog) -> None:
        self._take(catalog, catalog.pictures() or catalog.all_series())
        self._session.update(scanning=False)
        self._complete()

    def _scan_failed(self, error: StudioError) -> None:
        self._session.update(scanning=False)
        self.failed.emit(str(error))

    def _ended(self, task: Task) -> None:
        # A scan that was cancelled tells neither a result nor an error; what it found stays.
        lanes = [other.lane for other in self._runner.tasks]
        if task.lane == SCAN and SCAN not in lanes and self._session.state.scanning:
            self._session.update(scanning=False)
            self._complete()

    def _take(self, catalog: Catalog, candidates: Sequence[Series]) -> None:
        """Show what was found. The first picture opens by itself, never a second one.

        A document opens when there is no picture at all.
        """
        self._session.update(catalog=catalog)
        if not self._first_shown and self._session.state.front is None:
            for first in candidates[:1]:
                self._first_shown = True
                self.choose(first)

    def _complete(self) -> None:
        """Open series on screen again of which the scan has found more since."""
        known = {view.series.identity for view in self._session.state.views if view.series}
        for series in self._session.state.catalog.all_series():
            if series.identity in known:
                self._grow(series)

    def _put(self, series: Series, place: int) -> None:
        now = self._session.state.views[place]
        if now.series is None or not same(series, now.series) or now.error:
            self._memory.keep(now)
            views = put(self._session.state.views, place, self._view(series))
            self._session.update(views=views)
        else:
            self._grow(series)

    def _view(self, series: Series) -> View:
        """Return the view of a series about to be opened, or of its clip where that is open."""
        left = self._memory.of(series)
        for view in self._session.state.views:
            base = plain(view)
            if base is not None and same(series, view.series):
                fresh = opened(view.series, base.clip, base.initial, base.windows)
                return restored(fresh, left)
        return View(series=series, left=left)

    def _turn_to(self, series: Series) -> None:
        """Show the grid of the patient of a series, with the series in sight."""
        new = turned_to(self._session.state, series)
        self._session.update(
            arrangements=new.arrangements,
            views=new.views,
            active=new.active,
            layout=new.layout,
            alone=new.alone,
            beside=new.beside,
            volume=new.volume,
        )
        place = place_of(self._session.state, series)
        if place is not None:
            self._session.update(active=place)

    def _grow(self, series: Series) -> None:
        """Open a series again where the scan has found more of it since."""
        for place, view in enumerate(self._session.state.views):
            if view.series is None or not same(series, view.series):
                continue
            if view.clip is None and view.document is None:
                self._session.update_at(place, series=series)
            elif view.series.paths != series.paths:
                self._openings.extend(series)
                return


def tags_of(path: str) -> Job[tuple[TagRow, ...]]:
    """Read the tags of a file, which happens in a worker process."""
    yield Progress(message="Reading tags")
    from xray_studio.services.facts import all_tags

    return all_tags(path)


def _named(paths: Sequence[str]) -> str:
    """Return what is read in words."""
    if len(paths) != 1:
        return f"{len(paths):,} files and folders"
    return Path(paths[0]).name or paths[0]
