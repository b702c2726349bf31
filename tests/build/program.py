"""A built program as its users have it: nothing of this checkout or of the caller's Python."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PATIENCE = 300
SETTLE = 30  # seconds in which a window is up


@dataclass(frozen=True)
class Program:
    """A command to start, a home of its own and the folders where programs are looked for."""

    command: Path
    home: Path
    path: str = ""

    def run(self, *words: str | Path) -> str:
        """Run to the end and return standard output; a failure shows what was said."""
        done = subprocess.run(
            [self.command, *words],
            cwd=self.home,
            env=self._environment(),
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        assert done.returncode == 0, f"{words}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        assert "Traceback" not in done.stderr
        return done.stdout

    def facts(self, *words: str | Path) -> Any:
        """Run a command that prints one JSON object and nothing else."""
        return json.loads(self.run(*words, "--json"))

    def open_window(self, *words: str | Path) -> tuple[int, str]:
        """Open the window, let it settle, ask it to end; return its status and what it said."""
        with subprocess.Popen(
            [self.command, *words],
            cwd=self.home,
            env=self._environment(),
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            try:
                _, said = process.communicate(timeout=SETTLE)
            except subprocess.TimeoutExpired:
                process.terminate()
                _, said = process.communicate(timeout=PATIENCE)
            else:
                raise AssertionError(f"the window closed by itself: {said}")
        return process.returncode, said

    def _environment(self) -> dict[str, str]:
        """Return few variables: no Python path, no folder of programs unless one was given."""
        kept = {name: os.environ[name] for name in ("DISPLAY", "SYSTEMROOT") if name in os.environ}
        screen = {} if "DISPLAY" in kept else {"QT_QPA_PLATFORM": "offscreen"}
        return {"HOME": str(self.home), "PATH": self.path, "LANG": "C.UTF-8"} | kept | screen
