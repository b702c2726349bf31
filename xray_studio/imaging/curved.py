"""Values of a volume at places that lie on no grid, as those of a curved plane, with SciPy."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt

from xray_studio.core.volume.geometry import Points, VolumeGeometry
from xray_studio.core.volume.planes import Projection

Picture: TypeAlias = npt.NDArray[np.float32]

_EDGE: Final = 1e-3  # of a voxel: what lies on the border belongs to the volume


def looked_up(values: npt.NDArray[Any], geometry: VolumeGeometry, points: Points) -> Picture:
    """Return values (planes, rows, columns) at points (..., 3) in mm, trilinear, float32.

    NaN stands outside the volume.
    """
    from scipy.ndimage import map_coordinates  # type: ignore[import-untyped]

    at = geometry.indices(points.reshape(-1, 3))[:, ::-1].T
    last = np.array(values.shape)[:, None] - 1.0
    outside = ((at < -_EDGE) | (at > last + _EDGE)).any(axis=0)
    found = np.empty(at.shape[1], np.float32)
    map_coordinates(values, np.clip(at, 0.0, last), output=found, order=1, mode="nearest")
    found[outside] = np.nan
    return found.reshape(points.shape[:-1])


def projected_layers(layers: Iterable[Picture], how: Projection) -> Picture:
    """Return what stands for layers of one slab, NaN where none of them holds a number."""
    reduce = {Projection.MIP: np.fmax, Projection.MINIP: np.fmin}.get(how)
    total: Picture | None = None
    counts: npt.NDArray[Any] | int = 0
    for layer in layers:
        if reduce is not None:
            total = layer if total is None else reduce(total, layer)
            continue
        there = np.isfinite(layer)
        counts = counts + there
        filled = np.where(there, layer, np.float32(0.0))
        total = filled if total is None else total + filled
    assert total is not None, "a slab has at least one layer"
    if reduce is not None:
        return total
    with np.errstate(invalid="ignore"):
        return np.asarray(total / np.where(counts == 0, np.nan, counts), np.float32)
