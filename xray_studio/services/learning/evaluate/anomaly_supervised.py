"""The supervised map judged beside detectors of the unusual, in the same films.

The finding classifier has learned from labels of the collections that are judged here. So each film
is judged by the networks that have not seen it or its patient, and by none where all have.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from xray_studio.core.errors import UsageError
from xray_studio.core.job import Job, Progress
from xray_studio.core.learning.assessment import FindingScore
from xray_studio.core.learning.cases import Collection, View
from xray_studio.core.learning.fusion import Calibration
from xray_studio.core.learning.guest import is_guest
from xray_studio.core.learning.heat import Method, heat_of
from xray_studio.core.learning.input_spec import Squashed
from xray_studio.core.learning.question import Question
from xray_studio.imaging.places import coarser
from xray_studio.imaging.squash import squashed
from xray_studio.services.learning.evaluate.anomaly_films import Judged
from xray_studio.services.learning.evaluate.anomaly_metrics import Given
from xray_studio.services.learning.films.reading import squash_films
from xray_studio.services.learning.inference.engine import Engine
from xray_studio.services.learning.inference.film_scores import SIDE
from xray_studio.services.learning.inference.findings import VIEWS, calibrations, findings_of
from xray_studio.services.learning.inference.heat_maps import heat_values, networks_of
from xray_studio.services.learning.inference.supervised_heat import (
    NAME,
    THRESHOLD,
    film_score,
    likeliest,
    places,
)
from xray_studio.services.learning.models.installed import Installed
from xray_studio.services.learning.readers.layouts import read_collections
from xray_studio.services.learning.tasks.classifier import EVERY, study_set
from xray_studio.services.learning.tasks.known import NONE, Known

_AT_ONCE: Final = 64
_FRONTAL: Final = VIEWS.index(View.FRONTAL)
_ASKING: Final = f"Asking {NAME}"
Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Supervised:
    """The finding classifier: its networks, and by what it knows whom it learned from.

    `owners` are the patients of films with labels, by path.
    """

    model: Installed
    lines: Sequence[Calibration]
    known: Known
    owners: Mapping[str, str]

    @classmethod
    def of(cls, model: Installed, data: Path) -> Job[Supervised]:
        """Return a finding classifier that is judged in the films below `data`.

        Raises UsageError for networks that users bring, which tell neither whom they learned from
        nor where they look.
        """
        if is_guest(model.model):
            raise UsageError(
                f"{model.model.name} was brought along, and {NAME} cannot look into it; name the"
                " detectors to judge with --detector."
            )
        collections = yield from read_collections(data)
        lines = calibrations(model.model, networks_of(model))
        return cls(model, lines, Known.of(model), _owners(collections))

    def given(self, engine: Engine, judged: Judged) -> Job[Given]:
        """Return scores of films, NaN where none may judge one, and maps where people marked."""
        films = yield from self._films(judged)
        folds = self._folds(judged, films)
        marked = np.array([bool(b) or one is not None for b, one in _marks(judged)], np.bool_)
        scores = np.full(len(films), np.nan)
        maps = np.zeros((len(films), SIDE, SIDE), np.float32)
        for fold in (int(one) for one in np.unique(folds) if one != EVERY):
            rows = np.flatnonzero(folds == fold)
            told = yield from self._findings(engine, films[rows], fold)
            for row, findings in zip(rows, told, strict=True):
                scores[row] = film_score(findings)
                if marked[row]:
                    maps[row] = yield from self._map(engine, films[row], fold, likeliest(findings))
        return Given(scores, maps, maps >= THRESHOLD)

    def _films(self, judged: Judged) -> Job[Squashed]:
        """Return films as the networks take them: from their files, else from what was made."""
        spec = self.model.model.input
        films = np.stack([squashed(film, spec) for film in judged.films])
        if judged.paths:
            yield from squash_films(judged.paths, spec, films)
        return films

    def _folds(self, judged: Judged, films: Squashed) -> Numbers:
        """Return the fold of each film, `NONE` where no network knows it, or `EVERY`."""
        owners = [self.owners.get(path, "") for path in judged.paths] or [""] * len(films)
        found = [self.known.fold(who, [film]) for who, film in zip(owners, films, strict=True)]
        return np.array(found, np.int64)

    def _findings(
        self, engine: Engine, films: Squashed, fold: int
    ) -> Job[list[tuple[FindingScore, ...]]]:
        """Return what the networks that may judge films say of them, calibrated."""
        network = None if fold == NONE else fold
        lines = self.lines if network is None else [self.lines[network]]
        told = []
        for first in range(0, len(films), _AT_ONCE):
            given = self.model.model.input.normalised(films[first : first + _AT_ONCE])
            progress = Progress(first, len(films), _ASKING)
            seen = yield from engine.findings(self.model, _FRONTAL, given, progress, network)
            told.append(np.asarray(seen.values, np.float64))
        outputs = np.concatenate(told, axis=1)  # (networks, films, labels)
        pairs = zip(lines, outputs, strict=True)
        logits = np.mean([line.logits(own, None) for line, own in pairs], axis=0)
        return [
            findings_of(self.model.model, one, plain)
            for one, plain in zip(logits, outputs.mean(axis=0), strict=True)
        ]

    def _map(
        self, engine: Engine, film: Squashed, fold: int, label: str
    ) -> Job[npt.NDArray[np.float32]]:
        """Return where the networks that may judge a film look for a finding, (128, 128)."""
        model = self.model.model
        number = model.labels.index(label)
        asked = range(len(self.lines)) if fold == NONE else [fold]
        slopes = [float(one.slope(View.FRONTAL, View.FRONTAL)[number]) for one in self.lines]
        shares = tuple(
            slope / len(asked) if place in asked else 0.0 for place, slope in enumerate(slopes)
        )
        question = Question(
            str(self.model.folder), model.sha256, _FRONTAL, number, Method.GRAD_CAM, shares
        )
        values = yield from heat_values(engine, question, model.input.normalised(film))
        heat = heat_of(Method.GRAD_CAM, label, values, (film.shape[0], film.shape[1]))
        return coarser(places(heat), SIDE)


def _owners(collections: Sequence[Collection]) -> dict[str, str]:
    """Return the patient of each film with labels, by path, as classifiers know them."""
    try:
        found = study_set(collections, {})
    except UsageError:  # nothing has labels
        return {}
    pairs = zip(found.owners, found.cases, strict=True)
    return {found.paths[n]: who for who, case in pairs for view in case for n in view}


def _marks(judged: Judged) -> zip[tuple[object, object]]:
    return zip(judged.boxes, judged.lesions, strict=True)
