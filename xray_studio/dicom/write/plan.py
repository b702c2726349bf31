"""An object ready to be written, and how its frames come into it."""

from __future__ import annotations

import enum
from dataclasses import dataclass

import numpy as np

from xray_studio.core.exact import exact_values
from xray_studio.core.extents import Extents
from xray_studio.core.lut import Modality, Rescale
from xray_studio.dicom.pixels.colour import Palette
from xray_studio.dicom.pixels.pixel_format import PixelFormat, Samples
from xray_studio.dicom.pixels.stored import PixelSource
from xray_studio.dicom.write.masking import Masking


class Way(enum.Enum):
    """How frames come into a copy."""

    KEPT = "kept"  # the bytes as they are, native or compressed
    NATIVE = "native"  # decoded
    ENCODED = "encoded"


@dataclass(frozen=True, slots=True)
class FrameWay:
    """How every frame of a copy is made: `bits` are Bits Stored, `quality` that of JPEG.

    `bare` leaves out comments and application data of compressed frames that are kept.
    """

    way: Way
    syntax: str
    bits: int
    quality: int = 90
    bare: bool = False


@dataclass(frozen=True, slots=True)
class ValueChange:
    """How stored samples of a grey image become those of another object.

    Modality values plus `offset`, or subtracted from `top` where that is given, as type `kind`; or
    colours by a palette.
    """

    modality: Modality = Rescale()  # noqa: RUF009 - a frozen value
    offset: int = 0
    top: int | None = None
    kind: str = "u2"
    palette: Palette | None = None

    def apply(self, samples: Samples) -> Samples:
        """Return the changed samples, same shape, or RGB."""
        if self.palette is not None:
            return self.palette.apply(samples)
        values = exact_values(samples, self.modality, np.dtype(np.int64))
        moved = values + self.offset if self.top is None else self.top - values
        return moved.astype(self.kind)


@dataclass(frozen=True, slots=True)
class SourceFrame:
    """One frame of a file: a source, its number there from 0, how it is changed and masked."""

    source: PixelSource
    index: int
    change: ValueChange | None = None
    masking: Masking | None = None


@dataclass(frozen=True, slots=True)
class ObjectPlan:
    """Everything of an object but its frames, as bytes.

    `head` is preamble and File Meta Information, `attributes` and `tail` the data set before and
    behind the pixel data, which is element `pixel_tag`. `frames` are in order, none where pictures
    are given while the object is written; `count` is their number either way. `layout` is that of
    native frames in the file. `derived` tells that it is a new SOP Instance, `lossy` that pixels
    are changed. `value` is where the pixel data of a video stream stands, which is copied as it is.
    """

    head: bytes
    attributes: bytes
    tail: bytes
    syntax: str
    pixel_tag: int
    layout: PixelFormat
    count: int
    frames: tuple[SourceFrame, ...]
    how: FrameWay
    sop_class_uid: str
    derived: bool = False
    lossy: bool = False
    value: Extents | None = None
