"""What a file of a research format tells of its volume before any voxel is read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from xray_studio.core.presentation import Window
from xray_studio.core.volume.geometry import VolumeGeometry
from xray_studio.core.volume.volume import Along
from xray_studio.volume.formats import Format

Scale: TypeAlias = tuple[float, float]
PLAIN: Scale = (1.0, 0.0)


@dataclass(frozen=True, slots=True)
class Stored:
    """Where voxels lie in a file that holds them as they are.

    `shape` is in the order of the file, the first axis varies slowest; `axes` put it into that of
    the volume, () where it is the same. `dtype` is NumPy's word with the order of bytes. Voxels
    begin `offset` bytes after `start`, where the stream begins that is `packed` (gzip or zlib).
    """

    path: str
    shape: tuple[int, ...]
    dtype: str
    offset: int = 0
    start: int = 0
    packed: bool = False
    axes: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class VolumeHeader:
    """A volume without its voxels: fields are those of `core.volume.volume.Volume`.

    `path` is the file that was asked for. `shape` is (planes, rows, columns), with the number of
    moments before several; `dtype` the kind of the stored numbers. `scales` are slope and intercept
    that lead to values, one for all planes or one for each. `stored` is None where only the
    library of the format can read the voxels. `spaced` tells whether distances are in mm.
    """

    path: str
    format: Format
    shape: tuple[int, ...]
    dtype: str
    geometry: VolumeGeometry
    stored: Stored | None = None
    scales: tuple[Scale, ...] = (PLAIN,)
    modality: str = ""
    unit: str = ""
    label_words: tuple[tuple[str, str], ...] = ()
    along: Along | None = None
    placed: bool = True
    spaced: bool = True
    paths: tuple[str, ...] = ()
    windows: tuple[Window, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def kind(self) -> np.dtype[Any]:
        """Type of the stored numbers, with the bytes in the order of this machine."""
        return np.dtype(self.dtype).newbyteorder("=")

    @property
    def moments(self) -> int:
        """Number of volumes along the fourth dimension, 1 for a three-dimensional one."""
        return self.shape[0] if len(self.shape) == 4 else 1

    @property
    def bytes(self) -> int:
        """Bytes of the stored voxels."""
        return int(np.prod([int(n) for n in self.shape], dtype=object)) * self.kind.itemsize
