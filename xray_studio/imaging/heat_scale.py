"""The scale of a map of scores, drawn at the right edge of a picture."""

from __future__ import annotations

from typing import Final

import numpy as np

from xray_studio.core.learning.heat_colours import shades
from xray_studio.core.output import Picture
from xray_studio.imaging.stamps import INK, edge, line_height, words

_LETTERS: Final = 46  # lines that would fill the height of a picture, as those of corner text
_SMALLEST: Final = 7  # pixels; smaller letters cannot be read


def draw_scale(picture: Picture, colour_map: str, threshold: float) -> None:
    """Draw the colours of scores from 0 to 1, with a line at the threshold, into RGB in place."""
    rows, columns = picture.shape[:2]
    size = max(_SMALLEST, round(rows / _LETTERS))
    margin, width, height = round(0.8 * size), max(4, size // 2), rows // 3
    top, left = (rows - height) // 2, columns - margin - width
    steps = np.linspace(1.0, 0.0, height, dtype=np.float32)
    picture[top : top + height, left : left + width] = shades(steps, colour_map)[:, None]
    line, border = line_height(size), edge(size)
    at = top + round((1.0 - threshold) * (height - 1))
    thick = max(1, size // 8)
    picture[at : at + thick, left - width : left + width] = INK
    right = columns - margin + border
    for text, above, end in (
        ("1", top - line - border, right),
        ("0", top + height, right),
        (f"threshold {threshold:.2f}", at - line // 2 - border, left - width),
    ):
        stamp = words(text, size)
        stamp.press(picture, max(0, above), max(0, end - stamp.width))
