"""Pictures beside one another on black, each with a caption above it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from xray_studio.core.region import Region
from xray_studio.imaging.stamps import edge, line_height, shortened, words

Picture = npt.NDArray[np.uint8]
_PART: Final = 36  # captions would fill the height of a picture
_SMALLEST, _LARGEST = 9, 48  # pixels


def letter_size(rows: int) -> int:
    """Return the size of captions over pictures of a height, in pixels."""
    return min(max(rows // _PART, _SMALLEST), _LARGEST)


def strip_height(rows: int) -> int:
    """Return the rows that captions over pictures of a height take."""
    return line_height(letter_size(rows)) + 2 * edge(letter_size(rows))


class Mosaic:
    """Puts pictures into places of one whole; captions are drawn once.

    `places` are regions of the whole (rows, columns), `captions` one for each of them or none.
    """

    def __init__(
        self,
        places: Sequence[Region],
        whole: tuple[int, int],
        captions: Sequence[str],
        strip: int,
        *,
        colour: bool,
    ) -> None:
        self._places, self._colour = places, colour
        self._ground = np.zeros((*whole, 3) if colour else whole, np.uint8)
        size = letter_size(max(place.height for place in places))
        for place, caption in zip(places, captions, strict=False):
            self._write(place, caption, strip, size)

    def _write(self, place: Region, caption: str, strip: int, size: int) -> None:
        plain = "".join(letter if letter.isprintable() else " " for letter in caption)
        shown = shortened(plain, size, place.width - 2 * edge(size))
        if shown:
            words(shown, size).press(self._ground, max(0, place.y - strip), place.x)

    def put_together(self, pictures: Sequence[Picture]) -> Picture:
        """Return one picture: uint8 (rows, columns), or RGB."""
        made = self._ground.copy()
        for place, picture in zip(self._places, pictures, strict=True):
            under = made[place.y : place.bottom, place.x : place.right]
            under[:] = picture[..., None] if self._colour and picture.ndim == 2 else picture
        return made
