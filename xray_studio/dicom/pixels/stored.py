"""Stored samples of a frame, before palettes and colour models: what a copy of an object keeps."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np

from xray_studio.dicom.pixels.colour import Palette
from xray_studio.dicom.pixels.decoders import decode
from xray_studio.dicom.pixels.frames import EncapsulatedSource
from xray_studio.dicom.pixels.native import DeflatedSource, NativeSource, inflated
from xray_studio.dicom.pixels.pixel_format import PixelFormat, Samples, pixel_values
from xray_studio.dicom.pixels.video_stream import VideoStream

PixelSource: TypeAlias = EncapsulatedSource | NativeSource | DeflatedSource | VideoStream


def layout_of(source: PixelSource) -> PixelFormat:
    """Return the format of the pixels of a source."""
    return source.native.layout if isinstance(source, DeflatedSource) else source.layout


def palette_of(source: PixelSource) -> Palette | None:
    """Return the palette of the colours of a source."""
    if isinstance(source, VideoStream):
        return None
    return source.native.palette if isinstance(source, DeflatedSource) else source.palette


def stored_samples(source: PixelSource, index: int) -> tuple[Samples, str]:
    """Return the samples of frame `index` and their Photometric Interpretation.

    Shape (rows, columns) or (rows, columns, 3), the bits of Bits Stored alone, signed where the
    object says so. Chroma of 4:2:2 is spread to all pixels, and JPEG gives RGB, as it is decoded.
    Runs in a worker process. Raises UnreadableError, UnsupportedError for a video stream.
    """
    layout = layout_of(source)
    if isinstance(source, VideoStream):
        source.read(index)
    if isinstance(source, EncapsulatedSource):
        decoded = decode(source.compressed(index), source.syntax, layout)
        values = pixel_values(decoded.samples, decoded.precision, layout)
        return np.ascontiguousarray(values), _photometric(decoded.photometric, layout)
    raw = raw_words(source, index)
    values = pixel_values(raw, layout.bits_allocated, layout)
    return np.ascontiguousarray(values), _photometric(layout.photometric, layout)


def native_bytes(source: NativeSource | DeflatedSource, index: int) -> bytes:
    """Return frame `index` as it stands in the file, little endian."""
    if isinstance(source, DeflatedSource):
        return inflated(source, lambda native, file: native.bytes_from(file, index))
    with source.opened() as file:
        return source.bytes_from(file, index)


def raw_words(source: NativeSource | DeflatedSource, index: int) -> Samples:
    """Return native samples of frame `index` with all of Bits Allocated, little endian."""
    if isinstance(source, DeflatedSource):
        return inflated(source, lambda native, file: native.raw_from(file, index))
    with source.opened() as file:
        return source.raw_from(file, index)


def _photometric(decoded: str, layout: PixelFormat) -> str:
    """Return the colour model of samples: one of grey and palette is the object's own."""
    if layout.samples == 1:
        return layout.photometric
    return "YBR_FULL" if decoded == "YBR_FULL_422" else decoded
