"""All patterns for one screen as frames, each with a name and what to look for."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import numpy as np

from xray_studio.core.clip import Frame
from xray_studio.core.display_check import LEVELS
from xray_studio.core.errors import StudioError, UsageError
from xray_studio.core.workers import Priority
from xray_studio.imaging.patterns.drawing import Pattern
from xray_studio.imaging.patterns.levels import equal_steps, luminance_patch, moons, uniform
from xray_studio.imaging.patterns.quality import quality
from xray_studio.imaging.patterns.resolution import resolution

SMALLEST, LARGEST = 480, 16384  # pixels of a side
TEN, EIGHTY = 26, 204  # levels of 10 and 80 %


@dataclass(frozen=True, slots=True)
class Named:
    """A pattern: `name` for people, `stem` for a file, `look` what to look for, in one line.

    `draw` makes it for (rows, columns). `level` is that of a patch to be measured, else None.
    """

    name: str
    stem: str
    look: str
    draw: Callable[[int, int], Pattern]
    level: int | None = None


def _luminance(number: int, level: int) -> Named:
    return Named(
        f"Luminance {number} of {len(LEVELS)}, level {level}",
        f"luminance-{number:02}-level-{level:03}",
        "Measure the luminance of the square in the middle, always from the same place.",
        partial(luminance_patch, level=level),
        level,
    )


PATTERNS: Final = (
    Named(
        "Quality control",
        "quality-control",
        "5 and 95 % squares seen in black and white; all corners of the grey steps; lines "
        "apart, not grey; squares square, white line on all four edges.",
        quality,
    ),
    Named(
        "Contrast",
        "contrast",
        "In all 16 fields both halves of the disc and all four corners can be told apart.",
        moons,
    ),
    Named(
        "Resolution",
        "resolution",
        "Every mark is as sharp as the leftmost one of the row in the middle, in the corners too.",
        resolution,
    ),
    Named(
        "Uniformity, 10 %",
        "uniformity-10",
        "One grey without stains, bands or colour; measure in the five squares.",
        partial(uniform, level=TEN),
    ),
    Named(
        "Uniformity, 80 %",
        "uniformity-80",
        "One grey without stains, bands or colour; measure in the five squares.",
        partial(uniform, level=EIGHTY),
    ),
    Named(
        "Equal steps",
        "equal-steps",
        "Steps look equal above where the display follows the GSDF, below where it is sRGB; "
        "the band between is smooth.",
        equal_steps,
    ),
    *(_luminance(number, level) for number, level in enumerate(LEVELS, 1)),
)


@dataclass(frozen=True, slots=True)
class PatternSource:
    """The patterns as stored frames; each is drawn when it is read.

    Raises UsageError for a screen with sides below 480 or above 16,384 pixels.
    """

    rows: int
    columns: int

    def __post_init__(self) -> None:
        if not all(SMALLEST <= side <= LARGEST for side in (self.rows, self.columns)):
            raise UsageError(
                f"Patterns need sides of {SMALLEST} to {LARGEST:,} pixels; "
                f"{self.columns} x {self.rows} does not do."
            )

    @property
    def shape(self) -> tuple[int, ...]:
        """(frames, rows, columns)."""
        return len(PATTERNS), self.rows, self.columns

    @property
    def dtype(self) -> np.dtype[Any]:
        """Type of every frame."""
        return np.dtype(np.uint8)

    def read(self, index: int) -> Frame:
        """Return pattern `index` (from 0), read-only."""
        pattern = PATTERNS[index].draw(self.rows, self.columns)
        pattern.setflags(write=False)
        return pattern

    def request(self, index: int, priority: Priority) -> Future[Frame]:
        """Return the pattern as a future that is done."""
        del priority
        future: Future[Frame] = Future()
        try:
            future.set_result(self.read(index))
        except StudioError as error:
            future.set_exception(error)
        return future
