"""The detector `default`: how far films are from normal ones in four ways, fused by rank."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from xray_studio.core.anomaly.normals import Ranks
from xray_studio.core.anomaly.seen import Given, Told
from xray_studio.core.errors import UnreadableError
from xray_studio.core.job import Job, Progress
from xray_studio.imaging.lung_frame import LungFrame
from xray_studio.imaging.places import finer, smoothed
from xray_studio.services.learning.inference.engine import Engine
from xray_studio.services.learning.inference.film_looks import Frames, Lookers, looks_of
from xray_studio.services.learning.inference.film_scores import (
    SIDE,
    FilmScores,
    Known,
    PlainScores,
    Values,
    in_lungs,
    scored,
)
from xray_studio.services.learning.models.installed import Installed
from xray_studio.services.learning.tasks.anomaly import CHANNELS

RANKS: Final = "channels"  # in `model.toml`: quantiles of normal films for each channel
# Of the map: where something is, drawn lesions have taught; that it is unusual, all four tell.
WEIGHTS: Final = {"form": 1 / 9, "texture": 1 / 9, "patches": 1 / 9, "density": 2 / 3}
# How much of what is unusual about the lungs as a whole is taken from each place: as much as costs
# less than 0.01 of the area under the curve over drawn lesions in normal films held out.
_COMMON: Final = 0.5
_FRAMED: Final = "texture"  # the channel whose map is of the frame of the lungs
_SMOOTH: Final = SIDE / 14  # places: what is smaller than the coarsest grid is no place
_ASKED: Final = "xray_studio.ai.anomaly:of_atypical"


@dataclass(frozen=True, slots=True, eq=False)
class Atypical:
    """The detector, loaded: its model, what looks for it, and what normal films have."""

    model: Installed
    lookers: Lookers
    known: Known
    ranks: tuple[Ranks, ...]

    @classmethod
    def of(cls, model: Installed, lookers: Lookers) -> Atypical:
        """Return the detector in a folder. Raises UnreadableError where it cannot be used."""
        lookers.check(model.model)
        known = Known.of(model.model)
        try:
            told = model.model.calibration[RANKS]
            ranks = tuple(Ranks.of(told[name]) for name in CHANNELS)
        except (KeyError, TypeError, ValueError) as error:
            raise UnreadableError(
                f"{model.model.name} does not say what its channels tell of normal films; install"
                " it again."
            ) from error
        return cls(model, lookers, known, ranks)

    def scores(self, engine: Engine, seen: Frames, progress: Progress) -> Job[list[FilmScores]]:
        """Return what it says of films. Raises StudioError with the reason."""
        looks = yield from looks_of(engine, self.lookers, seen, progress)
        told = yield from _told(engine, self.model, looks, progress)
        return [
            scored(self.known, self._plain(told, number, frame, lungs), lungs)
            for number, (frame, lungs) in enumerate(zip(seen.frames, seen.lungs, strict=True))
        ]

    def _plain(self, told: Told, number: int, frame: LungFrame, lungs: Values) -> PlainScores:
        maps = channel_maps([one[number] for one in told.maps], frame, lungs)
        pairs = zip(self.ranks, told.films[number], strict=True)
        shares = [float(ranks.shares(value)) for ranks, value in pairs]
        channels = dict(zip(CHANNELS, shares, strict=True))
        return PlainScores(fused(maps), fired(maps), float(np.mean(shares)), channels, maps)


def _told(engine: Engine, model: Installed, looks: Given, progress: Progress) -> Job[Told]:
    known = str(model.folder), model.model.sha256
    told: Told = yield from engine.asked(_ASKED, (*known, looks), progress)
    return told


def channel_maps(maps: Sequence[Values], frame: LungFrame, lungs: Values) -> Values:
    """Return the maps of CHANNELS of one film at (channels, 128, 128), in spreads above normal.

    `lungs` (128, 128) is how likely each place is lung. Exposure and processing make the lungs of
    some films unusual all over; half of what all places have in common is taken from each.
    """
    made = [
        frame.laid_back(one, SIDE) if name == _FRAMED else finer(one, SIDE)
        for name, one in zip(CHANNELS, maps, strict=True)
    ]
    here = in_lungs(lungs)
    common = [max(0.0, float(np.median(one[here]))) if here.any() else 0.0 for one in made]
    return np.stack(
        [one - np.float32(_COMMON * more) for one, more in zip(made, common, strict=True)]
    )


def fused(maps: Values) -> Values:
    """Return one map of several, (128, 128): their weighted mean, smooth at the coarsest grid."""
    weights = np.array(list(WEIGHTS.values()), np.float32)
    mean = np.tensordot(weights, maps, axes=1).astype(np.float32)
    return smoothed(mean, _SMOOTH)


def fired(maps: Values) -> npt.NDArray[np.uint8]:
    """Return the number of the channel that adds most to the fused map, (128, 128)."""
    weights = np.array(list(WEIGHTS.values()), np.float32)[:, None, None]
    return np.asarray((weights * maps).argmax(axis=0), np.uint8)


def facts_of(known: Known, ranks: Sequence[Ranks]) -> dict[str, Any]:
    """Return what `model.toml` holds of normal films."""
    told = {name: one.told() for name, one in zip(CHANNELS, ranks, strict=True)}
    return {**known.facts(), RANKS: told}
