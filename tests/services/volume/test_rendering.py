"""Renderings as clips, drawn in a process of their own."""

from __future__ import annotations

import contextlib
from dataclasses import replace

import numpy as np
import pytest

from xray_studio.core.clip import Identity
from xray_studio.core.errors import UnsupportedError, UsageError
from xray_studio.core.job import Cancelled, run
from xray_studio.core.volume.camera import Camera, all_around
from xray_studio.core.volume.geometry import from_axes
from xray_studio.core.volume.scene import VolumeScene
from xray_studio.core.volume.transfer import PRESETS
from xray_studio.core.volume.volume import Volume
from xray_studio.core.workers import Priority
from xray_studio.services.volume.rendering import (
    VolumeDrawing,
    begun,
    counted,
    pictured,
    rendered,
    taken,
)

SCENE = VolumeScene(size=(64, 64), cube=False)


def volume() -> Volume:
    """A cube of bone at the patient's left."""
    values = np.full((16, 16, 32), -1000, np.int16)
    values[4:12, 4:12, 22:30] = 1200
    grid = from_axes(values.shape, (-16.0, -8.0, -8.0), np.eye(3), (1.0, 1.0, 1.0))
    return Volume(values, grid, "CT", "HU", identity=Identity(patient_name="Test^Object"))


def test_renderings_are_a_clip_of_the_patient() -> None:
    whole = volume()
    with contextlib.closing(VolumeDrawing(whole)) as drawing:
        scenes = [replace(SCENE, camera=one) for one in all_around(Camera(), 2)]
        clip = rendered(whole, drawing, scenes)
        front, back = (clip.source.read(number) for number in range(2))
    assert (len(clip), clip.rows, clip.columns, clip.is_colour) == (2, 64, 64, True)
    assert clip.identity.patient_name == "Test^Object"
    assert clip.processed == ("RENDERED",)
    assert not front.flags.writeable
    bright = [np.nonzero(picture.max(axis=2) > 40)[1].mean() for picture in (front, back)]
    assert bright[0] > 40.0 > 24.0 > bright[1], "left stays left, seen from the back too"


def test_a_picture_that_nobody_waits_for_is_not_drawn() -> None:
    with contextlib.closing(VolumeDrawing(volume())) as drawing:
        asked = [drawing.request(SCENE, Priority.PLAYBACK) for _ in range(6)]
        asked[-1].cancel()
        assert asked[0].result().shape == (64, 64, 3)
        assert asked[-1].cancelled()


def test_a_process_that_dies_is_replaced() -> None:
    with contextlib.closing(VolumeDrawing(volume())) as drawing:
        first = drawing.request(SCENE, Priority.PLAYBACK).result()
        for worker in list(drawing._pool._workers):
            worker.process.kill()
        with contextlib.suppress(UnsupportedError):  # the question that was on its way is lost
            drawing.request(SCENE, Priority.PLAYBACK).result()
        assert np.array_equal(drawing.request(SCENE, Priority.PLAYBACK).result(), first)


def test_a_picture_tells_from_where_it_is_seen() -> None:
    whole = volume()
    picture = np.zeros((32, 64, 3), np.uint8)
    left = pictured(whole, picture, replace(SCENE, camera=Camera.named("left")), 0, "1.2.3")
    front = pictured(whole, picture, SCENE)
    assert (left.orientation.left, left.orientation.right) == ("A", "P")
    assert (front.orientation.left, front.orientation.top) == ("R", "H")
    assert left.acquisition.angles == (90.0, 0.0)
    assert left.acquisition.study_instance_uid == "1.2.3"
    assert left.acquisition.pixel_spacing is None, "nothing is measured in millimetres"
    assert left.processed == ("RENDERED",)
    assert left.made != front.made
    assert np.array_equal(left[0], picture)
    lost = pictured(replace(whole, placed=False), picture, SCENE)
    assert (lost.orientation.left, lost.acquisition.angles) == ("", None)


def test_a_drawing_goes_on_with_another_moment() -> None:
    empty = np.full((16, 16, 32), -1000, np.int16)
    both = replace(volume(), values=np.stack([volume().values, empty]))
    with contextlib.closing(run(begun(both, 0))) as drawing:
        there = drawing.request(SCENE, Priority.PLAYBACK).result()
        assert run(taken(drawing, 1)) is drawing
        gone = drawing.request(SCENE, Priority.PLAYBACK).result()
    assert there.max() > 40
    assert gone.max() == 0


def test_pictures_of_a_clip_have_one_size() -> None:
    with (
        contextlib.closing(VolumeDrawing(volume())) as drawing,
        pytest.raises(UsageError, match="one size"),
    ):
        rendered(volume(), drawing, [SCENE, replace(SCENE, size=(32, 32))])


def test_a_movie_is_of_its_volume_and_moment_or_of_none() -> None:
    both = replace(volume(), values=np.stack([volume().values] * 2))
    drawing = VolumeDrawing(both, 0)
    clip = rendered(both, drawing, [SCENE, SCENE])
    assert clip.source.read(0).max() > 40
    drawing.take(1)
    drawing.request(SCENE, Priority.PLAYBACK).result()
    with pytest.raises(UnsupportedError, match="Another moment was chosen"):
        clip.source.read(1)
    drawing.close()
    with pytest.raises(UnsupportedError, match="The volume was closed"):
        clip.source.read(1)


def test_a_picture_is_given_up_while_it_is_drawn() -> None:
    fog = np.random.default_rng(0).normal(100.0, 50.0, (160, 160, 160)).astype(np.float32)
    grid = from_axes(fog.shape, (-80.0, -80.0, -80.0), np.eye(3), (1.0, 1.0, 1.0))
    large = replace(SCENE, size=(1200, 1200), transfer=PRESETS["soft"])
    with contextlib.closing(VolumeDrawing(Volume(fog, grid, "MR", ""))) as drawing:
        drawing.request(SCENE, Priority.PLAYBACK).result()
        asked = drawing.request(large, Priority.PLAYBACK)
        drawing.give_up(asked)
        with pytest.raises(Cancelled):
            asked.result()
        assert drawing.request(SCENE, Priority.PLAYBACK).result().shape == (64, 64, 3)
    assert not drawing._stops.exists()


@pytest.mark.parametrize("number", [np.nan, np.inf, -np.inf])
def test_what_is_no_finite_number_keeps_nothing_from_being_drawn(number: float) -> None:
    whole = volume()
    values = whole.values.astype(np.float32)
    values[:2] = number
    with contextlib.closing(VolumeDrawing(replace(whole, values=values))) as drawing:
        picture = drawing.request(SCENE, Priority.PLAYBACK).result()
    assert (drawing.counts.low, drawing.counts.high) == (-1000.0, 1200.0)
    assert np.nonzero(picture.max(axis=2) > 40)[1].mean() > 40.0, "the bone at the left is seen"


@pytest.mark.parametrize(("number", "low"), [(np.nan, 0.0), (np.inf, 0.0), (1e20, 1e20)])
def test_volumes_of_nothing_and_of_one_huge_number_are_counted(number: float, low: float) -> None:
    found = counted(np.full((2, 3, 4), number, np.float32))
    assert found.low == found.high == pytest.approx(low)
    assert sum(found.counts) == (24 if np.isfinite(number) else 0)
