"""Fixtures shared by all tests."""

from __future__ import annotations

import contextlib
import itertools
import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.forked import Nursery, can_fork
from tests.services.clusters import cluster  # noqa: F401 - a fixture, which pytest finds here
from tests.services.demonstrations import (  # noqa: F401 - fixtures, which pytest finds here
    demonstration_cache,
    small_demonstration,
)
from tests.video.hard_clips import hard_clips  # noqa: F401 - a fixture, which pytest finds here
from xray_studio.core import workers
from xray_studio.core.workers import child

PROJECT = Path(__file__).resolve().parents[1]
SHARED_DATA = PROJECT.parent / "shared" / "data"

# A busy machine is no error: no test asserts how long an example takes. And one state of the
# project always gets one verdict; HYPOTHESIS=search looks for examples that no run has met.
settings.register_profile("same", deadline=None, derandomize=True)
settings.register_profile("search", deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS", "same"))


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real studies beside the project; the test is skipped without it."""
    if not SHARED_DATA.is_dir():
        pytest.skip("../shared/data is not here: real studies are not part of the project")
    return SHARED_DATA


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery | None]:
    """The processes from which workers are forked; None where the system cannot do it."""
    if not can_fork():
        yield None
        return
    with contextlib.closing(Nursery()) as made:
        yield made


@pytest.fixture(autouse=True)
def _forked_workers(request: pytest.FixtureRequest, nursery: Nursery | None) -> Iterator[None]:
    """Fork worker processes, but for tests of how they start."""
    if nursery is None or request.node.get_closest_marker("started_workers"):
        yield
        return
    with pytest.MonkeyPatch.context() as here:
        here.setattr(child, "start_process", nursery.start_process)
        yield


@pytest.fixture(autouse=True)
def _nothing_outlives_its_test() -> Iterator[None]:
    """Stop the shared worker processes and name any thread that a test left behind."""
    before = set(threading.enumerate())
    yield
    workers.shutdown_shared()
    left = [t for t in threading.enumerate() if t not in before and _is_ours(t)]
    assert not left, f"threads left running: {[t.name for t in left]}"


def _is_ours(thread: threading.Thread) -> bool:
    # Python's stand-in for a QThread that logged something stays in its list after the end.
    return thread.is_alive() and type(thread).__name__ != "_DummyThread"


@pytest.fixture
def heard_signals() -> Iterator[None]:
    """Let signals be heard as in a terminal, however the tests were started (nohup, background)."""
    names = [name for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = {name: signal.getsignal(getattr(signal, name)) for name in names}
    for name in names:
        usual = signal.default_int_handler if name == "SIGINT" else signal.SIG_DFL
        signal.signal(getattr(signal, name), usual)
    yield
    for name, handler in before.items():
        signal.signal(getattr(signal, name), handler)


@pytest.fixture(autouse=True)
def _own_folders(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep settings and cache of the person who runs the tests out of reach.

    Each test has its own settings and data. `mktemp` would look through the folders of all tests
    before it for the next number.
    """
    base = tmp_path_factory.getbasetemp()
    for name in ("config", "data"):
        own = base / "own" / str(next(_number)) / name
        own.mkdir(parents=True)
        monkeypatch.setenv(f"XRAY_STUDIO_{name.upper()}", str(own))
    monkeypatch.setenv("XRAY_STUDIO_LOG", str(base / "log"))
    monkeypatch.setenv("XRAY_STUDIO_CACHE", str(base / "cache"))


_number = itertools.count()
