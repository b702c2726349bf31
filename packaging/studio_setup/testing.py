"""The tests, on a screen of their own."""

from __future__ import annotations

import os
import subprocess

from . import display, places


def run(options: list[str]) -> int:
    """Run pytest on two processes and return its exit status."""
    command = [str(places.python()), "-m", "pytest", "-n", "2", *options]
    with display.for_tests() as variables:
        return subprocess.run(
            command, cwd=places.ROOT, env=os.environ | variables, check=False
        ).returncode
