"""A Dask cluster for tests: a scheduler and workers, each a process of its own."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TypeAlias

import pytest

Cluster: TypeAlias = tuple[str, list["subprocess.Popen[bytes]"]]


def _address(told: Path, scheduler: subprocess.Popen[bytes]) -> str:
    """Wait until the scheduler has written where it is, and return that."""
    while scheduler.poll() is None:
        with contextlib.suppress(FileNotFoundError, json.JSONDecodeError):  # not there, or half
            address: str = json.loads(told.read_text())["address"]
            return address
        time.sleep(0.05)
    pytest.fail("the scheduler did not start")


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    """A Dask scheduler and two workers, each a process of its own."""
    pytest.importorskip("distributed")
    told = tmp_path / "scheduler.json"
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}

    def begun(what: str, *words: str) -> subprocess.Popen[bytes]:
        code = f"from distributed.cli.dask_{what} import main; main()"
        command = [
            sys.executable,
            "-W",
            "ignore",
            "-c",
            code,
            "--scheduler-file",
            str(told),
            *words,
        ]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        return subprocess.Popen(command, env=environment, cwd=tmp_path, **quiet)

    scheduler = begun("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")
    one = ("--nthreads", "1", "--no-nanny", "--no-dashboard")
    workers = [begun("worker", *one) for _ in range(2)]
    try:
        yield _address(told, scheduler), workers
    finally:
        for process in (*workers, scheduler):
            process.kill()
            process.wait()
