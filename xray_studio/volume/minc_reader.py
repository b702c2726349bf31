"""MINC 1 (netCDF) through nibabel. Its world counts to the right, to the front and to the head."""

from __future__ import annotations

from typing import Any

import numpy as np

from xray_studio.core.archive import on_disk
from xray_studio.core.errors import UnreadableError, UnsupportedError
from xray_studio.core.place import to_ras
from xray_studio.core.volume.geometry import VolumeGeometry
from xray_studio.core.volume.volume import Along, Volume, check_memory
from xray_studio.volume.formats import Format
from xray_studio.volume.voxels import number_warning


def read_minc1_volume(path: str) -> Volume:
    """Return the volume of a MINC 1 file. Raises UnreadableError or UnsupportedError."""
    import nibabel

    try:
        image: Any = nibabel.Minc1Image.from_filename(on_disk(path))
        _check(image.shape)
        values = np.asarray(image.dataobj)
        # nibabel's affine leads from the file's own order of axes, the slowest first.
        last = image.affine[:3, :3][:, ::-1]
    except (ValueError, KeyError, EOFError, TypeError, IndexError, OSError) as error:
        raise UnreadableError("The MINC file is damaged and cannot be read.") from error
    affine = np.eye(4)
    affine[:3, :3], affine[:3, 3] = last, image.affine[:3, 3]
    moments = len(values) if values.ndim == 4 else 0
    along = Along("number", tuple(float(n + 1) for n in range(moments))) if moments else None
    planes, rows, columns = values.shape[-3:]
    return Volume(
        values=values,
        geometry=VolumeGeometry((planes, rows, columns), to_ras(affine)),
        along=along,
        format=Format.MINC_1.value,
        paths=(path,),
        warnings=number_warning(values),
    )


def _check(shape: tuple[int, ...]) -> None:
    if len(shape) not in {3, 4}:
        raise UnsupportedError(f"The file has {len(shape)} dimensions; a volume has 3 or 4.")
    check_memory(shape, np.dtype(np.float64))
