"""Picture files as clips: PNG, JPEG, TIFF, WebP, BMP, GIF and portable maps.

Pages of a TIFF and frames of an animation are the clip's frames. Grey pictures keep their depth.
"""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from itertools import accumulate
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from xray_studio.core.archive import on_disk
from xray_studio.core.clip import Acquisition, Clip, Frame
from xray_studio.core.lut import Pixels, Rescale
from xray_studio.core.playback import Timing
from xray_studio.core.workers import Priority, run_apart
from xray_studio.imaging.still_pages import Layout, is_deep, opened, read_page, reading
from xray_studio.imaging.tiff_scale import scale_of

_ANIMATED = frozenset(("GIF", "PNG", "WEBP"))
_REDUCED = 254  # TIFF NewSubfileType: bit 0 marks a smaller version of another page
_BITS_PER_SAMPLE = 258
_PHOTOMETRIC = 262
_RGB = frozenset(("RGB", "RGBA", "RGBX", "P", "PA"))
_SHORTEST = 0.01  # seconds; browsers show frames that claim less, or nothing, for 0.1 s
_USUAL = 0.1


@dataclass(frozen=True, slots=True)
class StillHeader:
    """What a picture file holds.

    `shape` is that of the clip: (frames, rows, columns) or (frames, rows, columns, 3). `pages`
    are the positions of the frames in the file, `delays` their durations in seconds (empty when
    the file tells none). `left_out` counts pages of another size. `profile` is the ICC profile of
    pictures in RGB, `scale` what leads from grey numbers to values.
    """

    shape: tuple[int, ...]
    dtype: str
    pixels: Pixels
    layout: Layout
    pages: tuple[int, ...]
    delays: tuple[float, ...] = ()
    format: str = ""
    lossy: bool = False
    left_out: int = 0
    profile: bytes = b""
    scale: Rescale = field(default_factory=Rescale)


@dataclass(frozen=True, slots=True)
class StillSource:
    """FrameSource over one picture file."""

    path: str
    header: StillHeader

    @property
    def shape(self) -> tuple[int, ...]:
        """(frames, rows, columns), colour (frames, rows, columns, 3)."""
        return self.header.shape

    @property
    def dtype(self) -> np.dtype[Any]:
        """uint8, or for deeper grey uint16, int32 or float32."""
        return np.dtype(self.header.dtype)

    def read(self, index: int) -> Frame:
        """Return frame `index` (from 0). Raises UnreadableError when it is damaged."""
        return self.request(index, Priority.PLAYBACK).result()

    def request(self, index: int, priority: Priority) -> Future[Frame]:
        """Return the frame as a future."""
        page = self.header.pages[index]
        return run_apart(read_page, self.path, page, self.header.layout, priority=priority)


def open_still(path: str) -> Clip:
    """Open a picture file as a clip.

    Raises UnreadableError when it is damaged or no picture, UnsupportedError when it is too large.
    """
    header = run_apart(read_still_header, path).result()
    return Clip(
        StillSource(path, replace(header, profile=b"")),
        _timing(header),
        header.pixels,
        modality=(header.scale,),
        icc_profile=header.profile if len(header.shape) == 4 else b"",
        acquisition=Acquisition(
            lossy=header.lossy,
            transfer_syntax=header.format,
            photometric=_photometric(header),
            warnings=_warnings(header),
        ),
        paths=(path,),
    )


def read_still_header(path: str) -> StillHeader:
    """Return size, depth, pages and delays of a picture file; runs in a worker process.

    The first page is decoded, so a damaged file is told at once. Raises as `open_still`.
    """
    with reading(), opened(path) as image:
        kind = "JPEG" if image.format == "MPO" else image.format or ""
        pages, delays, left_out = _pages(image, kind)
        colour = _is_colour(image, pages)
        image.seek(pages[0])
        deep = _deep_type(image, kind) if is_deep(image) and not colour else ""
        layout = Layout(colour, deep, _maximum(image, kind), keep=len(pages) > 1)
        inverted = bool(deep) and _tag(image, _PHOTOMETRIC) == 0
        profile = _profile(image)
        scale = scale_of(image) if kind == "TIFF" and not colour else Rescale()
        lossy = kind == "JPEG" or (kind == "WEBP" and not _is_lossless_webp(path))
    first = read_page(path, pages[0], layout)
    if colour and len(pages) == 1 and _is_grey(first, 1 if lossy else 0):
        layout = replace(layout, colour=False)
        first = read_page(path, pages[0], layout)
    return StillHeader(
        shape=(len(pages), *first.shape),
        dtype=first.dtype.name,
        pixels=_pixels(first, layout, inverted=inverted),
        layout=layout,
        pages=pages,
        delays=delays,
        format=kind,
        lossy=lossy,
        left_out=left_out,
        profile=profile,
        scale=scale,
    )


def _profile(image: Image.Image) -> bytes:
    """Return the ICC profile of a picture in RGB; that of others is not one of what is shown."""
    found = image.info.get("icc_profile") if image.mode in _RGB else None
    return found if isinstance(found, bytes) else b""


def _pages(image: Image.Image, kind: str) -> tuple[tuple[int, ...], tuple[float, ...], int]:
    """Return the pages that are frames, their delays, and how many pages are left out."""
    count = 1 if kind == "JPEG" else int(getattr(image, "n_frames", 1))
    if count == 1:
        return (0,), (), 0
    if kind in _ANIMATED:
        return tuple(range(count)), _delays(image, count), 0
    alike, other = [], 0
    first = (image.size, image.mode)
    for page in range(count):
        image.seek(page)
        if (_tag(image, _REDUCED) or 0) & 1:
            continue
        if (image.size, image.mode) == first:
            alike.append(page)
        else:
            other += 1
    return tuple(alike) or (0,), (), other


def _delays(image: Image.Image, count: int) -> tuple[float, ...]:
    delays = []
    for page in range(count):
        image.seek(page)
        image.load()
        told = float(image.info.get("duration") or 0.0) / 1000.0
        delays.append(told if told > _SHORTEST else _USUAL)
    return tuple(delays)


def _is_colour(image: Image.Image, pages: tuple[int, ...]) -> bool:
    """Tell whether any frame needs colour; later frames of an animation may."""
    for page in pages[:2]:
        image.seek(page)
        if image.mode not in {"1", "L", "LA", "La"} and not is_deep(image):
            return True
    return False


def _is_grey(picture: Frame, tolerance: int) -> bool:
    """Tell whether an RGB picture holds greys only, as films often do, so that a window fits it.

    Lossy formats keep brightness apart from colour; turned into RGB, a grey is off by 1 at most.
    """
    red, green, blue = (picture[..., channel].astype(np.int16) for channel in range(3))
    return bool(
        (np.abs(red - green) <= tolerance).all() and (np.abs(blue - green) <= tolerance).all()
    )


def _tag(image: Image.Image, tag: int) -> int | None:
    """Return a TIFF tag that is one number, or the first of several."""
    value = getattr(image, "tag_v2", {}).get(tag)
    value = value[0] if isinstance(value, tuple) and value else value
    return value if isinstance(value, int) else None


def _deep_type(image: Image.Image, kind: str) -> str:
    """Return the type that holds a deep grey picture as the file stores it."""
    if kind == "PPM" or image.mode.startswith("I;16"):
        return "uint16"
    if image.mode == "F":
        return "float32"
    return "int16" if _tag(image, _BITS_PER_SAMPLE) == 16 else "int32"


def _maximum(image: Image.Image, kind: str) -> int:
    """Return the largest value of a portable grey map, which its decoder is told."""
    if kind != "PPM" or not is_deep(image):
        return 65_535
    arguments = getattr(image, "tile")[0].args  # noqa: B009 - Pillow's type leaves `tile` out
    return int(arguments[-1]) if isinstance(arguments, tuple) else 65_535


def _pixels(first: Frame, layout: Layout, *, inverted: bool) -> Pixels:
    if first.dtype == np.uint16:
        return Pixels(layout.maximum.bit_length(), inverted=inverted)
    return Pixels(first.dtype.itemsize * 8, signed=first.dtype.kind != "u", inverted=inverted)


def _is_lossless_webp(path: str) -> bool:
    with Path(on_disk(path)).open("rb") as file:
        return b"VP8L" in file.read(1024)


def _timing(header: StillHeader) -> Timing:
    if not header.delays:
        return Timing()
    starts = tuple(accumulate((0.0, *header.delays[:-1])))
    return Timing(len(header.delays) / sum(header.delays), "frame delays", starts)


def _photometric(header: StillHeader) -> str:
    if len(header.shape) == 4:
        return "RGB"
    return "MONOCHROME1" if header.pixels.inverted else "MONOCHROME2"


def _warnings(header: StillHeader) -> tuple[str, ...]:
    if not header.left_out:
        return ()
    return (f"Left out pages of another size or kind: {header.left_out}.",)
