"""Jobs: results, progress, cancelling at every stopping point, time left."""

from __future__ import annotations

import threading

import pytest

from xray_studio.core.job import Cancelled, Job, Progress, TimeLeft, finished, run


def counting(steps: int, undone: list[int]) -> Job[str]:
    done = 0
    try:
        for done in range(steps):
            yield Progress(done + 1, steps)
        return "all"
    finally:
        undone.append(done)


def outer(undone: list[int]) -> Job[str]:
    return (yield from counting(3, undone)) + " done"


def test_the_result_comes_back_and_progress_is_passed_on() -> None:
    seen: list[Progress] = []
    assert run(outer([]), seen.append) == "all done"
    assert [p.done for p in seen] == [1, 2, 3]
    assert seen[-1].fraction == 1.0


@pytest.mark.parametrize("stop_after", [1, 2, 3])
def test_cancelling_at_any_step_runs_the_clean_up(stop_after: int) -> None:
    undone: list[int] = []
    flag = threading.Event()

    def watch(progress: Progress) -> None:
        if progress.done == stop_after:
            flag.set()

    with pytest.raises(Cancelled):
        run(outer(undone), watch, flag)
    assert len(undone) == 1


def test_an_error_in_the_callback_still_cleans_up() -> None:
    undone: list[int] = []

    def fail(_: Progress) -> None:
        raise ValueError

    with pytest.raises(ValueError, match=r"^$"):
        run(outer(undone), fail)
    assert len(undone) == 1


def test_a_finished_value_needs_no_step() -> None:
    assert run(finished(7)) == 7


def test_an_unknown_total_has_no_fraction() -> None:
    assert Progress(5).fraction is None


def test_time_left_is_told_only_when_there_is_enough_to_tell() -> None:
    clock = TimeLeft(started=100.0)
    assert clock.update(Progress(1, 10), 100.1) is None
    assert clock.update(Progress(5, 10), 110.0) == pytest.approx(10.0)
    assert clock.update(Progress(0, 0), 120.0) is None
