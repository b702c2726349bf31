"""Segmentations (PS3.3 A.51): what is marked on which image, as plain values."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from xray_studio.core.content import NO_CODE, Code, Reference
from xray_studio.core.place import FramePlace
from xray_studio.core.shutter import Colour

Levels: TypeAlias = npt.NDArray[np.uint8]

_STORAGE = "1.2.840.10008.5.1.4.1.1.66."
SEGMENTATION, LABEL_MAP = _STORAGE + "4", _STORAGE + "7"
# Far from each other and from greys; segments without a recommended colour take them in turn.
COLOURS: tuple[Colour, ...] = (
    (0xE9, 0x5E, 0x5E), (0x5E, 0xC8, 0x6E), (0x5E, 0x9C, 0xE9), (0xE9, 0xC8, 0x5E),
    (0xC8, 0x6E, 0xE9), (0x5E, 0xDC, 0xD2), (0xF0, 0x96, 0x5A), (0xB4, 0xD2, 0x50),
)  # fmt: skip


def is_segmentation(sop_class_uid: str) -> bool:
    """Tell whether a class holds segments as pixels."""
    return sop_class_uid in {SEGMENTATION, LABEL_MAP}


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment as it is described; `colour` is the one recommended."""

    number: int
    label: str = ""
    category: Code = NO_CODE
    kind: Code = NO_CODE
    algorithm: str = ""
    colour: Colour = (0xE9, 0x5E, 0x5E)

    @property
    def name(self) -> str:
        """What to call it: its label, else what it is, else its number."""
        return self.label or str(self.kind) or f"Segment {self.number}"


@dataclass(frozen=True, slots=True)
class SegmentFrame:
    """What is marked for one segment on one image.

    `levels` are 0 to 255 for each pixel, compressed (see `pack_levels`), `pixels` how many are not
    0. `images` are the objects and frames that it was made from, `place` where it lies.
    """

    segment: int
    levels: bytes
    pixels: int
    images: tuple[Reference, ...] = ()
    place: FramePlace | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Segmentation:
    """One segmentation object. `kind` is BINARY, FRACTIONAL or LABELMAP, `patient` Patient ID.

    `images` are all objects that it refers to, `series` their Series Instance UIDs.
    """

    sop_instance_uid: str
    rows: int
    columns: int
    kind: str
    segments: tuple[Segment, ...]
    frames: tuple[SegmentFrame, ...]
    images: tuple[Reference, ...] = ()
    series: tuple[str, ...] = ()
    patient: str = ""
    label: str = ""
    path: str = ""
    warnings: tuple[str, ...] = ()

    def __repr__(self) -> str:
        """Return kind and size only: logs must not tell whose segments these are."""
        return f"<Segmentation {self.kind}, {len(self.segments)} segments>"

    @property
    def name(self) -> str:
        """What to call it."""
        return self.label or "Segmentation"

    def area(self, number: int) -> tuple[int, int]:
        """Return how many frames a segment has something on, and how many pixels in all."""
        own = [frame.pixels for frame in self.frames if frame.segment == number and frame.pixels]
        return len(own), sum(own)


@dataclass(frozen=True, slots=True)
class SegmentLayer:
    """A segment over the frames of a clip: `levels` of each as `SegmentFrame`, none where b""."""

    segment: Segment
    size: tuple[int, int]
    levels: tuple[bytes, ...]
    area: tuple[int, int] = (0, 0)

    def __hash__(self) -> int:
        """Return the hash of what it is called: there may be thousands of frames."""
        return hash((self.segment, self.size, len(self.levels)))

    def at(self, index: int) -> Levels | None:
        """Return how much is marked of each pixel of a frame, 0 to 255; None for nothing."""
        packed = self.levels[index]
        return unpack_levels(packed, self.size) if packed else None

    def alone(self, index: int) -> SegmentLayer:
        """Return it over a clip of this frame only."""
        return replace(self, levels=(self.levels[index],))


def nearest_marked(layers: Sequence[SegmentLayer], frame: int) -> int | None:
    """Return the frame nearest to one (from 0) on which a segment marks anything."""
    marked = {at for layer in layers for at, levels in enumerate(layer.levels) if levels}
    return min(marked, key=lambda at: (abs(at - frame), at), default=None)


def pack_levels(levels: Levels) -> bytes:
    """Return levels as they are kept: most of a segment is empty."""
    return zlib.compress(np.ascontiguousarray(levels).tobytes(), 1)


def unpack_levels(data: bytes, size: tuple[int, int]) -> Levels:
    """Return levels of `pack_levels`, shape (rows, columns)."""
    return np.frombuffer(zlib.decompress(data), np.uint8).reshape(size)


def joined(packed: Sequence[bytes], size: tuple[int, int]) -> bytes:
    """Return several levels of one segment on one frame as one: the highest of each pixel."""
    if len(packed) < 2:
        return packed[0] if packed else b""
    return pack_levels(np.max([unpack_levels(one, size) for one in packed], axis=0))
