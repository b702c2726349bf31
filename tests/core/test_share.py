from __future__ import annotations

import os
import sys
import threading

import pytest

from xray_studio.core.share import BEHIND, considerate, start_helpers


def niceness() -> int:
    return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())


def helper() -> tuple[int, int]:
    """Return the thread this runs in, and the niceness of a thread that it starts."""
    found: list[int] = []
    thread = threading.Thread(target=lambda: found.append(niceness()))
    thread.start()
    thread.join()
    return threading.get_ident(), found[0]


linux = pytest.mark.skipif(sys.platform != "linux", reason="a thread has no share of its own")


def test_without_being_asked_nothing_changes():
    assert start_helpers(helper) == (threading.get_ident(), niceness())


@linux
def test_helpers_give_way_and_the_thread_itself_does_not():
    before = niceness()
    with considerate():
        starter, found = start_helpers(helper)
    assert found == min(19, before + BEHIND)
    assert starter != threading.get_ident()
    assert niceness() == before
    assert start_helpers(helper)[1] == before


def test_an_error_comes_back():
    def fail() -> None:
        raise ValueError("no such encoder")

    with considerate(), pytest.raises(ValueError, match="no such encoder"):
        start_helpers(fail)


def test_other_threads_are_not_considerate():
    found = []
    with considerate():
        thread = threading.Thread(target=lambda: found.append(start_helpers(threading.get_ident)))
        thread.start()
        thread.join()
        assert found == [thread.ident]
