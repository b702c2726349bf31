"""Which cases learn and which are tested: by patient, and films that are nearly one go together."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

from xray_studio.core.learning.cases import Case
from xray_studio.core.split import fold_of, part_of, together


def groups(cases: Sequence[Case], alike: Iterable[tuple[int, int]] = ()) -> list[str]:
    """Return for each case the name of the group that must not be parted.

    Cases of one patient are a group, and so are those that `alike` pairs (numbers of cases, whose
    films are nearly the same), and chains of both. A group is named after the first of its patients
    in order of name, so that it stays where it is when other cases come.
    """
    marks: list[list[Hashable]] = [[("patient", case.patient)] for case in cases]
    for number, (one, other) in enumerate(alike):
        marks[one].append(("alike", number))
        marks[other].append(("alike", number))
    numbers = together(marks)
    names: dict[int, str] = {}
    for case, number in zip(cases, numbers, strict=True):
        names[number] = min(case.patient, names.get(number, case.patient))
    return [names[number] for number in numbers]


@dataclass(frozen=True, slots=True)
class Parting:
    """Numbers of the cases to learn from and of those to be tested on, none in both."""

    train: tuple[int, ...]
    test: tuple[int, ...]


def folds(names: Sequence[str], count: int, seed: int) -> list[Parting]:
    """Return the folds of cross-validation of cases by the names of their groups."""
    places = {name: fold_of(name, count, seed) for name in names}
    return [_parted(names, {n for n, k in places.items() if k == fold}) for fold in range(count)]


def held_out(names: Sequence[str], share: int, seed: int) -> Parting:
    """Return a parting with about `share` per cent of the groups held out."""
    shares = 100 - share, share, 0
    return _parted(names, {name for name in names if part_of(name, shares, seed) == "val"})


def published(cases: Sequence[Case], names: Sequence[str], share: int, seed: int) -> Parting:
    """Return the parting that publishers made: what is "val" or "test" there is held out.

    Of groups of which nobody made parts about `share` per cent are held out. `names` are those of
    the groups; a group is held out whole.
    """
    told: dict[str, set[str]] = {}
    for case, name in zip(cases, names, strict=True):
        told.setdefault(name, set()).add(case.part)
    shares = 100 - share, share, 0
    tested = {
        name
        for name, parts in told.items()
        if parts & {"val", "test"} or (parts == {""} and part_of(name, shares, seed) == "val")
    }
    return _parted(names, tested)


def _parted(names: Sequence[str], tested: set[str]) -> Parting:
    numbers = range(len(names))
    return Parting(
        tuple(number for number in numbers if names[number] not in tested),
        tuple(number for number in numbers if names[number] in tested),
    )
