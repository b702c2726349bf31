"""Everything that must hold before a change is taken: each check named, with its time."""

from __future__ import annotations

import time
from collections.abc import Callable

from . import places, processes, testing
from .console import say


def run() -> int:
    """Run every check in order, then sum up; 0 when all passed."""
    results = [(name, *_timed(name, work)) for name, work in _steps()]
    say("")
    for name, seconds, status in results:
        say(f"{'failed' if status else 'passed'}  {seconds:6.1f} s  {name}")
    return int(any(status for _, _, status in results))


def _steps() -> list[tuple[str, Callable[[], int]]]:
    python = str(places.python())
    return [
        ("format", lambda: _call(python, "-m", "ruff", "format", "--check", ".")),
        ("lint", lambda: _call(python, "-m", "ruff", "check", ".")),
        ("types", lambda: _call(python, "-m", "mypy")),
        ("import contracts", lambda: _call(str(places.scripts() / "lint-imports"))),
        ("tests", lambda: testing.run([])),
    ]


def _timed(name: str, work: Callable[[], int]) -> tuple[float, int]:
    say(f"\n{name}")
    start = time.perf_counter()
    status = work()
    return time.perf_counter() - start, status


def _call(*command: str) -> int:
    return processes.call(command, cwd=places.ROOT)
