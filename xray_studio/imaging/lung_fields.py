"""Where the lungs are in a frontal film: ridge regression on what lies around each place, twice.

Each place of a coarse film is told by grey levels near and far, by its mirror image and by where it
lies; layers drawn by chance make these numbers bend (Rahimi and Recht, "Weighted sums of random
kitchen sinks", NIPS 2008). A second regression also takes how likely lungs are around the place by
the first (Tu and Bai, "Auto-context and its application to high-level vision tasks", IEEE
Transactions on Pattern Analysis and Machine Intelligence 32(10), 2010).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

from xray_studio.core.learning.input_spec import InputSpec, Squashed

Values: TypeAlias = npt.NDArray[np.float32]
Mask: TypeAlias = npt.NDArray[np.bool_]

SPEC: Final = InputSpec(rows=128, columns=128)
GRID: Final = 64  # places a side
STAGES: Final = 2
# Deviations of Gaussians in places, and how far apart what is taken of each lies, 5 x 5 of it.
_NEAR: Final = ((1.0, 3), (2.5, 9), (5.0, 16))
_LOCAL: Final = 8.0
_OUTWARD: Final = 2.0  # deviation of the Gaussian over what the first regression says
_SMALL: Final = 0.25  # of the larger lung: what is smaller is none


@dataclass(frozen=True, slots=True, eq=False)
class Stage:
    """One regression: what is common to all of its readouts, and these.

    `middle` and `spread` are (numbers,), `layer` (numbers, width), `offset` (width,), `readouts`
    (readouts, width + numbers + 1).
    """

    middle: Values
    spread: Values
    layer: Values
    offset: Values
    readouts: Values

    def bent(self, rows: Values) -> Values:
        """Return rows (places, numbers) as readouts take them."""
        known = (rows - self.middle) / self.spread
        bent = np.maximum(known @ self.layer + self.offset, 0.0)
        ones = np.ones((len(rows), 1), np.float32)
        return np.asarray(np.hstack([bent, known, ones]), np.float32)

    def told(self, rows: Values, readout: int) -> Values:
        """Return how likely each place is lung, (GRID, GRID), 0 to 1."""
        made = self.bent(rows) @ self.readouts[readout]
        return np.asarray(np.clip(made, 0.0, 1.0).reshape(GRID, GRID), np.float32)

    def tensors(self, number: int) -> dict[str, Values]:
        """Return its numbers by name."""
        return {f"{name}.{number}": getattr(self, name) for name in self.__slots__}


def stages_of(tensors: Mapping[str, Values]) -> tuple[Stage, ...]:
    """Return the stages from their numbers by name. Raises KeyError, ValueError for others."""
    made = tuple(
        Stage(**{name: tensors[f"{name}.{number}"] for name in Stage.__slots__})
        for number in range(STAGES)
    )
    for stage, numbers in zip(made, (NUMBERS, NUMBERS + CONTEXT), strict=True):
        width = len(stage.offset)
        shapes = (stage.middle.shape, stage.spread.shape, stage.layer.shape)
        wanted = ((numbers,), (numbers,), (numbers, width))
        if shapes != wanted or stage.readouts.shape[1:] != (width + numbers + 1,):
            raise ValueError("stage")
    return made


def chances(stages: tuple[Stage, ...], film: Squashed, readout: int) -> Values:
    """Return how likely each pixel of a film is lung, float32 (128, 128), 0 to 1.

    `film` is squashed to SPEC, uint8.
    """
    rows = numbers_of(film)
    first = stages[0].told(rows, readout)
    told = stages[1].told(np.hstack([rows, context_of(first)]), readout)
    full = cv2.resize(told, (SPEC.columns, SPEC.rows), interpolation=cv2.INTER_LINEAR)
    return np.asarray(full, np.float32)


def lungs(told: Values, shape: tuple[int, int]) -> Mask:
    """Return the lungs in the pixels of a picture of some shape: two at most, without holes."""
    full = cv2.resize(told, shape[::-1], interpolation=cv2.INTER_LINEAR)
    likely = (np.asarray(full) > 0.5).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(likely, connectivity=8)
    areas = stats[:, cv2.CC_STAT_AREA]
    largest = sorted(range(1, count), key=lambda label: -areas[label])[:2]
    kept = [label for label in largest if areas[label] >= _SMALL * areas[largest[0]]]
    outlines, _ = cv2.findContours(
        np.isin(labels, kept).astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE
    )
    filled = np.zeros(shape, np.uint8)
    cv2.drawContours(filled, outlines, -1, 1, cv2.FILLED)
    return np.asarray(filled, np.bool_)


def numbers_of(film: Squashed) -> Values:
    """Return what is known of each place, (GRID x GRID, NUMBERS), of a film squashed to SPEC."""
    small = cv2.resize(film.astype(np.float32) / 255.0, (GRID, GRID), interpolation=cv2.INTER_AREA)
    # Ranks, so that neither window nor gamma counts.
    order = np.argsort(np.argsort(small, axis=None, kind="stable"), kind="stable")
    grey = (order.reshape(GRID, GRID) / (GRID * GRID)).astype(np.float32)
    parts = [*_around(grey, 2, 1), *_looks(grey), np.asarray(small, np.float32), *_places()]
    return np.stack(parts, axis=-1).reshape(GRID * GRID, -1).astype(np.float32)


def context_of(told: Values) -> Values:
    """Return what was said around each place, (GRID x GRID, CONTEXT)."""
    wide = _blurred(told, _OUTWARD)
    parts = [*_around(told, 2, 1), *_around(wide, 6, 3), wide[:, ::-1]]
    return np.stack(parts, axis=-1).reshape(GRID * GRID, -1).astype(np.float32)


def _looks(grey: Values) -> Iterator[Values]:
    for width, step in _NEAR:
        blurred = _blurred(grey, width)
        yield from _around(blurred, step, 2)
        yield blurred[:, ::-1]
    yield grey - _blurred(grey, _LOCAL)
    yield np.repeat(grey.mean(axis=1, keepdims=True), GRID, axis=1)
    yield np.repeat(grey.mean(axis=0, keepdims=True), GRID, axis=0)


def _around(values: Values, step: int, count: int) -> Iterator[Values]:
    """Yield values moved by steps to all sides; beyond an edge they go on."""
    far = step * count
    wide = np.pad(values, far, mode="edge")
    for down in range(0, 2 * far + 1, step):
        for right in range(0, 2 * far + 1, step):
            yield wide[down : down + GRID, right : right + GRID]


def _places() -> Iterator[Values]:
    line = np.linspace(-1.0, 1.0, GRID, dtype=np.float32)
    rows, columns = np.meshgrid(line, line, indexing="ij")
    aside = np.abs(columns)
    yield from (rows, columns, aside, columns**2, rows**2, rows * columns, aside * rows)
    yield from (rows**3, columns**4)


def _blurred(values: Values, width: float) -> Values:
    return np.asarray(cv2.GaussianBlur(values, (0, 0), width), np.float32)


NUMBERS: Final = 9 + 3 * 26 + 3 + 1 + 9
CONTEXT: Final = 9 + 49 + 1
