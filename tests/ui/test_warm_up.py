from __future__ import annotations

from xray_studio.core import workers
from xray_studio.core.job import Job, Progress
from xray_studio.ui.warm_up import LANE, QUIET, WarmUp, load_libraries
from xray_studio.ui.work import JobRunner


def short() -> Job[None]:
    yield Progress()


def test_it_waits_for_a_quiet_moment_and_comes_once(qtbot):
    runner, lanes = JobRunner(), []
    runner.added.connect(lambda task: lanes.append(task.lane))
    warm_up = WarmUp(runner)
    warm_up._timer.setInterval(50)
    warm_up.begin()
    for _ in range(4):
        runner.start(short(), title="", lane="other")
        qtbot.wait(25)
    assert LANE not in lanes
    qtbot.waitUntil(lambda: LANE in lanes)
    qtbot.waitUntil(lambda: not runner.tasks)
    qtbot.wait(120)
    assert lanes.count(LANE) == 1
    runner.shutdown()


def test_it_can_be_stopped(qtbot):
    runner, lanes = JobRunner(), []
    runner.added.connect(lambda task: lanes.append(task.lane))
    warm_up = WarmUp(runner)
    assert warm_up._timer.interval() == QUIET
    warm_up._timer.setInterval(10)
    warm_up.begin()
    warm_up.stop()
    qtbot.wait(60)
    assert lanes == []
    runner.shutdown()


def test_a_worker_process_is_ready_to_read_afterwards():
    list(load_libraries())
    loaded = workers.run_apart("xray_studio.core.workers.process:load", "builtins:vars")
    assert loaded.exception() is None
    assert len(workers.shared()._workers) == 1
