"""Surfaces of triangles: what they measure, where planes cut them."""

from __future__ import annotations

import numpy as np
import pytest

from xray_studio.core.errors import UsageError
from xray_studio.core.volume.surface import Slicer, Surface, cleaned, cut

CORNERS = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1]], np.float64)
SIDES = np.array([[0, 2, 1], [0, 1, 3], [0, 3, 2], [1, 2, 3]])


def test_a_tetrahedron_measures_what_it_should() -> None:
    whole = Surface(10.0 * CORNERS + 5.0, SIDES)
    assert whole.volume == pytest.approx(1000.0 / 6.0)
    assert whole.area == pytest.approx(100.0 * (1.5 + np.sqrt(3.0) / 2.0))
    assert whole.is_closed
    assert not Surface(CORNERS, SIDES[:3]).is_closed
    assert Surface(CORNERS, SIDES[:, ::-1]).volume < 0.0, "its triangles face inwards"


def test_a_plane_cuts_it_in_a_closed_line() -> None:
    lines = cut(Surface(CORNERS, SIDES), np.array([0.0, 0.0, 0.5]), np.array([0.0, 0.0, 2.0]))
    assert lines.shape == (3, 2, 3)
    assert np.allclose(lines[..., 2], 0.5)
    ends = sorted(tuple(np.round(end, 6)) for end in lines.reshape(-1, 3))
    assert ends[::2] == ends[1::2], "each point ends one line and begins another"
    around = np.linalg.norm(lines[:, 0] - lines[:, 1], axis=1).sum()
    assert around == pytest.approx(0.5 * (2.0 + np.sqrt(2.0)))


@pytest.mark.parametrize("height", [-0.1, 1.1])
def test_a_plane_beside_it_cuts_nothing(height: float) -> None:
    lines = cut(Surface(CORNERS, SIDES), np.array([0.0, 0.0, height]), np.array([0.0, 0.0, 1.0]))
    assert lines.shape == (0, 2, 3)


@pytest.mark.parametrize(
    ("vertices", "triangles"),
    [(np.zeros((4, 2)), SIDES), (CORNERS, SIDES[:, :2]), (CORNERS, SIDES + 1)],
)
def test_what_is_no_surface_is_refused(vertices: np.ndarray, triangles: np.ndarray) -> None:
    with pytest.raises(UsageError):
        Surface(vertices, triangles)


def test_triangles_without_area_are_left_out() -> None:
    vertices = np.array([[0, 0, 0], [1, 0, 0], [-0.0, 1, 0], [1.0 + 1e-12, 0, 0]], float)
    folded = Surface(vertices, np.array([[0, 1, 2], [0, 3, 1], [0, 3, 2]]), "one")
    clean = cleaned(folded)
    assert (len(clean.vertices), len(clean.triangles), clean.name) == (3, 2, "one")


def test_a_slicer_cuts_as_single_cuts_do() -> None:
    rng = np.random.default_rng(3)
    surface = Surface(rng.normal(size=(60, 3)), rng.integers(0, 60, (200, 3)))
    normal = np.array([1.0, 2.0, -0.5])
    slicer = Slicer.along(surface, normal)
    for point in rng.normal(size=(5, 3)):
        one, other = slicer.cut(point), cut(surface, point, normal)
        assert np.allclose(np.sort(one.ravel()), np.sort(other.ravel()))
    empty = Slicer.along(Surface(np.zeros((0, 3)), np.zeros((0, 3), np.int64)), normal)
    assert empty.cut((0.0, 0.0, 0.0)).shape == (0, 2, 3)
