"""A reference library is made: each study's first frontal film is looked at by the networks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from xray_studio.core.ahead import FramesAhead
from xray_studio.core.errors import StudioError, UnreadableError, UnsupportedError, UsageError
from xray_studio.core.job import Cancelled, Job, Progress, run
from xray_studio.core.learning.cases import Case, Collection, Film, View
from xray_studio.core.learning.input_spec import InputSpec, Squashed
from xray_studio.core.reporting.labels import Told, labels_of
from xray_studio.core.workers import Priority, run_apart
from xray_studio.imaging.squash import squashed
from xray_studio.services.decoding import awaited
from xray_studio.services.learning.features.networks import CNN_FINDINGS, FeatureNetworks
from xray_studio.services.learning.films.copies import SMALL
from xray_studio.services.learning.inference.engine import Engine
from xray_studio.services.learning.inference.findings import CUT_SHORT, Shown, picture_of
from xray_studio.services.learning.readers.layouts import read_collections
from xray_studio.services.open import open_paths
from xray_studio.services.report.library import Entry, Features, Library, digest, keep

_AT_ONCE: Final = 32  # films
_SECONDS: Final = 30.0  # for one film, decoding included


@dataclass(frozen=True, slots=True, eq=False)
class Looked:
    """A film as networks take it, squashed by each of their inputs and to 32 x 32, and whose."""

    squashed: Mapping[InputSpec, Squashed]
    small: Squashed
    patient: str
    study: str

    @classmethod
    def at(cls, shown: Shown, specs: Sequence[InputSpec]) -> Looked:
        """Return a frame of a clip.

        Raises UnreadableError where a part of it is missing, and what its source raises.
        """
        if shown.is_cut_short:
            raise UnreadableError(CUT_SHORT)
        picture, who = picture_of(shown), shown.clip.identity
        return cls(
            {spec: squashed(picture, spec) for spec in specs}, squashed(picture, SMALL),
            digest(who.patient_id),
            digest(shown.clip.acquisition.study_instance_uid),
        )  # fmt: skip


def indexed(folder: Path) -> Job[Library]:
    """Make the index of a folder that any of the layouts for learning fits, and keep it.

    Raises StudioError where there is no frontal film of a chest, or no model to look at it.
    """
    folder = folder.resolve()
    collections = yield from read_collections(folder)
    chosen = [one for each in collections for one in _films(each)]
    with Engine() as engine:
        networks = networks_for(engine)
        library = yield from _made(folder, chosen, networks)
    keep(library)
    return library


def networks_for(engine: Engine) -> FeatureNetworks:
    """Return the networks that look at films. Raises UnsupportedError where they are missing."""
    networks = FeatureNetworks.found(engine, "")
    reason = networks.missing.get(CNN_FINDINGS)
    if reason:
        raise UnsupportedError(f"Films cannot be compared: {reason}.")
    return networks


def model_of(networks: FeatureNetworks) -> str:
    """Return the hash of the classifier whose sight is compared."""
    return str(networks.models[CNN_FINDINGS]["sha256"])


def looked_at(
    looked: Sequence[Looked], networks: FeatureNetworks, progress: Progress
) -> Job[tuple[Features, list[str]]]:
    """Return the features (films, channels) of films, and the view of each."""
    stacks = {spec: np.stack([one.squashed[spec] for one in looked]) for spec in networks.specs}
    seen = yield from networks.told(stacks, progress)
    return seen.rows[CNN_FINDINGS], seen.views


def film_looked_at(path: str, specs: tuple[InputSpec, ...]) -> Looked:
    """Return the middle frame of a file. Runs in a worker process; raises StudioError."""
    return Looked.at(Shown.of(run(open_paths([path]))), specs)


def _made(
    folder: Path, chosen: Sequence[tuple[Entry, Film]], networks: FeatureNetworks
) -> Job[Library]:
    entries, rows, small = list[Entry](), list[Features](), list[Squashed]()
    for first in range(0, len(chosen), _AT_ONCE):
        part = chosen[first : first + _AT_ONCE]
        looked = yield from _read([film.path for _, film in part], networks.specs, first, chosen)
        there = [(entry, one) for (entry, _), one in zip(part, looked, strict=True) if one]
        if not there:
            continue
        progress = Progress(first, len(chosen), "Comparing films")
        features, views = yield from looked_at([one for _, one in there], networks, progress)
        for (entry, one), row, view in zip(there, features, views, strict=True):
            if view == View.FRONTAL:
                entries.append(_of(entry, one))
                rows.append(row)
                small.append(one.small)
    if not entries:
        raise UsageError("No frontal film of a chest can be read in this folder; name another one.")
    left_out = len(chosen) - len(entries)
    return Library(
        str(folder), model_of(networks), tuple(entries), np.stack(rows), np.stack(small), left_out
    )


def _read(
    paths: Sequence[str], specs: tuple[InputSpec, ...], first: int, whole: Sequence[object]
) -> Job[list[Looked | None]]:
    """Return films, several read at once, None for one that cannot be."""

    def asked(number: int, priority: Priority) -> Future[Looked]:
        return run_apart(
            film_looked_at, paths[number], specs, priority=priority, time_limit=_SECONDS
        )

    found = list[Looked | None]()
    size = sum(spec.rows * spec.columns for spec in specs)
    ahead = FramesAhead(asked, size, range(len(paths)), Priority.BATCH)
    try:
        while (following := ahead.next()) is not None:
            progress = Progress(first + following[0], len(whole), "Reading films")
            try:
                found.append((yield from awaited(following[1], progress)))
            except Cancelled:
                raise
            except StudioError:
                found.append(None)
            yield progress
    finally:
        ahead.close()
    return found


def _films(collection: Collection) -> Iterator[tuple[Entry, Film]]:
    """Yield the first film of each study that is frontal, or of which nobody tells the view."""
    for case in collection.cases:
        film = next(iter((*case.seen(View.FRONTAL), *case.seen(View.UNTOLD))), None)
        if film is not None:
            yield Entry(film.path, digest(case.patient), _findings(case), case.report), film


def _findings(case: Case) -> tuple[str, ...]:
    """Return the findings of a case: its labels, else what its report tells."""
    if case.labels is not None:
        return tuple(sorted(case.labels))
    text = f"{case.report.findings} {case.report.impression}".strip()
    if not text:
        return ()
    return tuple(name for name, told in labels_of(text).items() if told is Told.PRESENT)


def _of(entry: Entry, one: Looked) -> Entry:
    return Entry(entry.path, entry.owner, entry.findings, entry.report, one.patient, one.study)
