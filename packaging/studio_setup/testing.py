"""The tests, on a screen of their own."""

from __future__ import annotations

import os

from . import display, places, processes


def run(options: list[str]) -> int:
    """Run pytest on two processes and return its exit status."""
    command = [str(places.python()), "-m", "pytest", "-n", "2", *options]
    with display.for_tests() as variables:
        return processes.call(command, cwd=places.ROOT, environment=os.environ | variables)
