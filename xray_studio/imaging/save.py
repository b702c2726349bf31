"""Pictures of 8 bits into files, PNG, JPEG, TIFF and BMP; grey ones of 16 into PNG and TIFF."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
import numpy.typing as npt

from xray_studio.core.errors import UsageError
from xray_studio.core.output import DeepPicture, Quality

DEEP_SUFFIXES: Final = frozenset((".png", ".tif", ".tiff"))
LOSSLESS_SUFFIXES: Final = frozenset((".png", ".tif", ".tiff", ".bmp"))
JPEG_SUFFIXES: Final = frozenset((".jpg", ".jpeg"))
SUFFIXES: Final = LOSSLESS_SUFFIXES | JPEG_SUFFIXES

JPEG_QUALITY: Final = {Quality.LOW: 75, Quality.MEDIUM: 92, Quality.HIGH: 98}


def encoded(picture: DeepPicture, suffix: str, quality: Quality = Quality.MEDIUM) -> bytes:
    """Return a picture (rows, columns) or RGB (rows, columns, 3) as the file `suffix` names.

    PNG, TIFF and BMP lose nothing whatever the quality. Raises UsageError for a lossless JPEG, and
    for 16 bits where the kind of file has 8.
    """
    suffix = suffix.lower()
    options: list[int] = []
    if picture.dtype == np.uint16 and suffix not in DEEP_SUFFIXES:
        raise UsageError(f"A {suffix} file has 8 bits; choose .png or .tiff for 16.")
    if suffix in JPEG_SUFFIXES:
        if quality is Quality.LOSSLESS:
            raise UsageError("A .jpg file cannot be lossless; choose .png or .tiff.")
        options = [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY[quality]]
    done, data = cv2.imencode(suffix, _as_opencv(picture), options)
    assert done, "OpenCV encodes every such picture"
    return data.tobytes()


def save(path: Path, picture: DeepPicture, suffix: str, quality: Quality = Quality.MEDIUM) -> None:
    """Write a picture to a path of any name. Raises OSError, and UsageError as `encoded`."""
    path.write_bytes(encoded(picture, suffix, quality))


def load(path: Path) -> DeepPicture:
    """Return a picture as it stands in a file that this program wrote.

    Raises OSError when it cannot be read.
    """
    try:
        return decoded(path.read_bytes())
    except OSError as error:
        raise OSError(f"{path.name}: {error}") from error


def decoded(data: bytes) -> DeepPicture:
    """Return the picture that the bytes of a file hold. Raises OSError where they hold none."""
    values = np.frombuffer(data, dtype=np.uint8)
    picture = cv2.imdecode(values, cv2.IMREAD_UNCHANGED) if values.size else None
    if picture is None:
        raise OSError("it holds no picture")
    return _as_opencv(picture)


def _as_opencv(picture: npt.NDArray[Any]) -> DeepPicture:
    """Swap RGB and OpenCV's BGR; grey stays as it is."""
    turned = picture[..., ::-1] if picture.ndim == 3 else picture
    return np.ascontiguousarray(turned)
