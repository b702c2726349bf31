"""What all detectors of frontal films have in common: what they refuse, and how they are asked."""

from __future__ import annotations

import weakref
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Self

import numpy as np

from xray_studio.core.anomaly.detection import (
    NORMALS,
    Detection,
    DetectorMark,
    ScoreMap,
    Threshold,
)
from xray_studio.core.anomaly.explanation import Explanation
from xray_studio.core.clip import Clip
from xray_studio.core.errors import UnreadableError, UnsupportedError
from xray_studio.core.job import Job, Progress
from xray_studio.core.learning.assessment import ModelMark
from xray_studio.core.learning.cases import View
from xray_studio.core.learning.model import digest_of
from xray_studio.core.pixel_hash import stored_sha256
from xray_studio.core.reasons import why_not
from xray_studio.core.region import Region
from xray_studio.core.version import VERSION
from xray_studio.imaging.squash import squashed
from xray_studio.services.anomaly.reach import reach_of
from xray_studio.services.decoding import Decoding
from xray_studio.services.learning.inference.engine import Engine
from xray_studio.services.learning.inference.film_looks import Frames, Lookers
from xray_studio.services.learning.inference.film_scores import (
    SIDE,
    THRESHOLD,
    FilmModel,
    FilmScores,
    in_lungs,
)
from xray_studio.services.learning.inference.findings import (
    CUT,
    CUT_SHORT,
    INVERTED,
    Shown,
    is_tinted,
    picture_of,
    views_of,
)
from xray_studio.services.learning.inference.mirrored import mirror_note, teller
from xray_studio.services.learning.models.installed import (
    Installed,
    checked,
    model_for,
    why_waiting,
)
from xray_studio.services.learning.tasks.anomaly import FILM
from xray_studio.services.learning.tasks.lungs import Lungs
from xray_studio.services.learning.tasks.view import is_no_film

LEAST: Final = 64  # pixels along a side
_LUNGS: Final = 0.05  # of the film, below which there are none to look at
_STEPS: Final = 3
COLOUR: Final = "The picture is in colour; films are grey, so nothing is told of it."
NOTE: Final = (
    "A score is the share of normal films, and of places in their lungs, with lower ones: it tells"
    " how unlike normal films something is, never which disease it is, and normal things differ"
    " too."
)


@dataclass(frozen=True, slots=True, eq=False)
class Looked:
    """A film that was looked at: what is said of it, the hash of its stored values, its lungs.

    `note` is a sentence on how it lies, "" where that is as usual.
    """

    scores: FilmScores
    seen: Frames
    pixels_sha256: str
    note: str = ""


class FilmDetector(ABC):
    """Marks what in a frontal film of the chest is unlike normal films.

    The process in which networks run is started by the first question and ends with the detector.
    """

    name: str
    title: str
    meaning = (
        "From 0 to 1: the share of normal films, or of places in their lungs, with lower scores."
    )
    task: str
    channels: Mapping[str, str]

    def __init__(self, model: Path | None = None) -> None:
        self._named = model
        self._engine: Engine | None = None

    def on(self, engine: Engine) -> Self:
        """Ask networks in a process that is there already, and that somebody else ends."""
        self._engine = engine
        return self

    @abstractmethod
    def loaded(self, model: Installed, lookers: Lookers) -> FilmModel:
        """Return the model in a folder. Raises UnreadableError where it cannot be used."""

    @abstractmethod
    def told(self, looked: Looked, engine: Engine, place: Place) -> Job[Explanation]:
        """Tell why a place was marked."""

    def unavailable(self) -> str:
        """Return in a sentence why it cannot be used here and what to do, "" where it can."""
        return why_not(self._usable)

    def refused(self, clip: Clip) -> str:
        """Return why it was not made for a clip, as far as its file and its colours tell."""
        return no_film(clip)

    def empty(self) -> Detection:
        """Return its answer before it has looked. Raises StudioError where it cannot be used."""
        own, lookers, view = self._own(), Lookers.installed(), model_for("view")
        asked = (own, lookers.lungs, lookers.vit, lookers.published, view, teller())
        mark = DetectorMark(
            self.name, VERSION, ModelMark(own.model.name, own.model.version, own.model.sha256),
            digest_of(one.model for one in asked if one is not None),
        )  # fmt: skip
        return Detection(mark, Threshold(THRESHOLD, NORMALS), channels=self.channels)

    def detect(self, clip: Clip) -> Job[Detection]:
        """Look at a film, or abstain. Raises StudioError where it or a model cannot be used."""
        film_model, found = self._usable(), self.empty()
        looked = yield from self._looked(clip, film_model)
        if isinstance(looked, str):
            return replace(found, abstained=looked)
        made = _map(clip, looked)
        yield Progress(_STEPS, _STEPS, "Comparing with normal films", made)
        reach = reach_of(self._own().model.digest)
        return replace(found, maps=(made,), notes=tuple(filter(None, (looked.note, reach, NOTE))))

    def explain(self, clip: Clip, frame: int, region: Region) -> Job[Explanation]:
        """Tell why a region of the film stands out.

        Raises StudioError where the film cannot be read, is none, or a model cannot be used.
        """
        film_model = self._usable()
        looked = yield from self._looked(clip, film_model)
        if isinstance(looked, str) or frame != 0:
            raise UnsupportedError(looked if isinstance(looked, str) else "A film has one frame.")
        place = Place.of(region, (clip.rows, clip.columns), looked.scores)
        told = yield from self.told(looked, self._running(), place)
        return told

    def _own(self) -> Installed:
        return model_for(self.task, self._named)

    def _usable(self) -> FilmModel:
        """Return the model, loaded. Raises StudioError with what is missing."""
        model, lookers = self._own(), Lookers.installed()
        for folder in (model.folder, lookers.vit.folder, lookers.published.folder):
            problem = checked(folder).problem
            if problem:
                raise UnreadableError(problem)
        waits = why_waiting(model)
        if waits:
            raise UnsupportedError(waits)
        return self.loaded(model, lookers)

    def _looked(self, clip: Clip, film_model: FilmModel) -> Job[Looked | str]:
        """Return what is said of a film, or the sentence with which it is refused."""
        reason = self.refused(clip)
        if reason:
            return reason
        shown, engine = Shown(clip, 0), self._running()
        yield Progress(0, _STEPS, "Reading the film")
        sha256 = yield from film_sha256(clip)
        view = (yield from views_of(engine, model_for("view"), [shown]))[0]
        if view != View.FRONTAL:
            return _not_frontal(view)
        seen = Frames.of(squashed(picture_of(shown), FILM)[None], Lungs.of(model_for("lungs")))
        if in_lungs(seen.lungs[0]).mean() < _LUNGS:
            return "No lungs are found in the film, so nothing is told of it."
        progress = Progress(1, _STEPS, "Looking at the film")
        scores = yield from film_model.scores(engine, seen, progress)
        if not (np.isfinite(scores[0].values).all() and np.isfinite(scores[0].score)):
            raise UnreadableError(
                "The model answers with what are no numbers, so nothing is told; install it again."
            )
        published = Lookers.installed().published
        note = yield from mirror_note(engine, published, seen.films[0])
        return Looked(scores[0], seen, sha256, note)

    def _running(self) -> Engine:
        if self._engine is None:
            self._engine = Engine()
            weakref.finalize(self, self._engine.close)
        return self._engine


@dataclass(frozen=True, slots=True)
class Place:
    """A region at SIDE x SIDE places of a film: its edges, and where its score is highest."""

    top: int
    bottom: int
    left: int
    right: int
    peak: tuple[int, int]

    @classmethod
    def of(cls, region: Region, shape: tuple[int, int], scores: FilmScores) -> Place:
        """Return where a region in pixels of a film (rows, columns) lies."""
        rows, columns = shape
        top, left = (int(SIDE * one) for one in (region.y / rows, region.x / columns))
        bottom = max(top + 1, -(-SIDE * (region.y + region.height) // rows))
        right = max(left + 1, -(-SIDE * (region.x + region.width) // columns))
        inner = scores.values[top:bottom, left:right]
        row, column = np.unravel_index(int(inner.argmax()), inner.shape)
        return cls(top, bottom, left, right, (top + int(row), left + int(column)))


def no_film(clip: Clip) -> str:
    """Return why detectors of films were not made for a clip, "" where that is not known yet.

    Of what is kept in colour a picture is read, as grey films can be kept so. Raises StudioError.
    """
    if is_no_film(clip):
        return f"It looks at films of the chest; this is of modality {_modality(clip)}."
    if len(clip) > 1:
        return f"It looks at single films; this is a loop of {len(clip)} frames."
    if min(clip.rows, clip.columns) < LEAST:
        return (
            f"The picture has {clip.columns} x {clip.rows} pixels; from fewer than {LEAST} a"
            " side nothing is told."
        )
    if clip.is_colour and is_tinted(picture_of(Shown(clip, 0))):
        return COLOUR
    return ""


def _not_frontal(view: str) -> str:
    if view == CUT:
        return CUT_SHORT
    if view == INVERTED:
        return "This film seems to be inverted, with dark bones and bright air; nothing is told."
    return f"It looks at frontal films of the chest; this is taken for {view}."


def _modality(clip: Clip) -> str:
    return clip.acquisition.modality.upper()


def film_sha256(clip: Clip) -> Job[str]:
    """Return the hash of the stored values of a film. Raises StudioError where it is unreadable."""
    decoding = Decoding(clip, range(1))
    try:
        stored = yield from decoding.frame(Progress(0, _STEPS, "Reading the film"))
    finally:
        decoding.close()
    return stored_sha256(stored)


def _map(clip: Clip, looked: Looked) -> ScoreMap:
    scores, (uid, number) = looked.scores, clip.origin(0)
    return ScoreMap(
        0, scores.values, scores.plain.fired, scores.score, (clip.rows, clip.columns),
        looked.pixels_sha256, uid, number,
    )  # fmt: skip
