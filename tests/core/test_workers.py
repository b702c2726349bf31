"""Worker processes: answers, errors, crashes, time and memory limits, order."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from xray_studio.core.errors import UnreadableError, UnsupportedError
from xray_studio.core.workers import Priority, WorkerLostError, WorkerPool, child, limits

pytestmark = pytest.mark.started_workers


def twice(array: np.ndarray) -> np.ndarray:
    return array * 2


def crash() -> None:
    os.abort()


def hang() -> None:
    time.sleep(3600)


def spin() -> None:
    while True:
        pass


def wait_for(path: str) -> None:
    while not Path(path).exists():
        time.sleep(0.01)


def refuse() -> None:
    raise UnsupportedError("Not this one.")


def eat(size: int) -> int:
    return len(bytearray(size))


def until(wanted: Callable[[], bool]) -> None:
    while not wanted():
        time.sleep(0.01)


def test_arrays_travel_both_ways() -> None:
    with WorkerPool(1) as pool:
        array = np.arange(1_000_000, dtype=np.uint16).reshape(1000, 1000)
        np.testing.assert_array_equal(pool.call(twice, array), array * 2)


def test_own_errors_come_back_as_they_are() -> None:
    with WorkerPool(1) as pool, pytest.raises(UnsupportedError, match="Not this one"):
        pool.call(refuse)


def test_any_other_error_is_told_without_its_name_and_words() -> None:
    with WorkerPool(1) as pool, pytest.raises(UnreadableError) as caught:
        pool.call(int, "Doe^Jane")
    assert str(caught.value) == "The file is damaged and cannot be read."


def test_a_crash_is_an_error_and_the_pool_goes_on() -> None:
    with WorkerPool(1) as pool:
        with pytest.raises(WorkerLostError):
            pool.call(crash)
        assert pool.call(eat, 10) == 10


@pytest.mark.parametrize("error", [OSError(24, "Too many open files"), RuntimeError("no thread")])
def test_a_process_that_cannot_start_is_an_error_and_the_pool_goes_on(
    monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    place = "subprocess.Popen" if isinstance(error, OSError) else "_Watchdog"
    with WorkerPool(1) as pool:
        with monkeypatch.context() as broken:
            broken.setattr(f"{child.__name__}.{place}", fail)
            with pytest.raises(WorkerLostError, match="No process could be started"):
                pool.call(eat, 10)
        assert pool.call(eat, 10) == 10


def test_a_thread_that_cannot_start_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    with WorkerPool(1) as pool:
        with monkeypatch.context() as broken:
            broken.setattr(threading.Thread, "start", fail)
            with pytest.raises(WorkerLostError, match="No process could be started"):
                pool.call(eat, 10)
        assert pool.call(eat, 10) == 10


def test_large_files_have_more_time(tmp_path: Path) -> None:
    file = tmp_path / "video"
    with file.open("wb") as video:
        video.truncate(100_000_000)
    assert limits.video_time(str(file)) == 20.0
    assert limits.time_for([str(file), str(file), str(tmp_path / "gone")], 1.0, 1e8) == 3.0


@pytest.mark.parametrize("endless", [hang, spin])
def test_a_hang_ends_at_the_time_limit(endless: Callable[[], None]) -> None:
    with WorkerPool(1, time_limit=0.1) as pool:
        with pytest.raises(WorkerLostError):
            pool.call(endless)
        pool.time_limit = 60.0
        assert pool.call(eat, 10) == 10


@pytest.mark.skipif(os.name == "nt", reason="limits of POSIX")
def test_time_that_passes_while_others_work_is_not_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "PATIENCE", 600.0)
    with WorkerPool(1, time_limit=0.2) as pool:
        assert pool.submit(time.sleep, 0.5).result() is None
        with pytest.raises(WorkerLostError):
            pool.call(spin)


def test_one_call_may_take_longer() -> None:
    with WorkerPool(1, time_limit=1e-3) as pool:
        assert pool.submit(time.sleep, 0.1, time_limit=60.0).result() is None


def test_memory_is_bounded() -> None:
    with WorkerPool(1, memory_limit=200 << 20) as pool:
        with pytest.raises(UnreadableError):
            pool.call(eat, 1 << 30)
        assert pool.call(eat, 10) == 10


def test_what_is_on_screen_goes_first(tmp_path: Path) -> None:
    finished: list[str] = []
    gate = tmp_path / "gate"
    with WorkerPool(1) as pool:
        first = pool.submit(wait_for, str(gate), time_limit=60.0)
        until(first.running)
        late = pool.submit(eat, 1, priority=Priority.PREFETCH)
        late.add_done_callback(lambda _: finished.append("prefetch"))
        soon = pool.submit(eat, 2, priority=Priority.PLAYBACK)
        soon.add_done_callback(lambda _: finished.append("playback"))
        gate.touch()
        first.result(), late.result(), soon.result()
    assert finished == ["playback", "prefetch"]


def test_shutdown_cancels_what_waits() -> None:
    pool = WorkerPool(1)
    running = pool.submit(hang)
    waiting = pool.submit(hang)
    until(running.running)
    pool.shutdown()
    assert waiting.cancelled()
    with pytest.raises(WorkerLostError):
        running.result()


def alone(folder: str, name: str) -> tuple[int, bool]:
    """Return the process, and whether nobody else of this name was at work meanwhile."""
    mark = Path(folder) / name
    try:
        mark.touch(exist_ok=False)
    except FileExistsError:
        return os.getpid(), False
    time.sleep(0.02)
    mark.unlink()
    return os.getpid(), True


def test_what_builds_on_one_another_is_done_by_one_worker_at_a_time(tmp_path: Path) -> None:
    with WorkerPool(3) as pool:
        futures = {
            name: [pool.submit(alone, str(tmp_path), name, together=name) for _ in range(12)]
            for name in "ab"
        }
        done = {name: [future.result() for future in futures[name]] for name in futures}
    for name in "ab":
        assert all(undisturbed for _, undisturbed in done[name])
        assert len({process for process, _ in done[name]}) <= 2  # one that starts late may join


def test_others_go_on_beside_what_is_done_together(tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    with WorkerPool(2) as pool:
        first = pool.submit(wait_for, str(gate), together="a")
        second = pool.submit(alone, str(tmp_path), "x", together="a", priority=Priority.PLAYBACK)
        other = pool.submit(eat, 10, priority=Priority.BATCH)
        assert other.result() == 10
        assert not second.done()
        gate.touch()
        first.result()
        assert second.result()[1]


def test_what_waits_for_its_turn_survives_a_crash_before_it(tmp_path: Path) -> None:
    with WorkerPool(2) as pool:
        lost = pool.submit(crash, together="a")
        after = pool.submit(alone, str(tmp_path), "x", together="a")
        with pytest.raises(WorkerLostError):
            lost.result()
        assert after.result()[1]
