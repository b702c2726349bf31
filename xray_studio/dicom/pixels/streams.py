"""What a compressed frame says about itself, read before any decoder touches it.

JPEG (ISO 10918-1), JPEG-LS (ISO 14495-1) and JPEG 2000 (ISO 15444-1) carry rows, columns, samples
and precision in their own headers. Decoders trust those, so a damaged header could make them
allocate or write far too much: they are compared with the DICOM attributes first.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from xray_studio.core.errors import UnreadableError, UnsupportedError
from xray_studio.dicom.pixels.pixel_format import PixelFormat

JPEG_START = b"\xff\xd8\xff"
END_MARK = b"\xff\xd9"  # EOI of JPEG, EOC of JPEG 2000; neither stands within coded data
CODESTREAM_START = b"\xff\x4f\xff\x51"
JP2_SIGNATURE = b"\0\0\0\x0cjP  \r\n\x87\n"

_FRAME_MARKERS = frozenset((*range(0xC0, 0xC4), *range(0xC5, 0xC8), *range(0xC9, 0xCC),
                            *range(0xCD, 0xD0), 0xF7))  # fmt: skip
_HIERARCHICAL = frozenset((0xC5, 0xC6, 0xC7, 0xCD, 0xCE, 0xCF))
_BARE_MARKERS = frozenset((0x01, *range(0xD0, 0xD9)))


@dataclass(frozen=True, slots=True)
class StreamHeader:
    """Size and depth of a compressed frame, and what it says about its colours.

    `marker` is the start-of-frame marker of JPEG, 0 for JPEG 2000. `ycbcr` is True or False where
    the stream itself tells (Adobe or JFIF marker, component names), None where it does not.
    `transformed` and `halvings` are of JPEG 2000: colours that the decoder turns back, and how
    often the size can be halved when less than the whole is wanted.
    """

    rows: int
    columns: int
    samples: int
    precision: int
    marker: int = 0
    signed: bool = False
    ycbcr: bool | None = None
    transformed: bool = False
    halvings: int = 0

    @property
    def lossless_jpeg(self) -> bool:
        """Tell whether the frame is JPEG process 14."""
        return self.marker in {0xC3, 0xCB}


def read_jpeg_header(data: bytes) -> StreamHeader:
    """Return the header of a JPEG or JPEG-LS frame.

    Raises UnreadableError when there is none, UnsupportedError for hierarchical JPEG.
    """
    if data[:2] != JPEG_START[:2]:
        raise UnreadableError("A compressed frame does not start as JPEG; the file is damaged.")
    adobe: int | None = None
    jfif = False
    for marker, body in _segments(data):
        if marker == 0xE0:
            jfif = jfif or body[:5] == b"JFIF\0"
        elif marker == 0xEE and body[:5] == b"Adobe" and len(body) >= 12:
            adobe = body[11]
        elif marker in _FRAME_MARKERS:
            return _frame_header(marker, body, adobe, jfif=jfif)
    raise UnreadableError("A compressed JPEG frame has no frame header; the file is damaged.")


def _segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield marker and content of the segments before the entropy-coded data."""
    position, end = 2, len(data)
    while position + 4 <= end:
        if data[position] != 0xFF:
            return
        marker = data[position + 1]
        if marker == 0xFF:
            position += 1
        elif marker in _BARE_MARKERS:
            position += 2
        else:
            length = int.from_bytes(data[position + 2 : position + 4], "big")
            yield marker, data[position + 4 : position + 2 + length]
            position += 2 + max(2, length)


def _frame_header(marker: int, body: bytes, adobe: int | None, *, jfif: bool) -> StreamHeader:
    if marker in _HIERARCHICAL:
        raise UnsupportedError("Hierarchical JPEG frames cannot be shown.")
    if len(body) < 6 or len(body) < 6 + 3 * body[5]:
        raise UnreadableError("A compressed JPEG frame has a broken header; the file is damaged.")
    precision, rows, columns, samples = struct.unpack(">BHHB", body[:6])
    names = bytes(body[6 + 3 * i] for i in range(samples))
    sampling = {body[7 + 3 * i] for i in range(samples)}
    told = _told_colour(names, len(sampling) > 1, adobe, jfif=jfif) if samples == 3 else None
    return StreamHeader(rows, columns, samples, precision, marker, ycbcr=told)


def _told_colour(names: bytes, subsampled: bool, adobe: int | None, *, jfif: bool) -> bool | None:
    if adobe is not None:
        return adobe == 1
    if names == b"RGB":
        return False
    return True if subsampled or jfif else None


def has_end(data: bytes) -> bool:
    """Tell whether a JPEG or JPEG 2000 frame has its end mark: without it, it may be cut short."""
    return data.rfind(END_MARK) > 2


def codestream(data: bytes) -> bytes:
    """Return the JPEG 2000 codestream of a frame, without the boxes of a JP2 file around it.

    Raises UnreadableError when there is none.
    """
    if data[:4] == CODESTREAM_START:
        return data
    if data[:12] == JP2_SIGNATURE and (begin := data.find(CODESTREAM_START)) >= 0:
        return data[begin:]
    raise UnreadableError("A compressed frame does not start as JPEG 2000; the file is damaged.")


def read_codestream_header(data: bytes) -> StreamHeader:
    """Return the header of a JPEG 2000 codestream (SIZ and COD, ISO 15444-1 A.5.1 and A.6.1).

    Raises UnreadableError when it is broken.
    """
    if len(data) < 45:
        raise UnreadableError("A JPEG 2000 frame ends within its header; the file is cut short.")
    width, height, left, top = struct.unpack(">4I", data[8:24])
    samples, depth = struct.unpack(">HB", data[40:43])
    transform, levels = _coding_style(data)
    return StreamHeader(
        rows=height - top,
        columns=width - left,
        samples=samples,
        precision=(depth & 0x7F) + 1,
        signed=bool(depth & 0x80),
        transformed=transform == 1,
        halvings=levels,
    )


def _coding_style(data: bytes) -> tuple[int, int]:
    """Return component transform and decomposition levels of the COD segment."""
    position = 2
    while position + 10 <= len(data) and data[position] == 0xFF:
        if data[position + 1] == 0x52:
            return data[position + 8], data[position + 9]
        position += 2 + max(2, int.from_bytes(data[position + 2 : position + 4], "big"))
    return 0, 0


def check_header(header: StreamHeader, layout: PixelFormat) -> None:
    """Compare what a frame says with what the object says.

    Raises UnreadableError with both values when they differ.
    """
    size, wanted = (header.columns, header.rows), (layout.columns, layout.rows)
    if size != wanted:
        raise UnreadableError(
            f"A compressed frame is {size[0]} x {size[1]} pixels, but the object says "
            f"{wanted[0]} x {wanted[1]}; the file is damaged."
        )
    if header.samples != layout.samples:
        raise UnreadableError(
            f"A compressed frame has {header.samples} samples a pixel, but the object says "
            f"{layout.samples}; the file is damaged."
        )
    if not 1 <= header.precision <= max(8, layout.bits_allocated):
        raise UnreadableError(
            f"A compressed frame has {header.precision} bits a sample, but the object says "
            f"{layout.bits_allocated}; the file is damaged."
        )
