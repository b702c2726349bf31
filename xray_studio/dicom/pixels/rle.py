"""RLE frames (PS3.5 Annex G): PackBits of byte planes, most significant first."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from xray_studio.core.errors import UnreadableError
from xray_studio.dicom.pixels.decoders import Decoded, as_stored
from xray_studio.dicom.pixels.pixel_format import PixelFormat, Samples


def decode_rle(data: bytes, layout: PixelFormat) -> Decoded:
    """Decode RLE (PS3.5 Annex G): PackBits of byte planes, most significant first.

    The quick decoder trusts the segment table, which is checked before, and takes no segment that
    gives more bytes than the picture has: those are decoded plane by plane.
    """
    from imagecodecs import DicomrleError, dicomrle_decode

    segments = _rle_segments(data, layout.samples * layout.bits_allocated // 8)
    raw = np.empty((layout.samples, layout.rows, layout.columns), layout.raw_dtype)
    try:
        written = len(dicomrle_decode(data, layout.raw_dtype, out=raw.data.cast("B")))
    except DicomrleError:
        written = 0
    if written != raw.nbytes:
        raw = _by_planes(segments, layout)
    return as_stored(raw[0] if layout.samples == 1 else np.moveaxis(raw, 0, -1), layout)


def _by_planes(segments: list[bytes], layout: PixelFormat) -> Samples:
    """Return samples of RLE segments, shape (samples, rows, columns)."""
    size = layout.bits_allocated // 8
    planes = [_rle_plane(segment, layout) for segment in segments]
    samples = [_joined(planes[i : i + size], layout) for i in range(0, len(planes), size)]
    return np.stack(samples).reshape(layout.samples, layout.rows, layout.columns)


def _rle_plane(segment: bytes, layout: PixelFormat) -> Samples:
    from imagecodecs import packbits_decode

    plane = np.frombuffer(packbits_decode(segment), np.uint8)
    if plane.size < layout.pixels:
        raise UnreadableError("An RLE frame ends too early; the file is damaged.")
    return plane[: layout.pixels]


def _joined(planes: list[Samples], layout: PixelFormat) -> Samples:
    """Return samples of their bytes, most significant first."""
    joined = planes[0].astype(layout.raw_dtype, copy=False)
    for plane in planes[1:]:
        joined = np.left_shift(joined, 8)
        joined |= plane
    return joined


def _rle_segments(data: bytes, planes: int) -> list[bytes]:
    if len(data) < 64:
        raise UnreadableError("An RLE frame has no header; the file is damaged.")
    count, *offsets = np.frombuffer(data, "<u4", count=16).tolist()
    starts = [*offsets[:planes], len(data)]
    ordered = all(a < b for a, b in pairwise(starts))
    if count != planes or not ordered or starts[0] < 64:
        raise UnreadableError(
            f"An RLE frame has {count} byte planes where {planes} belong; the file is damaged."
        )
    return [data[a:b] for a, b in pairwise(starts)]
