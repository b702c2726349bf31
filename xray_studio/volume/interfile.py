"""Interfile 3.3 and its dialect of STIR: a header of text beside the voxels.

It tells sizes, not where the volume lies: columns are taken to grow to the left, rows to the back
and planes to the head, which is said with every file.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np

from xray_studio.core.archive import is_file
from xray_studio.core.errors import UnreadableError, UnsupportedError
from xray_studio.core.volume.geometry import from_axes
from xray_studio.core.volume.volume import Along
from xray_studio.volume.formats import Format
from xray_studio.volume.header import Stored, VolumeHeader
from xray_studio.volume.modality import modality_of
from xray_studio.volume.text_header import number_of, read_text_header

_KINDS: Final = {
    "signed integer": "i", "unsigned integer": "u", "short float": "f", "float": "f",
    "long float": "f",
}  # fmt: skip
_BYTES: Final = {"short float": 4, "float": 4, "long float": 8}
_GUESS: Final = (
    "An Interfile header does not say which side is left: columns are taken to grow to the left,"
    " rows to the back, planes to the head."
)


def interfile_header(path: str) -> VolumeHeader:
    """Return what an Interfile header tells. Raises UnreadableError or UnsupportedError."""
    told = read_text_header(path, ":=")
    columns, rows = _size(told, 1), _size(told, 2)
    planes = _planes(told)
    moments = int(number_of(told, "number of time frames", "number of frame groups") or 1)
    shape = (moments, planes, rows, columns) if moments > 1 else (planes, rows, columns)
    data = _data(path, told)
    offset = int(number_of(told, "data offset in bytes", "data offset in bytes[1]") or 0)
    if not offset:
        offset = 2048 * int(number_of(told, "data starting block") or 0)
    if min(shape) < 1 or offset < 0:
        raise UnreadableError("The header tells sizes that no volume has; the file is damaged.")
    packed = data.casefold().endswith(".gz")
    stored = Stored(data, shape, _kind(told).str, offset, packed=packed)
    slope = number_of(told, "quantification units", "rescale slope", "image scale factor[1]")
    first = [number_of(told, f"first pixel offset (mm) [{axis}]") or 0.0 for axis in (1, 2, 3)]
    return VolumeHeader(
        path=path,
        format=Format.INTERFILE,
        shape=shape,
        dtype=stored.dtype,
        geometry=from_axes((planes, rows, columns), first, np.eye(3), _spacing(told)),
        stored=stored,
        scales=((slope or 1.0, number_of(told, "rescale intercept") or 0.0),),
        modality=modality_of(told.get("imaging modality", "")),
        along=_along(moments),
        placed=False,
        paths=(path, data),
        warnings=(_GUESS,),
    )


def _size(told: dict[str, str], axis: int) -> int:
    found = number_of(told, f"matrix size [{axis}]", f"matrix size[{axis}]")
    if found is None or not 1 <= found < 1 << 31:
        raise UnreadableError(f"The header lacks matrix size [{axis}]; the file is damaged.")
    return int(found)


def _planes(told: dict[str, str]) -> int:
    found = number_of(
        told, "matrix size [3]", "matrix size[3]", "total number of images", "number of slices",
        "number of images/energy window",
    )  # fmt: skip
    return int(found) if found else 1


def _kind(told: dict[str, str]) -> np.dtype[np.generic]:
    words = told.get("number format", "unsigned integer").lower()
    letter = _KINDS.get(words)
    size = int(number_of(told, "number of bytes per pixel") or _BYTES.get(words, 0))
    if letter is None or size not in ({4, 8} if letter == "f" else {1, 2, 4, 8}):
        raise UnsupportedError(f"Voxels of {size} bytes, {words or 'of no kind'}, cannot be shown.")
    order = "<" if told.get("imagedata byte order", "bigendian").lower() == "littleendian" else ">"
    return np.dtype(f"{order}{letter}{size}")


def _spacing(told: dict[str, str]) -> tuple[float, float, float]:
    across, down = (
        number_of(told, f"scaling factor (mm/pixel) [{axis}]", f"scaling factor (mm/pixel)[{axis}]")
        for axis in (1, 2)
    )
    apart = number_of(
        told, "scaling factor (mm/pixel) [3]", "scaling factor (mm/pixel)[3]",
        "centre-centre slice separation (mm)", "slice thickness (mm)",
    )  # fmt: skip
    if apart is None and across is not None:
        in_pixels = number_of(told, "centre-centre slice separation (pixels)",
                              "slice thickness (pixels)")  # fmt: skip
        apart = None if in_pixels is None else in_pixels * across
    if not across or not down or not apart:
        raise UnreadableError(
            "The header does not tell how large voxels are; open the file as raw, with --spacing."
        )
    return abs(across), abs(down), abs(apart)


def _data(path: str, told: dict[str, str]) -> str:
    name = told.get("name of data file", "").strip("\"' ")
    if not name:
        raise UnreadableError("The header names no file of voxels.")
    # Only the name counts: a header must not lead to files elsewhere.
    beside = Path(path).with_name(Path(name.replace("\\", "/")).name)
    if not is_file(str(beside)):
        raise UnreadableError(
            f"The voxels are not there: {beside.name} belongs beside the header; copy both."
        )
    return str(beside)


def _along(moments: int) -> Along | None:
    return Along("number", tuple(float(n + 1) for n in range(moments))) if moments > 1 else None
