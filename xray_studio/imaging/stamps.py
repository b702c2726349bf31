"""Stamps: words drawn once with Pillow, then blended onto many frames with a little arithmetic."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeAlias

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont, features

from xray_studio.core.resources import resource

Picture: TypeAlias = npt.NDArray[np.uint8]
Colour: TypeAlias = tuple[int, int, int]
Alpha: TypeAlias = npt.NDArray[np.float32]

INK: Colour = (0xE6, 0xEA, 0xF0)
PILL: Colour = (0x3A, 0x46, 0x56)
AI_INK: Colour = (0x11, 0x16, 0x1D)
AI_PILL: Colour = (0xF2, 0xB8, 0x4B)
ELLIPSIS = "…"
_FINE = 4  # times larger are words drawn than shown
_EDGE = 0.95  # how far the edge of words darkens what is under it


@dataclass(frozen=True, slots=True)
class Stamp:
    """A picture to lay over another: out = (under * keep + add) / 256, in 16-bit integers.

    `keep` has shape (rows, columns), `add` (rows, columns, 3).
    """

    keep: npt.NDArray[np.uint16]
    add: npt.NDArray[np.uint16]

    @property
    def width(self) -> int:
        """Columns."""
        return int(self.keep.shape[1])

    def press(self, picture: Picture, top: int, left: int) -> None:
        """Blend onto a grey or RGB picture in place; what lies outside is left out.

        Grey pictures can have 16 bits as well.
        """
        if picture.dtype == np.uint16:
            self._press_deep(picture, top, left)
            return
        rows, columns = self.keep.shape
        under = picture[top : top + rows, left : left + columns]
        keep, add = self.keep[: under.shape[0], : under.shape[1]], self.add
        if picture.ndim == 2:
            grey = add[: under.shape[0], : under.shape[1], 1]
            under[...] = (under * keep + grey) >> 8
        else:
            under[...] = (under * keep[..., None] + add[: under.shape[0], : under.shape[1]]) >> 8

    def _press_deep(self, picture: npt.NDArray[Any], top: int, left: int) -> None:
        """Blend onto a grey picture of 16 bits in place."""
        rows, columns = self.keep.shape
        under = picture[top : top + rows, left : left + columns]
        keep = self.keep[: under.shape[0], : under.shape[1]].astype(np.uint32)
        grey = self.add[: under.shape[0], : under.shape[1], 1].astype(np.uint32) * 257
        under[...] = (under * keep + grey) >> 8


@lru_cache(maxsize=16)
def _font(size: int, weight: str) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(resource(f"fonts/Inter-{weight}.otf")), size)


@lru_cache(maxsize=1)
def _figures() -> list[str] | None:
    """Return the font feature for figures of equal width, where the text layout has it."""
    return ["tnum"] if features.check("raqm") else None


def line_height(size: int) -> int:
    """Return the pixels from one line to the next."""
    return round(size * 1.4)


@lru_cache(maxsize=512)
def text_width(text: str, size: int, weight: str = "Medium") -> int:
    """Return the width of a line in pixels."""
    return math.ceil(_font(size * _FINE, weight).getlength(text, features=_figures()) / _FINE)


def shortened(text: str, size: int, room: int) -> str:
    """Return a line that fits `room` pixels, its end replaced by an ellipsis where it must be."""
    if text_width(text, size) <= room:
        return text
    kept = next((n for n in range(len(text) - 1, 0, -1) if _fits(text[:n], size, room)), 0)
    return text[:kept].rstrip() + ELLIPSIS if kept else ""


def _fits(text: str, size: int, room: int) -> bool:
    return text_width(text.rstrip() + ELLIPSIS, size) <= room


def edge(size: int) -> int:
    """Return the pixels that stand round words for their dark edge."""
    return max(1, round(size / 8))


@lru_cache(maxsize=256)
def words(text: str, size: int, colour: Colour = INK) -> Stamp:
    """Return a line of text in a colour with a soft dark edge, `edge(size)` wider on every side."""
    margin = edge(size)
    shape = (text_width(text, size) + 2 * margin, line_height(size) + 2 * margin)
    ink = _drawn(text, size, "Medium", shape, margin)
    return stamp_of(ink, _edged(ink, margin), colour, (0, 0, 0))


def _edged(ink: Alpha, margin: int) -> Alpha:
    """Return words made wider by `margin` pixels and softened."""
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * margin + 1, 2 * margin + 1))
    shadow = cv2.GaussianBlur(cv2.dilate(ink, disc), (0, 0), 0.45 * margin)
    return (_EDGE * shadow).astype(np.float32, copy=False)


@lru_cache(maxsize=64)
def pill(text: str, size: int) -> Stamp:
    """Return a badge: words on a small rounded plate."""
    small = max(6, round(size * 0.9))
    margin = round(small * 0.6)
    shape = (text_width(text, small, "SemiBold") + 2 * margin, line_height(size))
    plate = Image.new("L", (shape[0] * _FINE, shape[1] * _FINE))
    corners = (0, 0, plate.width - 1, plate.height - 1)
    ImageDraw.Draw(plate).rounded_rectangle(corners, _FINE * size // 3, 255)
    ink = _drawn(text, small, "SemiBold", shape, margin)
    colours = (AI_INK, AI_PILL) if text.startswith("AI") else (INK, PILL)
    return stamp_of(ink, _alpha(plate.reduce(_FINE)), *colours)


def _drawn(text: str, size: int, weight: str, shape: tuple[int, int], margin: int) -> Alpha:
    """Return how much of each pixel words cover, 0 to 1; `shape` is (width, height).

    Drawn larger and reduced: letters then stand where they belong, not on whole pixels.
    """
    image = Image.new("L", (shape[0] * _FINE, shape[1] * _FINE))
    ImageDraw.Draw(image).text(
        (margin * _FINE, image.height / 2), text, fill=255, font=_font(size * _FINE, weight),
        anchor="lm", features=_figures(),
    )  # fmt: skip
    return _alpha(image.reduce(_FINE))


def _alpha(image: Image.Image) -> Alpha:
    return np.asarray(image, dtype=np.float32) / np.float32(255)


def stamp_of(ink: Alpha, ground: Alpha, ink_colour: Colour, ground_colour: Colour) -> Stamp:
    """Return words of one colour over a ground of another."""
    over = ink[..., None] * np.array(ink_colour, dtype=np.float32)
    below = ((1 - ink) * ground)[..., None] * np.array(ground_colour, dtype=np.float32)
    keep = np.floor(256 * (1 - ink) * (1 - ground)).astype(np.uint16)
    return Stamp(keep, np.floor(256 * (over + below)).astype(np.uint16))
