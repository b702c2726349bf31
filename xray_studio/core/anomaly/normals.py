"""What is normal: where values of normal films lie, and how far others are from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

Values: TypeAlias = npt.NDArray[np.float32]

_LEAST: Final = 1e-3  # of a spread: what never changes in normal films counts little


@dataclass(frozen=True, slots=True, eq=False)
class Ranks:
    """Which share of normal things has lower values: `ends` are quantiles, the lowest first."""

    ends: npt.NDArray[np.float64]

    @classmethod
    def among(cls, normal: npt.ArrayLike, points: int = 201) -> Ranks:
        """Return the ranks among values of normal things that nothing was learned from."""
        known = np.asarray(normal, np.float64).ravel()
        return cls(np.quantile(known, np.linspace(0.0, 1.0, points)))

    @classmethod
    def of(cls, told: Sequence[float]) -> Ranks:
        """Return ranks from what `told` gave. Raises ValueError for what no quantiles are."""
        ends = np.array(told, np.float64)
        if ends.ndim != 1 or len(ends) < 2 or not (np.diff(ends) >= 0.0).all():
            raise ValueError("quantiles")
        return cls(ends)

    def told(self) -> list[float]:
        """Return the quantiles as plain numbers, for `model.toml`."""
        return [float(f"{end:.6g}") for end in self.ends]

    def shares(self, values: npt.ArrayLike) -> Values:
        """Return the share of normal things with lower values, 0 to 1, of the shape of `values`.

        Beyond all normal things it goes on to 0 and 1 without reaching them, so that of two strange
        things one is the stranger.
        """
        asked = np.asarray(values, np.float64)
        steps = (np.arange(len(self.ends)) + 0.5) / len(self.ends)
        # Equal quantiles stand for many equal things: half of them count as lower.
        ends, places = np.unique(self.ends, return_inverse=True)
        shares = np.bincount(places, steps) / np.bincount(places)
        found = np.interp(asked, ends, shares)
        scale = max(float(ends[-1] - ends[0]), 1e-9)
        over, under = np.maximum(asked - ends[-1], 0.0), np.maximum(ends[0] - asked, 0.0)
        found = np.where(over > 0.0, 1.0 - (1.0 - found) * np.exp(-over / scale), found)
        found = np.where(under > 0.0, found * np.exp(-under / scale), found)
        return np.asarray(found, np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Subspace:
    """How rows of normal films vary: `middle` and `spread` (numbers,), `basis` (numbers, parts).

    Principal components of standardised rows (Pearson, 1901; Jolliffe, "Principal component
    analysis", 2002): what they cannot tell of a row is left over.
    """

    middle: Values
    spread: Values
    basis: Values

    @classmethod
    def of(cls, rows: Values, parts: int) -> Subspace:
        """Return that of rows (rows, numbers), with as many parts as there are or are asked for."""
        middle, spread = rows.mean(axis=0), np.maximum(rows.std(axis=0), _LEAST)
        known = ((rows - middle) / spread).astype(np.float64)
        # Fewer rows than numbers: their products are the smaller matrix.
        powers, axes = np.linalg.eigh(known @ known.T)
        kept = min(parts, int((powers > 1e-6 * powers[-1]).sum()), len(rows) - 1)
        basis = known.T @ axes[:, ::-1][:, :kept]
        basis /= np.linalg.norm(basis, axis=0)
        return cls(*(one.astype(np.float32) for one in (middle, spread, basis)))

    def left(self, rows: Values) -> Values:
        """Return the squares of what is left over of rows, (rows, numbers)."""
        known = (rows - self.middle) / self.spread
        return np.asarray((known - (known @ self.basis) @ self.basis.T) ** 2, np.float32)
