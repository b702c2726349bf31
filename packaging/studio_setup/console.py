"""What the set-up says: plain lines on standard error, and errors that end it."""

from __future__ import annotations

import sys


class SetupError(Exception):
    """Ends the set-up; its message is one line: what is wrong and what to do."""


def say(line: str) -> None:
    """Print one line on standard error, so that standard output stays the program's own."""
    print(line, file=sys.stderr, flush=True)


class Counter:
    """Shows "3 of 24: numpy" on one line that is written over; silent where nobody watches."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.count = 0
        self.shown = sys.stderr.isatty()

    def step(self, name: str) -> None:
        """Count one more and show its name."""
        self.count += 1
        self._write(f"  {min(self.count, self.total)} of {self.total}: {name}")

    def close(self) -> None:
        """Clear the line."""
        self._write("")

    def _write(self, text: str) -> None:
        if self.shown:
            sys.stderr.write(f"\r\x1b[K{text}")
            sys.stderr.flush()
