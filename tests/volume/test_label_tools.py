"""Growing, islands, holes, smoothing and slices between others."""

import numpy as np
import pytest

from xray_studio.core.errors import UsageError
from xray_studio.core.job import Cancelled, run
from xray_studio.volume import label_tools


def _ball(shape: tuple[int, int, int], centre: tuple[float, ...], radius: float) -> np.ndarray:
    at = np.indices(shape).reshape(3, -1).T
    return (np.linalg.norm(at - np.asarray(centre), axis=1) <= radius).reshape(shape)


def test_a_region_grows_over_faces_and_over_corners_where_asked() -> None:
    marked = np.zeros((4, 5, 6), bool)
    marked[0, 0, :3] = marked[1, 1, 3] = marked[3, 4, 5] = True
    assert run(label_tools.connected(marked, (0, 0, 0))).sum() == 3
    assert run(label_tools.connected(marked, (0, 0, 0), corners=True)).sum() == 4
    assert not run(label_tools.connected(marked, (2, 2, 2))).any()


def test_the_largest_part_and_parts_of_a_size() -> None:
    shape = (20, 30, 40)
    big, small = _ball(shape, (9, 10, 12), 6), _ball(shape, (9, 20, 33), 3)
    speck = _ball(shape, (18, 2, 2), 0)
    whole = big | small | speck
    assert np.array_equal(run(label_tools.largest(whole)), big)
    assert np.array_equal(run(label_tools.larger_than(whole, 2)), big | small)


def test_holes_are_filled_in_space_or_on_every_plane() -> None:
    shape = (20, 21, 22)
    shell = _ball(shape, (9, 10, 11), 7) & ~_ball(shape, (9, 10, 11), 4)
    assert np.array_equal(run(label_tools.without_holes(shell)), _ball(shape, (9, 10, 11), 7))
    tube = np.zeros(shape, bool)
    tube[:, 4:12, 5:14] = True
    tube[:, 6:9, 7:10] = False
    assert np.array_equal(run(label_tools.without_holes(tube)), tube)
    assert run(label_tools.without_holes(tube, by_plane=True))[:, 6:9, 7:10].all()


def test_what_a_mask_and_the_edge_enclose_is_no_hole() -> None:
    cup = np.zeros((6, 6, 6), bool)
    cup[0:4, [0, 5]] = cup[0:4, :, [0, 5]] = cup[0] = True
    assert np.array_equal(run(label_tools.without_holes(cup)), cup)


def test_smoothing_rounds_and_keeps_the_size() -> None:
    ball = _ball((30, 32, 34), (14, 15, 16), 9)
    rough = ball ^ (np.random.default_rng(0).random(ball.shape) > 0.97)
    made = run(label_tools.smoothed(rough, (1.0, 1.0, 1.0), 1.5))
    assert (made & ball).sum() * 2 / (made.sum() + ball.sum()) > 0.95
    assert run(label_tools.smoothed(ball[14:15], (1.0, 1.0, 1.0), 0.5)).shape == (1, 32, 34)


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_slices_between_two_circles_make_a_cone(axis: int) -> None:
    cone = np.zeros((21, 60, 60), bool)
    rows, columns = np.indices((60, 60))
    for number in range(21):
        radius = 6 + 14 * number / 20
        cone[number] = (rows - 30) ** 2 + (columns - 28) ** 2 <= radius**2
    given = np.zeros_like(cone)
    given[[0, 20]] = cone[[0, 20]]
    made = run(label_tools.between(np.moveaxis(given, 0, axis), (1.0, 1.0, 1.0), axis))
    made = np.moveaxis(made, axis, 0)
    assert not made[[0, 20]].any()
    inner = made[1:20], cone[1:20]
    assert 2 * (inner[0] & inner[1]).sum() / (inner[0].sum() + inner[1].sum()) > 0.97


def test_a_slanted_vessel_is_not_torn() -> None:
    given = np.zeros((11, 40, 80), bool)
    given[0, 10:16, 10:16] = given[10, 20:26, 60:66] = True
    made = run(label_tools.between(given, (1.0, 1.0, 1.0), 0))
    assert [plane.sum() > 20 for plane in made[1:10]] == [True] * 9
    assert np.argwhere(made[5]).mean(axis=0) == pytest.approx([17.5, 37.5], abs=1.0)


def test_nothing_between_is_said() -> None:
    given = np.zeros((5, 6, 7), bool)
    given[2, 2, 2] = True
    with pytest.raises(UsageError, match="nothing to fill"):
        run(label_tools.between(given, (1.0, 1.0, 1.0), 0))


def test_a_stop_is_heard() -> None:
    class Set:
        def is_set(self) -> bool:
            return True

    marked = np.random.default_rng(0).random((120, 200, 200)) > 0.4
    with pytest.raises(Cancelled):
        run(label_tools.connected(marked, tuple(np.argwhere(marked)[0])), None, Set())
