"""Orientation letters leave room for what stands at their edge."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QSize
from PySide6.QtGui import QImage, QPainter
from pytestqt.qtbot import QtBot

from xray_studio.core.orientation import Orientation
from xray_studio.ui.viewer.legend_paint import BESIDE, WIDTH
from xray_studio.ui.viewer.orientation_paint import Clear, paint_letters
from xray_studio.ui.viewer.stamps import Sheet, Stamps


def last_inked_column(clear: Clear) -> int:
    image = QImage(400, 300, QImage.Format.Format_Grayscale8)
    image.fill(0)
    painter = QPainter(image)
    paint_letters(Sheet(painter, Stamps(), QSize(400, 300), 1.0), Orientation(right="PF"), clear)
    painter.end()
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(300, -1)[:, :400]
    return int(np.flatnonzero((rows > 100).any(axis=0)).max())


def test_a_legend_moves_the_right_letter_inwards(qtbot: QtBot) -> None:
    assert qtbot
    moved = last_inked_column(Clear()) - last_inked_column(Clear(right=BESIDE))
    assert moved == BESIDE - Clear().right
    assert moved > WIDTH
