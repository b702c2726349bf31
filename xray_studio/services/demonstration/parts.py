"""Makes the parts of the demonstration side by side, as many at once as there are processors."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

from xray_studio.core.job import Job, Progress, run
from xray_studio.services.demonstration import (
    angiography,
    documents,
    echocardiography,
    radiographs,
    tomography,
)

MESSAGE = "Making the demonstration"
TOTAL = 1000  # steps of progress


@dataclass(frozen=True)
class Part:
    """Some objects: `write` makes them in a folder; `weight` is about how long it takes."""

    weight: float
    write: Callable[[Path, int], Job[None]]


Told = SimpleQueue[tuple[int, float | None]]


def parts() -> list[Part]:
    """Return every part, the longest first, so that none is left alone at the end."""
    kinds = (angiography, documents, echocardiography, radiographs, tomography)
    made = [Part(weight, write) for kind in kinds for weight, write in kind.parts()]
    return sorted(made, key=lambda part: -part.weight)


def write_all(folder: Path, size: int) -> Job[None]:
    """Write every part into a folder. Closing the job stops all of them."""
    todo, told, stop = parts(), Told(), threading.Event()
    pool = ThreadPoolExecutor(os.cpu_count(), thread_name_prefix="demonstration")
    try:
        futures = [
            pool.submit(_write, number, part, (folder, size), told, stop)
            for number, part in enumerate(todo)
        ]
        yield from _watched(todo, futures, told)
    finally:
        stop.set()
        pool.shutdown(cancel_futures=True)


def _write(
    number: int, part: Part, where: tuple[Path, int], told: Told, stop: threading.Event
) -> None:
    try:
        run(part.write(*where), lambda at: told.put((number, at.fraction or 0.0)), stop)
    finally:
        told.put((number, None))


def _watched(todo: list[Part], futures: list[Future[None]], told: Told) -> Job[None]:
    """Pass on the progress of all parts as one; raises what a part raised."""
    total = sum(part.weight for part in todo)
    reached, ended = [0.0] * len(todo), 0
    while ended < len(todo):
        number, fraction = told.get()
        if fraction is None:
            futures[number].result()
            ended += 1
        reached[number] = 1.0 if fraction is None else max(reached[number], fraction)
        done = sum(part.weight * share for part, share in zip(todo, reached, strict=True))
        yield Progress(round(TOTAL * done / total), TOTAL, MESSAGE)
