"""Growing an isolation forest with scikit-learn, and taking it along as plain arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from xray_studio.core.anomaly.forest import LEAF, Forest, Rows

if TYPE_CHECKING:
    from sklearn.tree import ExtraTreeRegressor


_ENDS: Final = (LEAF, 0.0, 0, 0, 0)  # what stands where a tree has no node


def grown(rows: Rows, *, trees: int, sample: int, seed: int) -> Forest:
    """Return a forest that has learned from rows (rows, columns), each tree from `sample` of them.

    Scores of the forest are those of scikit-learn's to rounding.
    """
    from sklearn.ensemble import IsolationForest

    sample = min(sample, len(rows))
    made = IsolationForest(n_estimators=trees, max_samples=sample, random_state=seed).fit(rows)
    parts = [_tree(one) for one in made.estimators_]
    nodes = max(len(part[0]) for part in parts)
    features, cuts, lefts, rights, counts = (
        np.stack(
            [np.pad(part[n], (0, nodes - len(part[n])), constant_values=end) for part in parts]
        )
        for n, end in enumerate(_ENDS)
    )
    return Forest(features, cuts, lefts, rights, counts, sample)


def _tree(grown_tree: ExtraTreeRegressor) -> tuple[Any, ...]:
    tree = grown_tree.tree_
    leaf = tree.children_left < 0
    return (
        np.where(leaf, LEAF, tree.feature).astype(np.int16),
        _rounded_down(np.where(leaf, 0.0, tree.threshold)),
        np.where(leaf, 0, tree.children_left).astype(np.int16),
        np.where(leaf, 0, tree.children_right).astype(np.int16),
        tree.n_node_samples.astype(np.int16),
    )


def _rounded_down(cuts: Any) -> Rows:
    """Return cuts in float32: no number in float32 lies between a cut and what is next below it."""
    near = cuts.astype(np.float32)
    above = near.astype(np.float64) > cuts
    return np.asarray(np.where(above, np.nextafter(near, np.float32(-np.inf)), near), np.float32)
