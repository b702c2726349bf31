"""MINC 1 (netCDF) through nibabel. Its world counts to the right, to the front and to the head."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from xray_studio.core.archive import on_disk
from xray_studio.core.errors import UnreadableError, UnsupportedError
from xray_studio.core.place import to_ras
from xray_studio.core.volume.geometry import VolumeGeometry
from xray_studio.core.volume.volume import Along, Voxels, check_memory, shape_of
from xray_studio.volume.formats import Format
from xray_studio.volume.header import VolumeHeader
from xray_studio.volume.modality import modality_of

_VALUES: Final = np.dtype(np.float64)  # what a scale for each plane leads to
_DAMAGED: Final = "The MINC file is damaged and cannot be read."
_FAILURES: Final = (ValueError, KeyError, EOFError, TypeError, IndexError, OSError)


def minc1_header(path: str) -> VolumeHeader:
    """Return what a MINC 1 file tells. Raises UnreadableError or UnsupportedError."""
    try:
        image = _opened(path)
        shape = tuple(int(n) for n in image.shape)
        # nibabel's affine leads from the file's own order of axes, the slowest first.
        last = image.affine[:3, :3][:, ::-1]
        told = dict(minc1_attributes(path))
    except _FAILURES as error:
        raise UnreadableError(_DAMAGED) from error
    _check(shape)
    affine = np.eye(4)
    affine[:3, :3], affine[:3, 3] = last, image.affine[:3, 3]
    moments = shape[0] if len(shape) == 4 else 0
    return VolumeHeader(
        path=path,
        format=Format.MINC_1,
        shape=shape,
        dtype=_VALUES.str,
        geometry=VolumeGeometry(shape_of(shape), to_ras(affine)),
        along=Along("number", tuple(float(n + 1) for n in range(moments))) if moments else None,
        modality=modality_of(told.get("study:modality", "")),
        paths=(path,),
    )


def minc1_values(path: str) -> Voxels:
    """Return the values of a MINC 1 file. Raises UnreadableError, UsageError."""
    try:
        image = _opened(path)
        check_memory(image.shape, _VALUES)
        return np.asarray(image.dataobj, _VALUES)
    except _FAILURES as error:
        raise UnreadableError(_DAMAGED) from error


def minc1_attributes(path: str) -> list[tuple[str, str]]:
    """Return what a MINC 1 file says, by group: who, when and how. Raises OSError, ValueError."""
    from nibabel.externals import netcdf

    library: Any = netcdf
    with library.netcdf_file(on_disk(path), mmap=False) as file:
        named = [("", file), *((f"{name}:", one) for name, one in file.variables.items())]
        return [
            (f"{group}{key}", _text(value))
            for group, one in named
            for key, value in one._attributes.items()  # noqa: SLF001 - told in no other way
        ]


def _text(value: Any) -> str:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return " ".join(f"{number:.9g}" for number in np.ravel(value)) if np.size(value) else ""


def _opened(path: str) -> Any:
    import nibabel

    return nibabel.Minc1Image.from_filename(on_disk(path))


def _check(shape: tuple[int, ...]) -> None:
    if len(shape) not in {3, 4}:
        raise UnsupportedError(f"The file has {len(shape)} dimensions; a volume has 3 or 4.")
