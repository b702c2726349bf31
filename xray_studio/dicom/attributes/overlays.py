"""Overlay planes of an object (PS3.3 C.9): packed Overlay Data, or bits beside the pixel values."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from pydicom.dataset import Dataset

from xray_studio.core.clip import FrameSource
from xray_studio.core.overlay_plane import OverlayPlane, pack
from xray_studio.dicom.attributes.dataset import FIRST_GROUP, LAST_GROUP
from xray_studio.dicom.attributes.luts import little_endian
from xray_studio.dicom.attributes.values import integer, numbers, tag_of, text, value
from xray_studio.dicom.file import syntaxes
from xray_studio.dicom.pixels.frames import EncapsulatedSource
from xray_studio.dicom.pixels.native import DeflatedSource, NativeSource
from xray_studio.dicom.pixels.pixel_format import PixelFormat

ROWS, COLUMNS, FRAMES = 0x0010, 0x0011, 0x0015
DESCRIPTION, KIND, SUBTYPE, ORIGIN, FIRST_FRAME = 0x0022, 0x0040, 0x0045, 0x0050, 0x0051
BITS_ALLOCATED, BIT_POSITION, LAYER, LABEL, DATA = 0x0100, 0x0102, 0x1001, 0x1500, 0x3000


class UnusableError(Exception):
    """Why a plane is not shown, as the end of a sentence."""


@dataclass(frozen=True, slots=True)
class Picture:
    """What planes lie on: the frames of an object, their format, and where they come from."""

    layout: PixelFormat
    source: FrameSource
    frames: int

    @property
    def rows(self) -> int:
        """Rows of a frame."""
        return self.layout.rows

    @property
    def columns(self) -> int:
        """Columns of a frame."""
        return self.layout.columns


def overlay_groups(dataset: Dataset) -> list[int]:
    """Return the repeating groups of a data set that hold overlay planes."""
    tags = dataset.keys()  # a data set itself gives its elements, each of them parsed
    groups = {tag.group for tag in tags if FIRST_GROUP <= tag.group <= LAST_GROUP}
    return sorted(group for group in groups if group % 2 == 0)


def read_overlays(
    dataset: Dataset, picture: Picture, warnings: list[str]
) -> tuple[OverlayPlane, ...]:
    """Return the overlay planes of an object; one that cannot be shown is left out and said."""
    found = []
    for group in overlay_groups(dataset):
        try:
            found.append(_plane(dataset, group, picture))
        except UnusableError as reason:
            name = (group - FIRST_GROUP) // 2 + 1
            warnings.append(f"Overlay {name} ({group:04X}) {reason}; it is not shown.")
    return tuple(found)


def _plane(dataset: Dataset, group: int, picture: Picture) -> OverlayPlane:
    """Return one plane. Raises UnusableError."""
    base = group << 16
    described = OverlayPlane(
        group=group,
        rows=integer(dataset, base | ROWS) or 0,
        columns=integer(dataset, base | COLUMNS) or 0,
        origin=_origin(dataset, base),
        kind=text(dataset, base | KIND)[:1].upper() or "G",
        description=text(dataset, base | DESCRIPTION),
        label=text(dataset, base | LABEL),
        subtype=text(dataset, base | SUBTYPE),
        layer=text(dataset, base | LAYER).upper(),
    )
    if base | DATA in dataset:
        plane = _packed(dataset, base, described, picture.frames)
        _check_place(plane, picture)
        return plane
    return _embedded(dataset, base, described, picture)


def _origin(dataset: Dataset, base: int) -> tuple[int, int]:
    """Return Overlay Origin, the upper left corner where it is missing."""
    origin = numbers(dataset, base | ORIGIN)
    return (int(origin[0]), int(origin[1])) if len(origin) >= 2 else (1, 1)


def _packed(dataset: Dataset, base: int, plane: OverlayPlane, frames: int) -> OverlayPlane:
    """Return a plane with its bits, one stream through all of its frames (PS3.5 8.1.2)."""
    if plane.rows < 1 or plane.columns < 1:
        raise UnusableError("does not say how large it is")
    if (integer(dataset, base | BITS_ALLOCATED) or 1) != 1:
        raise UnusableError("does not have one bit a pixel")
    stated = integer(dataset, base | FRAMES)
    first = (integer(dataset, base | FIRST_FRAME) or 1) - 1
    count = 1 if stated is None else stated
    bits, size = _bits(dataset, base), plane.rows * plane.columns
    if count < 1 or len(bits) * 8 < size * count:
        raise UnusableError(
            f"has {len(bits):,} bytes, which is less than {plane.columns} x {plane.rows} pixels"
            f"{f' in {count} frames' if count > 1 else ''} take"
        )
    if not 0 <= first < frames:
        raise UnusableError(f"begins on frame {first + 1} of {frames}")
    packed = tuple(_bitmap(bits, number * size, size) for number in range(count))
    if stated is None:  # a plane of one frame lies on every frame of the picture
        return replace(plane, packed=packed)
    return replace(plane, packed=packed, first=first, stop=min(first + count, frames))


def _bits(dataset: Dataset, base: int) -> bytes:
    """Return Overlay Data as bytes, the first bit of all the lowest of the first one."""
    data = value(dataset, base | DATA)
    if not isinstance(data, bytes):
        raise UnusableError("holds no bits")
    if dataset[tag_of(base | DATA)].VR != "OW" or little_endian(dataset):
        return data
    return np.frombuffer(data[: len(data) // 2 * 2], ">u2").astype("<u2").tobytes()


def _bitmap(bits: bytes, first: int, count: int) -> bytes:
    part = np.frombuffer(bits[first // 8 : -(-(first + count) // 8)], np.uint8)
    unpacked = np.unpackbits(part, bitorder="little")[first % 8 :][:count]
    return pack(unpacked.astype(np.bool_))


def _check_place(plane: OverlayPlane, picture: Picture) -> None:
    """Raise UnusableError when a plane lies beside the picture as a whole."""
    top, left = plane.origin
    beside = top > picture.rows or left > picture.columns
    if beside or top + plane.rows <= 1 or left + plane.columns <= 1:
        raise UnusableError(
            f"lies outside the picture, {plane.columns} x {plane.rows} pixels from row {top},"
            f" column {left}"
        )


def _embedded(dataset: Dataset, base: int, plane: OverlayPlane, picture: Picture) -> OverlayPlane:
    """Return a plane whose bits lie in the pixel data, beside the values (retired since 2004).

    It is as large as the picture and lies on every frame.
    """
    layout = picture.layout
    position = integer(dataset, base | BIT_POSITION)
    if position is None or (integer(dataset, base | BITS_ALLOCATED) or 1) == 1:
        raise UnusableError("holds no bits")
    used = range(layout.high_bit + 1 - layout.bits_stored, layout.high_bit + 1)
    if layout.samples != 1 or not 0 <= position < layout.bits_allocated or position in used:
        raise UnusableError(f"is said to be in bit {position} of the pixels, which is not free")
    source = _bit_source(picture.source, layout, position)
    rows, columns = picture.rows, picture.columns
    return replace(plane, rows=rows, columns=columns, origin=(1, 1), source=source)


def _bit_source(source: FrameSource, layout: PixelFormat, position: int) -> FrameSource:
    """Return the same frames with one bit as their value."""
    bit = replace(layout, bits_stored=1, high_bit=position, signed=False, photometric="MONOCHROME2")
    if isinstance(source, NativeSource):
        return replace(source, layout=bit, palette=None)
    if isinstance(source, DeflatedSource):
        return replace(source, native=replace(source.native, layout=bit, palette=None))
    if isinstance(source, EncapsulatedSource) and source.syntax == syntaxes.RLE:
        return replace(source, layout=bit, palette=None)
    raise UnusableError("lies in bits of the pixels that their compression does not keep")
