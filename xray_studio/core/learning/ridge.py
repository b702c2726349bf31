"""Ridge regression: what numbers tell of a label, with the strength that fits best unseen.

Hoerl and Kennard, "Ridge regression", Technometrics 12(1), 1970; the strength is chosen by
generalised cross-validation (Golub, Heath and Wahba, Technometrics 21(2), 1979).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

Values = npt.NDArray[np.float64]
_STRENGTHS: Final = 10.0 ** np.arange(-3.0, 4.0, 0.5)  # shares of the mean squared singular value


@dataclass(frozen=True, slots=True, eq=False)
class Ridge:
    """A linear score of rows of numbers."""

    middle: Values
    spread: Values
    weights: Values

    @classmethod
    def fitted(cls, rows: npt.NDArray[Any], truth: npt.NDArray[Any]) -> Ridge:
        """Return the score that fits `truth` (things,) best, from `rows` (things, numbers)."""
        known = np.asarray(rows, np.float64)
        middle, spread = known.mean(axis=0), np.maximum(known.std(axis=0), 1e-9)
        wanted = np.asarray(truth, np.float64)
        wanted = wanted - wanted.mean()
        left, sizes, right = np.linalg.svd((known - middle) / spread, full_matrices=False)
        told, powers = left.T @ wanted, sizes**2
        rest = float(wanted @ wanted - told @ told)

        def unseen(strength: float) -> float:
            shrunk = strength / (powers + strength)
            error = rest + float(((shrunk * told) ** 2).sum())
            return error / max(1e-9, len(wanted) - float((1.0 - shrunk).sum())) ** 2

        strength = min(_STRENGTHS * max(float(powers.mean()), 1e-12), key=unseen)
        return cls(middle, spread, right.T @ (sizes * told / (powers + strength)))

    def scores(self, rows: npt.NDArray[Any]) -> Values:
        """Return the scores of other rows, (things,)."""
        made: Values = (np.asarray(rows, np.float64) - self.middle) / self.spread @ self.weights
        return made
