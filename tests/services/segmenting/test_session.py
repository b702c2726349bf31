"""A session: segments, strokes, tools, undo, and what a person is told."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

import xray_studio as xs
from tests.volume.phantom import phantom
from xray_studio.core.errors import UsageError
from xray_studio.core.job import run
from xray_studio.core.labels.brush import Brush
from xray_studio.core.labels.edits import Action, Over
from xray_studio.core.volume.geometry import VolumeGeometry
from xray_studio.core.volume.volume import Volume
from xray_studio.services.segmenting import tools
from xray_studio.services.segmenting.session import Segmenting, begun
from xray_studio.services.segmenting.tools import Growth, Range


def _volume() -> Volume:
    """Two boxes of 100 in 0, which a bridge of 60 joins."""
    values = np.zeros((20, 30, 40), np.int16)
    values[5:12, 5:12, 5:12] = values[5:12, 5:12, 20:30] = 100
    values[8, 8, 12:20] = 60
    affine = np.diag([1.0, 2.0, 3.0, 1.0])
    affine[:3, 3] = (-20.0, 11.0, 7.0)
    return Volume(values, VolumeGeometry(values.shape, affine), "CT", "HU")


def _point(session: Segmenting, *index: float) -> tuple[float, float, float]:
    x, y, z = session.labels.geometry.points([index])[0]
    return x, y, z


def test_segments_get_names_colours_and_codes() -> None:
    session = begun(_volume())
    one, bone = session.add_segment(), session.add_segment(kind="bone")
    assert (one.number, one.name, one.code.meaning) == (1, "Segment 1", "Tissue")
    assert (bone.number, bone.name, bone.code.value) == (2, "Bone", "272673000")
    assert session.add_segment(kind="bone").name == "Bone 3"
    assert session.change_segment(1, name=" Cyst ", locked=True).name == "Cyst"
    assert session.set_kind(1, "lesion").code.meaning == "Lesion"
    session.remove_segment(2)
    assert session.add_segment().number == 2
    with pytest.raises(UsageError, match="locked"):
        session.remove_segment(1)
    with pytest.raises(UsageError, match="name"):
        session.change_segment(1, name=" ")
    with pytest.raises(UsageError, match="no segment 9"):
        session.change_segment(9)


def test_a_threshold_takes_values_of_a_range_within_a_box() -> None:
    session = begun(_volume())
    session.add_segment()
    edit = run(tools.threshold(session.volume, 1, Range(50, 80)))
    assert not session.labels.values.any()  # nothing before it is applied
    session.apply(edit)
    assert session.labels.marked(1).sum() == 8
    assert session.segments[0].made == "threshold"
    session.apply(run(tools.threshold(session.volume, 1, Range(50), action=Action.REPLACE)))
    assert session.labels.marked(1).sum() == (session.volume.values >= 50).sum()


def test_a_region_grows_from_a_seed_as_far_as_it_may() -> None:
    session = begun(_volume())
    session.add_segment()
    seed = _point(session, 8, 8, 8)
    edit = run(tools.grow(session.volume, 1, Growth(seed, tolerance=10)))
    assert edit.voxels == 7**3
    assert run(tools.grow(session.volume, 1, Growth(seed, Range(50)))).voxels == 7**3 + 8 + 490
    near = run(tools.grow(session.volume, 1, Growth(seed, Range(50), reach=9.0)))
    assert near.voxels < 7**3 + 8
    with pytest.raises(UsageError, match="outside 150 to 200"):
        run(tools.grow(session.volume, 1, Growth(seed, Range(150, 200))))
    with pytest.raises(UsageError, match="outside the volume"):
        run(tools.grow(session.volume, 1, Growth((999.0, 0.0, 0.0))))


def test_a_stroke_of_many_dabs_is_one_step_of_undo() -> None:
    session = begun(_volume())
    session.add_segment()
    brush = Brush(4.0, (0.0, 0.0, 1.0))
    ways = [_point(session, column, 10, 8) for column in range(5, 30)]
    boxes = [session.paint(1, brush, [a, b]) for a, b in pairwise(ways)]
    assert all(box is not None and box.voxels < 400 for box in boxes)
    session.end_stroke()
    painted = session.labels.values.copy()
    session.paint(1, brush, ways[4:6], erase=True)
    assert session.undo() is not None
    assert np.array_equal(session.labels.values, painted)
    assert session.history.undo_words == "Paint"
    session.undo()
    assert not session.labels.values.any()
    session.redo()
    assert np.array_equal(session.labels.values, painted)
    assert session.voxel_at(ways[3]) == 1
    assert session.voxel_at((999.0, 0.0, 0.0)) == 0


def test_a_brush_keeps_to_values_and_to_empty_voxels() -> None:
    session = begun(_volume())
    session.add_segment(), session.add_segment()
    at = [_point(session, 12, 8, 8)]
    session.paint(1, Brush(6.0), at, within=Range(50))
    assert (session.volume.values[session.labels.marked(1)] >= 50).all()
    first = session.labels.marked(1)
    session.paint(2, Brush(6.0), at, over=Over.EMPTY)
    assert np.array_equal(session.labels.marked(1), first)
    assert session.labels.marked(2).any()


def test_clean_up_is_done_in_the_box_of_the_segment() -> None:
    session = begun(_volume())
    session.add_segment()
    session.apply(run(tools.threshold(session.volume, 1, Range(90))))
    session.apply(run(tools.keep_largest(session.labels, 1)))
    assert session.labels.marked(1).sum() == 490
    session.labels.values[7, 7, 25] = 0
    session.apply(run(tools.fill_holes(session.labels, 1)))
    assert session.labels.marked(1).sum() == 490
    session.apply(run(tools.smooth(session.labels, 1, 1.0)))
    assert 400 < session.labels.marked(1).sum() < 560
    session.labels.values[5:12:2] = 0
    with pytest.raises(UsageError, match="empty"):
        run(tools.keep_largest(session.labels, 2))


def test_what_lies_between_marked_slices_is_filled() -> None:
    session = begun(_volume())
    session.add_segment(), session.add_segment()
    session.labels.values[[2, 10], 5:15, 6:20] = 1
    session.labels.values[6, 7:9, 7:9] = 2
    session.apply(run(tools.fill_between(session.labels, 1)))
    assert (session.labels.values[3:10, 5:15, 6:20] > 0).all()
    assert session.labels.marked(2).sum() == 4
    with pytest.raises(UsageError, match="planes, rows, columns"):
        run(tools.fill_between(session.labels, 1, "moments"))


def test_a_locked_segment_is_not_edited() -> None:
    session = begun(_volume())
    session.add_segment()
    edit = run(tools.threshold(session.volume, 1, Range(90)))
    session.change_segment(1, locked=True)
    with pytest.raises(UsageError, match="Segment 1 is locked"):
        session.apply(edit)
    assert session.paint(1, Brush(5.0), [_point(session, 8, 8, 8)]) is None


def test_removing_a_segment_can_be_taken_back() -> None:
    session = begun(_volume())
    session.add_segment(kind="bone")
    session.apply(run(tools.threshold(session.volume, 1, Range(90))))
    before = session.labels.values.copy()
    session.remove_segment(1)
    assert not session.segments
    session.undo()
    assert session.segments[0].name == "Bone"
    assert np.array_equal(session.labels.values, before)


def test_measuring_tells_what_is_marked() -> None:
    session = begun(_volume())
    session.add_segment()
    session.apply(run(tools.threshold(session.volume, 1, Range(90))))
    (found,) = run(session.measure())
    assert found.voxels == 7**3 + 490
    assert found.millilitres == pytest.approx(found.voxels * 6.0 / 1000)
    assert (found.mean, found.lowest, found.highest) == (100.0, 100.0, 100.0)
    assert found.areas[8] == pytest.approx((49 + 70) * 2.0)


def test_several_moments_and_other_grids_are_refused() -> None:
    volume = _volume()
    several = replace(volume, values=np.stack([volume.values] * 2))
    with pytest.raises(UsageError, match="one moment"):
        begun(several)
    with pytest.raises(UsageError, match="another grid"):
        Segmenting(phantom(), begun(volume).labels)


def test_the_same_from_python(tmp_path: Path) -> None:
    session = xs.segment(_volume())
    session.add_segment(kind="bone")
    session.apply(run(tools.threshold(session.volume, 1, Range(90))))
    assert not session.saved
    (path,) = xs.save_segments(session, tmp_path / "a.nii.gz")
    assert session.saved
    again = xs.segment(session.volume, path)
    assert xs.measure(again) == xs.measure(session)
    assert xs.measure(again)[0]["voxels"] == 7**3 + 490
    with pytest.raises(UsageError, match="does not tell a format"):
        xs.save_segments(session, tmp_path / "a.txt")


def test_a_range_without_values_is_refused() -> None:
    with pytest.raises(UsageError, match="lower value"):
        Range(3, 2)


def test_segments_of_another_map_take_what_none_has() -> None:
    session, other = begun(_volume()), begun(_volume())
    session.add_segment("Here")
    session.apply(run(tools.threshold(session.volume, 1, Range(90))))
    before = session.labels.values.copy()
    other.add_segment("There")
    other.apply(run(tools.threshold(other.volume, 1, Range(50))))
    session.take(other.labels)
    assert [one.name for one in session.segments] == ["Here", "There"]
    assert np.array_equal(session.labels.values == 1, before == 1)
    assert np.count_nonzero(session.labels.values == 2) == 8, "the bridge"
    assert session.segments[0].colour != session.segments[1].colour
    session.take(other.labels)
    assert session.segments[2].name == "There (3)"
    session.undo()
    session.undo()
    assert np.array_equal(session.labels.values, before)
    assert len(session.segments) == 1
    fresh = begun(_volume())
    fresh.take(other.labels)
    assert fresh.saved
    assert not fresh.history.undo_words
    assert [one.name for one in fresh.segments] == ["There"]
    with pytest.raises(UsageError, match="another grid"):
        fresh.take(begun(phantom()).labels)
