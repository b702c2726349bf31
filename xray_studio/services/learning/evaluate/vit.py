"""What the vision transformer sees, judged: whether films are normal, beside simpler features.

It was never told what is normal. A ridge regression on what it sees of the films that it learned
from tells normal from abnormal ones; patients who were held out judge that. The same regression on
other features of the same films is the baseline.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from xray_studio.core.errors import UsageError
from xray_studio.core.job import Job, Progress
from xray_studio.core.learning.cases import View
from xray_studio.core.learning.finding_scores import Judged, areas
from xray_studio.core.learning.findings import NORMAL
from xray_studio.core.learning.input_spec import Squashed
from xray_studio.core.learning.ridge import Ridge
from xray_studio.imaging import hog
from xray_studio.imaging.squash import squashed
from xray_studio.services.learning.evaluate.answer import Answer
from xray_studio.services.learning.films.copies import SMALL, alike_among
from xray_studio.services.learning.films.reading import squash_films
from xray_studio.services.learning.inference.engine import Engine
from xray_studio.services.learning.models.installed import Installed
from xray_studio.services.learning.readers.layouts import read_collections
from xray_studio.services.learning.tasks.view import ViewFilms, ViewParts
from xray_studio.services.learning.tasks.vit import vit_films, vit_parts

_SEEN: Final = "xray_studio.ai.features:of_vit"
_AT_ONCE: Final = 64
_LEAST: Final = 2  # normal films, and others, on both sides
_ABOUT: Final = (
    "Normal frontal films against others, by ridge regression on features of the films that were"
    " learned from; judged are patients who were held out, pairs of one projection; intervals are"
    " 95 %, by patient."
)
Rows = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class _Films:
    """Frontal films of one collection whose label is told: which of them are held out."""

    name: str
    numbers: npt.NDArray[np.int64]
    normal: npt.NDArray[np.bool_]
    held: npt.NDArray[np.bool_]
    projections: npt.NDArray[np.int64]
    owners: tuple[str, ...]


def evaluate_vit(data: Path, model: Installed, seed: int = 1) -> Job[Answer]:
    """Return how well normal films are told from others by what a vision transformer sees.

    Collections are judged one by one: each has its own regression, and pairs are of one projection.
    Raises StudioError where nothing is there to judge.
    """
    collections = yield from read_collections(data)
    chosen = vit_films(collections)
    films = np.zeros((len(chosen.films), hog.SPEC.rows, hog.SPEC.columns), np.uint8)
    failed = yield from squash_films(chosen.paths, hog.SPEC, films)
    trained = int(model.model.training.get("seed", 0))
    parts = vit_parts(chosen, trained, alike_among(films), failed)
    sets = [one for one in _sets(chosen, parts, failed) if _enough(one)]
    if not sets:
        raise UsageError(
            f"In {data} too few frontal films that are held out tell whether they are normal; name"
            " another folder."
        )
    told, notes = dict[str, Any](), set[str]()
    with Engine() as engine:
        for one in sets:
            rows = yield from _seen(engine, model, films[one.numbers], notes)
            told[one.name] = _judged(one, {"vit": rows, **_baselines(films[one.numbers])}, seed)
    facts = {
        "dataset": data.resolve().name, "model": model.model.sha256,
        "n": sum(one["n"] for one in told.values()), "collections": told, "notes": sorted(notes),
    }  # fmt: skip
    return Answer(facts, tuple((chosen.paths[n], why) for n, why in sorted(failed.items())))


def _sets(chosen: ViewFilms, parts: ViewParts, failed: Mapping[int, str]) -> list[_Films]:
    used = parts.learned | parts.steering
    out = np.zeros(len(used), np.bool_)
    out[[*parts.copies, *failed]] = True
    found = []
    for collection in chosen.collections:
        cases = {case.study: case for case in collection.cases if case.labels is not None}
        numbers = [
            number
            for number, film in enumerate(chosen.films)
            if film.view is View.FRONTAL
            and not out[number]
            and chosen.cases[int(chosen.owners[number])].study in cases
        ]
        own = [chosen.cases[int(chosen.owners[number])] for number in numbers]
        known = [chosen.films[number].projection for number in numbers]
        found.append(
            _Films(
                collection.name, np.array(numbers, np.int64),
                np.array([NORMAL in (case.labels or ()) for case in own], np.bool_),
                ~used[numbers], np.unique(known, return_inverse=True)[1].astype(np.int64),
                tuple(case.patient for case in own),
            )
        )  # fmt: skip
    return found


def _enough(one: _Films) -> bool:
    sides = [a & b for a in (one.normal, ~one.normal) for b in (one.held, ~one.held)]
    return min(int(side.sum()) for side in sides) >= _LEAST


def _seen(engine: Engine, model: Installed, films: Squashed, notes: set[str]) -> Job[Rows]:
    """Return what the network sees, (films, channels)."""
    parts, known = [], (str(model.folder), model.model.sha256)
    for first in range(0, len(films), _AT_ONCE):
        progress = Progress(first, len(films), "Looking at films")
        spec = model.model.input
        small = np.stack([squashed(film, spec) for film in films[first : first + _AT_ONCE]])
        told = yield from engine.asked(_SEEN, (*known, spec.normalised(small)), progress)
        parts.append(told.rows)
        notes |= {told.note} - {""}
    return np.concatenate(parts)


def _baselines(films: Squashed) -> dict[str, Rows]:
    small = np.stack([squashed(film, SMALL).ravel() for film in films])
    return {
        "HOG": np.stack([hog.gradients(film) for film in films]),
        "thumbnail": small.astype(np.float32),
        "mean intensity": films.mean(axis=(1, 2), dtype=np.float32)[:, None],
    }


def _judged(one: _Films, features: Mapping[str, Rows], seed: int) -> dict[str, Any]:
    held = one.held
    owners = [owner for owner, is_held in zip(one.owners, held, strict=True) if is_held]
    told = {}
    for name, rows in features.items():
        scores = Ridge.fitted(rows[~held], one.normal[~held]).scores(rows[held])
        judged = Judged(
            scores[:, None], one.normal[held][:, None].astype(float), one.projections[held], owners
        )
        found = areas(judged, [0], seed)
        told[name] = {"auroc": found.labels.get(0), "auroc_ci": found.intervals.get(0)}
    return {
        "n": int(held.sum()), "normal": int((one.normal & held).sum()),
        "learned_from": int((~held).sum()), "features": told,
    }  # fmt: skip


def result_lines(facts: Mapping[str, Any]) -> list[str]:
    """Return an answer as lines of Markdown, for a card and for people."""
    lines = [_ABOUT]
    for name, one in facts["collections"].items():
        count = f"{one['n']:,} films of {name}, {one['normal']:,} of them normal"
        lines += ["", f"{count}:", "", "| features | AUROC | 95 % |", "|---|---|---|"]
        lines += [_line(feature, each) for feature, each in one["features"].items()]
    return [*lines, *_notes(facts["notes"])]


def _line(name: str, one: Mapping[str, Any]) -> str:
    value, known = one["auroc"], one["auroc_ci"]
    cells = ["" if value is None else f"{value:.3f}"]
    cells.append("" if known is None else f"{known[0]:.3f} to {known[1]:.3f}")
    return f"| {name} | {' | '.join(cells)} |"


def _notes(notes: Sequence[str]) -> list[str]:
    return [f"Note: {note}." for note in notes]
