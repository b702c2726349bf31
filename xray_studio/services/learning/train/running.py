"""A training as a job of the program: curves after each epoch, and the memory it takes."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from xray_studio.core.errors import UsageError
from xray_studio.core.files import write_failure
from xray_studio.core.job import Job, Progress, passed_on
from xray_studio.core.learning.input_spec import InputSpec
from xray_studio.services.learning.train.alone import alone
from xray_studio.services.learning.train.curves import write_curves

if TYPE_CHECKING:
    from xray_studio.ai.compute import Compute
    from xray_studio.ai.training import Plan, Task
    from xray_studio.ai.training.state import State

_PROGRAM: Final = 700 << 20  # bytes: PyTorch and this program
_COPIES: Final = 2  # of all films, while they are put together
_MAPS: Final = 30  # of the size of the stem's output are kept for one picture's gradient


def prepare(out: Path) -> None:
    """Make the folder of a training. Raises UsageError, WriteError where it cannot be."""
    if out.exists() and not out.is_dir():
        raise UsageError(f"{out.name} is a file; name a folder for the training.")
    if not out.absolute().parent.is_dir():
        raise UsageError(f"The folder that {out.name} is to stand in does not exist; create it.")
    try:
        out.mkdir(exist_ok=True)
    except OSError as error:
        raise write_failure(out, error) from error


def run_training(task: Task, plan: Plan, compute: Compute, out: Path) -> Job[State]:
    """Train, or go on, and keep the learning curves in `out` up to date.

    Raises UsageError while another process trains in `out`.
    """
    from xray_studio.ai.training import train

    def told(progress: Progress) -> Progress:
        if progress.partial:
            write_curves(out, progress.partial)
        return progress

    with alone(out):
        state = yield from passed_on(train(task, plan, compute, out), told)
        write_curves(out, state.history)
    return state


def memory_stated(needed: int) -> Progress:
    """Return what is said of the memory that training takes, in bytes."""
    return Progress(message=f"Training takes at most about {needed >> 20:,} MB of memory")


def memory_facts(needed: int) -> dict[str, int]:
    """Return megabytes of memory: those that were stated, and the most that were taken."""
    return {"stated": needed >> 20, "peak": memory_peak() >> 20}


def memory_needed(films: int, spec: InputSpec, width: int, batch: int) -> int:
    """Return the bytes of memory that training takes at most, about: films, maps and program."""
    pixels = spec.rows * spec.columns
    return _PROGRAM + _COPIES * films * pixels + batch * _MAPS * width * pixels // 4 * 4


def memory_with_seen(
    films: int, spec: InputSpec, seen: tuple[int, int, int], batch: int, versions: int
) -> int:
    """Return the bytes that training on what a trunk sees takes at most, about.

    `seen` is what it sees in one film, channels, rows and columns, kept in `versions` of 2 bytes.
    """
    numbers = seen[0] * seen[1] * seen[2]
    learning = batch * _MAPS * 4 * numbers
    return (
        _PROGRAM + films * (_COPIES * spec.rows * spec.columns + 2 * versions * numbers) + learning
    )


def memory_peak() -> int:
    """Return the most bytes of memory that this process has had; 0 where nobody tells."""
    try:
        import resource
    except ImportError:  # Windows
        return 0
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
