"""The detector `classifier-heat`: where the finding classifier looks. It has learned from labels.

It stands beside detectors that were told nothing of what is ill, under a name of its own, so that
nobody takes one for the other.
"""

from __future__ import annotations

import weakref
from pathlib import Path
from typing import Final

import numpy as np

from xray_studio.core.anomaly.detection import Detection, DetectorMark, ScoreMap, Threshold
from xray_studio.core.clip import Clip
from xray_studio.core.job import Job, Progress
from xray_studio.core.learning.assessment import Assessment, ModelMark
from xray_studio.core.learning.cases import View
from xray_studio.core.learning.heat import Heat, Method
from xray_studio.core.learning.model import digest_of
from xray_studio.core.learning.question import Wish
from xray_studio.core.reasons import why_not
from xray_studio.core.version import VERSION
from xray_studio.services.anomaly.film_detector import film_sha256, no_film
from xray_studio.services.learning.inference.engine import Engine
from xray_studio.services.learning.inference.findings import (
    Models,
    Shown,
    assess,
)
from xray_studio.services.learning.inference.heat_maps import explain
from xray_studio.services.learning.inference.supervised_heat import (
    NAME,
    THRESHOLD,
    film_score,
    likeliest,
    places,
)

CHANNEL: Final = "finding"
_NOTE: Final = (
    "A supervised map: where the finding classifier, which has learned from films with labels,"
    " looks for {}. It shows what the network reacts to, which is not where a disease is."
)


class ClassifierHeat:
    """Marks where the finding classifier looks for the finding that it holds for likeliest."""

    name = NAME
    title = "Where the classifier looks"
    meaning = (
        "From 0 to 1, the strongest place of this film (Grad-CAM); of a film, how likely it is"
        " not normal."
    )

    def __init__(self, model: Path | None = None) -> None:
        self._named = model
        self._engine: Engine | None = None

    def unavailable(self) -> str:
        """Return in a sentence why it cannot be used here and what to do, "" where it can."""
        return why_not(lambda: Models.installed(self._named))

    def refused(self, clip: Clip) -> str:
        """Return why it was not made for a clip, as far as its file and its colours tell."""
        return no_film(clip)

    def empty(self) -> Detection:
        """Return its answer before it has looked. Raises StudioError where it cannot be used."""
        asked = Models.installed(self._named)
        model, view = asked.findings.model, asked.view.model
        known = ModelMark(model.name, model.version, model.sha256)
        mark = DetectorMark(NAME, VERSION, known, digest_of((model, view)))
        words = {CHANNEL: "what speaks for the likeliest finding of the classifier"}
        return Detection(mark, Threshold(THRESHOLD), channels=words)

    def detect(self, clip: Clip) -> Job[Detection]:
        """Look at a film, or abstain. Raises StudioError where it or a model cannot be used."""
        found, shown = self.empty(), Shown(clip, 0)
        reason = self.refused(clip)
        if reason:
            return _abstained(found, reason)
        yield Progress(message="Reading the film")
        sha256 = yield from film_sha256(clip)
        models, engine = Models.installed(self._named), self._running()
        told = yield from assess(engine, models, [shown])
        if told.abstained or told.pictures[0].view != View.FRONTAL:
            view = told.pictures[0].view
            words = f"It looks at frontal films of the chest; this is taken for {view}."
            return _abstained(found, told.abstained or words)
        label = likeliest(told.findings)
        heat = yield from explain(
            engine, models.findings, told, shown, Wish(label, Method.GRAD_CAM)
        )
        made = _map(clip, heat, told, sha256)
        yield Progress(message="Asking what speaks for it", partial=made)
        notes = (_NOTE.format(label), *told.notes)
        return Detection(found.detector, found.threshold, (made,), found.channels, notes)

    def _running(self) -> Engine:
        if self._engine is None:
            self._engine = Engine()
            weakref.finalize(self, self._engine.close)
        return self._engine


def _abstained(found: Detection, reason: str) -> Detection:
    return Detection(found.detector, found.threshold, channels=found.channels, abstained=reason)


def _map(clip: Clip, heat: Heat, told: Assessment, sha256: str) -> ScoreMap:
    values, score = places(heat), film_score(told.findings)
    uid, number = clip.origin(0)
    fired = np.zeros(values.shape, np.uint8)
    shape = (clip.rows, clip.columns)
    return ScoreMap(0, values, fired, score, shape, sha256, uid, number)
