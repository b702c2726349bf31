"""Renderings in a worker process, which keeps the volume between pictures."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from xray_studio.core.volume.scene import VolumeScene
from xray_studio.volume.render import Picture, VolumeRenderer
from xray_studio.volume.vtk_data import Affine, Values

_renderers: dict[str, VolumeRenderer] = {}


def keep(key: str, values: Values, affine: Affine, span: tuple[float, float]) -> None:
    """Take a volume in, in place of any other. See `VolumeRenderer` for what it takes."""
    for renderer in _renderers.values():
        renderer.close()
    _renderers.clear()
    _renderers[key] = VolumeRenderer(values, np.asarray(affine), span)


def draw(key: str, scene: VolumeScene, stop: str) -> Picture | None:
    """Return a picture of the volume that was taken in, None where it is not here any more.

    Where the file `stop` comes to be, Cancelled is raised.
    """
    renderer = _renderers.get(key)
    return None if renderer is None else renderer.draw(scene, Path(stop).exists)
