"""Trees that reach every part of a lung, as its vessels and bronchi do.

Targets are joined one by one to the tree at the place that costs least: distance to it and, in
part, the length of the way from the root (H. Cuntz et al., PLoS Comput Biol 6(8), 2010). Radii
follow from the number of ends downstream.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xray_studio.imaging.phantom.curves import Array, resample, smooth

Index = NDArray[np.intp]
MURRAY = 2.15  # exponent by which radii add up
SPACING = 0.4  # mm between samples


@dataclass(frozen=True)
class Tree:
    """Nodes (n, 3) in mm and the parent of each; the root comes first and is its own parent."""

    nodes: Array
    parent: Index

    def ends(self) -> Index:
        """Count the ends (n,) downstream of every node, at least 1."""
        count = np.zeros(len(self.nodes), np.intp)
        leaf = np.ones(len(self.nodes), bool)
        leaf[self.parent] = False
        count[leaf] = 1
        for node in range(len(self.nodes) - 1, 0, -1):  # children come after their parent
            count[self.parent[node]] += count[node]
        return count

    def branches(self) -> list[Index]:
        """Chains of nodes: each goes on into its larger child; it begins at its parent's node."""
        ends, children = self.ends(), _children(self.parent)
        open_: list[tuple[int, int]] = [(0, 0)]
        chains = []
        while open_:
            before, node = open_.pop()
            chain = [before]
            while True:
                chain.append(node)
                following = sorted(children[node], key=lambda child: ends[child])
                if not following:
                    break
                open_.extend((node, child) for child in following[:-1])
                node = following[-1]
            chains.append(np.array(chain if before != chain[1] else chain[1:]))
        return [chain for chain in chains if len(chain) > 1]


def _children(parent: Index) -> list[list[int]]:
    children: list[list[int]] = [[] for _ in parent]
    for node in range(1, len(parent)):
        children[parent[node]].append(node)
    return children


def grow(root: Array, targets: Array, straightness: float) -> Tree:
    """Join targets (n, 3) into a tree; `straightness` weighs the way from the root."""
    nodes, parents, ways = [root], [0], [0.0]
    apart = np.linalg.norm(targets - root, axis=1)
    cost, best = apart.copy(), np.zeros(len(targets), np.intp)
    left = np.ones(len(targets), bool)
    for _ in range(len(targets)):
        chosen = int(np.where(left, cost, np.inf).argmin())
        left[chosen] = False
        step = float(np.linalg.norm(targets[chosen] - nodes[best[chosen]]))
        nodes.append(targets[chosen])
        parents.append(int(best[chosen]))
        ways.append(ways[best[chosen]] + step)
        through = np.linalg.norm(targets - targets[chosen], axis=1) + straightness * ways[-1]
        nearer = through < cost
        cost[nearer], best[nearer] = through[nearer], len(nodes) - 1
    return Tree(np.array(nodes), np.array(parents, dtype=np.intp))


def tubes(tree: Tree, tip: float, spacing: float = SPACING) -> tuple[list[Array], list[Array]]:
    """Centre lines (n, 3) and radii (n,) of a tree whose ends have the radius `tip`, in mm."""
    radius = tip * tree.ends() ** (1.0 / MURRAY)
    lines, sizes = [], []
    for chain in tree.branches():
        own = radius[chain].copy()
        own[0] = min(own[0], 1.15 * own[1])  # a branch is no wider than itself at its origin
        line = resample(np.column_stack([tree.nodes[chain], own]), spacing)
        soft = smooth(line, 4.0 / spacing)
        lines.append(soft[:, :3])
        sizes.append(np.maximum(soft[:, 3], 0.8 * tip))
    return lines, sizes
