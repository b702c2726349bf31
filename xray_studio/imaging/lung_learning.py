"""Learning where lungs are: two regressions, with a readout for each fold and one for all films."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
import numpy.typing as npt

from xray_studio.core.job import Job, Progress
from xray_studio.core.learning.input_spec import Squashed
from xray_studio.imaging.lung_fields import (
    GRID,
    SPEC,
    Stage,
    Values,
    context_of,
    numbers_of,
)

Sums = npt.NDArray[np.float64]
_COPIES: Final = 1  # of each film, changed by chance
_WIDTH: Final = 300  # of the layers drawn by chance
_STEEP: Final = 1.5  # of their weights
_STRENGTH: Final = 1e-3  # of the regression, as share of the mean power
_SCALE, _SHIFT, _TURN = 0.15, 0.08, 5.0  # changes at most: share, share of a side, degrees


@dataclass(frozen=True, slots=True, eq=False)
class _Shown:
    """A film as it is shown to the regressions: its numbers, its lungs, its fold."""

    rows: Values
    truth: Values
    fold: int


def learn(films: Squashed, masks: Squashed, folds: Sequence[int], seed: int) -> Job[list[Stage]]:
    """Return the two stages; readout k has seen no film of fold k, the last one all films.

    `films` and `masks` (0 or 255) are uint8 (films, 128, 128). What the second stage learns from
    is what the first says of films that it has not seen.
    """
    chance, count = np.random.default_rng(seed), max(folds) + 1
    shown = []
    for number, (film, mask) in enumerate(zip(films, masks, strict=True)):
        yield Progress(number, len(films), "Looking at films")
        for copy in range(1 + _COPIES):
            one, other = _changed(film, mask, chance) if copy else (film, mask)
            small = cv2.resize(other, (GRID, GRID), interpolation=cv2.INTER_AREA)
            truth = (np.asarray(small, np.float32) / 255.0).ravel()
            shown.append(_Shown(numbers_of(one), truth, folds[number]))
    first = _drawn([one.rows for one in shown], chance)
    powers = yield from _powers(first, [one.rows for one in shown], shown, count)
    every = frozenset(range(count))
    stages = [_read(first, [powers.of(every - {k}) for k in range(count)] + [powers.of(every)])]
    second: Stage | None = None
    readouts = []
    for k in [*range(count), count]:
        rows = [_with_context(first, powers, one, every - {k, one.fold}) for one in shown]
        second = second or _drawn(rows, chance)
        known = yield from _powers(second, rows, shown, count)
        readouts.append(known.of(every - {k}))
    assert second is not None
    return [*stages, _read(second, readouts)]


@dataclass(frozen=True, slots=True, eq=False)
class _Powers:
    """Sums of products of what a stage sees, by fold; readouts follow from any of them."""

    squares: Sums
    products: Sums

    def of(self, folds: frozenset[int]) -> Values:
        """Return the readout of the films in some folds."""
        which = sorted(folds)
        squares = self.squares[which].sum(axis=0)
        squares[np.diag_indices(len(squares))] += _STRENGTH * np.trace(squares) / len(squares)
        found = np.linalg.solve(squares, self.products[which].sum(axis=0))
        return np.asarray(found, np.float32)


def _powers(
    stage: Stage, rows: Sequence[Values], shown: Sequence[_Shown], count: int
) -> Job[_Powers]:
    size = stage.layer.shape[1] + len(stage.middle) + 1
    made = _Powers(np.zeros((count, size, size)), np.zeros((count, size)))
    for number, (one, film) in enumerate(zip(rows, shown, strict=True)):
        yield Progress(number, len(rows), "Learning where lungs are")
        bent = stage.bent(one)
        made.squares[film.fold] += bent.T @ bent
        made.products[film.fold] += bent.T @ film.truth
    return made


def _with_context(first: Stage, powers: _Powers, film: _Shown, folds: frozenset[int]) -> Values:
    told = _read(first, [powers.of(folds)]).told(film.rows, 0)
    return np.hstack([film.rows, context_of(told)])


def _drawn(rows: Sequence[Values], chance: np.random.Generator) -> Stage:
    """Return a stage without readouts."""
    sample = np.concatenate([one[::7] for one in rows])
    middle, spread = sample.mean(axis=0), np.maximum(sample.std(axis=0), 1e-3)
    numbers = sample.shape[1]
    layer = chance.normal(size=(numbers, _WIDTH)) * _STEEP / np.sqrt(numbers)
    offset = chance.normal(size=_WIDTH)
    parts: tuple[npt.NDArray[Any], ...] = (middle, spread, layer, offset, np.zeros((0, 0)))
    return Stage(*(part.astype(np.float32) for part in parts))


def _read(stage: Stage, readouts: Sequence[Values]) -> Stage:
    return Stage(stage.middle, stage.spread, stage.layer, stage.offset, np.stack(readouts))


def _changed(
    film: Squashed, mask: Squashed, chance: np.random.Generator
) -> tuple[Squashed, Squashed]:
    """Return a film and its lungs as if taken from elsewhere."""
    turn, grow, down, right = chance.uniform(-1.0, 1.0, 4)
    middle = (SPEC.columns / 2.0, SPEC.rows / 2.0)
    how = cv2.getRotationMatrix2D(middle, _TURN * turn, 1.0 + _SCALE * grow)
    how[:, 2] += _SHIFT * SPEC.columns * right, _SHIFT * SPEC.rows * down
    size = (SPEC.columns, SPEC.rows)
    one = cv2.warpAffine(film, how, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    other = cv2.warpAffine(mask, how, size, flags=cv2.INTER_LINEAR)
    return np.asarray(one, np.uint8), np.asarray(other, np.uint8)
