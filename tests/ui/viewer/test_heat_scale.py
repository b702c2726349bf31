"""The scale of a map stands between the words of the corners; letters stand clear of badges."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QPainter

from xray_studio.core.corner_text import CornerText
from xray_studio.ui.viewer.heat_paint import paint_scale, room_of
from xray_studio.ui.viewer.layer import Scale
from xray_studio.ui.viewer.stamps import Sheet, Stamps, line_height

SCALE = Scale(("Unlike normal films", "score"), "0", "1", np.full((9, 3), 200, np.uint8))


def painted(height: int, text: CornerText) -> np.ndarray:
    """Return the rows of a viewport on which a scale is painted."""
    image = QImage(360, height, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.black)
    painter = QPainter(image)
    room = room_of(text, height)
    paint_scale(Sheet(painter, Stamps(), QSize(360, height), 1.0), SCALE, room)
    painter.end()
    pixels = np.frombuffer(image.constBits(), np.uint32).reshape(height, 360) & 0xFFFFFF
    return np.flatnonzero(pixels.any(axis=1))


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("height", [240, 260, 320, 480, 900])
@pytest.mark.parametrize("lines", [0, 3, 6])
def test_a_scale_lies_over_no_corner_text(height: int, lines: int) -> None:
    """It moves, gets shorter, and goes where there is no room."""
    text = CornerText(top_right=("Hospital",) * lines, bottom_right=("Frame",) * lines)
    rows = painted(height, text)
    taken = lines * line_height() + 12
    if not len(rows):
        assert height - 2 * taken < 140
        return
    assert rows[0] >= taken
    assert rows[-1] < height - taken


@pytest.mark.usefixtures("qapp")
def test_a_scale_stands_in_the_middle_where_it_can() -> None:
    """With and without words in the corners."""
    assert np.array_equal(painted(900, CornerText()), painted(900, CornerText(top_right=("A",))))
