"""Checking DICOM objects against the standard, each file in a worker process."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future
from pathlib import Path

from xray_studio.core.conformance import Checked
from xray_studio.core.errors import StudioError
from xray_studio.core.files import replacing
from xray_studio.core.job import Cancelled, Job, Progress
from xray_studio.core.workers import Priority, run_apart
from xray_studio.dicom.file.opening import reading_time
from xray_studio.services.decoding import awaited
from xray_studio.services.finding import FileFinder

_CHECK = "xray_studio.dicom.conformance.read:check_file"
_CHECKING = "Checking objects"
_LARGE = 20.0  # seconds for the groups of very many frames

Asked = tuple[str, "Future[Checked]"]


def validate(paths: Sequence[str]) -> Job[list[Checked]]:
    """Return the findings of files, and of those below folders, in the order they are found.

    A file that was named and cannot be read has a `problem`; what is no DICOM below a folder is
    left out. One bad file stops nothing. `progress.partial` are the files so far.
    """
    named = {os.path.abspath(path) for path in paths if not os.path.isdir(path)}  # noqa: PTH100, PTH112 - also of what cannot be a path
    problems: list[Checked] = []
    files = yield from _found(paths, problems)
    checked = yield from _checked(files)
    kept = [one for one in checked if one.is_dicom or os.path.abspath(one.path) in named]  # noqa: PTH100 - as above
    return [*problems, *kept]


def _found(paths: Sequence[str], problems: list[Checked]) -> Job[list[str]]:
    def skip(path: str, reason: str) -> None:
        problems.append(Checked(path, problem=f"{reason[:1].upper()}{reason[1:].rstrip('.')}."))

    files: list[str] = []
    for some in FileFinder(paths, skip):
        files.extend(some)
        yield Progress(0, 0, "Looking for files")
    return files


def _checked(files: Sequence[str]) -> Job[list[Checked]]:
    done: list[Checked] = []
    waiting: deque[Asked] = deque()
    ahead = 2 * (os.cpu_count() or 1)
    try:
        for number, path in enumerate(files):
            waiting.append((path, _asked(path)))
            if len(waiting) >= ahead or number == len(files) - 1:
                yield from _take(waiting, done, len(files), keep=number < len(files) - 1)
    finally:
        for _, future in waiting:
            future.cancel()
    return done


def _take(waiting: deque[Asked], done: list[Checked], total: int, *, keep: bool) -> Job[None]:
    """Wait for the first answer, or for all where nothing more is asked."""
    while waiting:
        path, future = waiting.popleft()
        try:
            done.append((yield from awaited(future, Progress(len(done), total, _CHECKING))))
        except StudioError as error:
            if isinstance(error, Cancelled):
                raise
            done.append(Checked(path, problem=str(error)))
        yield Progress(len(done), total, _CHECKING, partial=tuple(done))
        if keep:
            return


def _asked(path: str) -> Future[Checked]:
    limit = reading_time([path]) + _LARGE
    return run_apart(_CHECK, path, priority=Priority.BATCH, time_limit=limit)


def save_text(text: str, target: Path) -> Job[Path]:
    """Write findings as plain text. Raises WriteError."""
    yield Progress(0, 1, "Saving findings")
    with replacing(target) as temporary:
        temporary.write_text(f"{text}\n", "utf-8")
    return target
