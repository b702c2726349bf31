"""Controller: turns what the user asks for into jobs of the services, and answers into state."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from xray_studio.core.clip import Clip
from xray_studio.core.errors import StudioError
from xray_studio.core.job import Job, Progress
from xray_studio.core.playback import Loop
from xray_studio.core.presentation import Presentation, StoredWindow
from xray_studio.core.study import Catalog, Series
from xray_studio.services.demonstration import demonstration
from xray_studio.services.open import open_series, scan
from xray_studio.services.places import cache_folder
from xray_studio.services.presets import initial_presentation, presets
from xray_studio.services.setting_groups import Playback
from xray_studio.ui.browser.series_text import same
from xray_studio.ui.browser.thumbnails import Thumbnails
from xray_studio.ui.memory import Memory, fitting
from xray_studio.ui.session import Session, View, opened
from xray_studio.ui.work import JobRunner, Task

if TYPE_CHECKING:  # pydicom is imported when tags are read
    from xray_studio.dicom.tags import TagRow

SCAN, OPEN, TAGS = "scan", "open", "tags"


@dataclass(frozen=True, slots=True, eq=False)
class Opened:
    """A clip with how it is shown at first and the windows it offers."""

    clip: Clip
    initial: Presentation
    windows: tuple[StoredWindow, ...]


def open_for_view(series: Series) -> Job[Opened]:
    """Open a series and find out, away from the window, how to show it."""
    clip = yield from open_series(series)
    yield Progress(message="Choosing a window")
    return Opened(clip, initial_presentation(clip), presets(clip))


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
        runner.ended.connect(self._ended)

    def open(self, paths: Sequence[str], *, fresh: bool = False) -> None:
        """Look for pictures in folders and files and show the first one.

        What was open before gives way, as in other viewers: the list then holds exactly what was
        asked for, and nothing of another patient lingers in it. Several folders can be opened at
        once, and the recent list leads back. Files that have not changed since they were read last
        are not read again, unless `fresh`.
        """
        self.close_all()
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

    def read_again(self) -> None:
        """Look again at what was opened: files come and go while a study is being sent."""
        self.open(self._session.state.opened, fresh=True)

    def stop_reading(self) -> None:
        """Stop looking for pictures; what was found stays."""
        self._runner.cancel_lane(SCAN)

    def close_all(self) -> None:
        """Empty the window; what is being read or opened stops."""
        for lane in (SCAN, OPEN):
            self._runner.cancel_lane(lane)
        self._thumbnails.clear()
        self._memory.clear()
        self._session.update(catalog=Catalog(), scanning=False, opened=(), view=View())

    def choose(self, series: Series) -> None:
        """Show a series as it was left; nothing happens when it is on screen already."""
        now = self._session.view
        if now.series is None or not same(series, now.series) or now.error:
            self._memory.keep(now)
            self._session.update(view=View(series=series))
            self._start(series, self._show)
        elif series.paths != now.series.paths:
            # The scan has found more of it since.
            self._start(series, self._show if now.clip is None else self._extend)

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
        if self._session.view.series is None:
            for first in candidates[:1]:
                self.choose(first)

    def _complete(self) -> None:
        """Open the series on screen again when the scan has found more of it since."""
        now = self._session.view
        for series in self._session.state.catalog.all_series():
            if now.series is not None and same(series, now.series):
                self.choose(series)
                return

    def _start(self, series: Series, then: Callable[[Series, Opened], None]) -> None:
        self._runner.start(
            open_for_view(series),
            title="Opening a series",
            lane=OPEN,
            visible=False,
            replace=True,
            on_progress=lambda progress: self._opening(series, progress),
            on_result=lambda found: then(series, found),
            on_error=lambda error: self._not_opened(series, error),
        )

    def _opening(self, series: Series, progress: Progress) -> None:
        if self._waits_for(series):
            self._session.update_view(progress=progress)

    def _show(self, series: Series, found: Opened) -> None:
        if self._waits_for(series):
            view = opened(series, found.clip, found.initial, found.windows)
            view = started(view, self._session.state.settings.playback)
            self._session.update(view=self._memory.restored(view))

    def _extend(self, series: Series, found: Opened) -> None:
        """Put the longer clip in place of the shorter one; the picture on screen stays."""
        now = self._session.view
        if now.clip is None or now.series is None or not same(series, now.series):
            return
        path = now.clip.paths[min(now.frame, len(now.clip.paths) - 1)]
        frame = found.clip.paths.index(path) if path in found.clip.paths else 0
        view = opened(series, found.clip, found.initial, found.windows)
        initial = fitting(now.initial, view)
        presentation = fitting(now.presentation, view)
        self._session.update(
            view=replace(view, frame=frame, presentation=presentation, initial=initial)
        )

    def _not_opened(self, series: Series, error: StudioError) -> None:
        if self._waits_for(series):
            self._session.update_view(error=str(error), progress=None)

    def _waits_for(self, series: Series) -> bool:
        now = self._session.view
        return now.clip is None and now.series is not None and same(series, now.series)


def started(view: View, playback: Playback) -> View:
    """Return a view just opened, playing and looping as the settings say."""
    plays = playback.autoplay and view.clip is not None and len(view.clip) > 1
    loop = view.cine.loop if playback.loop == "file" else Loop(playback.loop)
    return replace(view, cine=replace(view.cine, playing=plays, loop=loop))


def tags_of(path: str) -> Job[tuple[TagRow, ...]]:
    """Read the tags of a file, which happens in a worker process."""
    yield Progress(message="Reading tags")
    from xray_studio.dicom.tags import read_tags

    return read_tags(path)


def _named(paths: Sequence[str]) -> str:
    """Return what is read in words."""
    if len(paths) != 1:
        return f"{len(paths):,} files and folders"
    return Path(paths[0]).name or paths[0]
