"""Job: a generator whose every `yield` is a progress value and a place to stop.

`yield from` composes jobs. Closing the generator cancels it: `finally` blocks undo what is half
done. Nothing here knows threads, so each stopping point can be tested by itself.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any, TypeVar

from xray_studio.core.errors import StudioError

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job is.

    `done` of `total` units (`total` 0: not known yet); `message` says what is being done;
    `partial` is the result so far, where a job can show one. Where files are what takes the time,
    `bytes` of `all_bytes` stand for the units.
    """

    done: int = 0
    total: int = 0
    message: str = ""
    partial: Any = None
    bytes: int = 0
    all_bytes: int = 0

    @property
    def fraction(self) -> float | None:
        """0 to 1, or None while the total is not known."""
        return min(1.0, self.done / self.total) if self.total > 0 else None


Job = Generator[Progress, None, T]


class Cancelled(StudioError):  # noqa: N818 - a stop that was asked for is not an error
    """The job was stopped because the user asked for it."""


def run(
    job: Job[T],
    on_progress: Callable[[Progress], None] | None = None,
    cancelled: threading.Event | None = None,
) -> T:
    """Run a job to its end and return its result.

    Raises Cancelled as soon as `cancelled` is set; the job's `finally` blocks have run by then.
    """
    try:
        while True:
            try:
                progress = next(job)
            except StopIteration as stop:
                result: T = stop.value
                return result
            if on_progress is not None:
                on_progress(progress)
            if cancelled is not None and cancelled.is_set():
                raise Cancelled("Stopped.")
    finally:
        job.close()


def passed_on(job: Job[T], told: Callable[[Progress], Progress]) -> Job[T]:
    """Run a job within another one, its progress told in the other's words."""
    try:
        while True:
            try:
                progress = next(job)
            except StopIteration as stop:
                result: T = stop.value
                return result
            yield told(progress)
    finally:
        job.close()


def finished(value: T) -> Job[T]:
    """Wrap a value that needs no work as a job."""
    yield from ()
    return value


@dataclass(slots=True)
class TimeLeft:
    """Estimates the seconds left from progress values and a clock in seconds."""

    started: float
    fraction: float = 0.0
    now: float = 0.0

    def update(self, progress: Progress, now: float) -> float | None:
        """Return the seconds left, or None while there is too little to tell."""
        self.now, self.fraction = now, progress.fraction or 0.0
        elapsed = now - self.started
        if self.fraction <= 0.0 or elapsed < 0.5:
            return None
        return elapsed * (1.0 - self.fraction) / self.fraction
