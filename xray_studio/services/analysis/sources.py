"""Which films are analysed together, and by which names their results are known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from xray_studio.core.kinds import LOOSE, SINGLE
from xray_studio.core.reasons import is_damage
from xray_studio.core.study import Catalog, Series
from xray_studio.services.analysis.own_results import SUFFIXES

ONLY_RESULTS: Final = "there are no films here, only results of an earlier run or segmentations"


@dataclass(frozen=True, slots=True)
class Planned:
    """Films of one study: their files, the names of their results, and what is to be told of them.

    The name of the study is that of its first film.
    """

    paths: tuple[str, ...]
    names: tuple[str, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Listing:
    """How films are listed.

    `together` takes all pictures as films of one study. Names are those of the files; where they
    are to tell nothing of a patient (`anonymous`), numbers. `no_films` are pictures that are none,
    with the reason.
    """

    together: bool = False
    anonymous: bool = False
    no_films: Mapping[str, str] = field(default_factory=dict)


def planned(catalog: Catalog, how: Listing) -> list[Planned]:
    """Return the studies of a catalogue, each film of them by a name that no other one has."""
    found = [_together(catalog)] if how.together else list(_studies(catalog))
    used: set[str] = set()
    made = []
    for study in found:
        films = [(path, note) for path, note in study if path not in how.no_films]
        paths = tuple(path for path, _ in films)
        names = tuple(_name(path, used, anonymous=how.anonymous) for path in paths)
        made.append(Planned(paths, names, tuple(note for _, note in films if note)))
    return [one for one in made if one.paths]


def unusable(
    named: Sequence[str], catalog: Catalog, studies: Sequence[Planned], how: Listing
) -> dict[str, str]:
    """Return files that were named and are no films, damaged ones, copies, and empty folders.

    Each with its reason; what else lies in a folder was not asked for.
    """
    asked = {Path(path).absolute() for path in named}
    films = {Path(path).absolute() for study in studies for path in study.paths}
    found = {
        one.path: one.told
        for one in catalog.skipped
        if one.taken or is_damage(one.reason) or Path(one.path).absolute() in asked
    }
    own = {Path(path).absolute(): why for path, why in how.no_films.items()}
    found |= {str(path): why for path, why in own.items() if path in asked}
    for path in named:
        whole = Path(path).absolute()
        if whole.is_dir() and not any(film.is_relative_to(whole) for film in films):
            only = any(one.is_relative_to(whole) for one in own)
            found[path] = ONLY_RESULTS if only else "there are no pictures here"
    return found


def results_of(names: Sequence[str], folder: Path) -> Iterator[Path]:
    """Yield the files in a folder that results of films by their names would take the place of."""
    for name in names:
        yield from (folder / f"{name}{suffix}" for suffix in SUFFIXES)


def _together(catalog: Catalog) -> list[tuple[str, str]]:
    return [film for series in catalog.pictures() for film in _films(series)]


def _studies(catalog: Catalog) -> Iterator[list[tuple[str, str]]]:
    """Yield the films of each study; a file that names none is one of its own."""
    for patient in catalog.patients:
        for study in patient.studies:
            series = [one for one in study.series if not one.is_document]
            films = [film for one in series for film in _films(one)]
            if patient.loose or not study.study_instance_uid:
                yield from ([film] for film in films)
            else:
                yield films


def _films(series: Series) -> Iterator[tuple[str, str]]:
    """Yield files of a series and notes: of slices and loops one file stands for all."""
    paths = list(dict.fromkeys(series.paths))
    if series.kind in LOOSE or series.modality in SINGLE or len(paths) == 1:
        yield from ((path, "") for path in paths)
    else:
        note = f"Of a series of {len(paths):,} {series.modality} objects the middle one is shown."
        yield paths[len(paths) // 2], note


def _name(path: str, used: set[str], *, anonymous: bool) -> str:
    first = "film" if anonymous else Path(path).stem
    found, number = f"{first}-1" if anonymous else first, 1
    while found in used:
        number += 1
        found = f"{first}-{number}"
    used.add(found)
    return found
