"""Nearest cases: films of a reference library that are most alike what the networks see in a film.

They are shown for comparison and never quoted: no draft takes a word of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from xray_studio.core.errors import StudioError, UsageError
from xray_studio.core.job import Cancelled, Job, Progress, run
from xray_studio.core.learning.alike import LEAST, alike_to
from xray_studio.core.learning.cases import View
from xray_studio.core.learning.findings import NORMAL
from xray_studio.core.workers import run_apart
from xray_studio.services.decoding import awaited
from xray_studio.services.learning.inference.engine import Engine
from xray_studio.services.learning.inference.findings import Shown, picture_of
from xray_studio.services.learning.reports.baselines import alikeness
from xray_studio.services.open import open_paths
from xray_studio.services.report.library import Entry, Library, read_library
from xray_studio.services.report.library_making import (
    Looked,
    looked_at,
    model_of,
    networks_for,
)
from xray_studio.services.thumbnails import Thumbnail, letterboxed

MOST: Final = 3  # cases
SIDE: Final = 160  # pixels of a picture
FOR_COMPARISON: Final = "For comparison, never quoted: films and reports of other patients."
NO_FRONTAL: Final = "Cases are compared by frontal films of the chest, and here is none."
NONE_LEFT: Final = "The library has no case of another patient."
_OTHER_MODEL: Final = "This library was indexed with another model; index the folder again."
_COMPARING: Final = Progress(message="Comparing films")
_SECONDS: Final = 30.0


@dataclass(frozen=True, slots=True, eq=False)
class Near:
    """A case: its film as uint8 (160, 160[, 3]), and how alike it is, -1 to 1.

    The picture is None where the film cannot be opened any more.
    """

    entry: Entry
    likeness: float
    picture: Thumbnail | None = None

    @property
    def findings(self) -> str:
        """Its findings in words, "" where nobody has told any."""
        named = [name for name in self.entry.findings if name != NORMAL]
        return ", ".join(named) or ("no finding" if NORMAL in self.entry.findings else "")

    @property
    def text(self) -> str:
        """What was written of it: findings and impression, "" for nothing."""
        told = (self.entry.report.findings.strip(), self.entry.report.impression.strip())
        return "\n".join(one for one in told if one)

    def facts(self) -> dict[str, Any]:
        """Return all of it by name, for JSON."""
        report = {
            "findings": self.entry.report.findings,
            "impression": self.entry.report.impression,
        }
        return {"film": self.entry.path, "likeness": round(self.likeness, 4),
                "findings": list(self.entry.findings), "report": report}  # fmt: skip


def nearest_cases(films: Sequence[Shown], folder: Path, most: int = MOST) -> Job[tuple[Near, ...]]:
    """Return the cases of the library of a folder nearest to the first frontal one of some films.

    Cases of the same patient or study are left out, and copies of the film. Raises StudioError
    where the folder has no index, there is no frontal film, or no case of anybody else.
    """
    yield Progress(message="Reading the library")
    library = read_library(folder)
    with Engine() as engine:
        networks = networks_for(engine)
        if model_of(networks) != library.model_sha256:
            raise UsageError(_OTHER_MODEL)
        looked = [Looked.at(film, networks.specs) for film in films]
        features, views = yield from looked_at(looked, networks, _COMPARING)
    frontal = next((n for n, view in enumerate(views) if view == View.FRONTAL), None)
    if frontal is None:
        raise UsageError(NO_FRONTAL)
    paths = {str(Path(path).resolve()) for film in films for path in film.clip.paths}
    others = _others(library, looked, paths)
    if not others.any():
        raise UsageError(NONE_LEFT)
    found = _ranked(library, features[frontal], others, most)
    shown = yield from _shown(found)
    return shown


def case_picture(path: str, side: int) -> Thumbnail:
    """Return the middle frame of a film as a small square. Runs in a worker process."""
    clip = run(open_paths([path]))
    return letterboxed(picture_of(Shown.of(clip)), side, clip.pixel_aspect)


def _ranked(
    library: Library, row: npt.NDArray[np.float32], others: npt.NDArray[np.bool_], most: int
) -> list[Near]:
    """Return the cases most alike, each patient's best one only."""
    alike = alikeness(row[np.newaxis], library.features)[0]
    found, owners = list[Near](), set[str]()
    for number in np.argsort(-np.where(others, alike, -2.0), kind="stable"):
        entry = library.entries[number]
        if len(found) == most or not others[number]:
            break
        if entry.owner not in owners:
            owners.add(entry.owner)
            found.append(Near(entry, float(alike[number])))
    return found


def _others(library: Library, looked: Sequence[Looked], paths: set[str]) -> npt.NDArray[np.bool_]:
    """Return which entries are of nobody that the films are of."""
    small = np.stack([one.small for one in looked])
    same = {int(n) for n in np.flatnonzero(alike_to(library.small, small).max(axis=1) >= LEAST)}
    patients, studies = ({one.patient for one in looked}, {one.study for one in looked})
    for number, entry in enumerate(library.entries):
        own = entry.patient in patients - {""} or entry.study in studies - {""}
        if own or str(Path(entry.path).resolve()) in paths:
            same.add(number)
    owners = {library.entries[number].owner for number in same} - {""}
    return np.array(
        [n not in same and one.owner not in owners for n, one in enumerate(library.entries)],
        np.bool_,
    )


def _shown(found: Sequence[Near]) -> Job[tuple[Near, ...]]:
    """Return cases with their pictures."""
    shown = list[Near]()
    for number, one in enumerate(found):
        progress = Progress(number, len(found), "Opening the nearest films")
        future = run_apart(case_picture, one.entry.path, SIDE, time_limit=_SECONDS)
        picture: Thumbnail | None = None
        try:
            picture = yield from awaited(future, progress)
        except Cancelled:
            raise
        except StudioError:
            picture = None
        shown.append(Near(one.entry, one.likeness, picture))
    return tuple(shown)
