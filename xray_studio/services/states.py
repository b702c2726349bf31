"""Presentation states: read in worker processes, and applied to the images that they refer to."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import replace

from xray_studio.core.clip import Clip
from xray_studio.core.errors import StudioError
from xray_studio.core.job import Job, Progress
from xray_studio.core.presentation import Presentation
from xray_studio.core.state import PresentationState, is_state
from xray_studio.core.state_applied import Applied, applied
from xray_studio.core.study import Catalog, Series
from xray_studio.core.workers import Priority, run_apart
from xray_studio.core.workers.limits import time_for
from xray_studio.services.decoding import awaited
from xray_studio.services.presets import initial_presentation
from xray_studio.services.profiles import with_usable_profile

SECONDS, BYTES_A_SECOND = 20.0, 10_000_000
BATCH = 16
READ = "xray_studio.dicom.states.read:read_state"
READ_SEVERAL = "xray_studio.dicom.states.read:read_states"


def is_state_series(series: Series) -> bool:
    """Tell whether a unit of a catalogue is a presentation state."""
    return series.is_document and is_state(series.instances[0].sop_class_uid)


def state_paths(catalog: Catalog) -> tuple[str, ...]:
    """Return the files of the presentation states of a catalogue."""
    found = (series for series in catalog.all_series() if is_state_series(series))
    return tuple(path for series in found for path in series.paths)


def read_state(path: str | os.PathLike[str]) -> PresentationState:
    """Return the presentation state in a DICOM file, parsed in a worker process.

    Raises UnreadableError when it is damaged or is none.
    """
    name = os.fspath(path)
    limit = time_for([name], SECONDS, BYTES_A_SECOND)
    state: PresentationState = run_apart(READ, name, time_limit=limit).result()
    return state


def read_states(paths: Sequence[str]) -> Job[tuple[PresentationState, ...]]:
    """Return the states of files, the oldest first; broken ones are told when they are opened."""
    found: list[PresentationState] = []
    for start in range(0, len(paths), BATCH):
        batch = tuple(paths[start : start + BATCH])
        limit = time_for(batch, SECONDS, BYTES_A_SECOND)
        future: Future[list[PresentationState | StudioError]] = run_apart(
            READ_SEVERAL, batch, priority=Priority.BATCH, time_limit=limit
        )
        progress = Progress(start, len(paths), "Reading presentation states")
        try:
            answers = yield from awaited(future, progress)
        except StudioError:
            continue
        found += [one for one in answers if isinstance(one, PresentationState)]
    return tuple(sorted(found, key=lambda one: (one.created, one.name, one.sop_instance_uid)))


def with_state(clip: Clip, state: PresentationState, own: Presentation | None = None) -> Applied:
    """Return a clip as a state shows it. Raises UsageError when the state is not for it."""
    found = applied(clip, state, own or initial_presentation(clip))
    return replace(found, clip=with_usable_profile(found.clip))
