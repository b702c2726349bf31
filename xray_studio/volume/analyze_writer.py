"""Analyze 7.5: a header of 348 bytes beside the voxels, through nibabel.

It holds neither place nor direction: voxels are put in the order that its readers take for granted,
columns to the left, rows to the front, planes to the head.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import numpy as np

from xray_studio.core.errors import UsageError
from xray_studio.core.volume.geometry import reoriented
from xray_studio.core.volume.volume import Volume

ORDER: Final = "LAH"
_KINDS: Final = {"u1": "u1", "i1": "i2", "i2": "i2", "u2": "i4", "i4": "i4", "u4": "f8",
                 "f4": "f4", "f8": "f8"}  # fmt: skip
_LARGEST: Final = 32_767
_ASKEW: Final = 1e-6


def write_analyze(header_path: Path, image_path: Path, volume: Volume) -> None:
    """Write a pair of files. Raises UsageError for what Analyze cannot hold."""
    import nibabel

    kind = _KINDS.get(volume.values.dtype.str[1:])
    if kind is None:
        raise UsageError(
            f"Analyze holds no values of type {volume.values.dtype}; choose NIfTI or NRRD."
        )
    if np.abs(np.abs(volume.geometry.directions).max(axis=0) - 1.0).max() > _ASKEW:
        raise UsageError(
            "Analyze holds no direction and this volume is turned; choose NIfTI, NRRD or MetaImage."
        )
    values, grid = reoriented(volume.values, volume.geometry, ORDER)
    if max(values.shape) > _LARGEST:
        raise UsageError(f"Analyze holds at most {_LARGEST:,} voxels on a side; choose NIfTI.")
    kinds: Any = nibabel  # it has no types
    header = kinds.AnalyzeHeader()
    header.set_data_dtype(np.dtype(kind))
    header.set_data_shape(values.shape[::-1])
    header.set_zooms((*grid.spacing, *([0.0] if values.ndim == 4 else [])))
    with header_path.open("wb") as file:
        header.write_to(file)
    with image_path.open("wb") as file:
        for at in np.ndindex(values.shape[:-2]):
            file.write(np.ascontiguousarray(values[at], kind).data)
