"""Headers of many files through worker processes, into a catalogue that grows on the way."""

from __future__ import annotations

import contextlib
import os
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, wait
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from xray_studio.core.archive import on_disk
from xray_studio.core.errors import StudioError
from xray_studio.core.grouping import CatalogBuilder
from xray_studio.core.header import Header
from xray_studio.core.job import Cancelled, Job, Progress
from xray_studio.core.kinds import IMAGE, VIDEO, VOLUME
from xray_studio.core.loose_files import described
from xray_studio.core.reasons import EMPTY_DIRECTORY, GAVE_UP, MISSING, as_reason, losses
from xray_studio.core.study import Catalog, Instance, instance_of
from xray_studio.core.workers import Priority, WorkerLostError, done, run_apart
from xray_studio.core.workers.limits import video_time
from xray_studio.dicom.scan.dicomdir import Directory
from xray_studio.dicom.scan.headers import Batch, read_headers
from xray_studio.services.finding import FileFinder
from xray_studio.services.header_index import HeaderIndex, header_index
from xray_studio.services.media import FoundVolume, Size
from xray_studio.volume.formats import volume_header_of

FIRST_BATCH, LARGEST_BATCH = 32, 256
PICTURES_PER_BATCH = 64
WAIT = 0.05
PARTIAL_GROWTH = 1.5
PARTIAL_SECONDS = 1.0
SLOW_DISK_SECONDS = 30.0
VOLUME_SECONDS = 20.0  # the library of a format takes a while to load

HEADERS = "xray_studio.dicom.scan.headers:read_headers"
JUDGE = "xray_studio.dicom.scan.judge:judge"
DIRECTORY = "xray_studio.dicom.scan.dicomdir:read_directory"
PICTURES = "xray_studio.services.media:read_pictures"
VIDEO_HEADER = "xray_studio.services.media:read_video"
VOLUME_HEADER = "xray_studio.services.media:read_volume"


@dataclass(slots=True)
class Task:
    """One request to a worker: what to read of which files; `reason` is for the judge."""

    function: str
    paths: list[str]
    reason: str = ""
    future: Future[Any] | None = None

    def start(self, *, apart: bool) -> None:
        """Ask a worker, or read headers here."""
        if self.function == HEADERS and not apart:
            self.future = done(read_headers(self.paths))
            return
        self.future = run_apart(
            self.function,
            *self._arguments(),
            priority=Priority.BATCH,
            time_limit=self._time_limit(),
        )

    def _arguments(self) -> tuple[Any, ...]:
        if self.function in {HEADERS, PICTURES}:
            return (self.paths,)
        return (self.paths[0], self.reason) if self.function == JUDGE else (self.paths[0],)

    def _time_limit(self) -> float | None:
        """Return seconds: light headers are bounded by themselves, only a disk can be slow."""
        if self.function in {HEADERS, DIRECTORY}:
            return SLOW_DISK_SECONDS
        if self.function == VOLUME_HEADER:
            return VOLUME_SECONDS
        if self.function == VIDEO_HEADER:
            return video_time(self.paths[0])
        return None


class Reading:
    """One scan: files to be found, requests on their way, and the catalogue so far."""

    def __init__(self, paths: Iterable[str], *, fresh: bool = False) -> None:
        named = list(paths)
        self._fresh, self._index = fresh, HeaderIndex(None)
        self._named = {str(Path(path).absolute()) for path in named}
        self._builder = CatalogBuilder()
        self._finder = FileFinder(named, self._builder.skip)
        self._found: Iterator[list[str]] = iter(self._finder)
        self._ahead: deque[str] = deque()
        self._searching = True
        self._todo: deque[Task] = deque()
        self._running: deque[Task] = deque()
        self._pictures: list[str] = []
        self._volumes: set[str] = set()
        self._headers: dict[Header, Header] = {}
        self._batch = FIRST_BATCH
        self._first = True
        self._files = self._done = 0
        self._next_partial, self._partial_time = 1, time.monotonic()
        self._workers = max(1, os.cpu_count() or 1)

    def run(self) -> Job[Catalog]:
        """Read what is not known yet and return the catalogue; each step is a place to stop."""
        self._index = header_index(fresh=self._fresh)
        try:
            while True:
                yield from self._look_ahead()
                self._fill()
                if not self._running:
                    break
                if self._take_first():
                    yield self._progress()
                else:
                    yield Progress(self._done, self._total(), "Reading headers")
        finally:
            for task in self._running:
                if task.future is not None:
                    task.future.cancel()
            self._index.close()
        yield from self._choose_whole()
        return self._builder.catalog()

    def _choose_whole(self) -> Job[None]:
        """Let no copy that is cut short stand for a picture whose other file is whole.

        Copies of one size are alike, so that no folder that was copied is read again.
        """
        cut = set[str]()
        differing = [paths for paths in self._builder.copies() if len(_sizes(paths)) > 1]
        for number, paths in enumerate(differing):
            yield Progress(number, len(differing), "Comparing copies")
            cut |= {path for path in paths if _is_cut_short(path)}
        if cut:
            self._builder.choose_whole(cut)

    def _look_ahead(self) -> Job[None]:
        """Find files well before they are read: then the total is known early."""
        wanted = self._files + 4 * self._batch
        while self._searching and self._files < wanted:
            found = next(self._found, None)
            if found is None:
                self._searching = False
            else:
                self._ahead.extend(found)
                self._files += len(found)
                if not found:
                    yield Progress(self._done, 0, "Looking for files")

    def _total(self) -> int:
        return 0 if self._searching else self._files

    def _fill(self) -> None:
        """Keep every worker busy, with one more request waiting for each.

        The first headers are read here: that is done before a process has started, so a few files
        need none and the first pictures show at once.
        """
        while len(self._running) < 2 * self._workers:
            task = self._next_task()
            if task is None:
                return
            task.start(apart=not self._first)
            self._first = False
            self._running.append(task)

    def _next_task(self) -> Task | None:
        if self._todo:
            return self._todo.popleft()
        if self._ahead:
            count = min(self._batch, len(self._ahead))
            self._batch = min(2 * self._batch, LARGEST_BATCH)
            return Task(HEADERS, self._unknown([self._ahead.popleft() for _ in range(count)]))
        if self._pictures:
            paths, self._pictures = self._pictures, []
            return Task(PICTURES, paths)
        return None

    def _unknown(self, paths: list[str]) -> list[str]:
        """Add what is known of files that have not changed; return the others."""
        known = self._index.known(paths)
        if not known:
            return paths
        groups: dict[int, tuple[Header, list[Instance]]] = {}
        for path, what in known.items():
            if isinstance(what, str):
                self._pass_over(path, what)
            else:
                groups.setdefault(id(what[0]), (what[0], []))[1].append(what[1])
        for header, instances in groups.values():
            self._builder.add(header, instances)
        self._done += len(known)
        return [path for path in paths if path not in known]

    def _take_first(self) -> bool:
        """Wait a moment for the oldest request. False when it is not answered yet."""
        task = self._running[0]
        assert task.future is not None
        if not task.future.done():
            wait([task.future], WAIT)
        if not task.future.done():
            return False
        if task.future.cancelled():
            raise Cancelled("Stopped, since the program is closing.")
        self._running.popleft()
        error = task.future.exception()
        if error is not None:
            self._failed(task, error)
        else:
            self._answered(task, task.future.result())
        return True

    def _failed(self, task: Task, error: BaseException) -> None:
        """Ask again one by one: a lost worker does not say which file it was."""
        if len(task.paths) > 1:
            self._todo.extend(Task(task.function, [path]) for path in task.paths)
        elif task.function == DIRECTORY:
            self._read_folder_of(task.paths[0])
        else:
            lost = isinstance(error, WorkerLostError) or not isinstance(error, StudioError)
            reason = task.reason or (GAVE_UP if lost else str(error))
            self._skip(task.paths[0], reason)

    def _answered(self, task: Task, answer: Any) -> None:
        take: dict[str, Callable[[list[str], Any], None]] = {
            HEADERS: self._take_headers,
            JUDGE: self._take_headers,
            DIRECTORY: self._take_directory,
            PICTURES: self._take_pictures,
            VIDEO_HEADER: lambda paths, size: self._take_media(paths[0], VIDEO, size),
            VOLUME_HEADER: lambda paths, found: self._take_volume(paths[0], found),
        }
        take[task.function](task.paths, answer)

    def _take_headers(self, paths: list[str], batch: Batch) -> None:
        if batch.done < len(paths):
            self._todo.appendleft(Task(HEADERS, paths[batch.done :]))
        self._add(paths, batch)
        for index, reason in batch.skipped:
            self._skip(paths[index], reason)
        self._todo.extend(Task(JUDGE, [paths[index]], reason) for index, reason in batch.unsure)
        for index, kind in batch.others:
            self._take_other(paths[index], kind)

    def _add(self, paths: list[str], batch: Batch) -> None:
        """Add the pictures of a batch; equal headers of all batches become one object."""
        headers = [self._headers.setdefault(header, header) for header in batch.headers]
        groups: list[list[Instance]] = [[] for _ in headers]
        for index, place, uid, number, frames, position, acquired in batch.pictures:
            header = headers[place]
            own = (uid, number, frames, position, acquired)
            instance = instance_of(paths[index], header, own)
            self._index.note(paths[index], (header, instance))
            groups[place].append(instance)
        for header, instances in zip(headers, groups, strict=True):
            self._builder.add(header, instances)
        self._done += len(batch.pictures)

    def _take_other(self, path: str, kind: str) -> None:
        if kind == VIDEO:
            self._todo.append(Task(VIDEO_HEADER, [path]))
        elif kind == VOLUME:
            self._done += 1
            self._ask_volume(path)
        elif kind == IMAGE:
            self._pictures.append(path)
            if len(self._pictures) == PICTURES_PER_BATCH:
                self._todo.append(Task(PICTURES, self._pictures))
                self._pictures = []
        elif path in self._named:  # in a folder that is read as a whole it names nothing new
            self._todo.append(Task(DIRECTORY, [path]))
        else:
            self._done += 1

    def _take_directory(self, paths: list[str], directory: Directory) -> None:
        if directory.empty:
            self._skip(paths[0], EMPTY_DIRECTORY)
            return
        self._done += 1
        if not directory.files:
            self._read_folder_of(paths[0])
            return
        for path in directory.missing:
            self._builder.skip(path, MISSING)
        self._search(directory.files)

    def _read_folder_of(self, path: str) -> None:
        self._search([str(Path(path).parent)])

    def _search(self, paths: Iterable[str]) -> None:
        self._finder.add(paths)
        if not self._searching:
            self._found, self._searching = iter(self._finder), True

    def _take_pictures(self, paths: list[str], answers: list[Size | FoundVolume | str]) -> None:
        if len(answers) < len(paths):
            self._todo.appendleft(Task(PICTURES, paths[len(answers) :]))
        for path, answer in zip(paths, answers, strict=False):
            if isinstance(answer, str):
                self._skip(path, answer)
            elif isinstance(answer, FoundVolume):
                self._done += 1
                self._take_volume(path, answer)
            else:
                self._take_media(path, IMAGE, answer)

    def _take_media(self, path: str, kind: str, size: Size) -> None:
        frames, rows, columns, rate = size
        header, instance = described(path, kind, frames, (rows, columns), frame_rate=rate)
        header = self._headers.setdefault(header, header)
        self._index.note(path, (header, instance))
        self._builder.add(header, [instance])
        self._done += 1

    def _ask_volume(self, path: str) -> None:
        """Read the header of a volume, once: the file of its voxels may lead to it too."""
        if path not in self._volumes:
            self._volumes.add(path)
            self._todo.append(Task(VOLUME_HEADER, [path]))

    def _take_volume(self, path: str, found: FoundVolume) -> None:
        """List a volume. The index forgets it, since it is known by all of its files."""
        told = {"format": found.format, "moments": found.moments, "modality": found.modality}
        size = (found.rows, found.columns)
        header, instance = described(path, VOLUME, found.frames, size, **told)
        self._builder.belong(found.files)
        self._builder.add(header, [instance])

    def _skip(self, path: str, reason: str) -> None:
        self._index.note(path, as_reason(reason))
        self._pass_over(path, as_reason(reason))
        self._done += 1

    def _pass_over(self, path: str, reason: str) -> None:
        """List a file as skipped, but for voxels: they are read by the header beside them."""
        header = volume_header_of(path)
        if header:
            self._builder.belong([path])
            self._ask_volume(header)
        else:
            self._builder.skip(path, reason)

    def _progress(self) -> Progress:
        """Return progress, with the catalogue so far when enough was added since the last one."""
        pictures = self._builder.pictures
        now = time.monotonic()
        grown = pictures >= self._next_partial
        waited = now - self._partial_time >= PARTIAL_SECONDS and pictures > 0
        partial = self._builder.catalog() if grown or waited else None
        if partial is not None:
            self._next_partial = int(pictures * PARTIAL_GROWTH) + 1
            # Twenty times the cost of a catalogue passes before the clock asks for the next one.
            self._partial_time = time.monotonic() + 20 * (time.monotonic() - now)
        return Progress(self._done, self._total(), "Reading headers", partial)


def _sizes(paths: Iterable[str]) -> set[int]:
    """Return the sizes of files in bytes, unpacked where they are in an archive."""
    found = set[int]()
    for path in paths:
        with contextlib.suppress(OSError):
            found.add(Path(on_disk(path)).stat().st_size)
    return found


def _is_cut_short(path: str) -> bool:
    """Tell whether a part of the pictures in a DICOM file is missing."""
    from xray_studio.dicom.clip import open_clip

    try:
        return bool(losses(open_clip([path]).acquisition.warnings))
    except StudioError:
        return True
