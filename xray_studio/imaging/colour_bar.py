"""What the colours of a picture stand for, drawn beside the letters of its right edge."""

from __future__ import annotations

from typing import Final

import numpy as np

from xray_studio.core.legend import Legend
from xray_studio.core.output import Picture
from xray_studio.imaging.fusion import coloured
from xray_studio.imaging.stamps import edge, line_height, words

_LETTERS: Final = 46  # lines that would fill the height of a picture, as those of corner text
_SMALLEST: Final = 7  # pixels; smaller letters cannot be read
_LEAST: Final = 100  # rows of a picture; smaller ones have no room


def draw_colour_bar(picture: Picture, shown: Legend) -> None:
    """Draw a bar of colours between the values at its ends into a writable RGB picture, in place.

    Pictures of less than 100 rows are left as they are.
    """
    rows, columns = picture.shape[:2]
    if rows < _LEAST:
        return
    size = max(_SMALLEST, round(rows / _LETTERS))
    margin, width, height = round(2.8 * size), max(4, size // 2), rows // 3
    top, left = (rows - height) // 2, columns - margin - width
    steps = np.rint(np.linspace(255.0, 0.0, height)).astype(np.uint8)[:, None]
    bar = np.repeat(steps, width, axis=1)
    picture[top : top + height, left : left + width] = coloured(bar, shown.colour_map)
    line, border = line_height(size), edge(size)
    above = f"{shown.top} {shown.unit}".rstrip()
    for text, at in ((above, top - line - border), (shown.foot, top + height)):
        stamp = words(text, size)
        stamp.press(picture, max(0, at), max(0, columns - margin + border - stamp.width))
