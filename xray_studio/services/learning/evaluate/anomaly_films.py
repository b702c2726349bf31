"""The frontal films by which detectors of the unusual are judged, and what is marked in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from xray_studio.core.errors import UnreadableError, UsageError
from xray_studio.core.job import Job
from xray_studio.core.learning.cases import Collection, Film, View, rows_left_out
from xray_studio.core.learning.findings import NORMAL
from xray_studio.core.learning.input_spec import InputSpec, Squashed
from xray_studio.imaging.unusual import parted
from xray_studio.services.learning.films.copies import COPY, alike_among
from xray_studio.services.learning.films.judged_regions import (
    FilmVerdicts,
    read_judged,
    verdicts_on,
)
from xray_studio.services.learning.films.reading import squash_films
from xray_studio.services.learning.inference.film_scores import SIDE
from xray_studio.services.learning.readers.layouts import read_collections
from xray_studio.services.learning.tasks.anomaly import FILM
from xray_studio.services.learning.tasks.view import ViewFilms
from xray_studio.services.learning.tasks.vit import vit_films, vit_parts

_MASKS: Final = InputSpec(rows=SIDE, columns=SIDE, low=0.0, high=100.0)
LESION, LUNG = "lesion", "lung"
Mask = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """Films of one collection, uint8 (films, 256, 256), and what is told of them.

    `abnormal` holds -1 where nobody says, else 0 or 1; `projections` "AP", "PA" or "". `boxes` are
    (left, top, width, height) as shares, `lesions` numbered regions and `lungs` masks at 128 x 128,
    None where nothing is marked. `normals` are films that were learned from, for baselines.
    `paths` are the files of the films, none where they were made.
    """

    name: str
    films: Squashed
    abnormal: Numbers
    projections: tuple[str, ...]
    owners: tuple[str, ...]
    boxes: tuple[tuple[tuple[float, float, float, float], ...], ...]
    lesions: tuple[npt.NDArray[np.int32] | None, ...]
    lungs: tuple[Mask | None, ...]
    normals: Squashed
    paths: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Read:
    """Collections to judge by, and films that are left out with their reasons.

    `readers` is what readers made of regions of the films that are judged.
    """

    judged: tuple[Judged, ...]
    left_out: tuple[tuple[str, str], ...]
    readers: FilmVerdicts


def judged_films(data: Path, seed: int, *, whole: bool, feedback: Path | None = None) -> Job[Read]:
    """Return the frontal films below `data` of patients from whom no detector learned.

    They are those whom `train vit` and `train anomaly` hold out; with `whole` all, for folders from
    which nothing was learned. What readers meant, of a folder that `feedback` was exported to, are
    lesions of films that have no masks of their own. Raises UsageError where there is no film, and
    UnreadableError for another folder.
    """
    regions = () if feedback is None else read_judged(feedback)
    collections = yield from read_collections(data)
    chosen = vit_films(collections)
    films = np.zeros((len(chosen.films), FILM.rows, FILM.columns), np.uint8)
    failed = yield from squash_films(chosen.paths, FILM, films)
    held, learned = _parts(chosen, films, seed, failed, whole=whole)
    readers = yield from verdicts_on(regions, chosen.paths, np.flatnonzero(held).tolist())
    lost = dict(failed)
    found = []
    for one in chosen.collections:
        own = _of(chosen, one)
        numbers = own & held
        if numbers.any():
            parts = np.flatnonzero(numbers), np.flatnonzero(own & learned)
            found.append(
                (yield from _judged(one.name, chosen, films, parts, readers=readers, lost=lost))
            )
    if not found:
        raise UsageError(
            f"No frontal film in {data} is of a patient who was held out; name another folder, or"
            " judge all of its films with --all where none was learned from."
        )
    reasons = ((chosen.paths[number], why) for number, why in sorted(lost.items()))
    return Read(tuple(found), (*rows_left_out(collections), *reasons), readers)


def _parts(
    chosen: ViewFilms, films: Squashed, seed: int, failed: dict[int, str], *, whole: bool
) -> tuple[Mask, Mask]:
    """Return which frontal films are judged, and which normal ones were learned from."""
    frontal = np.array([film.view is View.FRONTAL for film in chosen.films], np.bool_)
    frontal[list(failed)] = False
    if whole:
        return frontal, np.zeros_like(frontal)
    try:
        parts = vit_parts(chosen, seed, alike_among(films), failed)
    except UsageError:  # all that is there is to judge by
        return frontal, np.zeros_like(frontal)
    used = parts.learned | parts.steering
    held = frontal & ~used
    held[list(parts.copies)] = False
    failed.update({n: COPY for n in parts.copies if frontal[n] and n not in failed})
    return held, frontal & used


def _of(chosen: ViewFilms, one: Collection) -> Mask:
    known = {id(case) for case in one.cases}
    return np.array([id(chosen.cases[int(n)]) in known for n in chosen.owners], np.bool_)


def _judged(
    name: str, chosen: ViewFilms, films: Squashed, parts: tuple[Numbers, Numbers],
    *, readers: FilmVerdicts, lost: dict[int, str],
) -> Job[Judged]:  # fmt: skip
    numbers, learned = parts
    told = [chosen.films[int(number)] for number in numbers]
    cases = [chosen.cases[int(chosen.owners[number])] for number in numbers]
    lesions = yield from _masks(told, numbers, LESION, lost)
    lungs = yield from _masks(told, numbers, LUNG, lost)
    meant = yield from _meant(numbers, readers)
    lesions = [one if one is not None else meant.get(n) for n, one in enumerate(lesions)]
    normal = [NORMAL in (chosen.cases[int(chosen.owners[n])].labels or ()) for n in learned]
    return Judged(
        name, films[numbers],
        np.array([-1 if c.labels is None else int(NORMAL not in c.labels) for c in cases]),
        tuple(film.projection for film in told), tuple(case.patient for case in cases),
        tuple(tuple((b.left, b.top, b.width, b.height) for b in film.boxes) for film in told),
        tuple(None if mask is None else parted(mask) for mask in lesions), tuple(lungs),
        films[learned[np.array(normal, np.bool_)]] if len(learned) else films[:0],
        tuple(film.path for film in told),
    )  # fmt: skip


def _meant(numbers: Numbers, readers: FilmVerdicts) -> Job[dict[int, Mask]]:
    """Return what readers meant in films, (128, 128), by their places among `numbers`."""
    found = dict[int, Mask]()
    for place, number in enumerate(numbers):
        paths = readers.meant.get(int(number), ())
        read = np.zeros((len(paths), SIDE, SIDE), np.uint8)
        if paths:
            failed = yield from squash_films(paths, _MASKS, read)
            for why in failed.values():
                raise UnreadableError(f"A mask of the feedback cannot be read: {why}")
            found[place] = np.asarray((read > 127).any(axis=0), np.bool_)
    return found


def _masks(
    films: Sequence[Film], numbers: Numbers, kind: str, lost: dict[int, str]
) -> Job[list[Mask | None]]:
    """Return the masks of a kind, (128, 128); None for films that have none."""
    marked = ((place, dict(film.masks)) for place, film in enumerate(films))
    known = [(place, masks[kind]) for place, masks in marked if kind in masks]
    read = np.zeros((len(known), SIDE, SIDE), np.uint8)
    failed = yield from squash_films([path for _, path in known], _MASKS, read)
    found: list[Mask | None] = [None] * len(films)
    for count, (place, _) in enumerate(known):
        if count in failed:
            lost[int(numbers[place])] = f"its {kind} mask, {failed[count]}"
        else:
            found[place] = read[count] > 127
    return found
