"""The tests, on a screen of their own."""

from __future__ import annotations

import os
from pathlib import Path

from . import display, places, processes

# Hundreds of tests start the program as a process of its own: its modules are compiled once, also
# where the environment forbids to keep them. An empty value is as none.
KEPT_COMPILED = {"PYTHONDONTWRITEBYTECODE": ""}


def command(options: list[str]) -> list[str | Path]:
    """Return the command that runs pytest on two processes.

    A file's tests stay together, so that what its fixtures make is made once.
    """
    return [places.python(), "-m", "pytest", "-n", "2", "--dist", "loadfile", *options]


def run(options: list[str]) -> int:
    """Run pytest and return its exit status."""
    with display.for_tests() as variables:
        environment = os.environ | KEPT_COMPILED | variables
        return processes.call(command(options), cwd=places.ROOT, environment=environment)
