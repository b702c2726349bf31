"""Sends what is in the queue, with nothing lost and nothing stored twice.

One program at a time sends (a lock on a file, which the system takes back however a program ends).
What is found as going out when it begins was interrupted: its node is asked before it is sent
again. A node that cannot be reached rests for a while; what is for it goes to its backup, unless
the node itself may have it.
"""

from __future__ import annotations

import random
import time
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from xray_studio.core.errors import StudioError
from xray_studio.core.files import write_failure
from xray_studio.core.job import Job, Progress
from xray_studio.core.locks import FileLock
from xray_studio.core.pacs.backoff import Random, Rules
from xray_studio.core.pacs.entry import (
    Entry,
    State,
    answered,
    begun,
    ended,
    failed,
    gave_up,
    interrupted,
)
from xray_studio.core.pacs.outgoing import Pair, Result
from xray_studio.services.pacs.lanes import (
    GIVEN_AT_ONCE,
    Ended,
    Event,
    Failed,
    Lane,
    Lanes,
    Returned,
    Told,
    Unasked,
    Underway,
    Wants,
)
from xray_studio.services.pacs.nodes import node_named
from xray_studio.services.pacs.rests import Rest, Rests
from xray_studio.services.pacs.store import Queue
from xray_studio.services.settings import load_settings

PATIENCE: Final = 30.0
AT_ONCE: Final = 1000  # entries that are looked at in one round
MOST_PAIRS: Final = 60  # of SOP class and syntax, each perhaps in two encodings
MOMENT: Final = 0.1  # seconds
REMEMBERED: Final = 90 * 86_400.0  # seconds for which what has arrived is known
CANNOT_ASK: Final = (
    "whether it arrived is not known, and {node} cannot be asked; look there, then remove it here "
    "or retry it unasked (--unasked)"
)


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a run goes on: while something is due within `seconds`, of `numbers` or anything."""

    seconds: float = PATIENCE
    numbers: frozenset[int] | None = None


@dataclass(frozen=True, slots=True)
class Ran:
    """What became of what was due in a run: how many arrived, what still waits, what ended so."""

    arrived: int = 0
    waiting: tuple[Entry, ...] = ()
    given_up: tuple[Entry, ...] = ()


def usual_rules() -> Rules:
    """Return how patient the queue is, as the settings say."""
    return Rules(attempts=load_settings()[0].archives.attempts)


def run_queue(
    patience: Patience = Patience(),
    rules: Rules | None = None,
    chance: Random = random.random,
) -> Job[Ran]:
    """Send what is due until nothing is, or comes due soon enough; return what became of it.

    While objects go out, `progress.partial` tells of their bytes. While another program sends, it
    is waited for. Raises StudioError where the queue is not usable.
    """
    with Queue() as base:
        lock = FileLock(base.path.with_suffix(".lock"))
        runner = _Runner(base, rules or usual_rules(), patience, chance)
        while not _taken(lock, base):
            if not runner.soon():
                return runner.ran()
            yield runner.progress("Another program sends")
            time.sleep(MOMENT)
        try:
            yield from runner.run()
            return runner.ran()
        finally:
            lock.release()


def _taken(lock: FileLock, base: Queue) -> bool:
    try:
        return lock.take()
    except OSError as error:
        raise write_failure(base.path, error) from error


class _Runner:
    def __init__(self, base: Queue, rules: Rules, patience: Patience, chance: Random) -> None:
        self._base, self._rules, self._patience, self._chance = base, rules, patience, chance
        self._rests = Rests(rules, chance)
        self._out: dict[int, Entry] = {}
        self._touched = {number for number, *_ in self._soon()}
        self._total = self._left = len(self._mine())
        self._counted = time.monotonic()

    def run(self) -> Job[None]:
        """Send round after round. In the end nothing is left as going out."""
        self._base.forget_sent(time.time() - REMEMBERED)
        left = partial(interrupted, rules=self._rules, now=time.time())
        self._base.claim(self._base.all(State.SENDING), left)
        try:
            while self.soon():
                lanes = self._round()
                if lanes is None:
                    yield self.progress("Waiting to try again")
                    time.sleep(MOMENT)
                else:
                    yield from self._follow(lanes)
        finally:
            now = time.time()
            self._save([interrupted(one, self._rules, now) for one in self._out.values()])

    def soon(self) -> bool:
        """Tell whether anything is due within the patience of this run."""
        return bool(self._soon())

    def ran(self) -> Ran:
        """Return what became of what was due in this run, whoever sent it."""
        found = self._base.named(self._touched)
        return Ran(
            sum(one.state is State.SENT for one in found),
            tuple(one for one in found if one.is_open),
            tuple(one for one in found if one.state is State.GIVEN_UP),
        )

    def progress(self, message: str) -> Progress:
        """Return how far the run is."""
        now = time.monotonic()
        if now >= self._counted + MOMENT:
            self._counted, self._left = now, len(self._mine())
            self._total = max(self._total, self._left)
        return Progress(self._total - self._left, self._total, message)

    def _soon(self) -> list[tuple[int, State, float]]:
        limit = time.time() + self._patience.seconds
        return [one for one in self._mine() if one[1] is State.SENDING or one[2] <= limit]

    def _mine(self) -> list[tuple[int, State, float]]:
        numbers = self._patience.numbers
        found = self._base.open(min(numbers, default=0) if numbers else 0)
        return found if numbers is None else [one for one in found if one[0] in numbers]

    def _round(self) -> Lanes | None:
        """Begin to send or ask for what is due; None where there is nothing to do now."""
        now = time.time()
        due = self._base.due(now, AT_ONCE)
        self._touched |= {one.number for one in due}
        groups: dict[tuple[str, bool], list[Entry]] = {}
        for one in due:
            asked = one.state is State.UNKNOWN
            groups.setdefault((one.at if asked else one.node, asked), []).append(one)
        lanes, begun_any = Lanes(), False
        for (name, asked), entries in groups.items():
            begun_any |= self._begin(lanes, name, entries, asked=asked)
        return lanes if begun_any else None

    def _begin(self, lanes: Lanes, name: str, entries: list[Entry], *, asked: bool) -> bool:
        try:
            node = node_named(name)
        except StudioError as error:
            self._fail(entries, str(error))
            return True
        if asked:
            lanes.ask(node, entries)
            return True
        target = self._rests.target(node)
        if isinstance(target, Rest):
            self._fail(entries, target.why, until=target.until)
            return True
        pairs = _first_pairs(entries)
        lanes.send(target, [one for one in entries if one.object.pair in pairs], pairs)
        return True

    def _follow(self, lanes: Lanes) -> Job[None]:
        """See a round through; everything that its lanes tell is written at once."""
        try:
            while True:
                running = lanes.running
                events = list(lanes.told(MOMENT))
                self._take(events)
                if not running and not events:
                    return
                yield replace(self.progress("Sending"), partial=Underway(lanes.bytes))
        finally:
            lanes.stop()
            self._take(list(lanes.told(0.0)), stopped=True)

    def _take(self, events: list[Event], *, stopped: bool = False) -> None:
        changed: list[Entry] = []
        wanting: list[Lane] = []
        now = time.time()
        for event in events:
            if isinstance(event, Ended):
                self._out.pop(event.entry.number, None)
                changed.append(self._after(event, now, stopped=stopped))
            elif isinstance(event, Returned):
                changed += [self._back(one) for one in event.entries]
            elif isinstance(event, Told):
                changed.append(
                    answered(event.entry, self._rules, now, self._chance, there=event.there)
                )
            elif isinstance(event, Unasked):
                changed += [self._unasked(one, event, now) for one in event.entries]
            elif isinstance(event, Failed) and not event.lane.opened:
                self._rests.begin(event.lane.node, event.why)
            elif isinstance(event, Wants):
                wanting.append(event.lane)
        self._save(changed)
        for lane in wanting:
            lane.given.put([] if stopped else self._next(lane, now))

    def _next(self, lane: Lane, now: float) -> list[Entry]:
        """Write that a few entries go out now, and return them; none where there are no more."""
        while lane.entries:
            few = [lane.entries.popleft() for _ in range(min(GIVEN_AT_ONCE, len(lane.entries)))]
            taken = self._base.claim(few, partial(begun, at=lane.node.told, now=now))
            self._out |= {one.number: one for one in taken}
            if taken:
                return taken
        return []

    def _after(self, event: Ended, now: float, *, stopped: bool) -> Entry:
        entry, outcome = event.entry, event.outcome
        self._rests.end(entry.at)
        if stopped and outcome.result is Result.BUSY:
            return self._back(entry)
        if outcome.result is Result.STORED and entry.at != entry.node:
            words = f"{entry.at} took it instead of {entry.node}"
            outcome = replace(outcome, words="; ".join(filter(None, (words, outcome.words))))
        return ended(entry, outcome, self._rules, now, self._chance)

    def _back(self, entry: Entry) -> Entry:
        """Return an entry that was given out and did not go."""
        self._out.pop(entry.number, None)
        return replace(entry, state=State.WAITING, unsure=False, due=time.time())

    def _unasked(self, entry: Entry, event: Unasked, now: float) -> Entry:
        if not event.never:
            return failed(entry, event.why, self._rules, now, self._chance)
        if event.node.send_unasked:
            return replace(entry, state=State.WAITING, unsure=False, due=now, changed=now)
        return gave_up(entry, CANNOT_ASK.format(node=entry.at), now)

    def _fail(self, entries: list[Entry], why: str, until: float = 0.0) -> None:
        """Count an attempt that failed; the next is made no sooner than `until`."""
        now = time.time()

        def after(entry: Entry) -> Entry:
            made = failed(entry, why, self._rules, now, self._chance)
            return replace(made, due=max(made.due, until))

        self._base.claim(entries, after)

    def _save(self, entries: list[Entry]) -> None:
        if entries:
            self._base.save(entries)


def _first_pairs(entries: list[Entry]) -> list[Pair]:
    return list(dict.fromkeys(one.object.pair for one in entries))[:MOST_PAIRS]
