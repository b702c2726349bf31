"""One object on its way to one node: the states it passes, each change a pure function.

An object is sent only where it is known that the node does not have it. So before anything goes
out the queue notes SENDING; what is found so after a crash, or loses its connection, is UNKNOWN,
and the node is asked. `unsure` stays until the node has answered, whatever a person does
meanwhile.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from xray_studio.core.pacs.backoff import Random, Rules, delay, settling
from xray_studio.core.pacs.outgoing import Outcome, Outgoing, Result

INTERRUPTED: Final = "sending was interrupted"
FOUND: Final = "sending was interrupted; the node says that the object arrived"


class State(StrEnum):
    """Where an object is on its way."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    UNKNOWN = "unknown"
    FAILED = "failed"
    PAUSED = "paused"
    GIVEN_UP = "given up"


DUE: Final = (State.WAITING, State.FAILED, State.UNKNOWN)
"""States that go on by themselves when their time comes."""
OPEN: Final = (*DUE, State.SENDING)


@dataclass(frozen=True, slots=True)
class Entry:
    """One object and the node it goes to, by name or address.

    `at` is the node that has it or is asked for it: `node` or its backup. `attempts` failed so
    far, `denials` is how often `at` said that it does not have what it may be storing. `due` and
    `changed` are seconds since 1970. `reason` tells why it is not sent, or how it went.
    """

    number: int
    node: str
    object: Outgoing
    state: State = State.WAITING
    attempts: int = 0
    due: float = 0.0
    reason: str = ""
    at: str = ""
    unsure: bool = False
    denials: int = 0
    changed: float = 0.0

    @property
    def is_open(self) -> bool:
        """Whether there is still something to do for it."""
        return self.state in OPEN


def begun(entry: Entry, at: str, now: float) -> Entry:
    """Return an entry that goes out to `at` from now on."""
    return replace(entry, state=State.SENDING, at=at, unsure=True, denials=0, changed=now)


def interrupted(entry: Entry, rules: Rules, now: float) -> Entry:
    """Return an entry that was going out when the program was ended."""
    return _unknown(entry, INTERRUPTED, rules, now)


def ended(entry: Entry, outcome: Outcome, rules: Rules, now: float, random: Random) -> Entry:
    """Return an entry after it went out."""
    if outcome.result is Result.UNKNOWN:
        return _unknown(entry, outcome.words, rules, now)
    sure = replace(entry, unsure=False, denials=0)
    if outcome.result is Result.STORED:
        return replace(sure, state=State.SENT, reason=outcome.words, changed=now)
    if outcome.result is Result.REFUSED:
        return gave_up(sure, outcome.words, now)
    return failed(sure, outcome.words, rules, now, random)


def failed(entry: Entry, why: str, rules: Rules, now: float, random: Random) -> Entry:
    """Return an entry after an attempt that failed: to be tried again, or given up."""
    tried = replace(entry, attempts=entry.attempts + 1, reason=why, changed=now)
    if tried.attempts >= rules.attempts:
        return gave_up(tried, f"{why} ({tried.attempts} attempts)", now)
    state = State.UNKNOWN if entry.unsure else State.FAILED
    return replace(tried, state=state, due=now + delay(tried.attempts, rules, random))


def gave_up(entry: Entry, why: str, now: float) -> Entry:
    """Return an entry that is not tried again unless a person wants it."""
    return replace(entry, state=State.GIVEN_UP, reason=why, changed=now)


def answered(entry: Entry, rules: Rules, now: float, random: Random, *, there: bool) -> Entry:
    """Return an entry of which the node said whether it has the object.

    A node that says no may still be storing it, so it is asked again before it is believed.
    """
    if there:
        return replace(entry, state=State.SENT, reason=FOUND, unsure=False, changed=now)
    denials = entry.denials + 1
    if denials < rules.doubts:
        return replace(entry, denials=denials, due=_settled(entry, rules, now), changed=now)
    sure = replace(entry, unsure=False, denials=0)
    return failed(sure, entry.reason, rules, now, random)


def paused(entry: Entry, now: float) -> Entry:
    """Return an entry that waits for a person; what is going out, or has ended, stays."""
    if entry.state not in DUE:
        return entry
    return replace(entry, state=State.PAUSED, changed=now)


def retried(entry: Entry, now: float, *, unasked: bool = False) -> Entry:
    """Return an entry that is tried again from the start; what has arrived or goes out stays.

    `unasked`: also where nobody knows whether the node has it, and without asking.
    """
    if entry.state in {State.SENT, State.SENDING}:
        return entry
    unsure = entry.unsure and not unasked
    return replace(
        entry, state=State.UNKNOWN if unsure else State.WAITING, unsure=unsure, attempts=0,
        denials=0, due=now, changed=now,
    )  # fmt: skip


def _unknown(entry: Entry, why: str, rules: Rules, now: float) -> Entry:
    return replace(
        entry, state=State.UNKNOWN, unsure=True, denials=0, reason=why,
        due=_settled(entry, rules, now), changed=now,
    )  # fmt: skip


def _settled(entry: Entry, rules: Rules, now: float) -> float:
    return now + settling(entry.object.size, rules)
