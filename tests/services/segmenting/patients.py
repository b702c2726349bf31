"""Volumes on disk for tests of segments: no two sides alike, whatever way they were acquired."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from tests.volume.phantom import affine
from xray_studio.core.job import run
from xray_studio.core.labels.label_map import LabelMap
from xray_studio.core.volume.geometry import VolumeGeometry
from xray_studio.core.volume.volume import Volume
from xray_studio.services.segmenting.session import Segmenting, begun
from xray_studio.services.volume.convert import ConvertOptions, convert
from xray_studio.services.volume.open import open_volume

SHAPE = (17, 30, 26)
_SAGITTAL = np.array([[0, 0, 2.4], [0.9, 0, 0], [0, -1.1, 0]])
_CORONAL = np.array([[1.2, 0, 0], [0, 0, 3.0], [0, -0.7, 0]])


def _turned(axes: np.ndarray) -> np.ndarray:
    made = np.eye(4)
    made[:3, :3], made[:3, 3] = axes, (12.5, -40.0, 81.25)
    return made


GRIDS = {
    "straight": affine(turned=False),
    "oblique": affine(),
    "tilted gantry": affine(tilted=True),
    "sagittal": _turned(_SAGITTAL),
    "coronal": _turned(_CORONAL),
    "left-handed": affine(turned=False) @ np.diag([1.0, 1.0, -1.0, 1.0]),
}


def values() -> np.ndarray:
    """Return values in which every corner and side is another one."""
    planes, rows, columns = np.indices(SHAPE)
    return (planes * 50 + rows * 7 + columns * 3).astype(np.int16)


def series(folder: Path, name: str) -> Volume:
    """Write a DICOM series of a grid and return it as it is opened."""
    made = Volume(values(), VolumeGeometry(SHAPE, GRIDS[name]), "CT", "HU")
    run(convert(made, folder / "ct", ConvertOptions(kind="CT")))
    return run(open_volume(folder / "ct"))


def marked(volume: Volume) -> Segmenting:
    """Return a session with three segments: a letter F, a ball with a hole, specks."""
    session = begun(volume)
    one = session.add_segment("Letter: \u00e4", "bone")
    two = session.add_segment(kind="neoplasm")
    session.add_segment("specks")
    at = session.labels.values
    at[3:12, 4:20, 4:7] = at[3:12, 4:7, 4:16] = at[3:12, 11:13, 4:12] = one.number
    planes, rows, columns = np.indices(SHAPE)
    away = (planes - 8) ** 2 / 9 + (rows - 21) ** 2 + (columns - 17) ** 2
    at[(away < 49) & (away > 9)] = two.number
    at[15, ::5, ::4] = at[1, 28, 24] = 3
    return session


def same(one: LabelMap, other: LabelMap) -> bool:
    """Tell whether two label maps say the same of every voxel, and of every segment."""
    said = [(s.number, s.name, s.category, s.code) for s in one.segments]
    return np.array_equal(one.values, other.values) and said == [
        (s.number, s.name, s.category, s.code) for s in other.segments
    ]
