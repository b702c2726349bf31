"""What a folder holds for learning: cases, labels, splits, copies, and what is left out and why."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from xray_studio.core.job import Job
from xray_studio.core.learning.alike import pairs_alike
from xray_studio.core.learning.cases import Case, Collection
from xray_studio.core.learning.parts import folds, groups
from xray_studio.services.learning.films.copies import SMALL
from xray_studio.services.learning.films.reading import squash_films
from xray_studio.services.learning.readers.layouts import read_collections

FOLDS: Final = 5


@dataclass(frozen=True, slots=True)
class Alike:
    """Two films of different studies that are nearly the same; `likeness` is their correlation."""

    one: str
    other: str
    likeness: float
    cases: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Copies:
    """The films of cases that are nearly the same, and those that cannot be read, with reasons."""

    alike: tuple[Alike, ...] = ()
    unreadable: tuple[tuple[str, str], ...] = ()

    @property
    def pairs(self) -> list[tuple[int, int]]:
        """Return numbers of cases that must go together."""
        return [one.cases for one in self.alike]


def survey(folder: Path, *, copies: bool = False, seed: int = 0) -> Job[dict[str, Any]]:
    """Return what the collections in a folder hold.

    With `copies` every film is opened and compared with all others. Raises StudioError where there
    are no films.
    """
    collections = yield from read_collections(folder)
    cases = [case for one in collections for case in one.cases]
    found = Copies()
    if copies:
        found = yield from find_copies(cases)
    return {
        "collections": [_facts(one) for one in collections],
        "folds": _folds(cases, found, seed),
        "alike": [
            {"one": each.one, "other": each.other, "likeness": round(each.likeness, 4)}
            for each in found.alike
        ],
        "unreadable": [{"path": path, "reason": why} for path, why in found.unreadable],
    }


def find_copies(cases: list[Case]) -> Job[Copies]:
    """Return films of different studies that are nearly the same; every film is opened."""
    owners = [(number, film.path) for number, case in enumerate(cases) for film in case.films]
    small = np.zeros((len(owners), SMALL.rows, SMALL.columns), np.uint8)
    failed = yield from squash_films([path for _, path in owners], SMALL, small)
    alike = (
        Alike(owners[one][1], owners[other][1], likeness, (owners[one][0], owners[other][0]))
        for one, other, likeness in pairs_alike(small)
        if owners[one][0] != owners[other][0]
    )
    unreadable = tuple((owners[number][1], why) for number, why in sorted(failed.items()))
    return Copies(tuple(alike), unreadable)


def _facts(one: Collection) -> dict[str, Any]:
    parts = [case.part for case in one.cases]
    return {
        "name": one.name,
        "layout": one.layout,
        "cases": len(one.cases),
        "patients": len({case.patient for case in one.cases}),
        "films": one.films,
        "views": {str(view): count for view, count in sorted(one.views().items())},
        "unlabelled": sum(case.labels is None for case in one.cases),
        "findings": one.counts(),
        "parts": {part: parts.count(part) for part in sorted(set(parts) - {""})},
        "skipped": [{"path": each.path, "reason": each.told} for each in one.skipped],
    }


def _folds(cases: list[Case], found: Copies, seed: int) -> list[dict[str, int]]:
    """Return how many cases each fold of cross-validation learns from and is tested on."""
    parted = folds(groups(cases, found.pairs), FOLDS, seed)
    return [{"train": len(one.train), "test": len(one.test)} for one in parted]
