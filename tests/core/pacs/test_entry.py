"""What becomes of an object on its way: it is never sent where the node may have it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xray_studio.core.pacs.backoff import Rules, delay
from xray_studio.core.pacs.entry import (
    Entry,
    State,
    answered,
    begun,
    ended,
    failed,
    interrupted,
    paused,
    retried,
)
from xray_studio.core.pacs.outgoing import Outcome, Outgoing, Result

RULES = Rules(attempts=3, first=4.0, longest=60.0, settle=2.0, doubts=2)
ENTRY = Entry(1, "archive", Outgoing("a.dcm", "1.1", "1.2", "1.3", "1.4", "1.5"))
UNKNOWN, BUSY = Outcome(Result.UNKNOWN, "broke"), Outcome(Result.BUSY, "busy")


def middle() -> float:
    return 0.5


def test_a_stored_object_is_sent() -> None:
    out = begun(ENTRY, "archive", 10.0)
    assert (out.state, out.unsure) == (State.SENDING, True)
    done = ended(out, Outcome(Result.STORED, "with warnings"), RULES, 11.0, middle)
    assert (done.state, done.unsure, done.reason) == (State.SENT, False, "with warnings")


def test_what_failed_comes_back_later_each_time_and_is_given_up() -> None:
    one, dues = ENTRY, []
    for _ in range(RULES.attempts):
        one = ended(begun(one, "archive", 0.0), BUSY, RULES, 0.0, middle)
        dues.append(one.due)
    assert dues[:2] == [3.0, 6.0]
    assert (one.state, one.reason) == (State.GIVEN_UP, "busy (3 attempts)")
    assert not one.unsure


def test_an_unknown_outcome_is_asked_for_until_the_node_is_believed() -> None:
    one = ended(begun(ENTRY, "archive", 0.0), UNKNOWN, RULES, 0.0, middle)
    assert (one.state, one.due) == (State.UNKNOWN, 2.0)
    once = answered(one, RULES, 2.0, middle, there=False)
    assert (once.state, once.unsure, once.due) == (State.UNKNOWN, True, 4.0)
    twice = answered(once, RULES, 4.0, middle, there=False)
    assert (twice.state, twice.unsure, twice.attempts) == (State.FAILED, False, 1)
    assert answered(once, RULES, 4.0, middle, there=True).state is State.SENT


def test_a_node_that_breaks_each_time_is_given_up() -> None:
    one = ENTRY
    for _ in range(RULES.attempts):
        one = ended(begun(one, "archive", 0.0), UNKNOWN, RULES, 0.0, middle)
        for _ in range(RULES.doubts):
            one = answered(one, RULES, 0.0, middle, there=False)
    assert one.state is State.GIVEN_UP


def test_what_is_unknown_stays_so_whatever_a_person_does() -> None:
    one = interrupted(begun(ENTRY, "archive", 0.0), RULES, 0.0)
    for again in (retried(paused(one, 1.0), 2.0), retried(one, 2.0)):
        assert (again.state, again.unsure) == (State.UNKNOWN, True)
    given_up = failed(replace(one, attempts=2), "cannot be asked", RULES, 1.0, middle)
    assert (given_up.state, given_up.unsure) == (State.GIVEN_UP, True)
    assert retried(given_up, 2.0).state is State.UNKNOWN
    sure = retried(given_up, 2.0, unasked=True)
    assert (sure.state, sure.unsure) == (State.WAITING, False)


def test_what_has_arrived_or_goes_out_is_left_alone() -> None:
    for state in (State.SENT, State.SENDING):
        one = replace(ENTRY, state=state)
        assert paused(one, 1.0) == one == retried(one, 1.0)


@given(attempt=st.integers(1, 10_000), chance=st.floats(0.0, 0.999))
def test_delays_double_and_end_somewhere(attempt: int, chance: float) -> None:
    rules = Rules()
    seconds = delay(attempt, rules, lambda: chance)
    assert rules.first / 2 <= seconds <= rules.longest
    if attempt < 5:
        whole = rules.first * 2 ** (attempt - 1)
        assert whole / 2 <= seconds <= whole


@given(moves=st.lists(st.sampled_from(["send", "break", "kill", "no", "yes", "pause", "retry"])))
def test_nothing_goes_out_while_it_may_be_there(moves: list[str]) -> None:
    """Whatever happens, an entry that waits to be sent is one that the node does not have."""
    one, may_be_there = ENTRY, False
    for move in moves:
        if move == "send" and one.state in {State.WAITING, State.FAILED}:
            assert not may_be_there
            one, may_be_there = begun(one, "archive", 0.0), True
        elif move == "break" and one.state is State.SENDING:
            one = ended(one, UNKNOWN, RULES, 0.0, middle)
        elif move == "kill" and one.state is State.SENDING:
            one = interrupted(one, RULES, 0.0)
        elif move in {"no", "yes"} and one.state is State.UNKNOWN:
            one = answered(one, RULES, 0.0, middle, there=move == "yes")
            may_be_there = one.unsure or one.state is State.SENT
        elif move == "pause":
            one = paused(one, 0.0)
        elif move == "retry":
            one = retried(one, 0.0)
    assert one.unsure == (may_be_there and one.state is not State.SENT)


@pytest.mark.parametrize("state", list(State))
def test_states_are_words(state: State) -> None:
    assert str(state).islower()
