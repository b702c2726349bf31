"""ITK's filters as Jobs: what they have done is progress, and who stops stops them."""

from __future__ import annotations

import threading
from typing import Any, Final

from xray_studio.core.errors import UnsupportedError
from xray_studio.core.job import Job, Progress

_LOOK: Final = 0.05  # seconds between two looks at how far it is
_PARTS: Final = 100
_FAILED: Final = (
    "The volume could not be worked on in this way: ITK gave up ({}). Try other settings, or a"
    " volume with less noise or fewer voxels."
)


def executed(step: Any, message: str, *given: Any) -> Job[Any]:
    """Return what a filter of SimpleITK makes of images; it runs in a thread of its own.

    Closing the job aborts the filter and waits until it has stopped. Raises UnsupportedError with
    ITK's reason where it fails.
    """
    answers: list[Any] = []
    errors: list[BaseException] = []

    def work() -> None:
        try:
            answers.append(step.Execute(*given))
        except BaseException as error:  # noqa: BLE001 - told by whoever waits
            errors.append(error)

    thread = threading.Thread(target=work, name="volume filter", daemon=True)
    thread.start()
    try:
        while thread.is_alive():
            yield Progress(round(_PARTS * float(step.GetProgress())), _PARTS, message)
            thread.join(_LOOK)
    finally:
        while thread.is_alive():  # a filter that is just beginning does not hear the first call
            step.Abort()
            thread.join(_LOOK)
    if errors:
        raise UnsupportedError(_FAILED.format(_reason(errors[0]))) from errors[0]
    return answers[0]


def _reason(error: BaseException) -> str:
    """Return the last line of ITK's message, which says what was wrong."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[-1].rstrip(".") if lines else type(error).__name__
