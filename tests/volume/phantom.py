"""An asymmetric phantom: no axis can be turned round or change places unnoticed."""

from __future__ import annotations

import numpy as np

from xray_studio.core.volume.geometry import VolumeGeometry
from xray_studio.core.volume.volume import Volume

SHAPE = (7, 11, 13)


def phantom(kind: str = "int16", *, tilted: bool = False, turned: bool = True) -> Volume:
    """Return a volume of a value for every voxel, anisotropic, oblique, off the middle."""
    values = np.arange(np.prod(SHAPE)).reshape(SHAPE) % 997
    values = (values * 31 % 1009 - (500 if kind[0] != "u" else 0)).astype(kind)
    if kind[0] == "f":
        values = values * np.array(1.25, kind)
    return Volume(values, VolumeGeometry(SHAPE, affine(tilted=tilted, turned=turned)), "CT", "HU")


def affine(*, tilted: bool = False, turned: bool = True) -> np.ndarray:
    """Return an affine in LPS: spacing 0.8 x 1.3 x 2.5 mm, turned about two axes or straight."""
    a, b = (np.radians(20.0), np.radians(-12.0)) if turned else (0.0, 0.0)
    about_z = np.array([[np.cos(a), -np.sin(a), 0], [np.sin(a), np.cos(a), 0], [0, 0, 1]])
    about_x = np.array([[1, 0, 0], [0, np.cos(b), -np.sin(b)], [0, np.sin(b), np.cos(b)]])
    made = np.eye(4)
    made[:3, :3] = about_z @ about_x @ np.diag([0.8, 1.3, 2.5])
    if tilted:
        made[:3, 2] += made[:3, 1] * 0.4
    made[:3, 3] = (-31.25, 17.5, -104.75)
    return made
