"""Edits keep to what they may change, and undo brings back every voxel."""

import numpy as np
import pytest

from tests.volume.phantom import affine
from xray_studio.core.labels.box import VoxelBox, box_of, whole_box
from xray_studio.core.labels.edits import Action, Change, Edit, Over, applied
from xray_studio.core.labels.history import History
from xray_studio.core.labels.label_map import LabelMap, LabelSegment
from xray_studio.core.volume.geometry import VolumeGeometry

SHAPE = (12, 14, 16)
RED, GREEN = (255, 0, 0), (0, 255, 0)


def _map(*, locked: bool = False) -> LabelMap:
    values = np.zeros(SHAPE, np.uint8)
    values[2:5, 3:6, 4:9] = 2
    segments = (LabelSegment(1, "one", RED), LabelSegment(2, "two", GREEN, locked=locked))
    return LabelMap(VolumeGeometry(SHAPE, affine()), values, segments)


def _edit(number: int = 1, **more: object) -> Edit:
    box = VoxelBox((1, 2, 3), (8, 9, 10))
    return Edit(number, box, np.ones(box.shape, bool), "words", **more)


def test_a_box_is_the_smallest_around_what_is_marked() -> None:
    marked = np.zeros(SHAPE, bool)
    assert box_of(marked) is None
    marked[2:5, 3:6, 4:9] = True
    assert box_of(marked) == VoxelBox((2, 3, 4), (5, 6, 9))
    assert VoxelBox((2, 3, 4), (5, 6, 9)).grown(3, (6, 7, 8)) == VoxelBox((0, 0, 1), (6, 7, 8))


def test_adding_takes_voxels_of_others_unless_they_are_locked() -> None:
    labels = _map()
    applied(labels, _edit())
    assert (labels.values[1:8, 2:9, 3:10] == 1).all()
    labels = _map(locked=True)
    applied(labels, _edit())
    assert (labels.values[2:5, 3:6, 4:9] == 2).all()
    assert applied(labels, _edit(2)) == ()


def test_adding_to_what_is_empty_leaves_others_alone() -> None:
    labels = _map()
    applied(labels, _edit(over=Over.EMPTY))
    assert (labels.values == 2).sum() == 3 * 3 * 5
    assert (labels.values == 1).sum() == 7**3 - 3 * 3 * 5


def test_erasing_takes_a_segments_own_voxels_or_all_that_are_free() -> None:
    labels = _map()
    assert applied(labels, _edit(1, action=Action.ERASE)) == ()
    applied(labels, _edit(2, action=Action.ERASE))
    assert not labels.values.any()
    labels = _map(locked=True)
    labels.values[7, 8, 9] = 1
    applied(labels, _edit(0, action=Action.ERASE))
    assert set(np.unique(labels.values)) == {0, 2}


def test_replacing_leaves_nothing_else_of_the_segment() -> None:
    labels = _map()
    labels.values[10, 10, 10] = 1
    applied(labels, _edit(action=Action.REPLACE))
    assert labels.box(1) == VoxelBox((1, 2, 3), (8, 9, 10))


def _done(labels: LabelMap, history: History, edit: Edit) -> None:
    before = labels.segments
    history.add(Change(edit.words, applied(labels, edit), before, labels.segments))


def test_undo_and_redo_bring_back_every_voxel() -> None:
    labels, history, rng = _map(), History(), np.random.default_rng(3)
    seen = [labels.values.copy()]
    for number in range(12):
        marked = rng.random(SHAPE) > 0.6
        edit = Edit(1 + number % 2, whole_box(SHAPE), marked, "", list(Action)[number % 3])
        _done(labels, history, edit)
        seen.append(labels.values.copy())
    for expected in reversed(seen[:-1]):
        history.undo(labels)
        assert np.array_equal(labels.values, expected)
    assert history.undo(labels) is None
    for expected in seen[1:]:
        history.redo(labels)
        assert np.array_equal(labels.values, expected)
    assert history.redo(labels) is None


def test_undo_keeps_the_changed_box_alone() -> None:
    values = np.zeros((200, 256, 256), np.uint8)
    labels = LabelMap(VolumeGeometry(values.shape, np.eye(4)), values, _map().segments)
    box = VoxelBox((50, 50, 50), (80, 80, 80))
    edit = Edit(1, box, np.ones(box.shape, bool), "")
    (patch,) = applied(labels, edit)
    assert patch.box == box
    assert patch.size < 1000


def test_history_forgets_the_oldest_beyond_its_limit() -> None:
    labels, history, rng = _map(), History(limit=2000), np.random.default_rng(4)
    for _ in range(30):
        marked = rng.random(SHAPE) > 0.5
        _done(labels, history, Edit(1, whole_box(SHAPE), marked, "noise"))
        _done(labels, history, Edit(1, whole_box(SHAPE), marked, "noise", Action.ERASE))
    assert history.size <= 2000
    assert history.undo_words == "noise"


@pytest.mark.parametrize("number", [1, 300])
def test_many_segments_widen_the_values(number: int) -> None:
    labels = _map()
    labels.make_room(number)
    assert labels.values.dtype == (np.uint8 if number == 1 else np.uint16)
    assert (labels.values == 2).sum() == 3 * 3 * 5
