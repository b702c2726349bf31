"""What is cut away of a volume, in millimetres along the patient's axes."""

from __future__ import annotations

import numpy as np
import pytest

from xray_studio.core.volume.clipping import sides
from xray_studio.core.volume.geometry import VolumeGeometry, from_axes
from xray_studio.core.volume.scene import Box

STRAIGHT = from_axes((11, 21, 31), (-15.0, -20.0, 5.0), np.eye(3), (1.0, 2.0, 3.0))


def turned() -> VolumeGeometry:
    """Return sagittal slices: columns run to the feet, rows to the front, planes to the right."""
    axes = np.array([[0.0, 0.0, -1.0], [0.0, -1.0, 0.0], [-1.0, 0.0, 0.0]])
    return from_axes((11, 21, 31), (10.0, 20.0, 60.0), axes, (1.0, 2.0, 3.0))


def test_sides_run_along_the_patient() -> None:
    across, deep, high = sides(STRAIGHT)
    assert (across.axis, deep.axis, high.axis) == (2, 1, 0)
    assert (across.ends, deep.ends, high.ends) == ((-15.0, 15.0), (-20.0, 20.0), (5.0, 35.0))
    assert [side.words(side.ends[0]) for side in (across, deep, high)] == ["R 15", "A 20", "H 5"]
    across, deep, high = sides(turned())
    assert (across.axis, deep.axis, high.axis) == (0, 1, 2)
    assert (across.start, across.end) == pytest.approx((10.0, -20.0))
    assert high.ends == pytest.approx((30.0, 60.0))


@pytest.mark.parametrize("geometry", [STRAIGHT, turned()])
@pytest.mark.parametrize("number", range(3))
def test_what_is_kept_is_told_as_it_was_asked_for(geometry: VolumeGeometry, number: int) -> None:
    every = sides(geometry)
    side = every[number]
    low, high = side.ends[0] + 3.0, side.ends[1] - 8.0
    box = side.clipped(Box(), low, high)
    assert side.kept(box) == pytest.approx((low, high))
    assert all(one.kept(box) == one.ends for one in every if one is not side)


def test_something_is_always_kept() -> None:
    across = sides(STRAIGHT)[0]
    for low, high in ((15.0, 15.0), (-15.0, -15.0), (99.0, 99.0), (-99.0, -99.0)):
        kept = across.kept(across.clipped(Box(), low, high))
        assert 0.2 < kept[1] - kept[0] < 0.4
        assert -15.0 <= kept[0] < kept[1] <= 15.0
