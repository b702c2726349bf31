"""What the view classifier is: its labels, its input, its network, and which films show what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from xray_studio.core.clip import Clip
from xray_studio.core.errors import UsageError
from xray_studio.core.learning.cases import Case, Collection, Film, View
from xray_studio.core.learning.input_spec import InputSpec
from xray_studio.core.learning.model import Source
from xray_studio.core.learning.parts import groups, held_out, published

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
HELD_OUT: Final = 10  # per cent of patients to judge by, where the publisher made no parts
_STEERING: Final = 10  # per cent of the others
_LEAST: Final = 2  # films of a kind


# What may be a film: radiographs, and what says nothing or was taken over from elsewhere.
_FILMS: Final = frozenset(("", "CR", "DX", "RG", "XR", "OT", "SC"))


def is_no_film(clip: Clip) -> bool:
    """Tell whether a file says itself that it is no radiograph: ultrasound, CT, an angiogram.

    It is "other" then, whatever a network makes of its picture.
    """
    return clip.acquisition.modality.upper() not in _FILMS


@dataclass(frozen=True, slots=True)
class ViewFilms:
    """Films whose view is told, and their classes as numbers of `LABELS`.

    From those that `steers` marks nothing is learned: they tell which epoch is the best.
    """

    films: tuple[Film, ...]
    classes: npt.NDArray[np.int64]
    steers: npt.NDArray[np.bool_]
    sources: tuple[Source, ...] = ()

    @property
    def paths(self) -> list[str]:
        """Return the files."""
        return [film.path for film in self.films]


def view_films(
    collections: Sequence[Collection], seed: int, licences: Mapping[str, str]
) -> ViewFilms:
    """Return the frontal and lateral films of collections that have a table, to train with.

    Those that are held out to judge by are not among them, nor are folders of files. Raises
    UsageError where films of either view are too few to learn from and to steer by.
    """
    told = [one for one in collections if one.layout != "files"]
    cases = [case for one in told for case in one.cases]
    cases = [cases[number] for number in published(cases, groups(cases), HELD_OUT, seed).train]
    # Of another seed, since hashes of the same one would all be on one side.
    steering = set(held_out(groups(cases), _STEERING, seed + 1).test)
    found = [
        (film, LABELS.index(film.view), number in steering)
        for number, case in enumerate(cases)
        for film in case.films
        if film.view in {View.FRONTAL, View.LATERAL}
    ]
    classes = np.array([number for _, number, _ in found], np.int64)
    steers = np.array([steer for _, _, steer in found], np.bool_)
    _check(classes, steers)
    films = tuple(film for film, _, _ in found)
    return ViewFilms(films, classes, steers, _sources(told, cases, licences))


def _check(classes: npt.NDArray[np.int64], steers: npt.NDArray[np.bool_]) -> None:
    for number, label in enumerate(LABELS[:2]):
        for steer, words in ((False, "to learn from"), (True, "to steer the training by")):
            count = int(((classes == number) & (steers == steer)).sum())
            if count < _LEAST:
                raise UsageError(
                    f"There are {count} {label} films {words}; at least {_LEAST} are needed. Name"
                    " folders whose tables tell the view (see docs/learning.md)."
                )


def _sources(
    collections: Sequence[Collection], cases: Sequence[Case], licences: Mapping[str, str]
) -> tuple[Source, ...]:
    """Return what is learned from, without what is held out."""
    used = {case.study for case in cases}
    parts = [(one.name, [case for case in one.cases if case.study in used]) for one in collections]
    return tuple(
        Source(name, licences.get(name, UNSTATED), len(own), sum(len(case.films) for case in own))
        for name, own in parts
    )
