"""Films of a folder for evaluations, and whose they are: what is held out is held out by patient.

A table (CSV) with a column `image` and one of `patient` and `study` says whose the pictures beside
it are; objects say it themselves; any other picture is a patient of its own.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from xray_studio.core.errors import UsageError
from xray_studio.core.job import Job
from xray_studio.core.reasons import NOT_A_PICTURE
from xray_studio.core.split import shuffled, split
from xray_studio.core.study import Skipped
from xray_studio.services.open import scan

HELD_OUT: Final = (80, 0, 20)  # shares; the last is what evaluations see
_OWNERS: Final = ("patient", "study")
_FILMS: Final = frozenset(("", "CR", "DX", "RG", "IO", "MG", "PX"))
_FOLDERS: Final = ("", "images")


@dataclass(frozen=True, slots=True)
class Film:
    """A picture file and its owner, a name that only tells one from another."""

    path: str
    owner: str


def films_of(folder: Path) -> Job[tuple[list[Film], list[Skipped]]]:
    """Return the films below a folder, in order, and damaged files.

    Raises UsageError where there are no films.
    """
    if not folder.is_dir():
        raise UsageError(f"{folder} is no folder; name one that holds films.")
    tables = sorted(folder.glob("*.csv")) or sorted(folder.glob("*/*.csv"))
    found = [film for table in tables for film in _listed(table)]
    damaged: list[Skipped] = []
    if not found:
        found, damaged = yield from _scanned(folder)
    if not found:
        raise UsageError(f"There are no X-ray films in {folder}; name a folder that holds some.")
    return found, damaged


def held_out(films: Sequence[Film], seed: int) -> list[Film]:
    """Return the films of the held-out owners, in an order that depends on names and seed alone.

    One of each owner comes first, then a second one, so that few films are of many owners. Raises
    UsageError where all are of one owner.
    """
    owners = sorted({film.owner for film in films})
    if len(owners) < 2:
        raise UsageError(
            "A fifth of the patients is held out and judged, and all films here are of one patient;"
            " name a folder with films of at least two."
        )
    parts = split(owners, HELD_OUT, seed)
    kept = [film for film in films if parts[film.owner] == "test"]
    places = {owner: place for place, owner in enumerate(shuffled(owners, seed))}
    return _in_turn(sorted(kept, key=lambda film: (places[film.owner], film.path)))


def _in_turn(films: Sequence[Film]) -> list[Film]:
    """Return the first film of each owner, then the second ones and so on."""
    seen: Counter[str] = Counter()
    rounds: list[tuple[int, Film]] = []
    for film in films:
        rounds.append((seen[film.owner], film))
        seen[film.owner] += 1
    return [film for _, film in sorted(rounds, key=lambda one: one[0])]


def _listed(table: Path) -> list[Film]:
    """Return the films that a table names and that are there; none of a table of other things."""
    with table.open(newline="", encoding="utf-8-sig", errors="replace") as lines:
        rows = csv.DictReader(lines)
        columns = rows.fieldnames or ()
        owner = next((name for name in _OWNERS if name in columns), "")
        if "image" not in columns or not owner:
            return []
        named = [(row["image"] or "", row[owner] or "") for row in rows]
    films = []
    for image, whose in named:
        for place in _FOLDERS:
            path = table.parent / place / image
            if image and path.is_file():
                films.append(Film(str(path), f"{table.parent.name}/{whose or image}"))
                break
    return films


def _scanned(folder: Path) -> Job[tuple[list[Film], list[Skipped]]]:
    catalog = yield from scan([folder])
    found = []
    for patient in catalog.patients:
        series = [one for study in patient.studies for one in study.series]
        instances = [i for one in series if one.modality in _FILMS for i in one.instances if i.rows]
        owners = (i.path if patient.loose else repr(patient.key) for i in instances)
        found += [Film(i.path, owner) for i, owner in zip(instances, owners, strict=True)]
    return found, [one for one in catalog.skipped if one.reason != NOT_A_PICTURE]
