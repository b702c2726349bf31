"""Futures that wait for others."""

from __future__ import annotations

from concurrent.futures import CancelledError, Future

import pytest

from xray_studio.core.futures import chained


def test_work_begins_with_the_results_in_their_order() -> None:
    asked = [Future[int](), Future[int]()]
    work: Future[str] = Future()
    seen: list[list[int]] = []

    def start(found: list[int]) -> Future[str]:
        seen.append(found)
        return work

    made = chained(asked, start)
    asked[1].set_result(2)
    assert not seen
    asked[0].set_result(1)
    assert seen == [[1, 2]]
    work.set_result("made")
    assert made.result(0) == "made"


def test_an_error_of_any_is_its_error_and_nothing_begins() -> None:
    asked = [Future[int](), Future[int]()]
    made: Future[int] = chained(asked, lambda _found: pytest.fail("it began"))
    asked[0].set_exception(ValueError("damaged"))
    asked[1].set_result(2)
    with pytest.raises(ValueError, match="damaged"):
        made.result(0)


def test_cancelling_gives_up_what_it_waits_for() -> None:
    asked = [Future[int](), Future[int]()]
    made: Future[int] = chained(asked, lambda _found: pytest.fail("it began"))
    assert made.cancel()
    assert all(future.cancelled() for future in asked)
    with pytest.raises(CancelledError):
        made.result(0)


def test_work_that_begins_while_it_is_cancelled_is_given_up() -> None:
    asked: list[Future[int]] = [Future()]
    work: Future[int] = Future()

    def start(_found: list[int]) -> Future[int]:
        made.cancel()
        return work

    made = chained(asked, start)
    asked[0].set_result(1)
    assert work.cancelled()
    assert made.cancelled()
