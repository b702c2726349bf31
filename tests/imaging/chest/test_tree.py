"""Trees reach every target and get thinner on the way."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from xray_studio.imaging.chest import tree
from xray_studio.imaging.chest.body import Body
from xray_studio.imaging.chest.lung_vessels import vessels
from xray_studio.imaging.chest.shapes import Place

TARGETS = np.random.default_rng(3).uniform(-50.0, 50.0, (80, 3))


@pytest.fixture(scope="module")
def grown() -> tree.Tree:
    return tree.grow(np.zeros(3), TARGETS, 0.3)


def test_every_target_is_reached_once(grown: tree.Tree) -> None:
    assert sorted(map(tuple, grown.nodes[1:])) == sorted(map(tuple, TARGETS))
    assert (grown.parent[1:] < np.arange(1, len(grown.parent))).all()


def test_ends_add_up(grown: tree.Tree) -> None:
    ends = grown.ends()
    leaves = len(set(range(len(ends))) - set(grown.parent.tolist()))
    assert ends[0] == leaves
    assert ends.min() == 1


def test_branches_cover_every_edge_once(grown: tree.Tree) -> None:
    edges = [(a, b) for chain in grown.branches() for a, b in itertools.pairwise(chain)]
    assert sorted(b for _, b in edges) == list(range(1, len(grown.nodes)))
    assert all(grown.parent[b] == a for a, b in edges)


def test_tubes_are_thick_at_the_root_and_thin_at_the_ends(grown: tree.Tree) -> None:
    lines, radii = tree.tubes(grown, 0.5)
    assert radii[0][0] == max(radius.max() for radius in radii)
    assert min(radius.min() for radius in radii) >= 0.4
    assert all(len(line) == len(radius) for line, radius in zip(lines, radii, strict=True))


def test_vessels_of_the_lungs_stay_within_them() -> None:
    points = vessels(5, "arteries").points.astype(np.float32)
    body = Body(Place(*points.T))
    within = np.maximum(body.lungs, body.mediastinum) > -3.0
    assert within.mean() > 0.97
