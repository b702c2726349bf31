"""Surfaces in volumes, and the files that other programs open."""

from __future__ import annotations

import json
import struct
from pathlib import Path

import numpy as np
import pytest

from xray_studio.core.errors import UnreadableError, UnsupportedError, UsageError
from xray_studio.core.job import run
from xray_studio.core.volume.surface import Surface
from xray_studio.volume.surface import SurfaceWish, make_surface
from xray_studio.volume.surface_files import SUFFIXES, read_surface, write_surface

RADIUS, LEVEL = 10.0, 100.0
MIDDLE = np.array([3.0, -4.0, 8.0])
STRAIGHT = np.array([[0.5, 0, 0, -12], [0, 0.5, 0, -19], [0, 0, 1.0, -7], [0, 0, 0, 1]])
MIRRORED = np.array([[-0.5, 0, 0, 18], [0, 0.5, 0, -19], [0, 0, 1.0, -7], [0, 0, 0, 1]])


def ball(affine: np.ndarray, times: float = 20.0) -> np.ndarray:
    """Values that are LEVEL at RADIUS from MIDDLE, higher inside, (planes, rows, columns)."""
    shape = (30, 60, 60)
    where = np.indices(shape)[::-1].reshape(3, -1).T @ affine[:3, :3].T + affine[:3, 3]
    far = np.linalg.norm(where - MIDDLE, axis=1).reshape(shape)
    return (LEVEL + times * (RADIUS - far)).astype(np.float32)


@pytest.mark.parametrize("affine", [STRAIGHT, MIRRORED], ids=["straight", "mirrored"])
def test_a_ball_lies_where_it_is_and_measures_what_it_should(affine: np.ndarray) -> None:
    plain = run(make_surface(ball(affine), affine, SurfaceWish(LEVEL, smooth=0, keep=1.0)))
    assert plain.is_closed
    assert plain.volume == pytest.approx(4.0 / 3.0 * np.pi * RADIUS**3, rel=0.02)
    assert np.allclose(
        (plain.vertices.min(axis=0) + plain.vertices.max(axis=0)) / 2, MIDDLE, atol=0.1
    )
    assert np.allclose(np.linalg.norm(plain.vertices - MIDDLE, axis=1), RADIUS, atol=0.1)


def test_smoothing_and_fewer_triangles_keep_the_volume() -> None:
    plain = run(make_surface(ball(STRAIGHT), STRAIGHT, SurfaceWish(LEVEL, smooth=0, keep=1.0)))
    small = run(make_surface(ball(STRAIGHT), STRAIGHT, SurfaceWish(LEVEL, smooth=30, keep=0.25)))
    assert len(small.triangles) == pytest.approx(0.25 * len(plain.triangles), rel=0.05)
    assert small.volume == pytest.approx(plain.volume, rel=0.01)
    assert small.is_closed


def test_material_at_the_edge_is_closed_there() -> None:
    values = np.zeros((6, 6, 6), np.int16)
    values[:3] = 100
    half = run(make_surface(values, np.eye(4), SurfaceWish(50, smooth=0, keep=1.0)))
    assert half.is_closed
    assert half.volume > 0.0


def test_the_largest_part_alone() -> None:
    values = ball(STRAIGHT)
    values[:2, :2, :2] = 500.0
    both = run(make_surface(values, STRAIGHT, SurfaceWish(LEVEL, smooth=0, keep=1.0)))
    one = run(make_surface(values, STRAIGHT, SurfaceWish(LEVEL, 0, 1.0, largest=True)))
    assert len(one.triangles) < len(both.triangles)
    assert np.linalg.norm(one.vertices - MIDDLE, axis=1).max() < RADIUS + 0.2


def test_a_level_that_nothing_reaches_is_named() -> None:
    with pytest.raises(UnsupportedError, match="No surface lies at this value"):
        run(make_surface(ball(STRAIGHT), STRAIGHT, SurfaceWish(1e6)))


@pytest.mark.parametrize("wish", [{"smooth": 101}, {"keep": 0.0}, {"keep": 1.1}])
def test_wishes_that_mean_nothing_are_refused(wish: dict[str, float]) -> None:
    with pytest.raises(UsageError):
        SurfaceWish(1.0, **wish)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def small() -> Surface:
    return run(make_surface(ball(STRAIGHT), STRAIGHT, SurfaceWish(LEVEL, 10, 0.1), "ball"))


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_files_hold_the_same_surface(small: Surface, tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"ball{suffix}"
    write_surface(path, small, "Test 1")
    read = read_surface(path)
    assert [one.name for one in tmp_path.iterdir()] == [path.name]
    assert len(read.triangles) == len(small.triangles)
    assert read.volume == pytest.approx(small.volume, rel=1e-5)
    assert np.allclose(read.vertices.min(axis=0), small.vertices.min(axis=0), atol=1e-4)
    assert np.allclose(read.vertices.max(axis=0), small.vertices.max(axis=0), atol=1e-4)


def test_glb_keeps_millimetres_and_says_how_they_lie(small: Surface, tmp_path: Path) -> None:
    path = tmp_path / "ball.glb"
    write_surface(path, small, "Test 1")
    raw = path.read_bytes()
    magic, version, length = struct.unpack_from("<4sII", raw)
    assert (magic, version, length) == (b"glTF", 2, len(raw))
    size, kind = struct.unpack_from("<I4s", raw, 12)
    told = json.loads(raw[20 : 20 + size])
    assert kind == b"JSON"
    matrix = np.reshape(told["nodes"][0]["matrix"], (4, 4)).T
    assert np.allclose(matrix @ (0.0, 0.0, 1000.0, 1.0), (0.0, 1.0, 0.0, 1.0)), "the head is up"
    assert np.allclose(matrix @ (0.0, -1000.0, 0.0, 1.0), (0.0, 0.0, 1.0, 1.0)), (
        "the front is front"
    )
    assert np.allclose(told["accessors"][1]["max"], small.vertices.max(axis=0), atol=1e-4)


def test_what_is_no_surface_is_named(tmp_path: Path) -> None:
    (tmp_path / "no.stl").write_text("solid nothing\nendsolid nothing\n")
    with pytest.raises(UnreadableError, match="no surface of triangles"):
        read_surface(tmp_path / "no.stl")
    with pytest.raises(UnreadableError, match="does not exist"):
        read_surface(tmp_path / "gone.ply")
    with pytest.raises(UnsupportedError, match=r"choose one of: \.stl"):
        read_surface(tmp_path / "ball.step")
