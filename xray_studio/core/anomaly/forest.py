"""An isolation forest as arrays: how easily a row of numbers is parted from others.

Liu, Ting and Zhou, "Isolation forest", ICDM 2008. Trees part rows by numbers drawn by chance; what
is unusual is alone after few steps. Scores are those of scikit-learn's IsolationForest, whose trees
are stored here as plain arrays, so that no pickle is read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

Rows: TypeAlias = npt.NDArray[np.float32]
Values: TypeAlias = npt.NDArray[np.float64]
Whole: TypeAlias = npt.NDArray[np.int16]

LEAF: Final = -1
_EULER: Final = float(np.euler_gamma)
_NAMES: Final = ("features", "cuts", "lefts", "rights", "counts")


@dataclass(frozen=True, slots=True, eq=False)
class Forest:
    """Trees, each a row of nodes that begins with its root; shorter trees end with leaves.

    All arrays are (trees, nodes). `features` (int16) is the column that a node asks for, LEAF at
    leaves; rows whose number is at most `cuts` (float32) go to the node `lefts`, others to
    `rights` (int16). `counts` (int16) are the rows that a node has learned from, `sample` those
    that each tree has.
    """

    features: Whole
    cuts: Rows
    lefts: Whole
    rights: Whole
    counts: Whole
    sample: int

    @classmethod
    def of(cls, tensors: Mapping[str, npt.NDArray[np.generic]], sample: int) -> Forest:
        """Return the forest from its arrays by name. Raises KeyError, ValueError for others."""
        features, cuts, lefts, rights, counts = (np.asarray(tensors[name]) for name in _NAMES)
        made = cls(
            features.astype(np.int16), cuts.astype(np.float32), lefts.astype(np.int16),
            rights.astype(np.int16), counts.astype(np.int16), sample,
        )  # fmt: skip
        made._check()
        return made

    def tensors(self) -> dict[str, npt.NDArray[np.generic]]:
        """Return its arrays by name."""
        return {name: getattr(self, name) for name in _NAMES}

    @property
    def columns(self) -> int:
        """How many numbers a row has at the least."""
        return int(self.features.max(initial=LEAF)) + 1

    def scores(self, rows: Rows) -> Values:
        """Return how unusual rows (rows, columns) are, 0 to 1: 0.5 is as usual as the mean."""
        return np.asarray(np.exp2(-self.depths(rows) / float(mean_depth(self.sample))))

    def depths(self, rows: Rows) -> Values:
        """Return the mean number of steps until rows are alone, (rows,)."""
        deep, ends = node_depths(self), mean_depth(self.counts)
        trees = np.arange(len(self.features))[:, None]
        at = np.zeros((len(trees), len(rows)), np.int64)
        columns = np.arange(len(rows))[None]
        while True:
            asked = self.features[trees, at]
            inner = asked != LEAF
            if not inner.any():
                break
            known = rows[columns, np.maximum(asked, 0)]
            left = known <= self.cuts[trees, at]
            following = np.where(left, self.lefts[trees, at], self.rights[trees, at])
            at = np.where(inner, following, at)
        return np.asarray((deep + ends)[trees, at].mean(axis=0), np.float64)

    def _check(self) -> None:
        """Raise ValueError where nodes do not make trees: a child stands behind its parent."""
        shapes = {getattr(self, name).shape for name in _NAMES}
        shape = self.features.shape
        if len(shapes) != 1 or len(shape) != 2 or not self.features.size:
            raise ValueError("shapes")
        inner, nodes = self.features != LEAF, self.features.size // len(self.features)
        own, last = np.arange(nodes).reshape(1, nodes), nodes - 1
        for children in (self.lefts, self.rights):
            if ((children <= own) | (children > last))[inner].any():
                raise ValueError("children")
        wrong = (self.features < LEAF).any() or (self.counts < 0).any() or self.sample < 2
        if wrong or not np.isfinite(self.cuts[inner]).all():
            raise ValueError("numbers")


def mean_depth(counts: npt.ArrayLike) -> Values:
    """Return the mean number of steps until one of `counts` rows is alone in a tree."""
    many = np.asarray(counts, np.float64)
    more = np.maximum(many, 3.0)
    grown = 2.0 * (np.log(more - 1.0) + _EULER) - 2.0 * (more - 1.0) / more
    return np.asarray(np.where(many <= 1.0, 0.0, np.where(many == 2.0, 1.0, grown)))


def node_depths(forest: Forest) -> Values:
    """Return how many steps each node is from its root, (trees, nodes); 0 where no tree goes."""
    trees = np.arange(len(forest.features))
    nodes = forest.features.size // len(trees)
    found = np.zeros((len(trees), nodes), np.float64)
    for node in range(nodes):
        inner = trees[forest.features[:, node] != LEAF]
        for children in (forest.lefts, forest.rights):
            found[inner, children[inner, node]] = found[inner, node] + 1.0
    return found
