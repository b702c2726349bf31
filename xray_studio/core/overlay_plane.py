"""Overlay planes (PS3.3 C.9): graphics and regions of one bit a pixel that lie over a picture."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from xray_studio.core.clip import FrameSource

Mask: TypeAlias = npt.NDArray[np.bool_]
GROUPS = range(0x6000, 0x60FF, 2)  # repeating groups that overlay planes may have


@dataclass(frozen=True, slots=True)
class OverlayPlane:
    """One overlay plane of a clip.

    `group` is its repeating group, 0x6000 to 0x60FE. `origin` is the row and column of the picture
    that the first pixel of the plane lies on, from 1; it may lie outside. `kind` is Overlay Type:
    "G" graphics, "R" region of interest. `first` and `stop` are the frames of the clip that it lies
    on, from 0, `stop` excluded and None for all that follow. `packed` is one compressed bitmap
    (see `pack`) for each of these frames, or a single one for all of them; where `source` is given
    the bits lie beside the pixel values and its frames are not 0 where the plane is set.
    """

    group: int
    rows: int
    columns: int
    origin: tuple[int, int] = (1, 1)
    kind: str = "G"
    description: str = ""
    label: str = ""
    subtype: str = ""
    layer: str = ""
    first: int = 0
    stop: int | None = None
    packed: tuple[bytes, ...] = ()
    source: FrameSource | None = None

    @property
    def name(self) -> str:
        """What to call it: its label or description, else its number, from 1."""
        return self.label or self.description or self.number_name

    @property
    def number_name(self) -> str:
        """What to call it without any word of the file."""
        return f"Overlay {(self.group - 0x6000) // 2 + 1}"

    def covers(self, index: int) -> bool:
        """Tell whether it lies on frame `index` of the clip, from 0."""
        return self.first <= index and (self.stop is None or index < self.stop)

    def moved(self, by: int, frames: int) -> OverlayPlane:
        """Return the plane of a clip of `frames` frames in one where they come `by` later.

        It then lies on these frames only.
        """
        stop = frames if self.stop is None else min(self.stop, frames)
        return replace(self, first=self.first + by, stop=stop + by)

    def mask(self, index: int) -> Mask:
        """Return where it is set on a frame that it covers, shape (rows, columns).

        Raises what its source raises.
        """
        if self.source is not None:
            return np.asarray(self.source.read(index - self.first) != 0)
        which = 0 if len(self.packed) == 1 else index - self.first
        return unpack(self.packed[which], self.rows, self.columns)


def placed(plane: OverlayPlane, index: int, rows: int, columns: int) -> Mask:
    """Return where a plane is set in a picture of rows x columns; what lies outside is left out."""
    bits = plane.mask(index)
    top, left = plane.origin[0] - 1, plane.origin[1] - 1
    shown = np.zeros((rows, columns), np.bool_)
    height = min(rows, top + bits.shape[0]) - max(0, top)
    width = min(columns, left + bits.shape[1]) - max(0, left)
    if height > 0 and width > 0:
        part = bits[max(0, -top) :, max(0, -left) :][:height, :width]
        shown[max(0, top) : max(0, top) + height, max(0, left) : max(0, left) + width] = part
    return shown


def pack(mask: Mask) -> bytes:
    """Return a bitmap as it is kept: bits compressed, for most of a plane is empty."""
    return zlib.compress(np.packbits(mask, bitorder="little").tobytes(), 1)


def unpack(data: bytes, rows: int, columns: int) -> Mask:
    """Return a bitmap of `pack`."""
    packed = np.frombuffer(zlib.decompress(data), np.uint8)
    bits = np.unpackbits(packed, count=rows * columns, bitorder="little")
    return bits.view(np.bool_).reshape(rows, columns)


def planes_at(planes: Iterable[OverlayPlane], index: int) -> tuple[OverlayPlane, ...]:
    """Return the planes that lie on frame `index`, from 0."""
    return tuple(plane for plane in planes if plane.covers(index))
