"""The shape of stored pixels (PS3.3 C.7.6.3, PS3.5 section 8) and how raw samples become values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from xray_studio.core.errors import UnreadableError, UnsupportedError
from xray_studio.core.workers import TIME_LIMIT

Samples = npt.NDArray[Any]
SAMPLES_A_SECOND = 2_000_000  # JPEG 2000 on a busy core; everything else is far quicker
LARGEST_FRAME = 256 << 20  # bytes of one decoded frame; a worker process is allowed 512 MB

MONOCHROME = frozenset(("MONOCHROME1", "MONOCHROME2"))
COLOUR = frozenset(
    (
        "RGB",
        "YBR_FULL",
        "YBR_FULL_422",
        "YBR_PARTIAL_422",
        "YBR_PARTIAL_420",
        "YBR_RCT",
        "YBR_ICT",
        "XYB",
    )
)
PALETTE = "PALETTE COLOR"
HALF_CHROMA = frozenset(("YBR_FULL_422", "YBR_PARTIAL_422"))


@dataclass(frozen=True, slots=True)
class PixelFormat:
    """Image Pixel attributes that decide how frames are decoded.

    `floating` stands for Float and Double Float Pixel Data. Values are consistent: bits stored
    are at most bits allocated, the high bit fits, and one sample a pixel means grey or palette.
    """

    rows: int
    columns: int
    samples: int = 1
    bits_allocated: int = 16
    bits_stored: int = 16
    high_bit: int = 15
    signed: bool = False
    photometric: str = "MONOCHROME2"
    planar: bool = False
    floating: bool = False

    @property
    def is_colour(self) -> bool:
        """Tell whether frames are shown as RGB."""
        return self.samples == 3 or self.photometric == PALETTE

    @property
    def pixels(self) -> int:
        """Pixels of one frame."""
        return self.rows * self.columns

    @property
    def native_samples(self) -> int:
        """Samples of one native frame; chroma of 4:2:2 is stored for every second pixel."""
        if self.photometric in HALF_CHROMA and not self.planar:
            return self.rows * (self.columns + self.columns % 2) * 2
        return self.pixels * self.samples

    @property
    def native_bits(self) -> int:
        """Bits of one native frame; single-bit frames are packed without gaps (PS3.5 8.1.1)."""
        return self.native_samples * self.bits_allocated

    @property
    def raw_dtype(self) -> np.dtype[Any]:
        """Type of one raw sample, little endian: unsigned, since the sign needs Bits Stored."""
        if self.floating:
            return np.dtype(f"<f{self.bits_allocated // 8}")
        return np.dtype(f"<u{max(8, self.bits_allocated) // 8}")

    @property
    def dtype(self) -> np.dtype[Any]:
        """Type of a decoded frame."""
        if self.is_colour:
            return np.dtype(np.uint8)
        if self.floating:
            return np.dtype(f"f{self.bits_allocated // 8}")
        return np.dtype(f"{'i' if self.signed else 'u'}{max(8, self.bits_allocated) // 8}")

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of a decoded frame."""
        return (self.rows, self.columns, 3) if self.is_colour else (self.rows, self.columns)

    @property
    def decoding_time(self) -> float:
        """Seconds that decoding one frame may take: large pictures of slow codecs need more."""
        return TIME_LIMIT + self.pixels * self.samples / SAMPLES_A_SECOND

    def check(self) -> None:
        """Raise UnreadableError or UnsupportedError when no frame can have this format."""
        if self.rows < 1 or self.columns < 1:
            raise UnreadableError("The picture has no rows or no columns; the file is damaged.")
        if self.bits_allocated not in ({32, 64} if self.floating else {1, 8, 16, 32}):
            raise UnsupportedError(
                f"Pictures of {self.bits_allocated} bits a sample cannot be shown."
            )
        if self.samples not in {1, 3} or (self.samples == 3 and self.bits_allocated == 1):
            raise UnsupportedError(
                f"Pictures of {self.samples} samples a pixel, {self.bits_allocated} bits each "
                f"({self.photometric}), cannot be shown."
            )
        if self.pixels * self.samples * max(8, self.bits_allocated) // 8 > LARGEST_FRAME:
            raise UnsupportedError(
                f"The picture of {self.columns} x {self.rows} pixels is too large to be shown."
            )


def native_samples(data: bytes | memoryview, layout: PixelFormat, bit: int = 0) -> Samples:
    """Return raw samples of one native frame, little endian.

    Shape (rows, columns) or (rows, columns, 3), before the chroma of 4:2:2 is spread.
    `bit` is where a single-bit frame starts in its first byte.
    """
    if layout.bits_allocated == 1:
        bits = np.unpackbits(np.frombuffer(data, np.uint8), bitorder="little")
        return bits[bit : bit + layout.pixels].reshape(layout.rows, layout.columns)
    flat = np.frombuffer(data, layout.raw_dtype, count=layout.native_samples)
    if layout.samples == 1:
        return flat.reshape(layout.rows, layout.columns)
    if layout.planar:
        planes = flat.reshape(layout.samples, layout.rows, layout.columns)
        return np.moveaxis(planes, 0, -1)
    if layout.photometric in HALF_CHROMA:
        return spread_chroma(flat.reshape(layout.rows, -1, 4))[:, : layout.columns]
    return flat.reshape(layout.rows, layout.columns, layout.samples)


def spread_chroma(pairs: Samples) -> Samples:
    """Return YCbCr pixels (rows, 2 n, 3) of 4:2:2 data Y Y Cb Cr, shape (rows, n, 4)."""
    rows, count, _ = pairs.shape
    spread = np.empty((rows, count, 2, 3), pairs.dtype)
    spread[..., 0] = pairs[..., :2]
    spread[..., 1:] = pairs[:, :, np.newaxis, 2:]
    return spread.reshape(rows, 2 * count, 3)


def pixel_values(raw: Samples, precision: int, layout: PixelFormat) -> Samples:
    """Return pixel values of decoded samples of `precision` bits: overlay bits gone, sign extended.

    Native and RLE samples have a precision of Bits Allocated. Codecs give unsigned numbers for
    signed data (JPEG, JPEG-LS) or signed ones of their own (JPEG 2000); the sign bit is the highest
    that both the stream and Bits Stored have. Grey results have the type `layout.dtype`.
    """
    if raw.dtype.kind == "f" or layout.bits_allocated == 1:
        return raw
    size = max(8, layout.bits_allocated)
    if raw.dtype.kind == "i" and layout.signed and precision <= layout.bits_stored:
        return raw.astype(f"<i{size // 8}", copy=False)
    unsigned = raw.view(raw.dtype.str.replace("i", "u")).astype(f"<u{size // 8}", copy=False)
    bits = min(precision, layout.bits_stored)
    below = max(0, layout.high_bit + 1 - layout.bits_stored) if precision > layout.high_bit else 0
    return _cut(unsigned, below, size - bits - below, signed=layout.signed)


def _cut(raw: Samples, below: int, above: int, *, signed: bool) -> Samples:
    """Drop `below` low and `above` high bits, keeping the sign of what is left."""
    values: Samples = raw.view(raw.dtype.str.replace("u", "i")) if signed else raw
    if above and not signed and not below:
        return np.bitwise_and(values, (1 << (8 * values.itemsize - above)) - 1)
    if above:
        values = values << above
    return values >> (below + above) if below + above else values
