"""The coronary tree: a tree, with Murray's radii, smooth and the same for the same seed."""

from __future__ import annotations

import numpy as np
import pytest

from xray_studio.imaging.phantom import anatomy, coronary, vessels
from xray_studio.imaging.phantom.curves import unit
from xray_studio.imaging.phantom.heart import Heart

HEART = Heart()


@pytest.fixture(scope="module")
def tree() -> list[coronary.Branch]:
    return coronary.grow(HEART, 1)


def test_every_named_branch_is_there_with_smaller_ones(tree: list[coronary.Branch]) -> None:
    names = [branch.name for branch in tree]
    assert names[0] == anatomy.TRUNK
    assert {course.name for course in anatomy.COURSES} <= set(names)
    assert len(names) == len(set(names))
    assert len(names) > 60


def test_branches_begin_on_their_parent(tree: list[coronary.Branch]) -> None:
    for branch in tree[1:]:
        assert branch.parent is not None
        assert np.allclose(branch.points[0], branch.parent.points[branch.joins], atol=1e-6)


def test_cubes_of_the_radii_add_up_at_the_fork(tree: list[coronary.Branch]) -> None:
    """Murray's law, some mm before and behind the fork of the left main."""
    trunk, circumflex = tree[0], tree[1]
    apart = int(5.0 / coronary.SPACING)
    before, behind = trunk.radius[circumflex.joins - apart], trunk.radius[circumflex.joins + apart]
    assert before**3 == pytest.approx(behind**3 + circumflex.flow, rel=0.08)


def test_vessels_taper_and_do_not_end_thick(tree: list[coronary.Branch]) -> None:
    for branch in tree:
        assert branch.radius[0] >= branch.radius[-1]
        assert branch.radius[-1] < 0.4


def test_vessels_have_no_corners(tree: list[coronary.Branch]) -> None:
    for branch in tree:
        ahead = unit(np.diff(branch.points, axis=0))
        turn = np.degrees(np.arccos(np.clip((ahead[1:] * ahead[:-1]).sum(axis=1), -1.0, 1.0)))
        assert turn.max() < 12.0


def test_tree_lies_on_the_heart(tree: list[coronary.Branch]) -> None:
    for branch in tree[:14]:
        depth = HEART.depth(branch.points)
        assert depth.min() > 0.6
        assert depth.max() < 1.5


def test_same_seed_same_tree() -> None:
    one, same, other = (coronary.grow(HEART, seed) for seed in (2, 2, 3))
    assert all(np.array_equal(a.points, b.points) for a, b in zip(one, same, strict=True))
    assert not np.array_equal(one[0].points, other[0].points)


def test_stenosis_takes_the_stated_part_of_the_diameter() -> None:
    lesion = vessels.Stenosis()
    narrow, healthy = vessels.grow(HEART, 4, lesion), vessels.grow(HEART, 4, None)
    ratio = narrow.tubes.radius / healthy.tubes.radius
    worst = int(ratio.argmin())
    assert 1.0 - ratio[worst] == pytest.approx(lesion.severity, abs=0.01)
    assert narrow.distance[worst] == pytest.approx(lesion.distance, abs=0.5)
    assert narrow.names[0] == lesion.vessel
    assert ratio[narrow.slices[0].stop :] == pytest.approx(1.0)


def test_arteries_come_before_veins() -> None:
    known = vessels.grow(HEART, 1, None)
    arteries = sum(part.stop <= known.arteries for part in known.slices)
    assert len(known.names) - arteries == len(anatomy.VEINS)
    assert known.is_artery.sum() == known.arteries
    assert known.visible.min() >= 0.0
    assert known.visible.max() <= 1.0
