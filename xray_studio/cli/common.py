"""What every command shares: options, messages, progress, and running a job to its end."""

from __future__ import annotations

import contextlib
import os
import re
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, TextIO, TypeVar

import typer

from xray_studio.core.errors import UsageError
from xray_studio.core.json_text import json_text
from xray_studio.core.plain_text import in_one_line
from xray_studio.core.size_words import byte_words
from xray_studio.core.time_words import duration_words

if TYPE_CHECKING:
    from xray_studio.core.job import Job, Progress

T = TypeVar("T")

DONE, FAILED, WRONG_USAGE, IN_PART, INTERRUPTED = 0, 1, 2, 3, 130

Sources = Annotated[list[str], typer.Argument(metavar="SRC...", show_default=False)]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Show no progress.")]
Center = Annotated[
    tuple[float, float] | None,
    typer.Option("--window", metavar="CENTER WIDTH", help="Window, as in DICOM."),
]
Voi = Annotated[
    int | None,
    typer.Option("--voi", metavar="N", help="The file's windows, then its VOI tables, from 1."),
]
NoVoi = Annotated[bool, typer.Option("--no-voi", help="Show the full range of the pixel data.")]
Overwrite = Annotated[
    bool, typer.Option("--overwrite", help="Replace a file that is there, whoever wrote it.")
]
Invert = Annotated[bool, typer.Option("--invert", help="Show dark as bright.")]
Switch = Literal["on", "off"]
Planes = Annotated[Switch, typer.Option("--planes", help="Overlay planes of the file.")]
Shutter = Annotated[Switch, typer.Option("--shutter", help="Display shutter of the file.")]
Colormap = Annotated[
    str,
    typer.Option("--colormap", metavar="NAME", help="Grey in colours: hot-iron, pet, viridis, ..."),
]
Icc = Annotated[Switch, typer.Option("--icc", help="Colours by the file's ICC profile.")]

_MOMENT = 2.0  # seconds
_STEPS = 4  # messages on the way to the end where there is no terminal


def complain(message: str) -> None:
    """Say on standard error, in one line, what is wrong and what to do."""
    _tell(f"xray-studio: {' '.join(message.split())}")


def complain_line(line: str) -> None:
    """Say a line on standard error as it is, as one of a traceback."""
    _tell(line)


def say(text: str = "") -> None:
    """Print a line of the answer."""
    with answering():
        _write(sys.stdout, in_one_line(text))


def sides_of(size: str) -> tuple[int, int]:
    """Return columns and rows of "1920x1080", as --size takes them. Raises UsageError."""
    found = re.fullmatch(r"(\d{1,6})x(\d{1,6})", size.strip().lower(), re.ASCII)
    if found is None:
        raise UsageError(f"--size {size[:40]} is no size; write it as 1920x1080.")
    return int(found[1]), int(found[2])


def say_json(value: dict[str, Any]) -> None:
    """Print the answer as one JSON object, in ASCII so that any name and any terminal does.

    What is no finite number is null.
    """
    with answering():
        _write(sys.stdout, json_text(value))


def _tell(line: str) -> None:
    """Write a line on standard error, if that takes one: the answer is worth more than it."""
    try:
        _write(sys.stderr, in_one_line(line))
        sys.stderr.flush()
    except OSError:
        forget(sys.stderr)


def _write(stream: TextIO, text: str) -> None:
    """Write a line; letters that the terminal cannot say are escaped."""
    coding = stream.encoding or "utf-8"
    stream.write(text.encode(coding, "backslashreplace").decode(coding) + "\n")


@contextlib.contextmanager
def answering() -> Iterator[None]:
    """Raise WriteError when standard output takes no more; a reader that left stays as it is."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        from xray_studio.core.files import write_failure

        forget(sys.stdout)
        raise write_failure(Path("The answer"), error) from error


def ended(answered: object, failed: Sequence[tuple[str, str]]) -> int:
    """Name files that failed, and return the exit code: 3 in part, 1 where nothing is answered."""
    for path, why in failed:
        complain(f"{path}: {why}")
    if not answered:
        return FAILED
    return IN_PART if failed else DONE


def forget(stream: TextIO) -> None:
    """Send what a stream still holds nowhere: whoever read it has gone, or its disk is full."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def fill_streams() -> None:
    """Open standard streams that were closed: else the next files opened would take their place."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_RDWR), mode))


def run_job(
    job: Job[T], *, quiet: bool, on_progress: Callable[[Progress], None] | None = None
) -> T:
    """Run a job to its end with progress on standard error, and return its result."""
    from xray_studio.core.job import run

    shown = _Silent() if quiet else _Bar() if sys.stderr.isatty() else _Lines()

    def tell(progress: Progress) -> None:
        with contextlib.suppress(OSError):  # a terminal that is gone
            shown.show(progress)
        if on_progress is not None:
            on_progress(progress)

    try:
        return run(job, tell)
    finally:
        with contextlib.suppress(OSError):
            shown.close()


def _count(progress: Progress) -> str:
    """Return "12 of 96" or "1.2 GB of 5.0 GB", what is done alone where the whole is not known."""
    if progress.all_bytes:
        return f"{byte_words(progress.bytes)} of {byte_words(progress.all_bytes)}"
    if progress.total:
        return f"{progress.done:,} of {progress.total:,}"
    return f"{progress.done:,}" if progress.done else ""


class _Silent:
    def show(self, progress: Progress) -> None:
        """Show nothing."""

    def close(self) -> None:
        """Nothing is left to do."""


class _Lines(_Silent):
    """Progress for logs: a line when something new begins, and at each quarter of it.

    What takes longer than a moment tells the time that is left, as it went so far.
    """

    def __init__(self) -> None:
        self._steps: dict[str, int] = {}
        self._begun: dict[str, tuple[float, float]] = {}

    def show(self, progress: Progress) -> None:
        message, step = progress.message, int((progress.fraction or 0.0) * _STEPS)
        if not message or self._steps.get(message, -1) >= step:
            return
        self._steps[message] = step
        count = f" {_count(progress)}" if progress.done else ""
        _tell(f"{message}{count}{self._left(message, progress.fraction or 0.0)}")

    def _left(self, message: str, fraction: float) -> str:
        now = time.monotonic()
        begun, first = self._begun.setdefault(message, (now, fraction))
        spent, gone = now - begun, fraction - first
        if spent < _MOMENT or gone <= 0.0 or fraction >= 1.0:
            return ""
        return f", about {duration_words(spent * (1.0 - fraction) / gone)} left"


class _Bar(_Silent):
    """Progress in a terminal: what, how far, time left."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, TextColumn, TimeRemainingColumn
        from rich.progress import Progress as RichProgress

        count = TextColumn("{task.fields[count]}", markup=False)
        columns = (TextColumn("{task.description}"), BarColumn(), count)
        # Drawn at each step: a refreshing thread of its own would outlive the job by a moment.
        self._bar = RichProgress(
            *columns,
            TimeRemainingColumn(),
            console=Console(stderr=True),
            transient=True,
            auto_refresh=False,
        )
        self._task = self._bar.add_task("", total=None, count="")
        self._bar.start()
        self._next = 0.0

    def show(self, progress: Progress) -> None:
        now = time.monotonic()
        if now < self._next and progress.done != progress.total:
            return
        self._next = now + 0.05
        total = progress.total or None
        self._bar.update(
            self._task,
            description=progress.message,
            completed=progress.done,
            total=total,
            count=_count(progress),
            refresh=True,
        )

    def close(self) -> None:
        self._bar.stop()
