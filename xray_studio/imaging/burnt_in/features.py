"""What tells a line of text from anatomy, noise and ticks, as numbers without a unit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
import numpy.typing as npt

from xray_studio.imaging.burnt_in.letters import Grey, Letters
from xray_studio.imaging.burnt_in.lines import Line

NAMES: Final = (
    "contrast", "sharpness", "ground", "uneven", "rough", "stroke", "strokes", "density", "fill",
    "cover", "heights", "baseline", "unrest", "moving",
)  # fmt: skip
_MIDDLE: Final = (0.3, 0.7)  # of the height, where strokes are counted
_AROUND: Final = np.ones((5, 5), np.uint8)


@dataclass(frozen=True, slots=True)
class Sight:
    """A picture (rows, columns) with the relief of its strokes, bright or dark."""

    picture: Grey
    raised: Grey
    bright: bool


def features(sight: Sight, found: Letters, line: Line) -> npt.NDArray[np.float64]:
    """Return the numbers of a line in the order of NAMES."""
    ink = _ink(found, line)
    weights, members = found.area[line.members], line.members
    contrast = float(np.average(found.contrast[members], weights=weights))
    height = float(np.median(found.height[members]))
    crossed = _crossed(ink)
    unrest = None if found.unrest is None else np.average(found.unrest[members], weights=weights)
    return np.array(
        (
            np.log(contrast),
            np.log(max(0.1, np.average(found.sharpness[members], weights=weights) / contrast)),
            _ground(sight, line, ink) / contrast,
            min(2.0, _uneven(sight, line, ink) / contrast),
            _window(sight.raised, line)[ink].std() / contrast,
            np.median(found.stroke[members]) / height,
            np.log1p(crossed),
            min(4.0, crossed * line.height / line.width),
            ink.mean(),
            ink.any(axis=0).mean(),
            found.height[members].std() / height,
            np.std((found.y + found.height)[members]) / height,
            0.0 if unrest is None else unrest / contrast,
            0.0 if unrest is None else 1.0,
        )
    )


def _window(values: npt.NDArray[Any], line: Line) -> npt.NDArray[Any]:
    return values[line.y : line.y + line.height, line.x : line.x + line.width]


def _ink(found: Letters, line: Line) -> npt.NDArray[np.bool_]:
    """Return which pixels of the box of a line belong to its pieces."""
    return np.isin(_window(found.labels, line), line.members + 1)


def _crossed(ink: npt.NDArray[np.bool_]) -> float:
    """Return how many strokes a row through the middle of the letters crosses."""
    top = int(len(ink) * _MIDDLE[0])
    middle = ink[top : max(top + 1, int(np.ceil(len(ink) * _MIDDLE[1])))].astype(np.int8)
    return float((np.diff(middle, axis=1, prepend=0) == 1).sum(axis=1).mean())


def _uneven(sight: Sight, line: Line, ink: npt.NDArray[np.bool_]) -> float:
    """Return how far the strongest ink is from the usual, in grey levels."""
    values = _window(sight.picture, line)[ink]
    usual, strong = np.quantile(values, (0.5, 0.9 if sight.bright else 0.1))
    return float(abs(strong - usual))


def _ground(sight: Sight, line: Line, ink: npt.NDArray[np.bool_]) -> float:
    """Return how far strokes stand out in the surroundings of a line, in grey levels."""
    margin = max(3, line.height // 2)
    top, left = max(0, line.y - margin), max(0, line.x - margin)
    around = sight.raised[top : line.y + line.height + margin, left : line.x + line.width + margin]
    drawn = np.zeros(around.shape, np.uint8)
    drawn[line.y - top :, line.x - left :][: line.height, : line.width] = ink
    beside = around[cv2.dilate(drawn, _AROUND) == 0]
    return float(np.quantile(beside, 0.95)) if beside.size else 0.0
