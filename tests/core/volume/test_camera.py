"""From where a volume is looked at."""

from __future__ import annotations

import numpy as np
import pytest

from xray_studio.core.errors import UsageError
from xray_studio.core.volume.camera import FURTHEST, NEAREST, VIEWS, Camera, all_around

LEFT, BACK, HEAD = np.eye(3)


@pytest.mark.parametrize(
    ("view", "eye", "right", "up"),
    [
        ("anterior", -BACK, LEFT, HEAD),
        ("posterior", BACK, -LEFT, HEAD),
        ("left", LEFT, BACK, HEAD),
        ("right", -LEFT, -BACK, HEAD),
        ("superior", HEAD, LEFT, BACK),
        ("inferior", -HEAD, LEFT, -BACK),
    ],
)
def test_views_show_the_patient_as_the_reader_expects(
    view: str, eye: np.ndarray, right: np.ndarray, up: np.ndarray
) -> None:
    camera = Camera.named(view)
    assert np.allclose(camera.towards_eye, eye)
    assert np.allclose(camera.right, right)
    assert np.allclose(camera.up, up)


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("roll", [0.0, 37.0, -90.0])
def test_directions_are_square_to_each_other(view: str, roll: float) -> None:
    primary, secondary = VIEWS[view]
    camera = Camera(primary + 11.0, secondary, roll)
    axes = np.stack([camera.right, camera.up, camera.towards_eye])
    assert np.allclose(axes @ axes.T, np.eye(3))
    assert np.linalg.det(axes) == pytest.approx(1.0), "a picture is never mirrored"


def test_what_is_dragged_to_the_right_turns_to_the_right() -> None:
    before = Camera()
    after = before.turned(20.0, 0.0)
    nose = -BACK  # towards the eye at first
    assert nose @ after.right > 0.1
    assert -BACK @ before.turned(0.0, 20.0).up > 0.1


def test_turns_stop_at_the_pole_and_go_round_the_side() -> None:
    assert Camera(secondary=80.0).turned(0.0, -30.0).secondary == 90.0
    assert Camera(170.0).turned(-20.0, 0.0).primary == pytest.approx(-170.0)


def test_a_turn_to_the_right_rolls_the_picture_clockwise() -> None:
    assert np.allclose(Camera(roll=90.0).right, Camera().up)


def test_zoom_keeps_within_what_can_be_seen() -> None:
    assert Camera().zoomed(1e6).zoom == FURTHEST
    assert Camera().zoomed(1e-6).zoom == NEAREST
    assert Camera().panned(0.1, -0.2).panned(0.1, 0.0).pan == pytest.approx((0.2, -0.2))


def test_what_is_seen_at_a_place_stays_there_when_the_camera_goes_nearer() -> None:
    before = Camera(pan=(0.05, -0.1))
    after = before.zoomed(2.0, (0.2, 0.1))
    seen = [(np.array((0.2, 0.1)) - camera.pan) / camera.zoom for camera in (before, after)]
    assert np.allclose(*seen)
    stopped = Camera(zoom=FURTHEST).zoomed(3.0, (0.4, 0.0))
    assert stopped == Camera(zoom=FURTHEST), "no further, and not aside"


@pytest.mark.parametrize("roll", [90.0, 180.0, 30.0])
def test_a_rolled_picture_turns_as_it_is_dragged(roll: float) -> None:
    camera = Camera(roll=roll)
    front = camera.towards_eye
    assert front @ camera.turned(5.0, 0.0).right > 0.08
    assert abs(front @ camera.turned(5.0, 0.0).up) < 0.01
    assert front @ camera.turned(0.0, 5.0).up > 0.08


def test_the_camera_goes_as_near_as_the_whole_volume_is_seen() -> None:
    corners = np.array([(x, y, z) for x in (0, 40) for y in (-9, 9) for z in (100, 130)], float)
    radius = np.linalg.norm((40, 18, 30)) / 2.0
    assert Camera(pan=(1.0, 1.0)).filling(corners) == Camera(zoom=radius / 20.0)
    assert Camera.named("left").filling(corners).zoom == pytest.approx(radius / 15.0)


def test_another_side_is_seen_as_near() -> None:
    camera = Camera(10.0, 20.0, 30.0, 2.0, (0.1, 0.0)).seen_from("left")
    assert camera == Camera(90.0, 0.0, 0.0, 2.0, (0.1, 0.0))


def test_a_movie_goes_once_around() -> None:
    cameras = all_around(Camera(), 4)
    sides = [round(camera.primary) % 360 for camera in cameras]
    assert sides == [0, 270, 180, 90]
    with pytest.raises(UsageError, match="two pictures or more"):
        all_around(Camera(), 1)


def test_views_that_are_not_there_are_named() -> None:
    with pytest.raises(UsageError, match="no view 'top'; choose one of: anterior"):
        Camera.named("top")
