"""By what the studies that a classifier learned from are known again, so that none judges it.

Marks of patients and of films, 63 bits of a hash each, stand beside the weights: names alone would
miss films that lie in a folder of another layout.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from xray_studio.core.learning.input_spec import Squashed
from xray_studio.core.learning.model import WEIGHTS
from xray_studio.services.learning.models.installed import Installed
from xray_studio.services.learning.tasks.classifier import EVERY, StudySet

NONE: Final = -2  # the fold of a study that no network learned from
_PREFIX: Final = "known."
_PARTS: Final = ("owners", "owner_folds", "films", "film_folds")


def owner_mark(owner: str) -> int:
    """Return the mark of a patient or study."""
    return _mark(owner.encode("utf-8", "surrogateescape"))


def film_mark(film: Squashed) -> int:
    """Return the mark of a film as a network takes it."""
    return _mark(np.ascontiguousarray(film).tobytes())


def _mark(data: bytes) -> int:
    return int.from_bytes(hashlib.sha256(data).digest()[:8]) >> 1


def known_studies(
    chosen: StudySet, films: Squashed, folds: npt.NDArray[np.int64]
) -> dict[str, npt.NDArray[np.int64]]:
    """Return the marks of all studies and their films by name, each with its fold."""
    marks, whose = [], []
    for case, fold in zip(chosen.cases, folds, strict=True):
        numbers = [number for view in case for number in view]
        marks += [film_mark(films[number]) for number in numbers]
        whose += [int(fold)] * len(numbers)
    parts = [[owner_mark(owner) for owner in chosen.owners], folds, marks, whose]
    return {
        f"{_PREFIX}{name}": np.array(part, np.int64)
        for name, part in zip(_PARTS, parts, strict=True)
    }


@dataclass(frozen=True, slots=True)
class Known:
    """The folds of patients and films that a model learned from, by their marks."""

    owners: Mapping[int, int]
    films: Mapping[int, int]

    @classmethod
    def of(cls, model: Installed) -> Known:
        """Return what the weights of a model tell; nothing where they tell none."""
        from xray_studio.ai.weights import read_weights

        weights = read_weights(model.folder / WEIGHTS, model.model.sha256)
        if not all(f"{_PREFIX}{name}" in weights for name in _PARTS):
            return cls({}, {})
        parts = [weights[f"{_PREFIX}{name}"].tolist() for name in _PARTS]
        return cls(
            dict(zip(parts[0], parts[1], strict=True)), dict(zip(parts[2], parts[3], strict=True))
        )

    def fold(self, owner: str, films: list[Squashed]) -> int:
        """Return the fold of a study, from 0; `EVERY` or `NONE`.

        Of a study whose films are in several folds every network knows something.
        """
        found = {self.owners[mark] for mark in [owner_mark(owner)] if mark in self.owners}
        found |= {self.films[mark] for mark in map(film_mark, films) if mark in self.films}
        if not found:
            return NONE
        return found.pop() if len(found) == 1 else EVERY
