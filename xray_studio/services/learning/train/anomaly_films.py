"""Normal films on their way into the training of a detector of the unusual."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from xray_studio.core.job import Job
from xray_studio.core.learning.cases import View
from xray_studio.core.learning.input_spec import Squashed
from xray_studio.services.learning.films.copies import COPY, alike_among
from xray_studio.services.learning.films.judged_regions import (
    FilmVerdicts,
    JudgedRegion,
    read_judged,
    verdicts_on,
)
from xray_studio.services.learning.inference.film_looks import Lookers
from xray_studio.services.learning.readers.layouts import read_collections
from xray_studio.services.learning.tasks.anomaly import FILM, Normals, normals
from xray_studio.services.learning.tasks.lungs import Lungs
from xray_studio.services.learning.tasks.vit import vit_films
from xray_studio.services.learning.train.asked import Training
from xray_studio.services.learning.train.ending import left_out
from xray_studio.services.learning.train.running import memory_stated, prepare
from xray_studio.services.learning.train.store import stored_films


@dataclass(frozen=True, slots=True, eq=False)
class NormalFilms:
    """Normal films, uint8 (films, 256, 256): to learn from, and to set thresholds by.

    `which` tells what they are of, `left_out` names films that cannot be read or are copies.
    `judged` is what readers made of regions of all films, None where nobody was asked.
    """

    which: Normals
    learned: Squashed
    held: Squashed
    left_out: tuple[tuple[str, str], ...]
    judged: FilmVerdicts | None = None

    def by_readers(self) -> dict[str, int]:
        """Return how many films readers had left out and learned from; nothing without any."""
        if self.judged is None:
            return {}
        return {"left_out_by_readers": len(self.judged.meant), "normal_by_readers":
                self.which.by_readers}  # fmt: skip

    def notes(self) -> tuple[str, ...]:
        """Return what is to be known of regions that readers judged."""
        unknown = 0 if self.judged is None else self.judged.unknown
        words = "region is" if unknown == 1 else "regions are"
        return (f"{unknown} judged {words} of films that are not there.",) if unknown else ()


@dataclass(frozen=True, slots=True, eq=False)
class Begun:
    """What every training of a detector begins with: what looks at films, and normal films."""

    lookers: Lookers
    finder: Lungs
    films: NormalFilms


def begin(data: Path, out: Path, asked: Training, needed: int, feedback: Path | None) -> Job[Begun]:
    """Return what a training begins with; `needed` bytes of memory are told first.

    `feedback` is a folder that what readers made of regions was exported to. Raises StudioError
    where a network that looks at films is missing, normal films are too few, or `out` cannot be
    written.
    """
    lookers = Lookers.installed()
    finder = Lungs.of(lookers.lungs)
    regions = None if feedback is None else read_judged(feedback)
    prepare(out)
    yield memory_stated(needed)
    films = yield from normal_films(data, out, asked.seed, regions)
    return Begun(lookers, finder, films)


def normal_films(
    data: Path, out: Path, seed: int, regions: Sequence[JudgedRegion] | None = None
) -> Job[NormalFilms]:
    """Return the normal films below `data`; those that were read are kept in `out`.

    `regions` are what readers judged in them. Raises UsageError where there are too few.
    """
    collections = yield from read_collections(data)
    normals(collections, seed)  # too few are told before films are read, which takes minutes
    chosen = vit_films(collections)
    stored, failed = yield from stored_films(chosen.paths, FILM, out)
    frontal = [n for n, one in enumerate(chosen.films) if one.view is View.FRONTAL]
    judged = None if regions is None else (yield from verdicts_on(regions, chosen.paths, frontal))
    which = normals(collections, seed, alike_among(stored), failed, judged)
    reasons = failed | dict.fromkeys(set(which.copies) - set(failed), COPY)
    return NormalFilms(
        which, np.array(stored[which.learned]), np.array(stored[which.held]),
        left_out(chosen.paths, reasons), judged,
    )  # fmt: skip
