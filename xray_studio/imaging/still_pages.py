"""Pages of a picture file as arrays: grey kept at its depth, everything else as RGB.

Runs in worker processes, since readers of pictures do crash and eat memory on damaged files.
"""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageOps, UnidentifiedImageError

from xray_studio.core.archive import on_disk
from xray_studio.core.errors import StudioError, UnreadableError, UnsupportedError

Array = npt.NDArray[Any]

FORMATS = ("PNG", "JPEG", "TIFF", "WEBP", "BMP", "DIB", "GIF", "PPM")
_WITH_ALPHA = frozenset(("RGBA", "RGBa", "PA", "LA", "La"))
_kept: dict[tuple[str, int, int], tuple[contextlib.ExitStack, Image.Image]] = {}


@dataclass(frozen=True, slots=True)
class Layout:
    """How the pages of one file become arrays.

    `deep` is the type of grey of more than 8 bits ("" for the rest), `maximum` the largest value
    that a portable grey map declares; `keep` leaves the file open for its next page.
    """

    colour: bool
    deep: str = ""
    maximum: int = 65_535
    keep: bool = False


def read_page(path: str, page: int, layout: Layout) -> Array:
    """Return one page (from 0) as grey (rows, columns) or RGB uint8 (rows, columns, 3).

    Raises UnreadableError when it is damaged.
    """
    with reading():
        if layout.keep:
            return to_array(_kept_open(path, page), page, layout)
        with opened(path) as image:
            return to_array(image, page, layout)


@contextlib.contextmanager
def opened(path: str) -> Iterator[Image.Image]:
    """Open a picture file.

    Pillow is given an open file, since it reads turned TIFF pages wrongly where it maps a file
    into memory itself.
    """
    with Path(on_disk(path)).open("rb") as file, Image.open(file, formats=FORMATS) as image:
        yield image


def _kept_open(path: str, page: int) -> Image.Image:
    """Return the file that was left open, opened anew to go back: Pillow cannot rewind them all."""
    status = Path(on_disk(path)).stat()
    key = (path, status.st_mtime_ns, status.st_size)
    if key not in _kept or page < _kept[key][1].tell():
        close_kept()
        stack = contextlib.ExitStack()
        _kept[key] = (stack, stack.enter_context(opened(path)))
    return _kept[key][1]


def close_kept() -> None:
    """Close the file that was left open for its next page."""
    while _kept:
        _kept.popitem()[1][0].close()


@contextlib.contextmanager
def reading() -> Iterator[None]:
    """Tell what goes wrong in a reader as a sentence."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            yield
    except (StudioError, MemoryError):
        raise
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        limit = (Image.MAX_IMAGE_PIXELS or 0) // 1_000_000
        raise UnsupportedError(
            f"The picture has more than {limit} million pixels, too many to open."
        ) from None
    except FileNotFoundError:
        raise UnreadableError("The file does not exist.") from None
    except UnidentifiedImageError:
        raise UnreadableError("This is not a picture that can be read, or it is damaged.") from None
    except Exception as error:  # readers raise anything on damaged data
        raise UnreadableError("The picture is damaged or cut short.") from error


def to_array(image: Image.Image, page: int, layout: Layout) -> Array:
    """Return a page of an open picture, turned as its EXIF orientation asks, contiguous."""
    image.seek(page)
    image.load()
    upright = ImageOps.exif_transpose(image)
    if layout.deep:
        return _deep(np.asarray(upright), layout)
    shown = _flattened(upright).convert("RGB" if layout.colour else "L")
    return np.array(shown, dtype=np.uint8)


def is_deep(image: Image.Image) -> bool:
    """Tell whether a grey picture has more than 8 bits."""
    return image.mode.startswith(("I", "F"))


def _deep(values: Array, layout: Layout) -> Array:
    if layout.maximum < 65_535:
        # Pillow stretches portable grey maps to 65,535; the numbers in the file are given back.
        values = np.rint(values * (layout.maximum / 65_535))
    return np.array(values, dtype=layout.deep, order="C")


def _flattened(image: Image.Image) -> Image.Image:
    """Return a picture without transparency, over black as viewports are."""
    if image.mode not in _WITH_ALPHA and "transparency" not in image.info:
        return image
    whole = image.convert("RGBA")
    black = Image.new("RGBA", whole.size, (0, 0, 0, 255))
    return Image.alpha_composite(black, whole)
