"""Films on their way into a network: opened, shown as they open in the window, and squashed."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future

from xray_studio.core.ahead import FramesAhead
from xray_studio.core.errors import StudioError
from xray_studio.core.job import Cancelled, Job, Progress, run
from xray_studio.core.learning.input_spec import InputSpec, Squashed
from xray_studio.core.workers import Priority, run_apart
from xray_studio.imaging.render import render
from xray_studio.imaging.squash import squashed
from xray_studio.services.dataset.samples import bare
from xray_studio.services.decoding import awaited
from xray_studio.services.open import open_whole

_SECONDS = 30.0  # for one film, decoding included


def squash_films(paths: Sequence[str], spec: InputSpec, out: Squashed) -> Job[dict[int, str]]:
    """Fill `out`, uint8 (films, spec.rows, spec.columns), with films, and return those that fail.

    Each film is read in a worker process, several at once. What fails stays black in `out` and is
    told by its number with the reason: one bad film ends nothing.
    """

    def asked(number: int, priority: Priority) -> Future[Squashed]:
        return run_apart(squashed_film, paths[number], spec, priority=priority, time_limit=_SECONDS)

    failed: dict[int, str] = {}
    ahead = FramesAhead(asked, spec.rows * spec.columns, range(len(paths)), Priority.BATCH)
    try:
        while (following := ahead.next()) is not None:
            number, future = following
            progress = Progress(number, len(paths), "Reading films")
            try:
                out[number] = yield from awaited(future, progress)
            except Cancelled:
                raise
            except StudioError as error:
                out[number], failed[number] = 0, str(error)
            yield progress
    finally:
        ahead.close()
    return failed


def squashed_film(path: str, spec: InputSpec) -> Squashed:
    """Return the middle frame of a file as a network takes it before it is normalised.

    Runs in a worker process. Raises StudioError with the reason where it cannot be read, or a part
    of it is missing.
    """
    clip = run(open_whole(path))
    return squashed(render(clip, len(clip) // 2, bare(clip)), spec)
