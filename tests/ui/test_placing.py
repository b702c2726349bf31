"""Where the window goes when nothing is remembered of it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect

from xray_studio.ui.placing import SIZE, first_place


@pytest.mark.parametrize("size", [(1366, 768), (1600, 1000), (1920, 1080), (3840, 2160)])
def test_the_window_and_its_frame_fit_the_screen(size: tuple[int, int]) -> None:
    screen = QRect(100, 30, *size)
    place = first_place(screen)
    assert screen.contains(place.adjusted(0, -37, 0, 8))
    assert abs((place.center() - screen.center()).manhattanLength()) <= 1
    assert place.width() == min(SIZE[0], size[0])
