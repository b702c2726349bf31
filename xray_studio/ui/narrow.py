"""Narrow windows: the side panel gives way to the picture, and comes back with the room."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget

NARROW = 1000  # logical pixels: below, browser and side panel leave a picture too little
SMALL = QSize(1000, 600)  # a screen on which both at once are too much from the start


class Narrow:
    """Hides a panel while the window is narrow; a person can show it all the same."""

    def __init__(self, panel: QWidget) -> None:
        self._panel = panel
        self._width = 0
        self._put_away = False

    def begin(self, screen: QSize) -> None:
        """Put the panel away at the first start on a small screen."""
        if screen.width() < SMALL.width() and screen.height() < SMALL.height():
            self._put_away = not self._panel.isHidden()
            self._panel.hide()

    def fit(self, width: int) -> None:
        """Follow the width of the window."""
        before, self._width = self._width, width
        if before >= NARROW > width and not self._panel.isHidden():
            self._put_away = True
            self._panel.hide()
        elif before < NARROW <= width and self._put_away:
            self._put_away = False
            self._panel.show()
