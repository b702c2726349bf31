from __future__ import annotations

import threading

from PySide6.QtCore import QTimer

from xray_studio.core import workers
from xray_studio.core.job import Job, Progress
from xray_studio.ui import warm_up as module
from xray_studio.ui.warm_up import LANE, QUIET, WarmUp, load_libraries
from xray_studio.ui.work import JobRunner


def held(gate: threading.Event) -> Job[None]:
    yield Progress()
    gate.wait()


def told(runner: JobRunner) -> list[str]:
    """The lanes of the jobs that began, as they begin."""
    lanes: list[str] = []
    runner.added.connect(lambda task: lanes.append(task.lane))
    return lanes


def by_hand(warm_up: WarmUp) -> list[QTimer]:
    """Let the moment come only when the test says so; tells each time the wait begins."""
    timer, starts = warm_up._timer, []

    def start() -> None:
        starts.append(timer)
        QTimer.start(timer)

    assert timer.interval() == QUIET
    assert timer.isSingleShot()
    timer.setInterval(24 * 3_600_000)
    timer.start = start
    return starts


def test_it_waits_for_a_quiet_moment_and_comes_once(qtbot):
    runner, gate = JobRunner(), threading.Event()
    lanes, warm_up = told(runner), WarmUp(runner)
    starts = by_hand(warm_up)
    warm_up.begin()
    assert len(starts) == 1
    runner.start(held(gate), title="", lane="other")
    warm_up._timer.timeout.emit()  # the moment comes while a job runs
    assert len(starts) == 2
    gate.set()
    qtbot.waitUntil(lambda: not runner.tasks)
    assert len(starts) == 3  # the end of a job begins the wait anew
    assert LANE not in lanes
    warm_up._timer.timeout.emit()
    assert lanes.count(LANE) == 1
    qtbot.waitUntil(lambda: not runner.tasks)
    assert len(starts) == 3
    assert not warm_up._timer.isActive()
    assert lanes.count(LANE) == 1
    runner.shutdown()


def test_it_can_be_stopped(qtbot):
    runner, gate = JobRunner(), threading.Event()
    lanes, warm_up = told(runner), WarmUp(runner)
    starts = by_hand(warm_up)
    warm_up.begin()
    warm_up.stop()
    assert not warm_up._timer.isActive()
    gate.set()
    runner.start(held(gate), title="", lane="other")
    qtbot.waitUntil(lambda: not runner.tasks)
    assert lanes == ["other"]
    assert len(starts) == 1  # the end of a job does not begin the wait again
    runner.shutdown()


def test_a_worker_process_is_ready_to_read_afterwards(qtbot, monkeypatch):
    monkeypatch.setattr(module, "PATIENCE", 240.0)
    list(load_libraries())
    qtbot.waitUntil(lambda: workers.shared()._idle == 1)
    loaded = workers.run_apart("xray_studio.core.workers.process:load", "builtins:vars")
    assert loaded.exception() is None
    assert len(workers.shared()._workers) == 1
