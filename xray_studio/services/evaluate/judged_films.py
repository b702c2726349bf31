"""Films of a folder for evaluations; what is held out is held out by patient."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from xray_studio.core.errors import UsageError
from xray_studio.core.job import Job
from xray_studio.core.reasons import NOT_A_PICTURE
from xray_studio.core.split import part_of, shuffled
from xray_studio.core.study import Skipped
from xray_studio.services.learning.readers.layouts import read_collections

HELD_OUT: Final = (80, 0, 20)  # shares; the last is what evaluations see
_PARTS: Final = 1  # seed of the parts: always one, so that what is trained never saw what is judged
_FILMS: Final = frozenset(("", "CR", "DX", "RG", "IO", "MG", "PX"))


@dataclass(frozen=True, slots=True)
class JudgedFilm:
    """A picture file and its owner, a name that only tells one from another."""

    path: str
    owner: str


def films_of(folder: Path) -> Job[tuple[list[JudgedFilm], list[Skipped]]]:
    """Return the films below a folder, in order, and what is damaged or not there.

    Raises UsageError where there are no films.
    """
    collections = yield from read_collections(folder)
    cases = [case for one in collections for case in one.cases]
    found = [(film, case.patient) for case in cases for film in case.films]
    films = [JudgedFilm(film.path, whose) for film, whose in found if film.modality in _FILMS]
    if not films:
        raise UsageError(f"There are no X-ray films in {folder}; name a folder that holds some.")
    skipped = [each for one in collections for each in one.skipped]
    return films, [each for each in skipped if each.reason != NOT_A_PICTURE]


@dataclass(frozen=True, slots=True)
class Learnable:
    """Numbers of films that may be trained on, and of those that are too like what is judged."""

    numbers: tuple[int, ...]
    copies: tuple[int, ...]


def learned_from(films: Sequence[JudgedFilm], alike: Sequence[tuple[int, int]] = ()) -> Learnable:
    """Return the films of the owners who are not held out: what may be trained on.

    `alike` are pairs of numbers of films that are nearly the same: an owner with a film that is
    nearly one of those held out is not learned from either.
    """
    held = _owners_held_out(films)
    pairs = [(films[one].owner, films[other].owner) for one, other in alike]
    near = {one for pair in pairs for one, other in (pair, pair[::-1]) if other in held} - held
    owners = [film.owner for film in films]
    return Learnable(
        tuple(n for n, owner in enumerate(owners) if owner not in held | near),
        tuple(n for n, owner in enumerate(owners) if owner in near),
    )


def held_out(films: Sequence[JudgedFilm], seed: int) -> list[JudgedFilm]:
    """Return the films of the held-out owners, in an order that depends on names and seed alone.

    Who is held out depends on the name alone. One of each owner comes first, then a second one, so
    that few films are of many owners. Raises UsageError where all are of one owner.
    """
    owners = sorted({film.owner for film in films})
    if len(owners) < 2:
        raise UsageError(
            "A fifth of the patients is held out and judged, and all films here are of one patient;"
            " name a folder with films of at least two."
        )
    held = _owners_held_out(films)
    kept = [film for film in films if film.owner in held]
    places = {owner: place for place, owner in enumerate(shuffled(owners, seed))}
    return _in_turn(sorted(kept, key=lambda film: (places[film.owner], film.path)))


def _owners_held_out(films: Sequence[JudgedFilm]) -> set[str]:
    """Return the owners whom the hash of their name holds out; of few at least one."""
    owners = {film.owner for film in films}
    held = {owner for owner in owners if part_of(owner, HELD_OUT, _PARTS) == "test"}
    return held or set(shuffled(sorted(owners), _PARTS)[-1:])


def _in_turn(films: Sequence[JudgedFilm]) -> list[JudgedFilm]:
    """Return the first film of each owner, then the second ones and so on."""
    seen: Counter[str] = Counter()
    rounds: list[tuple[int, JudgedFilm]] = []
    for film in films:
        rounds.append((seen[film.owner], film))
        seen[film.owner] += 1
    return [film for _, film in sorted(rounds, key=lambda one: one[0])]
