"""Models at work in a process of their own: loaded once, within memory and time, given up at will.

Importing PyTorch holds all threads of a process up, and a model that goes wrong must take nothing
with it. So no network ever runs in the window's process.
"""

from __future__ import annotations

from concurrent.futures import Future
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Self

from xray_studio.core.errors import UnsupportedError
from xray_studio.core.job import Job, Progress
from xray_studio.core.learning.guest import is_guest
from xray_studio.core.learning.heat import HeatValues
from xray_studio.core.learning.input_spec import Normalised
from xray_studio.core.learning.question import Question
from xray_studio.core.workers import WorkerLostError, WorkerPool
from xray_studio.core.workers.pool import NOT_STARTED
from xray_studio.services.decoding import awaited
from xray_studio.services.learning.models.installed import Installed

if TYPE_CHECKING:
    from xray_studio.ai.findings import Outputs
    from xray_studio.ai.view import Seen

MEMORY: Final = 3 << 30  # bytes; PyTorch alone takes a fifth of it
_LOOK: Final = "xray_studio.ai.view:look"
_HEAT: Final = "xray_studio.ai.explain.maps:piece"
_FINDINGS: Final = "xray_studio.ai.findings:look"
_TRIED: Final = "xray_studio.ai.guests.load:tried"
_LOADING: Final = 4  # times as long for networks that bring libraries of their own
SECONDS: Final = 60.0  # for one request, after libraries are loaded


class Engine:
    """One worker process for models. Use as a context manager; nothing outlives it."""

    def __init__(self, memory: int = MEMORY, seconds: float = SECONDS) -> None:
        self._pool = WorkerPool(1, memory, seconds)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the process, whatever it is doing."""
        self._pool.shutdown()

    def view(self, model: Installed, pictures: Normalised, progress: Progress) -> Job[Seen]:
        """Return what a view classifier says of pictures, float32 (pictures, rows, columns).

        `progress` is told while it thinks. Raises StudioError with the reason.
        """
        seen: Seen = yield from self._of(model, _LOOK, (pictures,), progress)
        return seen

    def findings(
        self,
        model: Installed,
        view: int,
        pictures: Normalised,
        progress: Progress,
        network: int | None = None,
    ) -> Job[Outputs]:
        """Return what each network of a finding classifier says of pictures of one view.

        `view` is 0 for frontal, 1 for lateral films; `network` asks one alone. Raises
        StudioError with the reason.
        """
        outputs: Outputs = yield from self._of(
            model, _FINDINGS, (view, pictures, network), progress
        )
        return outputs

    def tried(self, model: Installed, progress: Progress) -> Job[str]:
        """Ask a network that a user brought once, and return where it was computed.

        Raises StudioError where it does not work.
        """
        told: str = yield from self._of(model, _TRIED, (), progress)
        return told

    def heat(
        self, question: Question, picture: Normalised, number: int, progress: Progress
    ) -> Job[HeatValues]:
        """Return piece `number` of the heat map of a picture, float32 (rows, columns) as that.

        A piece takes a moment: it comes to its end where the map is given up. Raises StudioError
        with the reason.
        """
        values: HeatValues = yield from self.asked(
            _HEAT, (question, picture, number), progress, brief=True
        )
        return values

    def _of(
        self, model: Installed, function: str, arguments: tuple[Any, ...], progress: Progress
    ) -> Job[Any]:
        """Return what `function` answers to folder and hash of a model, and more.

        The libraries of networks that users bring are loaded with the first question.
        """
        known = str(model.folder), model.model.sha256
        seconds = self._pool.time_limit * (_LOADING if is_guest(model.model) else 1)
        told = yield from self.asked(function, (*known, *arguments), progress, seconds=seconds)
        return told

    def asked(
        self,
        function: str,
        arguments: tuple[Any, ...],
        progress: Progress,
        *,
        brief: bool = False,
        seconds: float | None = None,
    ) -> Job[Any]:
        """Return what `function`, "module:name", answers.

        Whoever stops meanwhile ends the process that is at it, unless the answer is `brief`; the
        next question starts another one. Raises StudioError with the reason.
        """
        future: Future[Any] = self._pool.submit(function, *arguments, time_limit=seconds)
        try:
            told = yield from awaited(future, progress)
        except WorkerLostError as error:
            raise UnsupportedError(self._lost(error, seconds)) from error
        finally:
            if not brief:
                self._pool.give_up(future)
        return told

    def _lost(self, error: WorkerLostError, seconds: float | None) -> str:
        if str(error) == NOT_STARTED:
            return NOT_STARTED
        seconds, memory = seconds or self._pool.time_limit, self._pool.memory_limit / (1 << 30)
        return (
            f"The model gave no answer: it took longer than {seconds:g} s or more than {memory:.1f}"
            " GB of memory, or it crashed. Ask for less, or take another model."
        )
