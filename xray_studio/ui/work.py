"""Jobs in threads: JobThread runs one job, JobRunner keeps them, in lanes, until they end.

A lane runs its jobs one after the other; different lanes run side by side. Signals arrive in the
window's thread. Nothing runs on after `shutdown`.
"""

from __future__ import annotations

import contextlib
import logging
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QObject, QThread, Signal, Slot

from xray_studio.core.errors import StudioError
from xray_studio.core.job import Cancelled, Job, Progress, run
from xray_studio.core.share import considerate

PROGRESS_INTERVAL = 0.05
log = logging.getLogger(__name__)


class JobThread(QThread):
    """Runs one job to its end. Progress is passed on at most twenty times a second."""

    progressed = Signal(object, object)
    succeeded = Signal(object, object)
    failed = Signal(object, object)
    ended = Signal(object)

    def __init__(self, task: Task, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._task = task
        self._cancelled = threading.Event()
        self._last = 0.0

    def cancel(self) -> None:
        """Ask the job to stop at its next progress value."""
        self._cancelled.set()

    def run(self) -> None:
        """Run the job; called by Qt in the new thread."""
        share = considerate() if self._task.gives_way else contextlib.nullcontext()
        try:
            with share:
                result = run(self._task.job, self._report, self._cancelled)
        except Cancelled:
            log.debug("a job was stopped")
        except StudioError as error:
            self.failed.emit(self._task, error)
        except Exception as error:  # noqa: BLE001 - a job may raise anything; the window stays
            # The message of a foreign error could hold file content; where it happened cannot.
            log.error("%s in a job at %s", type(error).__name__, _place(error))  # noqa: TRY400
            sentence = f"This did not work ({type(error).__name__})."
            self.failed.emit(self._task, StudioError(sentence))
        else:
            self.succeeded.emit(self._task, result)
        finally:
            self.ended.emit(self._task)

    def _report(self, progress: Progress) -> None:
        now = time.monotonic()
        due = now - self._last >= PROGRESS_INTERVAL or progress.done == progress.total > 0
        # A partial result comes once and is never left out.
        if due or progress.partial is not None:
            self._last = now
            self.progressed.emit(self._task, progress)


@dataclass(eq=False, slots=True)
class Task:
    """A job known to the runner. `title` is shown in the jobs bar when `visible`.

    `discreet` stands in for it while patient identity is hidden: names of folders tell who it is.
    """

    title: str
    lane: str
    job: Job[Any]
    visible: bool = True
    gives_way: bool = False
    on_result: Callable[[Any], None] | None = None
    on_progress: Callable[[Progress], None] | None = None
    on_error: Callable[[StudioError], None] | None = None
    thread: JobThread | None = None
    progress: Progress = field(default_factory=Progress)
    started: float = 0.0
    error: StudioError | None = None
    done: bool = False
    discreet: str = ""

    def words(self, *, hidden: bool) -> str:
        """Return what to call the job on screen."""
        return self.discreet if hidden and self.discreet else self.title


class JobRunner(QObject):
    """Starts jobs, holds them, tells about them, stops them."""

    added = Signal(object)
    progressed = Signal(object)
    ended = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lanes: dict[str, deque[Task]] = {}
        self._closing = False

    @property
    def tasks(self) -> list[Task]:
        """Tasks running and waiting."""
        return [task for lane in self._lanes.values() for task in lane]

    def start(
        self,
        job: Job[Any],
        *,
        title: str,
        lane: str,
        visible: bool = True,
        replace: bool = False,
        gives_way: bool = False,
        discreet: str = "",
        on_result: Callable[[Any], None] | None = None,
        on_progress: Callable[[Progress], None] | None = None,
        on_error: Callable[[StudioError], None] | None = None,
    ) -> Task:
        """Queue a job in a lane; `replace` first cancels everything in the lane.

        The helper threads of a job that keeps the machine busy (an encoder's) can give way to the
        window.
        """
        if replace:
            self.cancel_lane(lane)
        task = Task(title, lane, job, visible, gives_way, on_result, on_progress, on_error)
        task.discreet = discreet
        if self._closing:
            job.close()
            return task
        queue = self._lanes.setdefault(lane, deque())
        queue.append(task)
        self.added.emit(task)
        if len(queue) == 1:
            self._begin(task)
        return task

    def cancel(self, task: Task) -> None:
        """Stop a task: at once when it waits, at its next step when it runs.

        A task that ends well before it comes to its next step still tells its result: what it has
        written is there.
        """
        task.on_progress = task.on_error = None
        if task.thread is not None:
            task.thread.cancel()
        elif task in self._lanes.get(task.lane, ()):
            self._lanes[task.lane].remove(task)
            task.job.close()
            self._finish(task)

    def cancel_lane(self, lane: str) -> None:
        """Stop every task of a lane; nobody wants their results any more."""
        for task in list(self._lanes.get(lane, ())):
            self.give_up(task)

    def give_up(self, task: Task) -> None:
        """Stop a task whose result nobody wants any more, also where it ends well before that."""
        task.on_result = None
        self.cancel(task)

    def shutdown(self) -> None:
        """Stop everything and wait until it has stopped."""
        self._closing = True
        tasks = self.tasks
        for task in tasks:
            self.give_up(task)
        for task in tasks:
            if task.thread is not None:
                task.thread.wait()
        self._lanes.clear()

    def _begin(self, task: Task) -> None:
        thread = JobThread(task, self)
        task.thread, task.started = thread, time.monotonic()
        # Slots of this object, not lambdas: Qt then drops what arrives after it is gone.
        thread.progressed.connect(self._on_progress)
        thread.succeeded.connect(self._on_result)
        thread.failed.connect(self._on_error)
        thread.ended.connect(self._next)
        thread.start(QThread.Priority.LowPriority)

    @Slot(object, object)
    def _on_progress(self, task: Task, progress: Progress) -> None:
        task.progress = progress
        if task.on_progress is not None:
            task.on_progress(progress)
        self.progressed.emit(task)

    @Slot(object, object)
    def _on_result(self, task: Task, result: object) -> None:
        task.done = True
        if task.on_result is not None:
            task.on_result(result)

    @Slot(object, object)
    def _on_error(self, task: Task, error: StudioError) -> None:
        task.error = error
        if task.on_error is not None:
            task.on_error(error)

    @Slot(object)
    def _next(self, task: Task) -> None:
        thread, task.thread = task.thread, None
        if thread is not None:
            thread.wait()
            thread.deleteLater()
        queue = self._lanes.get(task.lane)
        if queue is not None:
            with contextlib.suppress(ValueError):
                queue.remove(task)
        self._finish(task)
        if queue and queue[0].thread is None and not self._closing:
            self._begin(queue[0])

    def _finish(self, task: Task) -> None:
        if not self._closing:
            self.ended.emit(task)


def _place(error: Exception) -> str:
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{frame.filename}:{frame.lineno}"
