"""Voxels without a header, of which a person says how they lie."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from xray_studio.core.archive import on_disk
from xray_studio.core.errors import UnreadableError, UsageError
from xray_studio.core.job import Job
from xray_studio.core.place import Vector
from xray_studio.core.reasons import why_not_opened
from xray_studio.core.volume.geometry import from_axes
from xray_studio.core.volume.volume import Along, Volume, size_words
from xray_studio.volume.header import Stored
from xray_studio.volume.voxels import native, number_warning, read_stored

TYPES: Final = (
    "uint8", "int8", "uint16", "int16", "uint32", "int32", "int64", "float32", "float64",
)  # fmt: skip
_WAYS: Final = {
    letter: way * np.eye(3)[axis]
    for letters, way in (("LPH", 1.0), ("RAF", -1.0))
    for axis, letter in enumerate(letters)
}
_SAID: Final = "The file says nothing of itself: size, type and place are those that were given."


@dataclass(frozen=True, slots=True)
class RawForm:
    """How the voxels of a file lie.

    `sizes` are columns, rows, planes and, where there are several, moments; the first varies
    fastest. `type` is one of TYPES, `big` stands for big-endian bytes, `offset` counts bytes before
    the first voxel. `spacing` is in mm, column, row, plane; `letters` tell where the numbers of
    columns, rows and planes grow to, as "LPH".
    """

    sizes: tuple[int, ...]
    type: str = "uint16"
    big: bool = False
    offset: int = 0
    spacing: Vector = (1.0, 1.0, 1.0)
    letters: str = "LPH"

    def __post_init__(self) -> None:
        if len(self.sizes) not in {3, 4} or min(self.sizes) < 1:
            raise UsageError("Give the size as columns, rows and planes, as 512x512x100.")
        if self.type not in TYPES:
            raise UsageError(f"{self.type} is no type of voxels; choose one of {', '.join(TYPES)}.")
        if min(self.spacing) <= 0.0 or self.offset < 0:
            raise UsageError("Spacing must be above 0 mm, and the offset at least 0 bytes.")
        axes = {frozenset(pair) & set(self.letters) for pair in ("LR", "AP", "HF")}
        if len(self.letters) != 3 or not all(len(axis) == 1 for axis in axes):
            raise UsageError(
                "Say where columns, rows and planes grow to by three of the letters L, R, A, P, H"
                " and F, as LPH."
            )


def read_raw(path: str, form: RawForm) -> Job[Volume]:
    """Return the voxels of a file as a volume.

    Raises UsageError where the file has another size than the form tells.
    """
    kind = np.dtype(f"{'>' if form.big else '<'}{np.dtype(form.type).str[1:]}")
    shape = form.sizes[::-1]
    packed = path.casefold().endswith(".gz")
    if not packed:
        _check_size(path, form, shape, kind)
    as_told = Stored(path, shape, kind.str, form.offset, packed=packed)
    stored = native((yield from read_stored(as_told)))
    columns, rows, planes = form.sizes[:3]
    directions = np.stack([_WAYS[letter] for letter in form.letters], axis=1)
    grid = from_axes((planes, rows, columns), (0.0, 0.0, 0.0), directions, form.spacing)
    moments = form.sizes[3] if len(form.sizes) == 4 else 1
    return Volume(
        values=stored,
        geometry=grid,
        along=Along("number", tuple(float(n + 1) for n in range(moments))) if moments > 1 else None,
        placed=False,
        format="RAW",
        paths=(path,),
        warnings=(_SAID, *number_warning(stored)),
    )


def _check_size(
    path: str, form: RawForm, shape: tuple[int, ...], kind: np.dtype[np.generic]
) -> None:
    try:
        there = Path(on_disk(path)).stat().st_size - form.offset
    except OSError as error:
        raise UnreadableError(f"The file cannot be read: {why_not_opened(error)}.") from error
    needed = int(np.prod([int(n) for n in shape], dtype=object)) * kind.itemsize
    if there != needed:
        raise UsageError(
            f"The file holds {there:,} bytes of voxels and the form tells {needed:,}"
            f" ({size_words(shape, kind)}); check size, type and offset."
        )
