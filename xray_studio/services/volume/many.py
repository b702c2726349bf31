"""Many volumes converted and filtered, several at once, that can be stopped and gone on with.

Each volume is a row: what it became, or why it failed, which ends none of the others.
"""

from __future__ import annotations

import csv
import io
import queue
from collections.abc import Iterable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from xray_studio.core.errors import StudioError, UsageError, WriteError
from xray_studio.core.files import clear_left_behind, replacing, write_failure
from xray_studio.core.job import Job, Progress
from xray_studio.core.kinds import DICOM, VOLUME
from xray_studio.core.locks import FileLock
from xray_studio.core.reasons import is_damage
from xray_studio.core.study import Catalog, Series
from xray_studio.core.volume.filters import filter_of
from xray_studio.core.workers import Priority, WorkerLostError, WorkerPool
from xray_studio.services.batch.run import FAILED, FINISHED, LOCK, RUNNING, WAITING, Row
from xray_studio.services.batch.runners import MOST_WORKERS
from xray_studio.services.batch.state import State
from xray_studio.services.batch.tasks import Outcome
from xray_studio.services.export.many import make_folder
from xray_studio.services.settings import total_memory
from xray_studio.services.volume.convert import SUFFIXES
from xray_studio.services.volume.many_tasks import RUN, VolumeTask, VolumeWork
from xray_studio.services.volume.series import parts_of_series

TABLE: Final = "volumes.csv"
COLUMNS: Final = ("number", "state", "file", "modality", "columns", "rows", "frames", "seconds",
                  "bytes", "notes", "reason")  # fmt: skip
_PATIENCE: Final = 0.05  # seconds between two places to stop
_LEAST_MEMORY: Final = 1 << 30
_SECONDS, _SECONDS_A_PLANE = 3600.0, 60.0  # beyond them a task hangs
_MESSAGE: Final = "Writing volumes"


@dataclass(frozen=True, slots=True)
class ManyOptions:
    """How many volumes are worked on: `workers` processes at once.

    `resume` leaves out what an earlier run in the folder has finished, `overwrite` lets files of
    others be replaced.
    """

    workers: int = 1
    resume: bool = False
    overwrite: bool = False


@dataclass(frozen=True, slots=True)
class ManyResult:
    """What came of it: every volume in order, and the table of them.

    `sources` are the first files of the volumes, `kept` numbers of those that were finished before.
    """

    folder: Path
    outcomes: tuple[Outcome, ...]
    sources: tuple[str, ...]
    kept: frozenset[int]
    table: Path

    @property
    def failed(self) -> list[Outcome]:
        """Those that went wrong."""
        return [outcome for outcome in self.outcomes if outcome.failed]


@dataclass(slots=True)
class _Plan:
    """Tasks, and what is known to fail before any is run."""

    folder: Path
    work: VolumeWork
    sources: list[str] = field(default_factory=list)
    tasks: list[VolumeTask] = field(default_factory=list)
    outcomes: dict[int, Outcome] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)

    def add(self, paths: tuple[str, ...], place: int, name: str, planes: int) -> None:
        """Add a volume under a name that no other one has."""
        number, plain = len(self.sources) + 1, name
        while f"{name}{self.work.suffix}" in self.names:
            name = f"{plain}-{number}"
        whole = f"{name}{self.work.suffix}"
        self.names.add(whole)
        self.sources.append(paths[0])
        task = VolumeTask(number, paths, place, self.folder, whole, self.work, planes)
        self.tasks.append(task)

    def refuse(self, path: str, reason: str) -> None:
        """Add what cannot be a volume."""
        self.sources.append(path)
        number = len(self.sources)
        self.outcomes[number] = Outcome(number, "", reason)

    def progress(self, running: Iterable[VolumeTask]) -> Progress:
        """Tell where every volume is."""
        busy = {task.number for task in running}
        rows = tuple(self._row(task, busy) for task in self.tasks)
        done = sum(row.state in {FINISHED, FAILED} for row in rows)
        return Progress(done, len(rows), _MESSAGE, rows)

    def _row(self, task: VolumeTask, busy: set[int]) -> Row:
        outcome = self.outcomes.get(task.number)
        if outcome is None:
            return Row(task.name, RUNNING if task.number in busy else WAITING)
        return Row(task.name, FAILED if outcome.failed else FINISHED, outcome.reason)


def many_volumes(
    catalog: Catalog,
    roots: Sequence[str],
    folder: Path,
    work: VolumeWork,
    options: ManyOptions | None = None,
) -> Job[ManyResult]:
    """Filter and convert every volume of a catalogue into a folder.

    `roots` are what was scanned: files of research formats keep their names and places below them,
    DICOM series are numbered, as their names may tell patients. What one volume cannot give stops
    none of the others. Stopped, it leaves what is finished and nothing half-written.
    `progress.partial` is a `Row` for every volume. Raises UsageError for what cannot be done with
    any, WriteError where nothing can be written at all, or while another batch runs in the folder.
    """
    options = options or ManyOptions()
    _check(work, options)
    plan = _Plan(folder.absolute(), work)
    yield from _planned(plan, catalog, [Path(root).absolute() for root in roots])
    if not plan.sources:
        raise UsageError("There are no volumes here; choose other files or folders.")
    if any(str(task.target) in task.paths for task in plan.tasks):
        raise UsageError("The folder holds the sources themselves; choose another one for --out.")
    make_folder(plan.folder)
    lock = FileLock(plan.folder / LOCK)
    if not lock.take():
        raise WriteError("Another batch is running in this folder; wait for it, or stop it.")
    try:
        kept = yield from _all(plan, options)
    finally:
        lock.release()
    outcomes = tuple(plan.outcomes[number] for number in range(1, len(plan.sources) + 1))
    table = _table(plan.folder, outcomes)
    return ManyResult(plan.folder, outcomes, tuple(plan.sources), frozenset(kept), table)


def _check(work: VolumeWork, options: ManyOptions) -> None:
    if not 1 <= options.workers <= MOST_WORKERS:
        raise UsageError(f"--workers takes 1 to {MOST_WORKERS} processes.")
    if work.suffix and work.suffix not in SUFFIXES:
        raise UsageError(
            f"{work.suffix} is no format of volumes; choose one of {', '.join(SUFFIXES)}, or"
            " slices."
        )
    for words in work.filters:
        filter_of(words)


def _planned(plan: _Plan, catalog: Catalog, roots: Sequence[Path]) -> Job[None]:
    for series in catalog.pictures():
        yield Progress(0, 0, "Reading headers")
        if series.kind == VOLUME:
            path = series.paths[0]
            plan.add((path,), 1, _name_below(path, roots), series.frames)
        elif series.kind == DICOM and series.frames > 1:
            yield from _of_series(plan, series)
    for skipped in catalog.skipped:
        if is_damage(skipped.reason):
            plan.refuse(skipped.path, _capital(skipped.told))


def _capital(reason: str) -> str:
    return f"{reason[:1].upper()}{reason[1:].rstrip('.')}."


def _of_series(plan: _Plan, series: Series) -> Job[None]:
    try:
        parts = yield from parts_of_series(series)
    except StudioError as error:
        plan.refuse(series.paths[0], str(error))
        return
    for place, part in enumerate(parts, 1):
        if part.shape[-3] > 1:
            name = f"volume-{len(plan.sources) + 1:03}"
            plan.add(series.paths, place, name, part.shape[-3])


def _name_below(path: str, roots: Sequence[Path]) -> str:
    """Return the name of a file without its suffix, below whichever folder was named."""
    whole = Path(path).absolute()
    stem = whole.name
    for suffix in (".gz", ".nii", *SUFFIXES, ".mhd", ".nhdr", ".img"):
        if stem.casefold().endswith(suffix) and len(stem) > len(suffix):
            stem = stem[: -len(suffix)]
    for root in roots:
        if root in whole.parents:
            return (whole.parent.relative_to(root) / stem).as_posix()
    return stem


def _all(plan: _Plan, options: ManyOptions) -> Job[set[int]]:
    """Run what is not finished yet; return the numbers of what was."""
    state, kept = State(plan.folder), set[int]()
    state.load()
    clear_left_behind(plan.folder)
    keys = {task.number: task.key for task in plan.tasks}
    try:
        for task in plan.tasks:
            yield plan.progress(())
            found = None
            if options.resume:
                found = yield from state.finished(task, keys[task.number])
            if found is not None:
                plan.outcomes[task.number] = found
                kept.add(task.number)
            elif task.target.exists() and task.name not in state.names and not options.overwrite:
                reason = "A file of others is there; choose another folder, or --overwrite."
                plan.outcomes[task.number] = Outcome(task.number, task.name, reason)
        left = [task for task in plan.tasks if task.number not in plan.outcomes]
        state.begin((task.name for task in left), anew=not options.resume)
        yield from _run(plan, left, state, keys, options.workers)
    finally:
        state.close()
        clear_left_behind(plan.folder)
    return kept


def _run(
    plan: _Plan, left: Sequence[VolumeTask], state: State, keys: dict[int, str], workers: int
) -> Job[None]:
    answers: queue.SimpleQueue[Future[Outcome]] = queue.SimpleQueue()
    running: dict[Future[Outcome], VolumeTask] = {}
    with WorkerPool(workers, max(_LEAST_MEMORY, total_memory() // workers)) as pool:
        for task in left:
            limit = _SECONDS + _SECONDS_A_PLANE * task.planes
            future: Future[Outcome] = pool.submit(
                RUN, task, priority=Priority.BATCH, time_limit=limit
            )
            running[future] = task
            future.add_done_callback(answers.put)
        while running:
            yield plan.progress(task for future, task in running.items() if future.running())
            try:
                future = answers.get(timeout=_PATIENCE)
            except queue.Empty:
                continue
            task = running.pop(future)
            outcome = plan.outcomes[task.number] = _answer(future, task)
            if not outcome.failed:
                state.add(keys[task.number], outcome)
    yield plan.progress(())


def _answer(future: Future[Outcome], task: VolumeTask) -> Outcome:
    try:
        return replace(future.result(), number=task.number)
    except WorkerLostError as error:
        return Outcome(task.number, task.name, str(error))


def _table(folder: Path, outcomes: Sequence[Outcome]) -> Path:
    """Write a row for every volume; none tells who is shown."""
    text = io.StringIO(newline="")
    rows = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    rows.writeheader()
    for one in outcomes:
        rows.writerow(
            {"number": one.number, "state": FAILED if one.failed else FINISHED, "file": one.target,
             "modality": one.modality, "columns": one.columns or "", "rows": one.rows or "",
             "frames": one.frames or "", "seconds": f"{one.seconds:.2f}",
             "bytes": sum(file.bytes for file in one.files) or "", "notes": " ".join(one.notes),
             "reason": one.reason}
        )  # fmt: skip
    path = folder / TABLE
    try:
        with replacing(path) as beside:
            beside.write_text(text.getvalue(), "utf-8", newline="")
    except OSError as error:
        raise write_failure(path, error) from error
    return path
