"""Threads that send to one node or ask it. They are given entries, and tell how each one went.

Only the thread of the job touches the queue: it writes that an entry goes out before it gives it
to a lane.
"""

from __future__ import annotations

import contextlib
import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from xray_studio.core.errors import StudioError
from xray_studio.core.pacs.entry import Entry
from xray_studio.core.pacs.errors import NotOfferedError
from xray_studio.core.pacs.node import Node
from xray_studio.core.pacs.outgoing import Outcome, Pair
from xray_studio.network.ways import Sender, open_asker, open_sender
from xray_studio.services.pacs.secrets import unlocked

GIVEN_AT_ONCE: Final = 4  # objects that a thread is given, written as going out at once
FEW: Final = 8  # objects for which one more association is worth its opening
ENDING: Final = 3.0  # seconds that an object under way may take when everything stops


@dataclass(frozen=True, slots=True)
class Ended:
    """An entry went out."""

    entry: Entry
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Returned:
    """Entries that were given did not go out."""

    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """A node said whether it has the object of an entry."""

    entry: Entry
    there: bool


@dataclass(frozen=True, slots=True)
class Unasked:
    """A node did not say whether it has the objects of entries; `never`: it takes no questions."""

    node: Node
    entries: tuple[Entry, ...]
    why: str
    never: bool = False


@dataclass(frozen=True, slots=True)
class Failed:
    """A lane could not be opened, or ended unexpectedly."""

    lane: Lane
    why: str


@dataclass(frozen=True, slots=True)
class Wants:
    """A thread of a lane wants entries."""

    lane: Lane


@dataclass(frozen=True, slots=True)
class Over:
    """A thread of a lane has ended."""

    lane: Lane


@dataclass(frozen=True, slots=True)
class Underway:
    """How many bytes went out in this round, of large objects also before they have arrived."""

    bytes: int


Event = Ended | Returned | Told | Unasked | Failed | Wants | Over


@dataclass(eq=False, slots=True)
class Lane:
    """Entries for one node, and the threads that see to them; `opened`: some way to it is open."""

    node: Node
    entries: deque[Entry]
    pairs: tuple[Pair, ...]
    given: queue.SimpleQueue[list[Entry]] = field(default_factory=queue.SimpleQueue)
    opened: bool = False
    senders: list[Sender] = field(default_factory=list)


class Lanes:
    """The lanes of one round."""

    def __init__(self) -> None:
        self.events: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []
        self._lanes: list[Lane] = []
        self._counting = threading.Lock()
        self.bytes = 0

    @property
    def running(self) -> bool:
        """Whether any thread is at work."""
        return any(thread.is_alive() for thread in self._threads)

    def send(self, node: Node, entries: Iterable[Entry], pairs: Iterable[Pair]) -> None:
        """Begin to send entries of pairs to a node."""
        lane = Lane(node, deque(entries), tuple(pairs))
        self._lanes.append(lane)
        for _ in range(min(node.associations, 1 + len(lane.entries) // FEW)):
            self._start(self._sending, lane)

    def ask(self, node: Node, entries: Iterable[Entry]) -> None:
        """Begin to ask a node for entries."""
        self._start(self._asking, Lane(node, deque(entries), ()))

    def stop(self) -> None:
        """Let what is under way end within moments; nothing new begins.

        A request to a web service that hangs ends by its own time-out, and nobody hears of it.
        """
        self._stop.set()
        for lane in self._lanes:
            for _ in self._threads:
                lane.given.put([])
        self._join()
        for lane in self._lanes:
            for sender in lane.senders:
                sender.cut()
        self._join()

    def _join(self) -> None:
        """Wait a moment for all threads."""
        end = time.monotonic() + ENDING
        for thread in self._threads:
            thread.join(max(0.0, end - time.monotonic()))

    def told(self, seconds: float) -> Iterator[Event]:
        """Yield what was told by now, waiting so long for the first of it."""
        with contextlib.suppress(queue.Empty):
            event = self.events.get(timeout=seconds) if seconds else self.events.get_nowait()
            while True:
                yield event
                event = self.events.get_nowait()

    def _start(self, work: Callable[[Lane], None], lane: Lane) -> None:
        name = f"pacs {lane.node.told}"
        thread = threading.Thread(target=work, args=(lane,), name=name, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _sending(self, lane: Lane) -> None:
        try:
            node, password = unlocked(lane.node)
            with open_sender(node, lane.pairs, password) as sender:
                lane.opened = True
                lane.senders.append(sender)
                self._send_given(lane, sender)
        except StudioError as error:
            self.events.put(Failed(lane, str(error)))
        except Exception as error:  # noqa: BLE001 - a thread has nobody else to tell
            self.events.put(Failed(lane, f"An unexpected error ({type(error).__name__})."))
        finally:
            self.events.put(Over(lane))

    def _send_given(self, lane: Lane, sender: Sender) -> None:
        while sender.works and not self._stop.is_set():
            self.events.put(Wants(lane))
            entries = lane.given.get()
            if not entries:
                return
            for place, entry in enumerate(entries):
                if self._stop.is_set() or not sender.works:
                    self.events.put(Returned(tuple(entries[place:])))
                    break
                outcome = sender.send(entry.object, self._goes_on)
                self.events.put(Ended(entry, outcome))

    def _goes_on(self, count: int) -> bool:
        with self._counting:
            self.bytes += count
        return not self._stop.is_set()

    def _asking(self, lane: Lane) -> None:
        entries = lane.entries
        try:
            with open_asker(*unlocked(lane.node)) as asker:
                while entries and not self._stop.is_set():
                    self.events.put(Told(entries[0], asker.has(entries[0].object)))
                    entries.popleft()
        except NotOfferedError as error:
            self.events.put(Unasked(lane.node, tuple(entries), str(error), never=True))
        except StudioError as error:
            self.events.put(Unasked(lane.node, tuple(entries), str(error)))
        except Exception as error:  # noqa: BLE001 - a thread has nobody else to tell
            why = f"An unexpected error ({type(error).__name__})."
            self.events.put(Unasked(lane.node, tuple(entries), why))
        finally:
            self.events.put(Over(lane))
