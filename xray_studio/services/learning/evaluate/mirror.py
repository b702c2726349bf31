"""What tells mirrored films judged: by films as they are, and by their mirror images."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from xray_studio.core.job import Job, Progress
from xray_studio.core.learning.bootstrap import interval
from xray_studio.core.learning.input_spec import Squashed
from xray_studio.services.learning.evaluate.anomaly_films import Judged, judged_films
from xray_studio.services.learning.evaluate.answer import Answer
from xray_studio.services.learning.inference.engine import Engine
from xray_studio.services.learning.inference.film_looks import Frames, Lookers
from xray_studio.services.learning.inference.film_scores import in_lungs
from xray_studio.services.learning.inference.mirrored import apart
from xray_studio.services.learning.models.installed import Installed
from xray_studio.services.learning.tasks.lungs import Lungs
from xray_studio.services.learning.tasks.mirror import WARNED, Readout

_AT_ONCE: Final = 32
Values = npt.NDArray[np.float64]


def evaluate_mirror(data: Path, model: Installed, seed: int = 1) -> Job[Answer]:
    """Return how many films are told the right way round, and how many are warned of.

    Judged are frontal films of patients whom `train vit` holds out, as they are and mirrored; the
    baseline tells by which lung is larger. Raises StudioError where there is nothing to judge or
    the model cannot be used.
    """
    lookers = Lookers.installed()
    readout = Readout.of(model, lookers.published)
    held_out = int(model.model.training.get("seed", 0))
    read = yield from judged_films(data, held_out, whole=False)
    told = dict[str, Any]()
    with Engine() as engine:
        for one in read.judged:
            scores = yield from _scores(engine, lookers.published, readout, one.films)
            larger = _larger_lung(one.films, Lungs.of(lookers.lungs))
            told[one.name] = _facts(one, scores, larger, seed)
    facts = {
        "dataset": data.resolve().name, "model": model.model.sha256,
        "n": sum(one["n"] for one in told.values()), "collections": told,
    }  # fmt: skip
    return Answer(facts, read.left_out)


def _scores(engine: Engine, published: Installed, readout: Readout, films: Squashed) -> Job[Values]:
    found = list[Values]()
    for first in range(0, len(films), _AT_ONCE):
        progress = Progress(first, len(films), "Looking at films and their mirror images")
        yield progress
        some = films[first : first + _AT_ONCE]
        found.append(readout.scores((yield from apart(engine, published, some, progress))))
    return np.concatenate(found)


def _larger_lung(films: Squashed, finder: Lungs) -> Values:
    """Return by how much more lung the right half of each film shows than the left, in places.

    In nearly all films the picture's right half shows the patient's left lung beside the heart.
    """
    lungs = np.stack([in_lungs(one) for one in Frames.of(films, finder).lungs])
    half = lungs.shape[2] // 2
    counts = [lungs[:, :, side].sum(axis=(1, 2)) for side in (slice(half), slice(half, None))]
    return np.asarray(counts[1] - counts[0].astype(np.float64))


def _facts(judged: Judged, scores: Values, larger: Values, seed: int) -> dict[str, Any]:
    values = {
        "right": scores > 0.0, "warned": scores < WARNED, "mirrored_warned": -scores < WARNED,
    }  # fmt: skip
    told: dict[str, Any] = {"n": len(scores)}
    for name, one in values.items():
        told |= _share(name, one, judged.owners, seed)
    return {**told, "baselines": {"larger lung": _share("right", larger > 0, judged.owners, seed)}}


def _share(
    name: str, values: npt.NDArray[np.bool_], owners: Sequence[str], seed: int
) -> dict[str, Any]:
    known = values.astype(float).tolist()
    return {name: float(np.mean(known)), f"{name}_ci": interval(known, owners, seed)}


_ABOUT: Final = (
    "{:,} frontal films of patients from whom nothing was learned, as they are and mirrored;"
    " intervals are 95 %, by patient."
)
_HEAD: Final = (
    "| films | n | told the right way round | baseline: larger lung | warned of as they are"
    " | their mirror images, warned of |"
)


def result_lines(facts: Mapping[str, Any]) -> list[str]:
    """Return an answer as lines of Markdown, for a card and for people."""
    return [
        _ABOUT.format(facts["n"]),
        "",
        _HEAD,
        "|---|---|---|---|---|---|",
        *(_line(name, one) for name, one in facts["collections"].items()),
    ]


def _line(name: str, one: Mapping[str, Any]) -> str:
    plain = one["baselines"]["larger lung"]
    cells = [name, f"{one['n']:,}", _cell(one, "right"), _cell(plain, "right")]
    cells += [_cell(one, "warned"), _cell(one, "mirrored_warned")]
    return f"| {' | '.join(cells)} |"


def _cell(one: Mapping[str, Any], name: str) -> str:
    known = one[f"{name}_ci"]
    ends = f" ({known[0]:.4f} to {known[1]:.4f})" if known else ""
    return f"{one[name]:.4f}{ends}"
