"""A plane shows the label of the voxel that each of its pixels lies in."""

import numpy as np
import pytest

from tests.volume.phantom import SHAPE, affine
from xray_studio.core.labels.label_map import LabelMap
from xray_studio.core.labels.on_plane import on_plane
from xray_studio.core.volume.geometry import VolumeGeometry
from xray_studio.core.volume.planes import Plane, View, oblique, view


def _map(**how: bool) -> LabelMap:
    values = (np.arange(np.prod(SHAPE)).reshape(SHAPE) % 251).astype(np.uint8)
    return LabelMap(VolumeGeometry(SHAPE, affine(**how)), values)


def _expected(labels: LabelMap, plane: Plane) -> np.ndarray:
    rows, columns = np.indices(plane.size)
    points = np.stack([columns, rows, np.zeros_like(rows), np.ones_like(rows)], -1) @ plane.affine.T
    at = np.floor(labels.geometry.indices(points[..., :3].reshape(-1, 3)) + 0.5 + 1e-3).astype(int)
    inside = ((at >= 0) & (at < labels.geometry.shape[::-1])).all(axis=1)
    found = np.zeros(len(at), np.uint8)
    found[inside] = labels.values[tuple(at[inside][:, ::-1].T)]
    return found.reshape(plane.size)


@pytest.mark.parametrize("how", [{"turned": False}, {"turned": True}, {"tilted": True}])
@pytest.mark.parametrize("name", [*View, (0.3, -0.5, 0.8)])
def test_every_pixel_is_that_of_its_voxel(how: dict[str, bool], name: object) -> None:
    labels = _map(**how)
    plane = (
        view(labels.geometry, name)
        if isinstance(name, View)
        else oblique(labels.geometry, labels.geometry.centre, name, turn=20.0)
    )
    found = on_plane(labels, plane)
    assert found.any()
    assert np.array_equal(found, _expected(labels, plane))


def test_an_axial_plane_of_a_straight_volume_is_its_plane_of_voxels() -> None:
    labels = _map(turned=False)
    at = tuple(labels.geometry.points([(6, 5, 3)])[0])
    assert np.array_equal(on_plane(labels, view(labels.geometry, View.AXIAL, at)), labels.values[3])
