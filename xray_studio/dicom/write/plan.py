"""An object ready to be written, and how its frames come into it."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from xray_studio.dicom.pixels.pixel_format import PixelFormat
from xray_studio.dicom.pixels.stored import PixelSource


class Way(enum.Enum):
    """How frames come into a copy."""

    KEPT = "kept"  # the bytes as they are, native or compressed
    NATIVE = "native"  # decoded
    ENCODED = "encoded"


@dataclass(frozen=True, slots=True)
class FrameWay:
    """How every frame of a copy is made: `bits` are Bits Stored, `quality` that of JPEG."""

    way: Way
    syntax: str
    bits: int
    quality: int = 90


@dataclass(frozen=True, slots=True)
class SourceFrame:
    """One frame of a file: a source, and the number of the frame in it, from 0."""

    source: PixelSource
    index: int


@dataclass(frozen=True, slots=True)
class ObjectPlan:
    """Everything of an object but its frames, as bytes.

    `head` is preamble and File Meta Information, `attributes` and `tail` the data set before and
    behind the pixel data, which is element `pixel_tag`. `frames` are in order. `layout` is that of
    native frames in the file. `derived` tells that it is a new SOP Instance, `lossy` that pixels
    are changed.
    """

    head: bytes
    attributes: bytes
    tail: bytes
    syntax: str
    pixel_tag: int
    layout: PixelFormat
    frames: tuple[SourceFrame, ...]
    how: FrameWay
    sop_class_uid: str
    derived: bool = False
    lossy: bool = False
