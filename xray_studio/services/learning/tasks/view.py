"""What the view classifier is: its labels, its input, its network, and which films show what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
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
from xray_studio.services.learning.tasks.kind import Kind, source

LABELS: Final = (View.FRONTAL.value, View.LATERAL.value, View.OTHER.value)
SPEC: Final = InputSpec(rows=128, columns=128)
NETWORK: Final[Mapping[str, Any]] = {
    "kind": "residual", "outputs": len(LABELS), "width": 12, "pooled": True,
}  # fmt: skip
USE: Final = (
    "Tells frontal from lateral films of the chest and refuses other pictures, so that other models"
    " are not asked what they were not made for. For research and education, not for diagnosis."
)
KIND: Final = Kind("view", "view", LABELS, NETWORK, SPEC, USE)
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


@dataclass(frozen=True, slots=True, eq=False)
class ViewFilms:
    """Films whose view is told, the numbers of their cases, their classes as numbers of `LABELS`.

    Those that are held out to judge by are among them, so that copies of them are found.
    """

    collections: tuple[Collection, ...]
    cases: tuple[Case, ...]
    films: tuple[Film, ...]
    owners: npt.NDArray[np.int64]
    classes: npt.NDArray[np.int64]

    @property
    def paths(self) -> list[str]:
        """Return the files."""
        return [film.path for film in self.films]


@dataclass(frozen=True, slots=True, eq=False)
class ViewParts:
    """Which films are learned from, and which tell which epoch is the best: the others do neither.

    `cases` are numbers of those that either is made of, `copies` numbers of films left out since
    their patients have films that are nearly those of patients who are held out.
    """

    learned: npt.NDArray[np.bool_]
    steering: npt.NDArray[np.bool_]
    cases: tuple[int, ...]
    copies: tuple[int, ...] = ()


def view_films(collections: Sequence[Collection]) -> ViewFilms:
    """Return the frontal and lateral films of collections that have a table.

    Folders of files are not among them: they are there to judge by.
    """
    told = tuple(one for one in collections if one.layout != "files")
    cases = tuple(case for one in told for case in one.cases)
    found = [
        (film, number, LABELS.index(film.view))
        for number, case in enumerate(cases)
        for film in case.films
        if film.view in {View.FRONTAL, View.LATERAL}
    ]
    numbers = np.array([pair for _, *pair in found], np.int64).reshape(-1, 2)
    return ViewFilms(told, cases, tuple(film for film, _, _ in found), *numbers.T)


def film_parts(
    chosen: ViewFilms,
    seed: int,
    alike: Sequence[tuple[int, int]] = (),
    failed: Iterable[int] = (),
    share: int = HELD_OUT,
) -> ViewParts:
    """Return which films learn and which steer; none of a patient that is held out to judge by.

    `alike` are pairs of films that are nearly the same: what is like a film that is held out takes
    no part, and neither do those that `failed`. `share` is how many per cent of the patients are
    held out where publishers made no parts.
    """
    cases = chosen.cases
    pairs = [(int(chosen.owners[one]), int(chosen.owners[other])) for one, other in alike]
    names = groups(cases, pairs)
    tested = published(cases, groups(cases), share, seed).test
    judged = {names[number] for number in tested}
    left = [number for number, name in enumerate(names) if name not in judged]
    # Of another seed, since hashes of the same one would all be on one side.
    parting = held_out([names[number] for number in left], _STEERING, seed + 1)
    whole = ~np.isin(np.arange(len(chosen.films)), list(failed))
    learned, steering = (
        np.isin(chosen.owners, [left[place] for place in part]) & whole
        for part in (parting.train, parting.test)
    )
    copies = np.flatnonzero(~np.isin(chosen.owners, [*left, *tested]))
    return ViewParts(learned, steering, tuple(left), tuple(int(number) for number in copies))


def view_parts(
    chosen: ViewFilms,
    seed: int,
    alike: Sequence[tuple[int, int]] = (),
    failed: Iterable[int] = (),
) -> ViewParts:
    """Return `film_parts`. Raises UsageError where films of either view are too few in a part."""
    lost = list(failed)
    parts = film_parts(chosen, seed, alike, lost)
    copies = len(parts.copies)
    told = {"cannot be read": len(lost), "are nearly the same as films to judge by": copies}
    why = "".join(f" ({count:,} others {words})" for words, count in told.items() if count)
    _check(chosen.classes, parts.learned, f"to learn from{why}")
    _check(chosen.classes, parts.steering, f"to steer the training by{why}")
    return parts


def _check(classes: npt.NDArray[np.int64], which: npt.NDArray[np.bool_], words: str) -> None:
    for number, label in enumerate(LABELS[:2]):
        count = int(((classes == number) & which).sum())
        if count < _LEAST:
            raise UsageError(
                f"There are {count} {label} films {words}; at least {_LEAST} are needed. Name"
                " folders whose tables tell the view (see docs/learning.md)."
            )


def sources(chosen: ViewFilms, parts: ViewParts, licences: Mapping[str, str]) -> tuple[Source, ...]:
    """Return what is learned from, without what is held out."""
    used = {chosen.cases[number].study for number in parts.cases}
    told = chosen.collections
    parts_of = [(one.name, [case for case in one.cases if case.study in used]) for one in told]
    return tuple(
        source(name, licences, len(own), sum(len(case.films) for case in own))
        for name, own in parts_of
    )


def film_sources(
    chosen: ViewFilms, numbers: Iterable[int], licences: Mapping[str, str]
) -> tuple[Source, ...]:
    """Return what is learned from where it is some of the films alone, by their numbers."""
    studies = [chosen.cases[int(chosen.owners[number])].study for number in numbers]
    told = []
    for one in chosen.collections:
        known = {case.study for case in one.cases}
        own = [study for study in studies if study in known]
        if own:
            told.append(source(one.name, licences, len(set(own)), len(own)))
    return tuple(told)
