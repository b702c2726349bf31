"""Sending: finds what files hold, puts it into the queue, and has the queue sent while due.

What waits for its time is no job: a clock has the queue looked at again when that has come.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Signal

from xray_studio.core.errors import StudioError
from xray_studio.core.job import Job, Progress
from xray_studio.core.pacs.entry import State
from xray_studio.core.privacy import Place, Privacy
from xray_studio.ui.in_the_window import in_the_window
from xray_studio.ui.work import JobRunner, Task

if TYPE_CHECKING:  # they load SQLite and the libraries of the network
    from xray_studio.services.pacs.sending import Found
    from xray_studio.services.pacs.shown import Ahead
    from xray_studio.services.pacs.store import Added

FINDING, ADDING, QUEUE, LOOK = "send find", "send add", "send queue", "send look"
SOON: Final = 2.0  # seconds that a run waits for what comes due
LONGEST: Final = 60.0  # seconds until the queue is looked at again; others may change it too
KIND: Final = "sent objects"


class Sending(QObject):
    """Sends what is put into the queue, now and when the window is opened again.

    `found` tells what files hold, `looking` how far finding that is, `unfound` why there is
    nothing, `added` what the queue took, `refused` why it took nothing. `counted` tells how many
    entries are in each state whenever that was looked at, `told` a sentence and its role.
    `progressed` tells how far sending is. `stopped`: a person has stopped the sending.
    """

    found = Signal(object)
    unfound = Signal(str)
    looking = Signal(object)
    added = Signal(object)
    refused = Signal(str)
    counted = Signal(object)
    progressed = Signal(object)
    told = Signal(str, str)

    def __init__(self, runner: JobRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner = runner
        self._clock = QTimer(self, singleShot=True)
        self._clock.timeout.connect(self.go_on)
        self._counts: Mapping[State, int] = {}
        self.stopped = False
        self.last_node = ""
        runner.ended.connect(self._ended)

    @property
    def running(self) -> bool:
        """Whether the queue is being sent."""
        return any(task.lane == QUEUE for task in self._runner.tasks)

    def find(self, paths: Sequence[str]) -> None:
        """Find out what files hold; a search before gives way."""
        self._runner.start(
            _found(paths), title="Reading headers", lane=FINDING, visible=False, replace=True,
            on_progress=self.looking.emit, on_result=self.found.emit,
            on_error=lambda error: self.unfound.emit(in_the_window(str(error))),
        )  # fmt: skip

    def leave(self) -> None:
        """Stop looking for what files hold."""
        self._runner.cancel_lane(FINDING)

    def add(
        self, found: Found, node: str, *, again: bool = False, told: Iterable[Place] = ()
    ) -> None:
        """Put objects into the queue for a node; `told` is what a person was told they tell."""
        self._runner.start(
            _added(found, node, Privacy(places=tuple(told)), again=again),
            title="Writing the queue", lane=ADDING, visible=False, on_result=self._added,
            on_error=lambda error: self.refused.emit(in_the_window(str(error))),
        )  # fmt: skip

    def go_on(self) -> None:
        """Look at the queue, and send what is due, unless a person has stopped that."""
        self._clock.stop()
        self._runner.start(
            _ahead(), title="Looking at the queue", lane=LOOK, visible=False, replace=True,
            on_result=self._ahead, on_error=self._failed,
        )  # fmt: skip

    def begin_again(self) -> None:
        """Go on also where a person has stopped the sending."""
        self.stopped = False
        self.go_on()

    def stop(self) -> None:
        """Send nothing more for now."""
        self._runner.cancel_lane(QUEUE)

    def _added(self, added: Added) -> None:
        self.added.emit(added)
        self.begin_again()

    def _ahead(self, found: Ahead) -> None:
        self._count(found.counts)
        if found.seconds is None or self.stopped or self.running:
            return
        if found.seconds > SOON:
            self._clock.start(round(1000 * min(found.seconds, LONGEST)))
            return
        self._runner.start(
            _sent(), title="Sending", lane=QUEUE, on_progress=self.progressed.emit,
            on_error=self._failed,
        )  # fmt: skip

    def _count(self, counts: Mapping[State, int]) -> None:
        """Tell what has become of entries since the queue was looked at last."""
        before, self._counts = self._counts, counts
        self.counted.emit(counts)
        if not before or self.running:
            return
        sent = counts[State.SENT] - before[State.SENT]
        lost = counts[State.GIVEN_UP] - before[State.GIVEN_UP]
        if lost > 0:
            words = _objects(lost)
            self.told.emit(f"{words} could not be sent; the send queue tells why.", "danger")
        elif sent > 0:
            self.told.emit(f"{_objects(sent)} sent.", "done")

    def _failed(self, error: StudioError) -> None:
        self.told.emit(in_the_window(str(error)), "danger")
        self._clock.start(round(1000 * LONGEST))

    def _ended(self, task: Task) -> None:
        if task.lane == QUEUE and task.error is None:
            self.stopped |= not task.done  # by a person, in the jobs bar
            self.go_on()


def _objects(count: int) -> str:
    return "1 object" if count == 1 else f"{count:,} objects"


def _found(paths: Sequence[str]) -> Job[Found]:
    yield Progress(message="Reading headers")
    from xray_studio.services.pacs.sending import outgoing_in

    found = yield from outgoing_in(paths)
    return found


def _added(found: Found, node: str, privacy: Privacy, *, again: bool) -> Job[Added]:
    yield Progress(message="Writing the queue")
    from xray_studio.services.pacs.sending import enqueue_found
    from xray_studio.services.privacy.log import note_objects

    added = yield from enqueue_found(found, node, again=again)
    note_objects(KIND, privacy, (one.sop_instance_uid for one in found.objects))
    return added


def _ahead() -> Job[Ahead]:
    yield Progress(message="Looking at the queue")
    from xray_studio.services.pacs.shown import ahead

    return ahead()


def _sent() -> Job[None]:
    yield Progress(message="Sending")
    from xray_studio.services.pacs.runner import Patience, run_queue

    yield from run_queue(Patience(SOON))
