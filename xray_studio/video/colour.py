"""From decoded video frames to grey or RGB arrays, turned as the file asks."""

from __future__ import annotations

from typing import Any

import av
import numpy as np
import numpy.typing as npt
from av.video.reformatter import ColorRange, Colorspace, Interpolation

_GREY_BITS = {
    "gray": 8,
    "gray9le": 9,
    "gray10le": 10,
    "gray12le": 12,
    "gray14le": 14,
    "gray16le": 16,
}
_UNSPECIFIED = 2  # AVCOL_SPC_UNSPECIFIED
_HIGH_DEFINITION = 720
_FLAGS = Interpolation.BICUBIC


def grey_bits(frame: av.VideoFrame) -> int | None:
    """Return the depth of a grey format in bits, None for colour."""
    return _GREY_BITS.get(frame.format.name)


def shown_shape(frame: av.VideoFrame) -> tuple[int, ...]:
    """Return (rows, columns) or (rows, columns, 3) of a frame after turning."""
    size = (frame.height, frame.width)
    size = size[::-1] if frame.rotation % 180 else size
    return size if grey_bits(frame) else (*size, 3)


def to_array(
    frame: av.VideoFrame, shape: tuple[int, ...], *, deep: bool = False
) -> npt.NDArray[Any]:
    """Return a frame as grey (rows, columns), uint8 or uint16, or RGB uint8 (rows, columns, 3).

    `deep` RGB is uint16. A frame of another size than `shape` (streams may change theirs) is scaled
    to it.
    """
    rows, columns = shape[:2][::-1] if frame.rotation % 180 else shape[:2]
    if len(shape) == 2:
        return _turned(_grey(frame, rows, columns), frame.rotation)
    return _turned(_colour(frame, rows, columns, deep=deep), frame.rotation)


def _turned(array: npt.NDArray[Any], degrees: int) -> npt.NDArray[Any]:
    return np.ascontiguousarray(np.rot90(array, round(degrees / 90)))


def _colour(frame: av.VideoFrame, rows: int, columns: int, *, deep: bool) -> npt.NDArray[Any]:
    matrix = frame.colorspace
    if matrix == _UNSPECIFIED:
        high = frame.height >= _HIGH_DEFINITION
        matrix = Colorspace.ITU709 if high else Colorspace.ITU601
    picture = frame.reformat(
        columns,
        rows,
        "rgb48le" if deep else "rgb24",
        src_colorspace=matrix,
        interpolation=_FLAGS,
        dst_color_range=ColorRange.JPEG,
        threads=1,
    )
    return picture.to_ndarray()


def _grey(frame: av.VideoFrame, rows: int, columns: int) -> npt.NDArray[Any]:
    if (frame.height, frame.width) != (rows, columns):
        frame = frame.reformat(columns, rows, interpolation=_FLAGS, threads=1)
    picture = frame.to_ndarray()
    return _full_range(picture) if frame.color_range == ColorRange.MPEG else picture


def _full_range(picture: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Spread luma of 16 to 235 (8 bit; ITU-R BT.709) over 0 to 255; deeper ones likewise."""
    if picture.dtype != np.uint8:
        return picture
    values = (picture.astype(np.float32) - 16.0) * (255.0 / 219.0)
    return np.asarray(np.clip(np.rint(values), 0, 255), dtype=np.uint8)
