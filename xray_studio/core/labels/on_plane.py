"""Label maps as planes through them show them: each pixel as the voxel that it lies in. Pure."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from xray_studio.core.labels.label_map import LabelMap, Labels
from xray_studio.core.volume.planes import Plane

_ALONG = 1e-9  # voxels a pixel: less is no way along an axis


def on_plane(labels: LabelMap, plane: Plane) -> Labels:
    """Return the labels on a plane, (rows, columns), 0 outside the volume."""
    to_index = np.linalg.inv(labels.geometry.affine) @ plane.affine
    column, row, number = (
        _voxels(line, plane.size, size)
        for line, size in zip(to_index[:3], labels.geometry.shape[::-1], strict=True)
    )
    outside = (column < 0) | (row < 0) | (number < 0)
    found = labels.values[number, row, column]
    return np.where(np.broadcast_to(outside, plane.size), 0, found).astype(labels.values.dtype)


def _voxels(
    line: npt.NDArray[np.float64], shape: tuple[int, int], size: int
) -> npt.NDArray[np.intp]:
    """Return the number of the voxel along one axis for every pixel, -1 outside.

    What does not change along rows or columns is left to spread: planes of voxels are seen fast.
    """
    across, down = (
        np.arange(count) if abs(step) > _ALONG else np.zeros(1)
        for count, step in zip(shape[::-1], line[:2], strict=True)
    )
    at = np.floor(line[0] * across[None] + line[1] * down[:, None] + (line[3] + 0.5 + _ALONG))
    numbers = np.asarray(at, np.intp)
    numbers[(numbers < 0) | (numbers >= size)] = -1
    return numbers
