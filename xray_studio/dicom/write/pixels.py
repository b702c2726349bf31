"""Pixel Data of grey frames (PS3.3 C.7.6.3), as they are or in JPEG Lossless (PS3.5 8.2.1, A.4)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom import Dataset
from pydicom.encaps import encapsulate

from xray_studio.dicom.pixels.encoders import Given, jpeg_lossless

Frames = NDArray[np.generic]


def grey_pixels(frames: Frames, bits_stored: int, photometric: str = "MONOCHROME2") -> Dataset:
    """Return the Image Pixel module of `frames` (n, rows, columns), 8 or 16 bits, unsigned."""
    part = Dataset()
    part.SamplesPerPixel = 1
    part.PhotometricInterpretation = photometric
    part.Rows, part.Columns = frames.shape[1:]
    part.BitsAllocated = 8 * frames.dtype.itemsize
    part.BitsStored, part.HighBit = bits_stored, bits_stored - 1
    part.PixelRepresentation = 0
    stored: NDArray[Any] = frames.astype(frames.dtype.newbyteorder("<"), copy=False)
    part.PixelData = stored.tobytes()
    part["PixelData"].VR = "OW"
    return part


def compress(part: Dataset, frames: Frames, bits_stored: int) -> None:
    """Replace the Pixel Data of `frames` by JPEG Lossless, selection value 1, one item a frame."""
    given = Given(bits_stored, part.PhotometricInterpretation)
    part.PixelData = encapsulate([jpeg_lossless(frame, given) for frame in frames])
    part["PixelData"].VR = "OB"
    part["PixelData"].is_undefined_length = True
