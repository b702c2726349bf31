"""Frames at a fraction of their size, decoded without the detail that is not wanted.

JPEG 2000 holds a picture as halvings of its size: a small one costs a small part of the time. Other
syntaxes have no such shortcut worth taking.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias

from xray_studio.core.clip import Frame
from xray_studio.dicom.file import syntaxes
from xray_studio.dicom.pixels.decoders import Decoded
from xray_studio.dicom.pixels.frames import EncapsulatedSource, finished
from xray_studio.dicom.pixels.pixel_format import PixelFormat, Samples
from xray_studio.dicom.pixels.streams import (
    StreamHeader,
    check_header,
    codestream,
    read_codestream_header,
)

JPEG_2000 = frozenset(
    (
        syntaxes.JPEG_2000_LOSSLESS,
        syntaxes.JPEG_2000,
        syntaxes.HTJ2K_LOSSLESS,
        syntaxes.HTJ2K_LOSSLESS_RPCL,
        syntaxes.HTJ2K,
    )
)

# Decodes a codestream to 1 / 2^n of its size; gives values as `imagecodecs.jpeg2k_decode` does.
Decode2000: TypeAlias = Callable[[bytes, int, StreamHeader], Samples]


def can_reduce(source: EncapsulatedSource) -> bool:
    """Tell whether frames of a source can be decoded smaller than they are."""
    # The numbers of a palette cannot be averaged.
    return source.syntax in JPEG_2000 and source.palette is None


def reduced_frame(source: EncapsulatedSource, index: int, size: int, decode: Decode2000) -> Frame:
    """Return frame `index` as small as possible with its longer side at least `size` pixels.

    `decode` is the decoder; it must keep to the range of the samples, which OpenJPH does not where
    a small picture swings beyond it. Runs in a worker process. Raises UnreadableError.
    """
    data = codestream(source.compressed(index))
    header = read_codestream_header(data)
    check_header(header, source.layout)
    halvings = halvings_for(header, size)
    small = _layout(source.layout, halvings)
    samples = decode(data, halvings, header)
    colour = "RGB" if header.transformed else small.photometric
    return finished(Decoded(samples, header.precision, colour), small, source.palette)


def halvings_for(header: StreamHeader, size: int) -> int:
    """Return how often the longer side can be halved without falling below `size`."""
    longest, count = max(header.rows, header.columns), 0
    while count < header.halvings and longest >> (count + 1) >= size:
        count += 1
    return count


def _layout(layout: PixelFormat, halvings: int) -> PixelFormat:
    part = 1 << halvings
    return replace(layout, rows=-(-layout.rows // part), columns=-(-layout.columns // part))
