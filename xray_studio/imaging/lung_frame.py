"""The part of a film in which its lungs lie, brought to one size, and maps of it laid back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from xray_studio.core.learning.input_spec import Squashed

Values = npt.NDArray[np.float32]

_LIKELY: Final = 0.5
_LEAST: Final = 0.05  # of the film: what is found of lungs, else the whole film is taken
_LINE: Final = 3  # places of a row or column that count as lung
_ASIDE, _ABOVE, _BELOW = 0.12, 0.10, 0.14  # of the lungs' width and height, added on each side


@dataclass(frozen=True, slots=True)
class LungFrame:
    """A rectangle of a film, in shares (0 to 1) of its sides; it may reach beyond the film."""

    left: float
    top: float
    right: float
    bottom: float

    @classmethod
    def around(cls, chances: Values) -> LungFrame:
        """Return the frame of lungs, of how likely each place (rows, columns) is lung."""
        likely = chances > _LIKELY
        rows = np.flatnonzero(likely.sum(axis=1) >= _LINE)
        columns = np.flatnonzero(likely.sum(axis=0) >= _LINE)
        if likely.mean() < _LEAST or not len(rows) or not len(columns):
            return cls(0.0, 0.0, 1.0, 1.0)
        high, wide = chances.shape
        top, bottom = rows[0] / high, (rows[-1] + 1) / high
        left, right = columns[0] / wide, (columns[-1] + 1) / wide
        aside, height = _ASIDE * (right - left), bottom - top
        return cls(
            float(left - aside), float(top - _ABOVE * height),
            float(right + aside), float(bottom + _BELOW * height),
        )  # fmt: skip

    def taken(self, film: Squashed | Values, side: int) -> npt.NDArray[np.generic]:
        """Return what lies in the frame, (side, side); the edge of the film goes on beyond it."""
        move = self._move(film.shape, side)
        return np.asarray(
            cv2.warpAffine(
                film, move, (side, side), flags=cv2.INTER_AREA, borderMode=cv2.BORDER_REPLICATE
            )
        )

    def laid_back(self, values: Values, side: int) -> Values:
        """Return values of the frame (rows, columns) in the film, (side, side); 0 around it."""
        rows, columns = values.shape
        whole = np.asarray(cv2.invertAffineTransform(self._move((side, side), 1)), np.float64)
        move = whole / (columns, rows, 1.0)
        # Values stand for the middles of their cells, in the frame as in the film.
        move[:, 2] += move[:, :2] @ (0.5, 0.5) - 0.5
        laid = cv2.warpAffine(values, move, (side, side), flags=cv2.INTER_LINEAR)
        return np.asarray(laid, np.float32)

    def _move(self, shape: tuple[int, ...], side: int) -> npt.NDArray[np.float64]:
        rows, columns = shape[:2]
        wide = side / ((self.right - self.left) * columns)
        high = side / ((self.bottom - self.top) * rows)
        return np.array(
            [[wide, 0.0, -self.left * columns * wide], [0.0, high, -self.top * rows * high]]
        )
