"""A batch: one recipe over many series, several at once, that can be stopped and gone on with."""

from __future__ import annotations

import queue
import time
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from xray_studio.core.errors import StudioError, UsageError, WriteError
from xray_studio.core.files import clear_left_behind, write_failure
from xray_studio.core.job import Job, Progress
from xray_studio.core.locks import FileLock
from xray_studio.core.study import Catalog
from xray_studio.core.workers import WorkerLostError
from xray_studio.services.batch.runners import MOST_WORKERS, ClusterRunner, LocalRunner, Runner
from xray_studio.services.batch.sources import without_results
from xray_studio.services.batch.state import State, key_of
from xray_studio.services.batch.summary import CSV, HTML, write_summary
from xray_studio.services.batch.tasks import Outcome, Task
from xray_studio.services.export.earlier import check_free
from xray_studio.services.export.many import check_format, make_folder, named_series
from xray_studio.services.recipe import Recipe

LOCK: Final = ".xray-studio-batch.lock"
_SELDOM: Final = 20  # times as long as it took to tell where every series is
_PATIENCE: Final = 0.05  # seconds between two places to stop
_ATTEMPTS: Final = 2  # of a task whose worker process was lost
_MESSAGE: Final = "Running the batch"


@dataclass(frozen=True, slots=True)
class BatchOptions:
    """How a batch runs: `workers` processes here, or on the cluster of a `scheduler`.

    `resume` leaves out what an earlier batch in the folder has finished, `overwrite` lets files of
    others be replaced. `name` is that of the recipe, for the summary.
    """

    workers: int = 1
    scheduler: str = ""
    resume: bool = False
    overwrite: bool = False
    name: str = ""


@dataclass(frozen=True, slots=True)
class BatchResult:
    """What came of a batch: every series in order, and the summaries.

    `sources` are the first files of the series, `kept` numbers of those that were finished before.
    """

    folder: Path
    outcomes: tuple[Outcome, ...]
    sources: tuple[str, ...]
    kept: frozenset[int]
    html: Path
    csv: Path

    @property
    def failed(self) -> list[Outcome]:
        """Those that went wrong."""
        return [outcome for outcome in self.outcomes if outcome.failed]


WAITING, RUNNING, FINISHED, FAILED = "waiting", "running", "finished", "failed"


@dataclass(frozen=True, slots=True)
class Row:
    """One series of a batch: the file that it becomes, where it is, and why it failed."""

    file: str
    state: str
    reason: str = ""


@dataclass(slots=True)
class _Run:
    """A batch on its way."""

    tasks: list[Task]
    outcomes: dict[int, Outcome] = field(default_factory=dict)
    running: dict[Future[Outcome], Task] = field(default_factory=dict)
    attempts: dict[int, int] = field(default_factory=dict)
    kept: set[int] = field(default_factory=set)
    _done: int = 0
    _total: int = 0
    _next: float = 0.0

    def __post_init__(self) -> None:
        self._total = sum(map(_units, self.tasks))

    def settle(self, task: Task, outcome: Outcome) -> None:
        """Take what came of a task."""
        self.outcomes[task.number] = outcome
        self._done += _units(task)

    def progress(self) -> Progress:
        """Tell how far it is, in frames, so that long series count for more.

        Where every series is takes longer to tell the more there are, and so is told less often.
        """
        begun, finished = time.monotonic(), len(self.outcomes) == len(self.tasks)
        if begun < self._next and not finished:
            return Progress(self._done, self._total, _MESSAGE)
        rows, now = self.states(), time.monotonic()
        self._next = now + _SELDOM * (now - begun)
        return Progress(self._done, self._total, _MESSAGE, rows)

    def states(self) -> tuple[Row, ...]:
        """Return where every series is."""
        busy = {task.number for future, task in self.running.items() if future.running()}
        return tuple(self._row(task, busy) for task in self.tasks)

    def _row(self, task: Task, busy: set[int]) -> Row:
        outcome = self.outcomes.get(task.number)
        if outcome is None:
            return Row(task.target.name, RUNNING if task.number in busy else WAITING)
        return Row(task.target.name, FAILED if outcome.failed else FINISHED, outcome.reason)


def _units(task: Task) -> int:
    return max(1, task.series.frames)


def planned(catalog: Catalog, folder: Path, recipe: Recipe) -> list[Task]:
    """Return a task for every series with pictures, in the order of the catalogue.

    Raises UsageError for a recipe that names no single files.
    """
    if recipe.dataset:
        raise UsageError(
            "A data set is split by patient as a whole; write it with export --dataset --recipe."
        )
    check_format(recipe)
    named = named_series(catalog, folder.absolute(), recipe)
    return [Task(number, *pair, recipe) for number, pair in enumerate(named, 1)]


def batch(
    catalog: Catalog, folder: Path, recipe: Recipe, options: BatchOptions | None = None
) -> Job[BatchResult]:
    """Run a recipe over every series of a catalogue into a folder.

    What one series cannot give stops none of the others. Stopped, it leaves what is finished and
    nothing half-written. `progress.partial` is a `Row` for every series, now and then. Raises
    UsageError for a recipe that cannot be followed, WriteError where nothing can be written at all,
    or while another batch runs in the folder.
    """
    options = options or BatchOptions()
    if not 1 <= options.workers <= MOST_WORKERS:
        raise UsageError(f"--workers takes 1 to {MOST_WORKERS} processes.")
    folder = folder.absolute()
    state = State(folder)
    state.load()
    tasks = planned(without_results(catalog, folder, state.names), folder, recipe)
    if not tasks:
        raise UsageError("There are no pictures here; choose other files or folders.")
    _check_apart(tasks)
    make_folder(folder)
    lock = _locked(folder)
    try:
        _check_summaries(folder, state, options)
        result = yield from _locked_batch(folder, tasks, state, options)
    finally:
        lock.release()
    return result


def _locked_batch(
    folder: Path, tasks: list[Task], state: State, options: BatchOptions
) -> Job[BatchResult]:
    _clear(folder)
    whole = _Run(tasks)
    state.load()  # again: a batch that was running may have ended since
    keys = {task.number: key_of(task) for task in tasks}
    try:
        if options.resume:
            yield from _finished_before(whole, state, keys)
        yield from _refuse_foreign(whole, state, options)
        left = [task for task in tasks if task.number not in whole.outcomes]
        state.begin((task.target.name for task in left), anew=not options.resume)
        if left:
            yield from _run(whole, left, state, keys, options)
    finally:
        state.close()
        _clear(folder)
    sources = tuple(task.series.paths[0] for task in tasks)
    outcomes = tuple(whole.outcomes[task.number] for task in tasks)
    html, csv = write_summary(folder, outcomes, tasks, options.name)
    return BatchResult(folder, outcomes, sources, frozenset(whole.kept), html, csv)


def _finished_before(whole: _Run, state: State, keys: dict[int, str]) -> Job[None]:
    for task in whole.tasks:
        outcome = yield from state.finished(task, keys[task.number])
        if outcome is not None:
            whole.settle(task, outcome)
            whole.kept.add(task.number)
        yield whole.progress()


def _refuse_foreign(whole: _Run, state: State, options: BatchOptions) -> Job[None]:
    """Leave out series whose target is a file of others."""
    for task in whole.tasks:
        if task.number in whole.outcomes or state.is_ours(task.target):
            continue
        try:
            yield from check_free(task.target, overwrite=options.overwrite)
        except StudioError as error:
            whole.settle(task, Outcome(task.number, task.target.name, str(error)))


def _run(
    whole: _Run, left: Sequence[Task], state: State, keys: dict[int, str], options: BatchOptions
) -> Job[None]:
    """Run tasks until each has an outcome."""
    runner = _runner(options)
    answers: queue.SimpleQueue[Future[Outcome]] = queue.SimpleQueue()
    try:
        for task in left:
            _submit(whole, runner, task, answers)
        while whole.running:
            yield whole.progress()
            runner.poll()
            try:
                future = answers.get(timeout=_PATIENCE)
            except queue.Empty:
                continue
            task = whole.running.pop(future)
            outcome = _answer(future, task, whole)
            if outcome is None:
                _submit(whole, runner, task, answers)
                continue
            whole.settle(task, outcome)
            if not outcome.failed:
                state.add(keys[task.number], outcome)
        yield whole.progress()
    finally:
        runner.close()


def _runner(options: BatchOptions) -> Runner:
    return ClusterRunner(options.scheduler) if options.scheduler else LocalRunner(options.workers)


def _submit(
    whole: _Run, runner: Runner, task: Task, answers: queue.SimpleQueue[Future[Outcome]]
) -> None:
    future = runner.submit(task)
    whole.running[future] = task
    whole.attempts[task.number] = whole.attempts.get(task.number, 0) + 1
    future.add_done_callback(answers.put)


def _answer(future: Future[Outcome], task: Task, whole: _Run) -> Outcome | None:
    """Return what came of a task, None where its worker was lost and it is to be done again."""
    try:
        return replace(future.result(), number=task.number)
    except WorkerLostError as error:
        if whole.attempts[task.number] < _ATTEMPTS:
            return None
        return Outcome(task.number, task.target.name, str(error))
    except StudioError as error:
        return Outcome(task.number, task.target.name, str(error))


def _check_summaries(folder: Path, state: State, options: BatchOptions) -> None:
    """Raise WriteError where a file that no batch wrote has the name of a summary."""
    found = [name for name in (HTML, CSV) if (folder / name).exists()]
    if found and not state.names and not options.overwrite:
        raise WriteError(
            f"{found[0]} in this folder is no summary of a batch and would be lost; choose another"
            " folder, or allow it to be replaced (--overwrite)."
        )


def _check_apart(tasks: Sequence[Task]) -> None:
    """Raise UsageError where a file that is written would take the place of a source."""
    sources = {path for task in tasks for path in task.series.paths}
    if any(str(task.target) in sources for task in tasks):
        raise UsageError("The folder holds the sources themselves; choose another one for --out.")


def _locked(folder: Path) -> FileLock:
    lock = FileLock(folder / LOCK)
    try:
        taken = lock.take()
    except OSError as error:
        raise write_failure(folder, error) from error
    if not taken:
        raise WriteError("Another batch is running in this folder; wait for it, or stop it.")
    return lock


def _clear(folder: Path) -> None:
    """Remove what workers that were ended left half-written; nobody else writes here now."""
    clear_left_behind(folder, age=0.0)
