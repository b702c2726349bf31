"""How unusual places and wholes of films are, as shares of normal ones, lungs respected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

import numpy as np
import numpy.typing as npt

from xray_studio.core.anomaly.normals import Ranks
from xray_studio.core.errors import UnreadableError
from xray_studio.core.job import Job, Progress
from xray_studio.core.learning.model import Model
from xray_studio.imaging.lung_fields import lungs
from xray_studio.services.learning.inference.engine import Engine
from xray_studio.services.learning.inference.film_looks import Frames

SIDE: Final = 128  # places a side of maps
PLACES: Final = "places"  # in `model.toml`: quantiles of places in lungs of normal films
FILMS: Final = "films"  # and of normal films
THRESHOLD: Final = 0.95  # the share of normal things that are not marked
Values = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class PlainScores:
    """What a detector says of one film before it is compared with normal ones.

    `values` (128, 128) float32 is its map, `fired` (128, 128) the number of the channel that says
    most, `whole` what it says of the film, `channels` what each of them says of it. `maps`
    (channels, 128, 128) are what each says of each place.
    """

    values: Values
    fired: npt.NDArray[np.uint8]
    whole: float
    channels: Mapping[str, float]
    maps: Values


@dataclass(frozen=True, slots=True, eq=False)
class FilmScores:
    """What is said of one film.

    `values` are (128, 128) float32: the share of places in lungs of normal films with lower scores,
    0 outside the lungs. `score` is the share of normal films with lower scores.
    """

    values: Values
    score: float
    plain: PlainScores


@dataclass(frozen=True, slots=True)
class Known:
    """What normal films have: ranks of places, and of whole films."""

    places: Ranks
    films: Ranks

    @classmethod
    def of(cls, model: Model) -> Known:
        """Return what a model says. Raises UnreadableError where it does not."""
        try:
            told = model.calibration
            return cls(Ranks.of(told[PLACES]), Ranks.of(told[FILMS]))
        except (KeyError, TypeError, ValueError) as error:
            raise UnreadableError(
                f"{model.name} does not say what normal films have; install it again."
            ) from error

    def facts(self) -> dict[str, Any]:
        """Return it as `model.toml` holds it."""
        return {PLACES: self.places.told(), FILMS: self.films.told()}


class FilmModel(Protocol):
    """A detector for frontal films that is loaded."""

    def scores(self, engine: Engine, seen: Frames, progress: Progress) -> Job[list[FilmScores]]:
        """Return what it says of films. Raises StudioError with the reason."""


def in_lungs(chances: Values) -> npt.NDArray[np.bool_]:
    """Return where lungs are, (128, 128), of how likely each place is."""
    return lungs(chances, (SIDE, SIDE))


def places_of(raw: Sequence[Values], chances: Sequence[Values]) -> Values:
    """Return the values of all places in lungs of films, one behind another."""
    pairs = zip(raw, chances, strict=True)
    return np.concatenate([one[in_lungs(lung)] for one, lung in pairs])


def scored(known: Known, plain: PlainScores, chances: Values) -> FilmScores:
    """Return a film compared with normal ones, of how likely each place is lung."""
    shares = known.places.shares(plain.values)
    values = np.where(in_lungs(chances), shares, np.float32(0.0))
    score = float(known.films.shares(plain.whole))
    return FilmScores(np.asarray(values, np.float32), score, plain)
