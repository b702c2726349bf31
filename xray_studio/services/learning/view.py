"""What the view classifier is: its labels, its input, its network, and which films show what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from xray_studio.core.errors import UsageError
from xray_studio.core.learning.cases import Collection, Film, View
from xray_studio.core.learning.input_spec import InputSpec
from xray_studio.core.learning.model import Source
from xray_studio.core.learning.parts import groups, published

LABELS: Final = (View.FRONTAL.value, View.LATERAL.value, View.OTHER.value)
SPEC: Final = InputSpec(rows=128, columns=128)
NETWORK: Final[Mapping[str, Any]] = {
    "kind": "residual", "outputs": len(LABELS), "width": 12, "pooled": True,
}  # fmt: skip
USE: Final = (
    "Tells frontal from lateral films of the chest and refuses other pictures, so that other models"
    " are not asked what they were not made for. For research and education, not for diagnosis."
)
UNSTATED: Final = "not stated"
HELD_OUT: Final = 10  # per cent of patients, where the publisher made no parts
_LEAST: Final = 4  # films of a kind


@dataclass(frozen=True, slots=True)
class ViewFilms:
    """Films whose view is told: their classes as numbers of `LABELS`, and which are held out."""

    films: tuple[Film, ...]
    classes: npt.NDArray[np.int64]
    tested: npt.NDArray[np.bool_]
    sources: tuple[Source, ...] = ()

    @property
    def paths(self) -> list[str]:
        """Return the files."""
        return [film.path for film in self.films]


def view_films(
    collections: Sequence[Collection], seed: int, licences: Mapping[str, str]
) -> ViewFilms:
    """Return the frontal and lateral films of collections that have a table.

    Folders of files are left for judging. Raises UsageError where films of either view are too few
    to learn from and to hold out.
    """
    told = [one for one in collections if one.layout != "files"]
    cases = [case for one in told for case in one.cases]
    parting = published(cases, groups(cases), HELD_OUT, seed)
    held_out = set(parting.test)
    found = [
        (film, LABELS.index(film.view), number in held_out)
        for number, case in enumerate(cases)
        for film in case.films
        if film.view in {View.FRONTAL, View.LATERAL}
    ]
    classes = np.array([number for _, number, _ in found], np.int64)
    tested = np.array([held for _, _, held in found], np.bool_)
    _check(classes, tested)
    films = tuple(film for film, _, _ in found)
    return ViewFilms(films, classes, tested, _sources(told, licences))


def _check(classes: npt.NDArray[np.int64], tested: npt.NDArray[np.bool_]) -> None:
    for number, label in enumerate(LABELS[:2]):
        for held, words in ((False, "to learn from"), (True, "to hold out")):
            count = int(((classes == number) & (tested == held)).sum())
            if count < _LEAST:
                raise UsageError(
                    f"There are {count} {label} films {words}; at least {_LEAST} are needed. Name"
                    " folders whose tables tell the view (see docs/learning.md)."
                )


def _sources(collections: Sequence[Collection], licences: Mapping[str, str]) -> tuple[Source, ...]:
    return tuple(
        Source(one.name, licences.get(one.name, UNSTATED), len(one.cases), one.films)
        for one in collections
    )
