"""Two planes see one beating heart; under fluoroscopy a wire goes down its artery."""

from __future__ import annotations

import numpy as np
import pytest

from xray_studio.imaging.phantom import (
    FRONTAL,
    LATERAL,
    RAO_CRANIAL,
    Fluoroscopy,
    make_angiogram,
)

SIZE = 64


@pytest.mark.parametrize("index", [0, 20])
def test_planes_show_the_same_points_at_the_same_time(index: int) -> None:
    planes = [
        make_angiogram(5, 24, SIZE, view=view, run_number=6, plane=number)
        for number, view in enumerate((FRONTAL, LATERAL))
    ]
    a, b = (plane.scene for plane in planes)
    assert planes[0].moment(index) == planes[1].moment(index)
    points = [scene.moved(scene.vessels.tubes.points, planes[0].moment(index)) for scene in (a, b)]
    assert np.array_equal(*points)
    assert planes[0].contrast(index) == planes[1].contrast(index)
    assert not np.array_equal(planes[0].frames[0], planes[1].frames[0])


def test_planes_cross_at_right_angles() -> None:
    towards = [view.beam(SIZE).axes[2] for view in (FRONTAL, LATERAL)]
    assert np.rad2deg(np.arccos(towards[0] @ towards[1])) == pytest.approx(90.0, abs=1.0)


@pytest.fixture(scope="module")
def fluoroscopy() -> Fluoroscopy:
    run = make_angiogram(
        5, 2, SIZE, view=RAO_CRANIAL, run_number=9, frame_time=7900.0, kind=Fluoroscopy
    )
    assert isinstance(run.scene, Fluoroscopy)
    return run.scene


def test_wire_lies_in_the_artery_and_goes_on(fluoroscopy: Fluoroscopy) -> None:
    for time in (0.5, 4.0, 7.5):
        artery = fluoroscopy.artery(fluoroscopy.moment(time))
        wire = fluoroscopy.wire.place(artery, time)
        beyond = wire[30 : int(fluoroscopy.wire.tip(time) / 0.22) - 60]
        apart = np.linalg.norm(beyond[:, None] - artery[None, ::4], axis=2).min(axis=1)
        assert apart.max() < 2.5
    assert fluoroscopy.wire.tip(7.5) > fluoroscopy.wire.tip(0.5) + 40.0


def test_fluoroscopy_is_noisier_and_without_contrast(fluoroscopy: Fluoroscopy) -> None:
    acquisition = make_angiogram(5, 1, SIZE, view=RAO_CRANIAL).scene
    signal = np.full((4, 4), 900.0, np.float32)
    low, high = (scene.detector.variance(signal).mean() for scene in (fluoroscopy, acquisition))
    assert low > 8.0 * high
    assert fluoroscopy.bolus.at_ostium(5.0) == 0.0
