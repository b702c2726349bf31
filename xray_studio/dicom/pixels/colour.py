"""Colour of stored frames as RGB (PS3.3 C.7.6.3.1.2): YCbCr, palettes, more than 8 bits."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from xray_studio.core.errors import UnsupportedError
from xray_studio.dicom.pixels.pixel_format import PixelFormat, Samples

Rgb = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Palette:
    """A colour palette: `first` is the first stored value mapped, `entries` RGB bytes."""

    first: int
    entries: bytes

    def apply(self, values: Samples) -> Rgb:
        """Return RGB of stored values (rows, columns); values outside give the nearest end."""
        table = np.frombuffer(self.entries, np.uint8).reshape(-1, 3)
        index = np.clip(values.astype(np.int64) - self.first, 0, len(table) - 1)
        return np.take(table, index, axis=0)


def to_rgb(samples: Samples, photometric: str, bits: int) -> Rgb:
    """Return RGB of colour samples (rows, columns, 3) of `bits` bits, as Photometric says.

    Raises UnsupportedError for colour models without a rule here.
    """
    eight = reduce_to_eight(samples, bits)
    if photometric in {"RGB", "YBR_RCT", "YBR_ICT"}:
        # Codecs undo the reversible and irreversible transforms of JPEG 2000 themselves.
        return eight
    if photometric in {"YBR_FULL", "YBR_FULL_422"}:
        return full_to_rgb(eight)
    if photometric in {"YBR_PARTIAL_422", "YBR_PARTIAL_420"}:
        return partial_to_rgb(eight)
    raise UnsupportedError(f"The colour model {photometric} cannot be shown.")


def reduce_to_eight(samples: Samples, bits: int) -> Rgb:
    """Return samples of `bits` bits as 8-bit samples."""
    if bits > 8:
        return (samples >> (bits - 8)).astype(np.uint8)
    eight = samples.astype(np.uint8, copy=False)
    return (
        eight
        if bits in {1, 8}
        else (eight.astype(np.uint16) * 255 // ((1 << bits) - 1)).astype(np.uint8)
    )


def full_to_rgb(ybr: Rgb) -> Rgb:
    """Return RGB of YBR_FULL, the full-range CCIR 601 colours of JPEG."""
    return _convert(ybr, 1.0, 0.0, (1.402, -0.714136, -0.344136, 1.772))


def partial_to_rgb(ybr: Rgb) -> Rgb:
    """Return RGB of YBR_PARTIAL (retired): luminance 16 to 235, chrominance 16 to 240."""
    return _convert(ybr, 255 / 219, 16.0, (1.596027, -0.812968, -0.391762, 2.017232))


def _convert(
    ybr: Rgb, gain: float, black: float, factors: tuple[float, float, float, float]
) -> Rgb:
    red_cr, green_cr, green_cb, blue_cb = factors
    light = (ybr[..., 0].astype(np.float32) - black) * gain + 0.5
    blue, red = (ybr[..., i].astype(np.float32) - 128.0 for i in (1, 2))
    rgb = np.empty(ybr.shape, np.uint8)
    rgb[..., 0] = np.clip(light + red_cr * red, 0, 255)
    rgb[..., 1] = np.clip(light + green_cr * red + green_cb * blue, 0, 255)
    rgb[..., 2] = np.clip(light + blue_cb * blue, 0, 255)
    return rgb


def shown_frame(
    values: Samples, layout: PixelFormat, palette: Palette | None, colour: str, bits: int
) -> Samples:
    """Return a frame ready for a clip, contiguous and read-only, from pixel values.

    `colour` is the photometric interpretation of what was decoded, `bits` its depth.
    """
    if palette is not None:
        values = palette.apply(values)
    elif layout.samples == 3:
        values = to_rgb(values, colour, bits)
    frame = np.ascontiguousarray(values)
    frame.flags.writeable = False
    return frame
