"""What the finding classifier is, and which studies it learns from, is steered and judged by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from xray_studio.core.errors import UsageError
from xray_studio.core.learning.cases import Case, Collection, View
from xray_studio.core.learning.findings import FINDINGS
from xray_studio.core.learning.input_spec import InputSpec
from xray_studio.core.learning.model import Source
from xray_studio.core.learning.parts import groups, held_out
from xray_studio.core.split import fold_of
from xray_studio.services.learning.tasks.kind import Kind, source

LABELS: Final = FINDINGS
SPEC: Final = InputSpec(rows=224, columns=224)
NETWORK: Final[Mapping[str, Any]] = {
    "kind": "views", "outputs": len(LABELS), "size": 224, "kept": 8,
}  # fmt: skip
FOLDS: Final = 5
EVERY: Final = -1  # the fold of what every network learned from
USE: Final = (
    "Tells how likely each of eighteen findings is in frontal films of the chest of adults, with a"
    " lateral film where there is one. For research and education, not for diagnosis."
)
KIND: Final = Kind("findings", "classifier", LABELS, NETWORK, SPEC, USE)
_VIEWS: Final = (View.FRONTAL, View.LATERAL)
_STEERING: Final = 10  # per cent of the patients that are learned from
_LEAST: Final = 2  # studies with a finding, and without it


@dataclass(frozen=True, slots=True, eq=False)
class StudySet:
    """Labelled studies with a frontal film.

    `cases` tell the numbers of their frontal and lateral films among `paths`. `truth` (cases,
    labels) is 1, 0, or NaN where nobody looked. `owners` are the names
    of the groups that are never parted. `judged` marks studies of collections that tell the most
    findings: only these are parted into folds, the others are learned from in all.
    """

    paths: tuple[str, ...]
    cases: tuple[tuple[tuple[int, ...], tuple[int, ...]], ...]
    truth: npt.NDArray[np.float32]
    owners: tuple[str, ...]
    judged: npt.NDArray[np.bool_]
    sources: tuple[Source, ...] = ()

    def folds(self, count: int, seed: int) -> npt.NDArray[np.int64]:
        """Return the fold of each study, from 0; `EVERY` where all networks learn from it."""
        found = [
            fold_of(owner, count, seed) if judged else EVERY
            for owner, judged in zip(self.owners, self.judged, strict=True)
        ]
        return np.array(found, np.int64)

    def steering(self, seed: int) -> npt.NDArray[np.bool_]:
        """Mark the studies that steer trainings of folds in which they are not judged."""
        # Of another seed, since hashes of the same one would all be in one fold.
        parted = held_out(self.owners, _STEERING, seed + 1)
        found = np.zeros(len(self.owners), np.bool_)
        found[list(parted.test)] = True
        return found & self.judged

    def without(self, films: Iterable[int]) -> StudySet:
        """Return the studies that keep a frontal film without some films."""
        lost = frozenset(films)
        cases = tuple(
            (
                tuple(n for n in frontal if n not in lost),
                tuple(n for n in lateral if n not in lost),
            )
            for frontal, lateral in self.cases
        )
        kept = np.array([bool(frontal) for frontal, _ in cases], np.bool_)
        return replace(self, cases=cases).which(kept)

    def which(self, kept: npt.NDArray[np.bool_]) -> StudySet:
        """Return the studies that `kept` marks; numbers of films stay as they are."""
        return replace(
            self,
            cases=tuple(self.cases[n] for n in np.flatnonzero(kept)),
            truth=self.truth[kept],
            owners=tuple(self.owners[n] for n in np.flatnonzero(kept)),
            judged=self.judged[kept],
        )

    def only_judged(self) -> StudySet:
        """Return the studies that are judged, with their films alone."""
        found = self.which(self.judged)
        numbers = [n for case in found.cases for view in case for n in view]
        places = {number: place for place, number in enumerate(numbers)}
        cases = tuple(
            (tuple(places[n] for n in frontal), tuple(places[n] for n in lateral))
            for frontal, lateral in found.cases
        )
        return replace(found, paths=tuple(self.paths[n] for n in numbers), cases=cases)


def study_set(collections: Sequence[Collection], licences: Mapping[str, str]) -> StudySet:
    """Return the labelled studies of collections that have a table.

    Raises UsageError where there is none.
    """
    told = [one for one in collections if one.layout != "files" and one.findings]
    most = max((len(one.findings) for one in told), default=0)
    chosen = [(one, case) for one in told for case in one.cases if _usable(case)]
    if not chosen:
        raise UsageError(
            "No study here has both labels and a frontal film that is told as such; name folders"
            " whose tables tell findings and views (see docs/learning.md)."
        )
    cases = [case for _, case in chosen]
    paths = [film.path for case in cases for view in _VIEWS for film in case.seen(view)]
    return StudySet(
        tuple(paths),
        tuple(_numbered(cases)),
        np.stack([_truth(case, one.findings) for one, case in chosen]),
        _owners(chosen),
        np.array([len(one.findings) == most for one, _ in chosen], np.bool_),
        _sources(told, chosen, licences),
    )


def _owners(chosen: Sequence[tuple[Collection, Case]]) -> tuple[str, ...]:
    """Return the names of groups: patients of one layout, whatever its folder is called."""
    layouts = dict.fromkeys(one.layout for one, _ in chosen)
    found = [""] * len(chosen)
    for layout in layouts:
        numbers = [n for n, (one, _) in enumerate(chosen) if one.layout == layout]
        names = groups([chosen[n][1] for n in numbers])
        for number, name in zip(numbers, names, strict=True):
            found[number] = f"{layout}/{name}"
    return tuple(found)


def _usable(case: Case) -> bool:
    return case.labels is not None and bool(case.seen(View.FRONTAL))


def _numbered(cases: Sequence[Case]) -> Iterable[tuple[tuple[int, ...], tuple[int, ...]]]:
    """Yield the numbers of the films of each case, by view, as they follow one another."""
    next_one = 0
    for case in cases:
        counts = [len(case.seen(view)) for view in _VIEWS]
        frontal = tuple(range(next_one, next_one + counts[0]))
        yield frontal, tuple(range(next_one + counts[0], next_one + sum(counts)))
        next_one += sum(counts)


def _truth(case: Case, findings: Sequence[str]) -> npt.NDArray[np.float32]:
    labels = case.labels or frozenset()
    told = [float(name in labels) if name in findings else np.nan for name in LABELS]
    return np.array(told, np.float32)


def check_learnable(truth: npt.NDArray[np.float32], names: Sequence[str], what: str) -> list[str]:
    """Return sentences on labels that cannot be learned from some studies.

    Raises UsageError where none can: studies of one kind alone teach nothing.
    """
    yes, no = np.nansum(truth == 1.0, axis=0), np.nansum(truth == 0.0, axis=0)
    bad = [n for n in range(len(names)) if min(yes[n], no[n]) < _LEAST]
    if len(bad) == len(names):
        raise UsageError(
            f"In {what} no finding is present in {_LEAST} studies and absent in {_LEAST} others,"
            " so nothing can be learned; name more studies."
        )
    return [
        f"{names[n]} is present in {int(yes[n])} and absent in {int(no[n])} studies of {what}:"
        " too few to be learned"
        for n in bad
    ]


def _sources(
    collections: Sequence[Collection],
    chosen: Sequence[tuple[Collection, Case]],
    licences: Mapping[str, str],
) -> tuple[Source, ...]:
    counts = [(one.name, [case for own, case in chosen if own is one]) for one in collections]
    return tuple(
        source(name, licences, len(own), sum(len(case.seen(v)) for case in own for v in _VIEWS))
        for name, own in counts
        if own
    )
