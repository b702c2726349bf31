from __future__ import annotations

import os
import sys
import threading

import pytest

from xray_studio.core.job import finished
from xray_studio.ui.give_way import give_way
from xray_studio.ui.work import JobRunner

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="a thread has no share of its own")


def niceness() -> int:
    return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())


def in_thread(run) -> None:
    thread = threading.Thread(target=run)
    thread.start()
    thread.join()


def test_only_the_calling_thread_and_what_it_starts_give_way():
    before, found = niceness(), []

    def work() -> None:
        give_way()
        found.append(niceness())
        in_thread(lambda: found.append(niceness()))

    in_thread(work)
    assert found == [min(19, before + 10)] * 2
    assert niceness() == before


def test_a_job_gives_way_when_it_is_told_to(qtbot):
    def job():
        found.append(niceness())
        yield from finished(None)

    runner, found = JobRunner(), []
    for number, gives_way in enumerate((False, True)):
        runner.start(job(), title="", lane=str(number), gives_way=gives_way)
        qtbot.waitUntil(lambda: not runner.tasks)
    runner.shutdown()
    assert found[1] > found[0] == niceness()
