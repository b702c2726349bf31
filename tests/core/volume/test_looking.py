"""Planes that meet in a point: they are those of the patient, stay at right angles, and cover."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from xray_studio.core.errors import UsageError
from xray_studio.core.volume.geometry import VolumeGeometry, from_axes
from xray_studio.core.volume.looking import (
    WAYS,
    Aim,
    Slab,
    first_aim,
    nearest_voxel,
    stack_of,
)
from xray_studio.core.volume.planes import View

SPACING = (0.7, 0.9, 2.5)


@pytest.fixture
def geometry() -> VolumeGeometry:
    """A straight volume that begins away from the origin."""
    return from_axes((20, 30, 40), (-14.0, -13.0, -100.0), np.eye(3), SPACING)


def test_the_first_point_is_the_middle_of_a_voxel(geometry: VolumeGeometry) -> None:
    index = geometry.indices([first_aim(geometry).at])[0]
    assert np.allclose(index, np.rint(index))
    outside = nearest_voxel(geometry, (1e6, -1e6, -70.0))
    right, front = geometry.corners()[:, 0].max(), geometry.corners()[:, 1].min()
    assert outside == pytest.approx((right, front, -70.0))


@pytest.mark.parametrize(
    ("view", "count", "size"),
    [
        (View.AXIAL, 20, (30, 40)),
        (View.CORONAL, 30, (20, 40)),
        (View.SAGITTAL, 40, (20, 30)),
    ],
)
def test_straight_planes_are_those_of_voxels(
    geometry: VolumeGeometry, view: View, count: int, size: tuple[int, int]
) -> None:
    aim = first_aim(geometry)
    stack = stack_of(geometry, aim, view, Slab())
    assert stack.count == count
    assert stack.first.size == size
    plane = stack.plane(stack.nearest(aim.at))
    assert plane.pixel(aim.at)[2] == pytest.approx(0.0)
    corners = [stack.plane(n).corner for n in (0, count - 1)]
    indices = geometry.indices(corners)
    assert np.allclose(indices, np.rint(indices), atol=1e-6)


def test_places_tell_each_plane(geometry: VolumeGeometry) -> None:
    stack = stack_of(geometry, first_aim(geometry), View.CORONAL, Slab(7.0))
    places = stack.places("1.2.3")
    assert len(places) == stack.count
    assert places[3].position == pytest.approx(stack.plane(3).corner)
    assert places[3].thickness == 7.0
    assert places[3].frame_of_reference == "1.2.3"


def test_scrolling_moves_the_point_along_the_normal_alone(geometry: VolumeGeometry) -> None:
    aim = first_aim(geometry).turned(View.AXIAL, 31.0)
    stack = stack_of(geometry, aim, View.SAGITTAL, Slab())
    here = stack.nearest(aim.at)
    there = stack.brought(aim.at, here + 4)
    normal = np.asarray(aim.sagittal.normal)
    assert np.asarray(there) - np.asarray(aim.at) == pytest.approx(4 * stack.step * normal)
    assert stack.nearest(there) == here + 4


def test_planes_stay_at_right_angles_however_they_are_turned(geometry: VolumeGeometry) -> None:
    aim = first_aim(geometry)
    turns = itertools.cycle(zip(View, (7.0, -33.0, 81.0), strict=True))
    for view, degrees in itertools.islice(turns, 200):
        aim = aim.turned(view, degrees)
    normals = np.array([aim.way(view).normal for view in View])
    assert np.abs(normals @ normals.T - np.eye(3)).max() < 1e-9


def test_turning_in_a_plane_is_clockwise_and_leaves_it_as_it_is() -> None:
    aim = Aim((0.0, 0.0, 0.0)).turned(View.AXIAL, 90.0)
    assert aim.axial == WAYS[View.AXIAL]
    # Seen from the feet, with the patient's left at the right, what pointed to the left then
    # points to the back, which is below.
    assert aim.coronal.right == pytest.approx((0.0, 1.0, 0.0))
    assert aim.is_oblique
    assert not aim.straight().is_oblique


def test_a_turned_stack_covers_the_volume(geometry: VolumeGeometry) -> None:
    aim = first_aim(geometry).turned(View.AXIAL, 30.0).turned(View.CORONAL, 20.0)
    for view in View:
        stack = stack_of(geometry, aim, view, Slab())
        ends = stack.first, stack.plane(stack.count - 1)
        for corner in geometry.corners():
            column, row, _ = stack.first.pixel(corner)
            rows, columns = stack.first.size
            assert -1.0 < column < columns
            assert -1.0 < row < rows
            assert ends[0].pixel(corner)[2] > -stack.step
            assert ends[1].pixel(corner)[2] < stack.step


def test_a_slab_has_no_negative_thickness() -> None:
    with pytest.raises(UsageError, match="0 mm"):
        Slab(-1.0)


def test_planes_of_very_unequal_voxels_are_coarser_where_they_would_be_too_large() -> None:
    unequal = from_axes((40, 70, 60), (0.0, 0.0, 0.0), np.eye(3), (0.01, 0.01, 100.0))
    for degrees in (0.0, 40.0):
        aim = first_aim(unequal).turned(View.CORONAL, degrees)
        for view in View:
            stack = stack_of(unequal, aim, view, Slab())
            assert max(stack.first.size) <= 4096
            assert stack.count <= 4096
            assert stack.plane(stack.nearest(aim.at)).pixel(aim.at)[2] == pytest.approx(
                0.0, abs=1e-6
            )
