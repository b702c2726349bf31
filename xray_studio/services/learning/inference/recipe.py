"""The detector `hog-vit-iforest`: edges and patches of regions, in an isolation forest.

Cells of histograms of oriented gradients (Dalal and Triggs, CVPR 2005), tokens and attention of a
vision transformer, standardised at each place by normal films, scored by an isolation forest (Liu,
Ting and Zhou, ICDM 2008).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
import numpy.typing as npt

from xray_studio.core.anomaly.forest import Forest
from xray_studio.core.errors import UnreadableError
from xray_studio.core.job import Job, Progress
from xray_studio.core.learning.input_spec import Squashed
from xray_studio.core.learning.model import WEIGHTS
from xray_studio.core.learning.tensors import Tensors, read_tensors
from xray_studio.imaging import hog
from xray_studio.imaging.places import finer
from xray_studio.imaging.squash import squashed
from xray_studio.services.learning.inference.engine import Engine
from xray_studio.services.learning.inference.film_looks import Frames, Lookers, patches_of
from xray_studio.services.learning.inference.film_scores import (
    SIDE,
    FilmScores,
    Known,
    PlainScores,
    Values,
    scored,
)
from xray_studio.services.learning.models.installed import Installed
from xray_studio.services.learning.tasks.anomaly import AXES, GROUPS

GRID: Final = hog.CELLS  # regions a side: cells and patches are the same squares
_TENTH: Final = 0.1  # of the regions, whose mean a film is told by
_TENSORS: Final = ("middle", "spread", "centre", "axes")


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """What regions are standardised by: `middle` and `spread` are (regions, columns).

    Tokens become their places on `axes` (width, AXES) around `centre` (width,).
    """

    middle: Values
    spread: Values
    centre: Values
    axes: Values

    @classmethod
    def of(cls, tensors: Tensors, columns: int) -> Self:
        """Return it from its arrays by name, for a forest that asks for so many columns.

        Raises KeyError, ValueError for others.
        """
        middle, spread, centre, axes = (tensors[name] for name in _TENSORS)
        fits = middle.shape == spread.shape and axes.shape[:1] == centre.shape
        fits = fits and middle.ndim == 2 and middle.shape[1] >= columns
        if not fits or len(middle) != GRID * GRID or not (spread > 0.0).all():
            raise ValueError("standing")
        return cls(middle, spread, centre, axes)

    def tensors(self) -> dict[str, Values]:
        """Return its arrays by name."""
        return {name: getattr(self, name) for name in _TENSORS}

    def rows(self, plain: Plain) -> Values:
        """Return regions of films as the forest takes them, (films, regions, columns)."""
        patches = np.asarray((plain.tokens - self.centre) @ self.axes, np.float32)
        made = plain.columns(patches)
        return np.asarray((made - self.middle) / self.spread, np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Plain:
    """What is seen of regions before they are standardised, (films, regions, numbers) each."""

    edges: Values
    tokens: Values
    attention: Values
    note: str = ""

    def columns(self, patches: Values) -> Values:
        """Return the columns of GROUPS one behind another, with patches as they are told."""
        return np.concatenate([self.edges, patches, self.attention], axis=2)


def plain_regions(
    engine: Engine, lookers: Lookers, films: Squashed, progress: Progress
) -> Job[Plain]:
    """Return what is seen of the regions of films. Raises StudioError with the reason."""
    seen = yield from patches_of(engine, lookers.vit, films, progress)
    cells = np.stack([hog.cells(squashed(film, hog.SPEC)) for film in films])
    count = len(films)
    return Plain(
        cells.reshape(count, GRID * GRID, hog.DIRECTIONS), seen.tokens,
        np.ascontiguousarray(seen.attention.transpose(0, 2, 1)), seen.note,
    )  # fmt: skip


def columns_of(heads: int) -> list[tuple[str, slice]]:
    """Return the columns of each of GROUPS, for a transformer of so many heads."""
    ends = np.cumsum([0, hog.DIRECTIONS, AXES, heads])
    return [(name, slice(int(ends[n]), int(ends[n + 1]))) for n, name in enumerate(GROUPS)]


@dataclass(frozen=True, slots=True, eq=False)
class Recipe:
    """The detector, loaded."""

    model: Installed
    lookers: Lookers
    known: Known
    forest: Forest
    standing: Standing

    @classmethod
    def of(cls, model: Installed, lookers: Lookers) -> Recipe:
        """Return the detector in a folder. Raises UnreadableError where it cannot be used."""
        lookers.check(model.model)
        known = Known.of(model.model)
        tensors = read_tensors(model.folder / WEIGHTS, model.model.sha256)
        try:
            forest = Forest.of(tensors, int(model.model.network["sample"]))
            standing = Standing.of(tensors, forest.columns)
        except (KeyError, TypeError, ValueError) as error:
            raise UnreadableError(
                f"The weights of {model.model.name} are not those of a forest; install it again."
            ) from error
        return cls(model, lookers, known, forest, standing)

    def scores(self, engine: Engine, seen: Frames, progress: Progress) -> Job[list[FilmScores]]:
        """Return what it says of films. Raises StudioError with the reason."""
        plain = yield from plain_regions(engine, self.lookers, seen.films, progress)
        rows = self.standing.rows(plain)
        return [self._scored(one, lungs) for one, lungs in zip(rows, seen.lungs, strict=True)]

    def _scored(self, rows: Values, lungs: Values) -> FilmScores:
        told = grid(self.forest.scores(rows))
        groups = columns_of(rows.shape[1] - hog.DIRECTIONS - AXES)
        powers = np.stack([(rows[:, own] ** 2).mean(axis=1) for _, own in groups])
        maps = np.stack([_spread(one.reshape(GRID, GRID)) for one in powers])
        fired = np.asarray(maps.argmax(axis=0), np.uint8)
        means = {name: float(power.mean()) for (name, _), power in zip(groups, powers, strict=True)}
        return scored(
            self.known, PlainScores(finer(told, SIDE), fired, whole(told), means, maps), lungs
        )


def grid(scores: npt.NDArray[np.float64]) -> Values:
    """Return the scores of the regions of a film as a map."""
    return np.asarray(scores.reshape(GRID, GRID), np.float32)


def whole(told: Values) -> float:
    """Return what a film is told by: the mean of the tenth of its regions that is highest."""
    count = max(1, round(_TENTH * told.size))
    return float(np.sort(told, axis=None)[-count:].mean())


def _spread(values: Values) -> Values:
    step = SIDE // GRID
    return np.repeat(np.repeat(values, step, axis=0), step, axis=1)


def region_at(row: float, column: float) -> int:
    """Return the number of the region at a place, in shares (0 to 1) of the film's sides."""
    down, right = (min(GRID - 1, max(0, int(one * GRID))) for one in (row, column))
    return down * GRID + right


def names_of(heads: int) -> Iterator[str]:
    """Yield what each column is, in words."""
    step = 180.0 / hog.DIRECTIONS
    yield from (f"edges at {number * step:.0f} degrees" for number in range(hog.DIRECTIONS))
    yield from (f"patch component {number + 1}" for number in range(AXES))
    yield from (f"attention of head {number + 1}" for number in range(heads))
