"""Encoders of frames, one per transfer syntax, the counterpart of `decoders`.

Each takes samples (rows, columns) or (rows, columns, 3) of `bits` stored bits and gives the bytes
of one compressed frame. Lossless streams say the depth of Bits Stored, as PS3.5 8.2 wants it, not
that of the type that holds the numbers.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np

from xray_studio.core.errors import UsageError
from xray_studio.dicom.file import syntaxes
from xray_studio.dicom.pixels.pixel_format import Samples

_SIZ_DEPTH = 42  # byte of a codestream that holds depth and sign of its first component
_SIGNED = 0x80


@dataclass(frozen=True, slots=True)
class Given:
    """What an encoder is told: Bits Stored, Photometric Interpretation, and JPEG's quality."""

    bits: int
    photometric: str
    quality: int = 90


Encoder: TypeAlias = Callable[[Samples, Given], bytes]


def encode(samples: Samples, syntax: str, given: Given) -> bytes:
    """Return one frame compressed with transfer syntax `syntax`."""
    return ENCODERS[syntax].encode(samples, given)


def jpeg_ls(samples: Samples, given: Given) -> bytes:
    """Encode JPEG-LS (ISO 14495-1), lossless, with CharLS."""
    from imagecodecs import jpegls_encode
    from jpeg_ls import encode_pixel_data

    rows, columns, *colours = samples.shape
    data = _unsigned(samples, given.bits)
    try:
        return bytes(
            encode_pixel_data(
                data.tobytes(),
                rows=rows,
                columns=columns,
                samples_per_pixel=colours[0] if colours else 1,
                bits_stored=given.bits,
                planar_configuration=0,
            )
        )
    except RuntimeError:  # noise that grows: the room that the wrapper gives is too small
        return bytes(jpegls_encode(data))


def jpeg_2000(samples: Samples, given: Given) -> bytes:
    """Encode JPEG 2000, reversible, with OpenJPEG; RGB by way of the reversible transform."""
    from imagecodecs import jpeg2k_encode

    stream = jpeg2k_encode(
        samples,
        level=0,
        codecformat="j2k",
        reversible=True,
        mct=given.photometric == "RGB",
        bitspersample=given.bits,
        planar=False,
    )
    return bytes(stream)


def htj2k(samples: Samples, given: Given) -> bytes:
    """Encode High-Throughput JPEG 2000, reversible, with OpenJPH.

    It takes whole bytes only. So unsigned numbers are shifted to signed ones here, as the codec
    itself would do (ISO 15444-1 G.1), and the stream is then told its depth and sign.
    """
    from imagecodecs import htj2k_encode

    signed = samples.dtype.kind == "i"
    whole = samples.dtype.itemsize * 8
    bits, colours = given.bits, given.photometric == "RGB"
    if bits == whole:
        return bytes(htj2k_encode(samples, reversible=True, rgb=colours, planar=False))
    shifted = samples if signed else _shifted(samples, bits)
    stream = bytearray(htj2k_encode(shifted, reversible=True, rgb=colours, planar=False))
    for component in range(samples.shape[2] if samples.ndim == 3 else 1):
        stream[_SIZ_DEPTH + 3 * component] = (bits - 1) | (_SIGNED if signed else 0)
    return bytes(stream)


def _shifted(samples: Samples, bits: int) -> Samples:
    kind = np.dtype(f"i{samples.dtype.itemsize}")
    return (samples.astype(np.int64) - (1 << (bits - 1))).astype(kind)


def jpeg_lossless(samples: Samples, given: Given) -> bytes:
    """Encode JPEG process 14, selection value 1, with libjpeg-turbo; colours stay as they are."""
    from imagecodecs import jpeg8_encode

    data = _unsigned(samples, given.bits)
    space = None if samples.ndim == 2 else "RGB"
    stream = jpeg8_encode(
        data,
        lossless=True,
        predictor=1,
        bitspersample=given.bits,
        colorspace=space,
        outcolorspace=space,
    )
    return bytes(stream)


def jpeg_baseline(samples: Samples, given: Given) -> bytes:
    """Encode JPEG baseline (process 1); RGB and YBR_FULL become YBR_FULL_422."""
    from imagecodecs import jpeg8_encode

    if samples.ndim == 2:
        return bytes(jpeg8_encode(samples, level=given.quality))
    space = "RGB" if given.photometric == "RGB" else "YCBCR"
    stream = jpeg8_encode(
        samples, level=given.quality, colorspace=space, outcolorspace="YCBCR", subsampling="422"
    )
    return bytes(stream)


def rle(samples: Samples, given: Given) -> bytes:
    """Encode RLE (PS3.5 Annex G): byte planes, most significant first, row by row."""
    from imagecodecs import packbits_encode

    del given
    planes = [samples] if samples.ndim == 2 else list(np.moveaxis(samples, -1, 0))
    segments = []
    for plane in planes:
        size = plane.dtype.itemsize
        octets = np.ascontiguousarray(plane).view(np.uint8).reshape(*plane.shape, size)
        for place in reversed(range(size)):
            data = bytes(packbits_encode(np.ascontiguousarray(octets[..., place]), axis=-1))
            segments.append(data + b"\0" * (len(data) % 2))
    starts = [64]
    for segment in segments[:-1]:
        starts.append(starts[-1] + len(segment))
    header = struct.pack("<16I", len(segments), *starts, *[0] * (15 - len(segments)))
    return header + b"".join(segments)


def _unsigned(samples: Samples, bits: int) -> Samples:
    """Return samples as unsigned numbers of `bits` bits: signed ones by their two's complement."""
    if samples.dtype.kind != "i":
        return np.ascontiguousarray(samples)
    words = samples.view(samples.dtype.str.replace("i", "u"))
    return np.ascontiguousarray(words & ((1 << bits) - 1))


@dataclass(frozen=True, slots=True)
class Coding:
    """One transfer syntax that frames can be written in.

    `deepest` is the most bits allocated, `fewest` the least bits stored that it takes. `method` is
    Lossy Image Compression Method (PS3.3 C.7.6.1.1.5.1), "" of lossless ones. `become` tells
    which colour models, of RGB and YBR_FULL, are transformed into another one.
    """

    encode: Encoder
    deepest: int = 16
    fewest: int = 1
    method: str = ""
    become: Mapping[str, str] = field(default_factory=dict)

    @property
    def lossy(self) -> bool:
        """Tell whether pixels change."""
        return bool(self.method)


ENCODERS: dict[str, Coding] = {
    syntaxes.JPEG_LS: Coding(jpeg_ls, fewest=2),
    syntaxes.JPEG_2000_LOSSLESS: Coding(jpeg_2000, become={"RGB": "YBR_RCT"}),
    syntaxes.HTJ2K_LOSSLESS: Coding(htj2k, become={"RGB": "YBR_RCT"}),
    syntaxes.JPEG_LOSSLESS_SV1: Coding(jpeg_lossless, fewest=2),
    syntaxes.RLE: Coding(rle),
    syntaxes.JPEG_BASELINE: Coding(
        jpeg_baseline,
        deepest=8,
        fewest=8,
        method="ISO_10918_1",
        become={"RGB": "YBR_FULL_422", "YBR_FULL": "YBR_FULL_422"},
    ),
}
ENCODED_COLOURS = frozenset(("RGB", "YBR_FULL"))
PLAIN = frozenset((syntaxes.IMPLICIT_LITTLE, syntaxes.EXPLICIT_LITTLE, syntaxes.DEFLATED))

NAMES: dict[str, str] = {
    "explicit": syntaxes.EXPLICIT_LITTLE,
    "implicit": syntaxes.IMPLICIT_LITTLE,
    "deflated": syntaxes.DEFLATED,
    "rle": syntaxes.RLE,
    "jpeg-lossless": syntaxes.JPEG_LOSSLESS_SV1,
    "jpeg-ls": syntaxes.JPEG_LS,
    "jpeg-2000": syntaxes.JPEG_2000_LOSSLESS,
    "htj2k": syntaxes.HTJ2K_LOSSLESS,
    "jpeg-baseline": syntaxes.JPEG_BASELINE,
}


def syntax_of(name: str) -> str:
    """Return the UID of a transfer syntax by its short name or UID. Raises UsageError."""
    uid = NAMES.get(name.lower(), name)
    if uid not in ENCODERS and uid not in PLAIN:
        known = ", ".join(NAMES)
        raise UsageError(f"{name} is no transfer syntax that is written; choose one of {known}.")
    return uid
