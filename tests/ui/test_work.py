"""The job runner: lanes, results, errors, cancelling, shutting down."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from xray_studio.core.errors import StudioError
from xray_studio.core.job import Job, Progress
from xray_studio.core.share import start_helpers
from xray_studio.ui.work import JobRunner


@pytest.fixture
def runner(qtbot: QtBot) -> Iterator[JobRunner]:
    runner = JobRunner()
    yield runner
    runner.shutdown()


def steps(count: int, log: list[str], name: str = "", pause: float = 0.0) -> Job[str]:
    try:
        for step in range(count):
            time.sleep(pause)
            yield Progress(step + 1, count)
        log.append(f"{name} done")
        return name
    finally:
        log.append(f"{name} closed")


def held(gate: threading.Event, log: list[str], name: str) -> Job[str]:
    yield Progress()
    gate.wait()
    return (yield from steps(1, log, name))


def failing(error: Exception) -> Job[None]:
    yield Progress(1, 2)
    raise error


def idle(runner: JobRunner) -> Callable[[], bool]:
    return lambda: not runner.tasks


def test_result_and_progress_arrive_in_the_window_thread(qtbot: QtBot, runner: JobRunner) -> None:
    threads: list[threading.Thread] = []
    results: list[Any] = []
    runner.start(
        steps(3, [], "a"),
        title="a",
        lane="x",
        on_progress=lambda _: threads.append(threading.current_thread()),
        on_result=results.append,
    )
    qtbot.waitUntil(idle(runner))
    assert results == ["a"]
    assert set(threads) == {threading.main_thread()}


def test_a_lane_runs_in_order_and_lanes_run_side_by_side(qtbot: QtBot, runner: JobRunner) -> None:
    log: list[str] = []
    gate = threading.Event()
    runner.start(held(gate, log, "first"), title="", lane="one")
    runner.start(steps(1, log, "second"), title="", lane="one")
    runner.start(steps(1, log, "other"), title="", lane="two")
    qtbot.waitUntil(lambda: "other closed" in log)
    gate.set()
    qtbot.waitUntil(idle(runner))
    assert log[:2] == ["other done", "other closed"]
    assert log[2:] == ["first done", "first closed", "second done", "second closed"]


@pytest.mark.parametrize("error", [StudioError("The disk is full."), ZeroDivisionError()])
def test_a_failure_is_a_sentence(
    qtbot: QtBot, runner: JobRunner, error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    errors: list[StudioError] = []
    runner.start(failing(error), title="", lane="x", on_error=errors.append)
    qtbot.waitUntil(idle(runner))
    assert str(errors[0]).endswith(".")


def test_cancelling_closes_running_and_waiting_jobs(qtbot: QtBot, runner: JobRunner) -> None:
    log: list[str] = []
    results: list[Any] = []
    running = runner.start(
        steps(1000, log, "running", 0.01), title="", lane="x", on_result=results.append
    )
    waiting = runner.start(steps(1, log, "waiting"), title="", lane="x", on_result=results.append)
    qtbot.wait(50)
    runner.cancel(waiting)
    runner.cancel(running)
    qtbot.waitUntil(idle(runner))
    assert results == []
    assert "running closed" in log
    assert "waiting done" not in log


def test_what_ended_well_before_it_was_cancelled_tells_its_result(
    qtbot: QtBot, runner: JobRunner
) -> None:
    results: list[Any] = []
    task = runner.start(steps(1, [], "a"), title="", lane="x", on_result=results.append)
    assert task.thread is not None
    task.thread.wait()  # the result is on its way to this thread
    runner.cancel(task)
    qtbot.waitUntil(idle(runner))
    assert results == ["a"]


def test_nothing_arrives_from_a_lane_that_was_cancelled(qtbot: QtBot, runner: JobRunner) -> None:
    results: list[Any] = []
    task = runner.start(steps(1, [], "a"), title="", lane="x", on_result=results.append)
    assert task.thread is not None
    task.thread.wait()
    runner.cancel_lane("x")
    qtbot.waitUntil(idle(runner))
    assert results == []


def test_replacing_keeps_only_the_latest(qtbot: QtBot, runner: JobRunner) -> None:
    results: list[Any] = []
    for name in "abc":
        runner.start(
            steps(5, [], name, 0.01),
            title="",
            lane="open",
            replace=True,
            on_result=results.append,
        )
    qtbot.waitUntil(idle(runner))
    assert results == ["c"]


def test_shutdown_stops_everything_soon(qtbot: QtBot) -> None:
    runner = JobRunner()
    log: list[str] = []
    for lane in "ab":
        runner.start(steps(10_000, log, lane, 0.01), title="", lane=lane)
    qtbot.wait(50)
    runner.shutdown()
    assert sorted(log) == ["a closed", "b closed"]


def test_helpers_of_a_job_give_way_only_when_told(qtbot: QtBot, runner: JobRunner) -> None:
    def job() -> Job[None]:
        found.append(start_helpers(threading.get_ident) == threading.get_ident())
        yield Progress()

    found: list[bool] = []
    for lane, gives_way in (("one", False), ("two", True)):
        runner.start(job(), title="", lane=lane, gives_way=gives_way)
        qtbot.waitUntil(lambda: not runner.tasks)
    assert found == [True, False]
