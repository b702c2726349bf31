"""Shapley values of an isolation forest: which numbers of a row part it from others so soon.

Lundberg et al., "From local explanations to global understanding with explainable AI for trees",
Nature Machine Intelligence 2, 2020: what is not known of a row goes to both sides of a node, as
many rows as there went in learning. Values are exact, leaf by leaf: a leaf asks for few numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import comb

import numpy as np
import numpy.typing as npt

from xray_studio.core.anomaly.forest import LEAF, Forest, Rows, Values, mean_depth, node_depths

Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class _Paths:
    """Ways from roots to leaves: (leaves, steps) each; where a way is shorter, `columns` is LEAF.

    A step goes `left` or right at `cuts`, and `shares` of the rows of a node went there. `depths`
    are those of the leaves, (leaves,), `trees` how many trees there are.
    """

    columns: Numbers
    cuts: Rows
    left: npt.NDArray[np.bool_]
    shares: Values
    depths: Values
    trees: int


def depth_values(forest: Forest, row: Rows, columns: int) -> tuple[Values, float]:
    """Return how much each number of a row adds to its mean depth, and the depth without any.

    The values (columns,) and that depth have the sum `forest.depths(row)`; a number with a value
    below 0 parts the row sooner than others: it is why the row is unusual.
    """
    paths = _paths(forest)
    known, unknown, owners = _merged(paths, row)
    found = np.zeros(columns)
    count = (owners != LEAF).sum(axis=1)
    for step in range(owners.shape[1]):
        own = owners[:, step] != LEAF
        rest = [other for other in range(owners.shape[1]) if other != step]
        sizes = _by_size(known[own][:, rest], unknown[own][:, rest])
        weights = _weights(count[own], sizes.shape[1])
        gained = (known[own, step] - unknown[own, step]) * (sizes * weights).sum(axis=1)
        np.add.at(found, owners[own, step], gained * paths.depths[own])
    return found / paths.trees, float((unknown.prod(axis=1) * paths.depths).sum()) / paths.trees


def _paths(forest: Forest) -> _Paths:
    trees, leaves = np.nonzero((forest.features == LEAF) & (forest.counts > 0))
    depths = node_depths(forest)
    longest = int(depths.max(initial=1.0))
    parents, is_left = _parents(forest)
    shape = (len(trees), max(1, longest))
    columns, cuts = np.full(shape, LEAF, np.int64), np.zeros(shape, np.float32)
    left, shares = np.zeros(shape, np.bool_), np.ones(shape)
    at = leaves.astype(np.int64)
    for step in range(longest):
        way = np.flatnonzero(at > 0)
        tree, node = trees[way], at[way]
        above = parents[tree, node]
        columns[way, step], cuts[way, step] = forest.features[tree, above], forest.cuts[tree, above]
        left[way, step] = is_left[tree, node]
        shares[way, step] = forest.counts[tree, node] / forest.counts[tree, above]
        at[way] = above
    ends = depths[trees, leaves] + mean_depth(forest.counts[trees, leaves])
    return _Paths(columns, cuts, left, shares, np.asarray(ends), len(forest.features))


def _parents(forest: Forest) -> tuple[Numbers, npt.NDArray[np.bool_]]:
    """Return the parent of each node, and whether it is the left child; roots are their own."""
    parents = np.zeros(forest.features.shape, np.int64)
    is_left = np.zeros(forest.features.shape, np.bool_)
    trees, nodes = np.nonzero(forest.features != LEAF)
    for children, left in ((forest.lefts, True), (forest.rights, False)):
        own = children[trees, nodes]
        parents[trees, own], is_left[trees, own] = nodes, left
    return parents, is_left


def _merged(paths: _Paths, row: Rows) -> tuple[Values, Values, Numbers]:
    """Return steps that ask for the same number as one, (leaves, steps) each.

    The first array tells whether the row goes there (1 or 0), the second the share of rows that do,
    the third the column, LEAF where there is no step.
    """
    asked = row[np.maximum(paths.columns, 0)]
    none = paths.columns == LEAF
    known = np.where(none, 1.0, (asked <= paths.cuts) == paths.left)
    unknown, owners = np.where(none, 1.0, paths.shares), paths.columns.copy()
    for step in range(1, owners.shape[1]):
        for before in range(step):
            same = (owners[:, step] == owners[:, before]) & (owners[:, step] != LEAF)
            known[same, before] *= known[same, step]
            unknown[same, before] *= unknown[same, step]
            known[same, step], unknown[same, step], owners[same, step] = 1.0, 1.0, LEAF
    # Where there is no step, a row goes on whether it is known or not: it belongs to no subset.
    return np.where(owners == LEAF, 0.0, known), unknown, owners


def _by_size(known: Values, unknown: Values) -> Values:
    """Return what leaves get summed over subsets of steps that are known, by the subset's size.

    (leaves, sizes). Coefficients of the product of (unknown + known y).
    """
    found = np.zeros((len(known), known.shape[1] + 1))
    found[:, 0] = 1.0
    for step in range(known.shape[1]):
        more = found * unknown[:, step, None]
        more[:, 1:] += found[:, :-1] * known[:, step, None]
        found = more
    return found


def _weights(counts: Numbers, sizes: int) -> Values:
    """Return the weight of a subset by its size, for games of `counts` numbers each."""
    longest = int(counts.max(initial=1))
    table = np.zeros((longest + 1, sizes))
    for players in range(1, longest + 1):
        for size in range(min(players, sizes)):
            table[players, size] = 1.0 / (players * comb(players - 1, size))
    return np.asarray(table[counts])
