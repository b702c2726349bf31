"""Decoders of compressed frames, one registry: per transfer syntax the fastest that is right.

A decoder is a function `decode(data, layout) -> Decoded` that checks the frame's own header,
decodes one frame and says what it gave. The choice is measured by tests/benchmarks/bench_decode.py
and written down in docs/decoders.md. Other packages add decoders through the entry-point group
`xray_studio.decoders`, named by transfer syntax UID.
"""

from __future__ import annotations

import sys
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from xray_studio.core.errors import StudioError, UnreadableError, UnsupportedError
from xray_studio.core.registry import Entry, Registry
from xray_studio.dicom.file import syntaxes
from xray_studio.dicom.pixels.jpeg_xl import read_size
from xray_studio.dicom.pixels.pixel_format import PixelFormat, Samples, native_samples
from xray_studio.dicom.pixels.streams import (
    END_MARK,
    StreamHeader,
    check_header,
    codestream,
    has_end,
    read_codestream_header,
    read_jpeg_header,
)


@dataclass(frozen=True, slots=True)
class Decoded:
    """What a codec gave: samples (rows, columns[, 3]), their depth and their colour model."""

    samples: Samples
    precision: int
    photometric: str


Decoder: TypeAlias = Callable[[bytes, PixelFormat], Decoded]

_HERE = "xray_studio.dicom.pixels.decoders"
_CODECS = ("imagecodecs",)
CUT_SHORT = "A compressed frame ends too early; the file is damaged."
_OTHER_ENDING = b"\x5a\xa3\x1c\xe7" * 64 + END_MARK


def _entries(attribute: str, requires: tuple[str, ...], *uids: str) -> tuple[Entry, ...]:
    return tuple(Entry(uid, f"{_HERE}:{attribute}", requires) for uid in uids)


DECODERS = Registry(
    "xray_studio.decoders",
    (
        *_entries(
            "decode_jpeg", _CODECS,
            syntaxes.JPEG_BASELINE, syntaxes.JPEG_EXTENDED, syntaxes.JPEG_LOSSLESS,
            syntaxes.JPEG_LOSSLESS_SV1, *sorted(syntaxes.JPEG_RETIRED),
        ),
        *_entries("decode_jpeg_ls", _CODECS, syntaxes.JPEG_LS, syntaxes.JPEG_LS_NEAR),
        *_entries(
            "decode_jpeg_2000", _CODECS,
            syntaxes.JPEG_2000_LOSSLESS, syntaxes.JPEG_2000,
            syntaxes.JPEG_2000_PART2_LOSSLESS, syntaxes.JPEG_2000_PART2,
        ),
        *_entries(
            "decode_htj2k", _CODECS,
            syntaxes.HTJ2K_LOSSLESS, syntaxes.HTJ2K_LOSSLESS_RPCL, syntaxes.HTJ2K,
        ),
        *_entries(
            "decode_jpeg_xl", _CODECS,
            syntaxes.JPEG_XL_LOSSLESS, syntaxes.JPEG_XL_RECOMPRESSED, syntaxes.JPEG_XL,
        ),
        Entry(syntaxes.RLE, "xray_studio.dicom.pixels.rle:decode_rle", _CODECS),
        *_entries("decode_deflated", (), syntaxes.DEFLATED_FRAMES),
        *_entries("decode_uncompressed", (), syntaxes.ENCAPSULATED_UNCOMPRESSED),
    ),
)  # fmt: skip


def missing_decoder(uid: str) -> str | None:
    """Return why frames of a transfer syntax cannot be decoded, None when they can."""
    if syntaxes.is_video(uid):
        return "Frames of a video stream are decoded from the stream, not one by one."
    if not uid:
        return "The object holds compressed frames but does not say how they are compressed."
    entry = DECODERS.entries().get(uid)
    if entry is None:
        return f"The object is stored with transfer syntax {uid}, which cannot be decoded."
    reason = entry.missing()
    return f"The decoder of transfer syntax {uid} {reason}." if reason else None


def decode(data: bytes, uid: str, layout: PixelFormat) -> Decoded:
    """Decode one frame stored with transfer syntax `uid`.

    Raises UnreadableError when the frame is damaged or is not what the object says,
    UnsupportedError when there is no decoder.
    """
    reason = missing_decoder(uid)
    if reason:
        raise UnsupportedError(reason)
    decoder: Decoder = DECODERS.load(uid)
    try:
        return decoder(data, layout)
    except (StudioError, MemoryError):
        raise
    except Exception as error:
        raise UnreadableError("A compressed frame is damaged and cannot be decoded.") from error


def decode_jpeg(data: bytes, layout: PixelFormat) -> Decoded:
    """Decode JPEG: baseline, extended 8 and 12 bit, lossless 2 to 16 bit, with libjpeg-turbo.

    Colours come back as RGB; lossless ones as they are stored, which libjpeg does not transform.
    """
    header = read_jpeg_header(data)
    check_header(header, layout)
    coloured = header.samples == 3
    ycbcr = coloured and is_ycbcr(header, layout)
    kept = ycbcr and header.lossless_jpeg
    stored = ("YCBCR" if ycbcr and not kept else "RGB") if coloured else None
    samples = _libjpeg(data, stored)
    if not has_end(data) and not np.array_equal(samples, _libjpeg(data + _OTHER_ENDING, stored)):
        # libjpeg makes up what is missing; only a frame that is whole does not depend on it.
        raise UnreadableError(CUT_SHORT)
    colours = "YBR_FULL" if kept else "RGB"
    return Decoded(samples, header.precision, colours if coloured else layout.photometric)


def _libjpeg(data: bytes, stored: str | None) -> Samples:
    """Return samples; colours come as RGB from the colour space they are stored in."""
    from imagecodecs import jpeg8_decode

    if stored is None:
        return jpeg8_decode(data)
    return jpeg8_decode(data, colorspace=stored, outcolorspace="RGB")


def is_ycbcr(header: StreamHeader, layout: PixelFormat) -> bool:
    """Tell whether three components are YCbCr.

    The stream's own word (Adobe or JFIF marker, component names) counts first for lossy frames,
    as in every JPEG decoder; lossless ones are what Photometric Interpretation says.
    """
    told = header.ycbcr
    if told is None or header.lossless_jpeg:
        return layout.photometric.startswith("YBR")
    return told


def decode_jpeg_ls(data: bytes, layout: PixelFormat) -> Decoded:
    """Decode JPEG-LS, lossless and near-lossless, with CharLS."""
    from imagecodecs import jpegls_decode

    header = read_jpeg_header(data)
    check_header(header, layout)
    if not has_end(data):  # CharLS refuses it as well, on some after many seconds
        raise UnreadableError(CUT_SHORT)
    return Decoded(_interleaved(jpegls_decode(data), layout), header.precision, layout.photometric)


def decode_jpeg_2000(data: bytes, layout: PixelFormat) -> Decoded:
    """Decode JPEG 2000 with OpenJPEG; a component transform is undone by the decoder."""
    from imagecodecs import jpeg2k_decode

    stream = codestream(data)
    header = read_codestream_header(stream)
    check_header(header, layout)
    return _of_codestream(jpeg2k_decode(stream, planar=False), header, layout)


def decode_htj2k(data: bytes, layout: PixelFormat) -> Decoded:
    """Decode High-Throughput JPEG 2000 with OpenJPH.

    OpenJPH fills up what is missing without a word; OpenJPEG, slower, does not.
    """
    from imagecodecs import htj2k_decode

    stream = codestream(data)
    if not has_end(stream):
        return decode_jpeg_2000(stream, layout)
    header = read_codestream_header(stream)
    check_header(header, layout)
    with _errors_heard():
        samples = htj2k_decode(stream, planar=False)
    return _of_codestream(samples, header, layout)


@contextmanager
def _errors_heard() -> Iterator[None]:
    """Raise errors that a codec's wrapper prints, by way of these hooks, but does not raise."""
    heard: list[object] = []
    before = sys.unraisablehook, sys.excepthook
    sys.unraisablehook, sys.excepthook = heard.append, lambda *error: heard.append(error)
    try:
        yield
    finally:
        sys.unraisablehook, sys.excepthook = before
    if heard:
        raise UnreadableError("A compressed frame is damaged and cannot be decoded.")


def _of_codestream(samples: Samples, header: StreamHeader, layout: PixelFormat) -> Decoded:
    photometric = "RGB" if header.transformed else layout.photometric
    return Decoded(_interleaved(samples, layout), header.precision, photometric)


def _interleaved(samples: Samples, layout: PixelFormat) -> Samples:
    """Return samples as (rows, columns[, samples]), whichever way the codec gave them."""
    shape = (layout.rows, layout.columns, layout.samples)
    if layout.samples == 1:
        return samples.reshape(shape[:2])
    if samples.shape == (layout.samples, *shape[:2]):
        return np.moveaxis(samples, 0, -1)
    return samples.reshape(shape)


def decode_jpeg_xl(data: bytes, layout: PixelFormat) -> Decoded:
    """Decode JPEG XL with libjxl, which gives colours as RGB; the depth is that of the object."""
    from imagecodecs import jpegxl_decode

    rows, columns = read_size(data)
    check_header(StreamHeader(rows, columns, layout.samples, layout.bits_stored), layout)
    samples = _interleaved(jpegxl_decode(data), layout)
    return Decoded(samples, layout.bits_stored, "RGB" if layout.samples == 3 else "")


def decode_deflated(data: bytes, layout: PixelFormat) -> Decoded:
    """Decode Deflated Image Frame Compression (PS3.5 A.4.13): one deflated native frame."""
    wanted = -(-layout.native_bits // 8)
    raw = zlib.decompressobj(-zlib.MAX_WBITS).decompress(data, wanted)
    return decode_uncompressed(raw, layout)


def decode_uncompressed(data: bytes, layout: PixelFormat) -> Decoded:
    """Decode Encapsulated Uncompressed (PS3.5 A.4.11): one native frame an item."""
    if len(data) * 8 < layout.native_bits:
        raise UnreadableError("A frame ends too early; the file is damaged.")
    return as_stored(native_samples(data, layout), layout)


def as_stored(raw: Samples, layout: PixelFormat) -> Decoded:
    """Return raw samples of Bits Allocated, whose overlay bits and sign are still to be treated."""
    return Decoded(raw, layout.bits_allocated, layout.photometric)
