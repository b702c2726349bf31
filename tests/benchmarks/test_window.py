"""What only a real window or a fresh program shows: playback, peers, event loop, memory, start.

Each test runs the script beside this file that measures it, alone, and prints what it says.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

HERE = Path(__file__).parent
LIMIT = 900.0  # seconds


@pytest.mark.parametrize(
    "command",
    [
        ("bench_start.py",),
        ("bench_peers.py",),
        ("bench_grid.py",),
        ("bench_playback.py",),
        ("bench_eventloop.py",),
        ("bench_scan.py", "--memory"),
        ("bench_export.py", "--memory"),
    ],
    ids=" ".join,
)
def test_script(
    command: tuple[str, ...], benchmark: BenchmarkFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    screen = ["xvfb-run", "-a"] if shutil.which("xvfb-run") else []
    line = [*screen, sys.executable, str(HERE / command[0]), *command[1:]]

    def measure() -> str:
        done = subprocess.run(line, check=True, capture_output=True, text=True, timeout=LIMIT)
        return done.stdout

    benchmark.group = "scripts, whole"
    said = benchmark.pedantic(measure, rounds=1)
    with capsys.disabled():
        sys.stdout.write(f"\n{' '.join(command)}\n{said}\n")
