"""The send queue as the window sees it: read and changed in the background."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QObject, Signal

from xray_studio.core.errors import StudioError
from xray_studio.core.job import Job, Progress
from xray_studio.ui.in_the_window import in_the_window
from xray_studio.ui.work import JobRunner

if TYPE_CHECKING:
    from xray_studio.services.pacs.shown import Shown

LOOK, CHANGE = "queue look", "queue change"
MOST_SENT: Final = 1000  # of what has arrived, the latest


class QueueLook(QObject):
    """Reads the queue and changes entries of it.

    `listed` tells the queue, `refused` why it was not read or changed, `changed` how many entries
    were, whenever any was to be.
    """

    listed = Signal(object)
    changed = Signal(int)
    refused = Signal(str)

    def __init__(self, runner: JobRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner = runner

    def look(self, *, sent: bool) -> None:
        """Read what has not arrived, or what has, unless that is being done."""
        if not any(task.lane == LOOK for task in self._runner.tasks):
            self._start(_listed(sent=sent), LOOK, self.listed.emit)

    def leave(self) -> None:
        """Stop reading."""
        self._runner.cancel_lane(LOOK)

    def retry(self, numbers: Sequence[int], *, unasked: bool = False) -> None:
        """Let entries go on at once."""
        self._start(_retried(tuple(numbers), unasked=unasked), CHANGE, self.changed.emit)

    def pause(self, numbers: Sequence[int]) -> None:
        """Let entries wait for a person."""
        self._start(_paused(tuple(numbers)), CHANGE, self.changed.emit)

    def remove(self, numbers: Sequence[int]) -> None:
        """Forget entries; what is going out just then stays."""
        self._start(_removed(tuple(numbers)), CHANGE, self.changed.emit)

    def _start(self, job: Job[Any], lane: str, then: Callable[[Any], None]) -> None:
        self._runner.start(
            job, title="The send queue", lane=lane, visible=False, on_result=then,
            on_error=self._refused,
        )  # fmt: skip

    def _refused(self, error: StudioError) -> None:
        self.refused.emit(in_the_window(str(error)))


def _listed(*, sent: bool) -> Job[Shown | None]:
    """Return the queue, None where nothing was ever sent."""
    yield Progress(message="Reading the queue")
    from xray_studio.services.pacs.shown import latest_sent, shown
    from xray_studio.services.pacs.store import queue_file

    if not queue_file().exists():
        return None
    return latest_sent(MOST_SENT) if sent else shown()


def _retried(numbers: tuple[int, ...], *, unasked: bool) -> Job[int]:
    yield Progress(message="Changing the queue")
    from xray_studio.services.pacs.shown import retry

    return len(retry(numbers, unasked=unasked))


def _paused(numbers: tuple[int, ...]) -> Job[int]:
    yield Progress(message="Changing the queue")
    from xray_studio.services.pacs.shown import pause

    return len(pause(numbers))


def _removed(numbers: tuple[int, ...]) -> Job[int]:
    yield Progress(message="Changing the queue")
    from xray_studio.services.pacs.shown import remove

    return remove(numbers)
