"""Workers that tests fork are as those that the program starts, and as sure to end."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.core.test_workers import crash, eat, hang
from tests.forked import STARTED, Nursery, can_fork
from xray_studio.core.workers import WorkerLostError, WorkerPool, child

pytestmark = [
    pytest.mark.skipif(not can_fork(), reason="workers are forked on Linux alone"),
    pytest.mark.started_workers,  # these tests fork theirs themselves
]


@pytest.fixture
def forks(monkeypatch: pytest.MonkeyPatch) -> Iterator[Nursery]:
    nursery = Nursery()
    monkeypatch.setattr(child, "start_process", nursery.start_process)
    yield nursery
    nursery.close()


def state(variable: str) -> dict[str, Any]:
    """Return what this process has of its own."""
    import resource

    return {
        "variable": os.environ.get(variable),
        "folder": str(Path.cwd()),
        "memory": resource.getrlimit(resource.RLIMIT_DATA),
        "signals": [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGPROF)],
        "files": [_kind(number) for number in range(16)],
        "threads": len(list(Path("/proc/self/task").iterdir())),
    }


def _kind(number: int) -> str | None:
    """Return what an open file is: its name, or its kind where that has none."""
    try:
        return str(Path(f"/proc/self/fd/{number}").readlink()).split(":")[0]
    except OSError:
        return None


def test_a_forked_worker_is_as_a_started_one(
    forks: Nursery, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    told = []
    for start in (forks.start_process, STARTED):
        folder = tmp_path / "here"
        folder.mkdir(exist_ok=True)
        monkeypatch.chdir(folder)
        monkeypatch.setenv("OF_THIS_TEST", "set after the first")
        monkeypatch.setattr(child, "start_process", start)
        with WorkerPool(1) as pool:
            told.append(pool.submit(state, "OF_THIS_TEST").result())
    assert told[0] == told[1]
    assert told[0]["variable"] == "set after the first"


def test_it_crashes_hangs_and_asks_for_too_much_as_one(forks: Nursery) -> None:
    with WorkerPool(1, time_limit=0.1) as pool:
        for function in (crash, hang):
            with pytest.raises(WorkerLostError, match="crashed or took too long"):
                pool.call(function)
        pool.time_limit = 60.0
        with pytest.raises(Exception, match="more memory than is allowed"):
            pool.call(eat, 1 << 30)
        assert pool.call(eat, 10) == 10


def test_it_ends_with_its_pool(forks: Nursery) -> None:
    with WorkerPool(1) as pool:
        number = pool.submit("os:getpid").result()
        os.kill(number, 0)
    assert not Path(f"/proc/{number}/exe").exists()


def test_without_its_seed_the_reason_is_told_and_the_next_call_has_another(forks: Nursery) -> None:
    with WorkerPool(1) as pool:
        first = pool.submit("os:getppid").result()
        os.kill(first, signal.SIGKILL)
        with pytest.raises(WorkerLostError):
            pool.call(crash)
        with pytest.raises(WorkerLostError, match="No process could be started"):
            pool.call(eat, 10)
        assert pool.call(eat, 10) == 10
