"""Frames that make a volume."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from xray_studio.core.errors import UnsupportedError
from xray_studio.core.place import FramePlace
from xray_studio.core.volume.stack import MISSING, Taken, orientations, stacked

AXIAL = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)
CORONAL = (1.0, 0.0, 0.0, 0.0, 0.0, -1.0)


def at(z: float, y: float = 0.0, moment: float | None = None, **told: object) -> Taken:
    place = FramePlace((1.0, y, z), AXIAL, (0.5, 0.25), 3.0, moment, "1.2", (4, 4))
    return Taken(place, **told)


def test_slices_in_any_order() -> None:
    stack = stacked([at(5.0, number=3), at(0.0, number=1), at(2.5, number=2)])
    assert stack.order == (1, 2, 0)
    assert (stack.slices, stack.moments, stack.along, stack.missing) == (3, 1, None, ())
    assert stack.affine[2, 2] == 2.5


def test_missing_slices_keep_their_place_and_are_counted() -> None:
    stack = stacked([at(2.5 * n, number=n) for n in range(12) if n not in {3, 7, 8}])
    assert stack.slices == 12
    assert stack.missing == (3, 7, 8)
    assert [n for n, frame in enumerate(stack.order) if frame == MISSING] == [3, 7, 8]
    np.testing.assert_allclose(stack.affine[:3, 2], (0.0, 0.0, 2.5))
    assert stack.warnings == ("3 of 12 slices are missing (4, 8-9); the gap is kept open.",)


def test_missing_slices_of_a_tilted_stack_lie_on_its_line() -> None:
    stack = stacked([at(2.0 * n, 0.5 * n) for n in range(8) if n != 4])
    assert stack.missing == (4,)
    np.testing.assert_allclose(stack.affine[:3, 2], (0.0, 0.5, 2.0))


def test_of_doubled_slices_the_first_is_taken() -> None:
    stack = stacked([at(0.0, number=1), at(2.0, number=9), at(2.0, number=2), at(4.0, number=3)])
    assert stack.order == (0, 2, 3)
    assert stack.left_out == (1,)
    assert "another one does" in stack.warnings[0]


@pytest.mark.parametrize(
    ("kind", "unit", "field", "values"),
    [
        ("b-value", "s/mm2", "b_value", (0.0, 500.0, 1000.0)),
        ("echo", "ms", "echo", (10.0, 20.0, 30.0)),
        ("phase", "ms", "phase", (0.0, 50.0, 100.0)),
    ],
)
def test_what_tells_moments_apart(
    kind: str, unit: str, field: str, values: tuple[float, ...]
) -> None:
    frames = [at(2.0 * z, number=n, **{field: v}) for z in range(4) for n, v in enumerate(values)]
    stack = stacked(frames[::-1])
    assert (stack.slices, stack.moments) == (4, 3)
    assert stack.along is not None
    assert (stack.along.kind, stack.along.unit, stack.along.values) == (kind, unit, values)
    told = [getattr(frames[::-1][n], field) for n in stack.order]
    assert told == [v for v in values for _ in range(4)]


def test_directions_of_diffusion_share_their_b_value() -> None:
    told = (None, 1000.0, 1000.0, 1000.0)
    frames = [at(2.0 * z, number=n, b_value=b) for z in range(3) for n, b in enumerate(told)]
    along = stacked(frames).along
    assert along is not None
    assert along.values == (0.0, 1000.0, 1000.0, 1000.0)


def test_moments_by_the_clock() -> None:
    frames = [at(2.0 * z, moment=100.0 + 3.0 * t + 0.5 * z) for t in range(3) for z in range(4)]
    along = stacked(frames).along
    assert along is not None
    assert (along.kind, along.values) == ("time", (0.0, 3.0, 6.0))


def test_a_last_moment_that_is_not_whole_is_left_out() -> None:
    frames = [at(2.0 * z, moment=3.0 * t + 0.5 * z) for t in range(3) for z in range(4)]
    stack = stacked(frames[:-2])
    assert (stack.slices, stack.moments) == (4, 2)
    assert len(stack.left_out) == 2
    assert "not whole" in stack.warnings[0]


def test_uneven_slices_are_refused_with_their_distances() -> None:
    with pytest.raises(UnsupportedError, match=r"2\.5 to 5 mm apart"):
        stacked([at(z) for z in (0.0, 5.0, 10.0, 15.0, 17.5)])


def test_slices_out_of_line_are_refused() -> None:
    with pytest.raises(UnsupportedError, match="in one line"):
        stacked([at(0.0), at(2.0, 1.5), at(4.0), at(6.0)])


def test_more_than_half_missing_is_no_volume() -> None:
    with pytest.raises(UnsupportedError, match="apart"):
        stacked([at(z) for z in (0.0, 1.0, 2.0, 30.0)])


def test_orientations_are_told_apart() -> None:
    scout = at(0.0)
    scout = replace(scout, place=replace(scout.place, orientation=CORONAL))
    nowhere = Taken(FramePlace())
    assert orientations([scout, at(0.0), nowhere, at(2.0)]) == [(1, 3), (0,)]


def test_one_frame_is_a_volume_of_one_slice() -> None:
    stack = stacked([at(7.0)])
    assert (stack.order, stack.slices, stack.moments) == ((0,), 1, 1)
    assert stack.affine[2, 2] == 3.0
