"""Heat maps: what in a picture speaks for a finding, by which method, and what its numbers mean."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

HeatValues: TypeAlias = npt.NDArray[np.float32]


BADGE: Final = "AI draft, not for diagnosis"  # wherever a heat map is shown or written
ROUNDS: Final = 8  # that GradientShap is computed in
_MOST: Final = 99.5  # percentile of the distances from 0 that have a colour of their own
_PARTS: Final = 8  # of a side that a square is which occlusion covers


class Method(enum.StrEnum):
    """How a network is asked what a finding rests on."""

    GRAD_CAM = "grad-cam"
    GRADIENT_SHAP = "gradient-shap"
    OCCLUSION = "occlusion"


@dataclass(frozen=True, slots=True)
class About:
    """A method in words: its name, what its values are and mean, and the work they come from.

    `signed` tells that values below 0 speak against the finding; else all are 0 and above.
    """

    title: str
    unit: str
    meaning: str
    source: str
    signed: bool = True


ABOUT: Final[Mapping[Method, About]] = MappingProxyType(
    {
        Method.GRAD_CAM: About(
            "Grad-CAM",
            "of the peak",
            "Where the last block of the network finds what raises the finding, coarsely: from 0,"
            " nothing, to 1, the strongest place of this picture. It does not tell how much.",
            "Selvaraju et al., Grad-CAM, ICCV 2017",
            signed=False,
        ),
        Method.GRADIENT_SHAP: About(
            "GradientShap",
            "log-odds",
            "How much each place raises (above 0) or lowers (below 0) the log-odds of the finding"
            " against blank pictures; the sum over all places is about the whole difference.",
            "Lundberg and Lee, A Unified Approach to Interpreting Model Predictions, NeurIPS 2017",
        ),
        Method.OCCLUSION: About(
            "Occlusion",
            "log-odds",
            "How far the log-odds of the finding fall (above 0) or rise (below 0) when a square"
            " around a place is covered with grey: the mean of all squares that cover it.",
            "Zeiler and Fergus, Visualizing and Understanding Convolutional Networks, ECCV 2014",
        ),
    }
)


@dataclass(frozen=True, slots=True, eq=False)
class Heat:
    """A heat map of one finding.

    `values` are float32 (rows, columns) at the size that the network was given, which the whole
    picture was squashed to; `shape` is (rows, columns) of the picture itself. What they mean stands
    in `ABOUT`.
    """

    method: Method
    label: str
    values: HeatValues
    shape: tuple[int, int]

    @property
    def limit(self) -> float:
        """Where the scale of colours ends, on both sides of 0: single places may lie beyond it."""
        far = np.abs(self.values)
        most = np.percentile(far, _MOST) if ABOUT[self.method].signed else far.max(initial=0.0)
        return float(most)


def pieces(method: Method, rows: int) -> int:
    """Return in how many pieces a map of a picture of so many rows is computed; their sum is it."""
    whole = {Method.GRAD_CAM: 1, Method.GRADIENT_SHAP: ROUNDS}
    return whole.get(method) or len(squares(rows))


def squares(length: int) -> list[tuple[int, int]]:
    """Return first pixel and end of the squares along a side: each lies half over the next."""
    side = max(1, length // _PARTS)
    starts = [*range(0, length - side, max(1, side // 2)), length - side]
    return [(start, start + side) for start in starts]


def heat_of(method: Method, label: str, values: HeatValues, shape: tuple[int, int]) -> Heat:
    """Return a heat map from the sum of its pieces; Grad-CAM's is told as part of its peak."""
    peak = float(values.max(initial=0.0))
    if not ABOUT[method].signed and peak > 0.0:
        values = values / np.float32(peak)
    return Heat(method, label, np.asarray(values, np.float32), shape)
