"""The finder of lungs judged by marked lungs, each film by what has not learned from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from xray_studio.core.errors import UsageError
from xray_studio.core.job import Job
from xray_studio.core.learning.bootstrap import interval
from xray_studio.core.learning.input_spec import InputSpec
from xray_studio.core.learning.scores import dice, overlap
from xray_studio.imaging.lung_fields import SPEC, lungs
from xray_studio.services.learning.evaluate.answer import Answer
from xray_studio.services.learning.films.copies import alike_among
from xray_studio.services.learning.films.reading import squash_films
from xray_studio.services.learning.models.installed import Installed
from xray_studio.services.learning.readers.layouts import read_collections
from xray_studio.services.learning.tasks.lungs import Lungs, lung_set

_JUDGED: Final = InputSpec(rows=512, columns=512, low=0.0, high=100.0)  # masks
_SHAPE: Final = (_JUDGED.rows, _JUDGED.columns)
Mask = npt.NDArray[np.bool_]


def evaluate_lungs(data: Path, model: Installed, seed: int = 1) -> Job[Answer]:
    """Return how far found and marked lungs agree, in films squashed to 512 x 512.

    The baseline is where more than half of the other patients have lungs. Raises StudioError where
    nothing is there to judge or the model cannot be used.
    """
    finder = Lungs.of(model)
    collections = yield from read_collections(data)
    whole = lung_set(collections)
    films = np.zeros((len(whole.films), SPEC.rows, SPEC.columns), np.uint8)
    masks = np.zeros((len(whole.films), *_SHAPE), np.uint8)
    failed = yield from squash_films(whole.films, SPEC, films)
    failed |= yield from squash_films(whole.masks, _JUDGED, masks)
    kept = [number for number in range(len(films)) if number not in failed]
    if not kept:
        raise UsageError(f"No film in {data} has marked lungs that can be read; name another one.")
    chosen, films, marked = whole.without(list(failed)), films[kept], masks[kept] > 127
    owners = chosen.owners(alike_among(films))
    found = [lungs(finder.chances(film), _SHAPE) for film in films]
    facts = {
        "dataset": data.resolve().name, "model": model.model.sha256, "n": len(kept),
        "known": sum(finder.is_known(film) for film in films),
        **_agreement(found, marked, owners, seed),
        "baselines": {"mean lung": _agreement(_means(marked, owners), marked, owners, seed)},
        "films": [
            {"path": path, "dice": round(dice(one, mark), 4)}
            for path, one, mark in zip(chosen.films, found, marked, strict=True)
        ],
    }  # fmt: skip
    return Answer(facts, tuple((whole.films[n], why) for n, why in sorted(failed.items())))


def _agreement(
    found: Sequence[Mask], marked: Sequence[Mask] | Mask, owners: Sequence[str], seed: int
) -> dict[str, Any]:
    pairs = list(zip(found, marked, strict=True))
    told: dict[str, Any] = {}
    for name, score in (("dice", dice), ("iou", overlap)):
        values = [score(one, other) for one, other in pairs]
        told |= {name: float(np.mean(values)), f"{name}_ci": interval(values, owners, seed)}
        told[f"{name}_median"] = float(np.median(values))
    return told


def _means(marked: Mask, owners: Sequence[str]) -> list[Mask]:
    """Return for each film where more than half of the films of others have lungs."""
    names, whole = np.array(owners), marked.sum(axis=0, dtype=np.int64)
    found = []
    for name in owners:
        own = names == name
        others = whole - marked[own].sum(axis=0, dtype=np.int64)
        found.append(np.asarray(2 * others > int((~own).sum()), np.bool_))
    return found


def result_lines(facts: Mapping[str, Any]) -> list[str]:
    """Return an answer as lines of Markdown, for a card and for people."""
    known = f"{facts['known']:,} of them told by a readout that has not learned from them"
    rows = {"lungs": facts, **{f"baseline: {n}": one for n, one in facts["baselines"].items()}}
    return [
        f"{facts['n']:,} films of {facts['dataset']}, {known}; intervals are 95 %, by patient.",
        "",
        "| what | Dice | 95 % | median | IoU | 95 % |",
        "|---|---|---|---|---|---|",
        *(_line(name, one) for name, one in rows.items()),
    ]


def _line(name: str, one: Mapping[str, Any]) -> str:
    cells = [name]
    for key in ("dice", "iou"):
        known = one[f"{key}_ci"]
        cells += [f"{one[key]:.3f}", f"{known[0]:.3f} to {known[1]:.3f}" if known else ""]
        cells += [f"{one['dice_median']:.3f}"] if key == "dice" else []
    return f"| {' | '.join(cells)} |"
