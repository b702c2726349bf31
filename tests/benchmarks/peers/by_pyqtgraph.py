"""pyqtgraph's ImageView with a stack in memory."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pyqtgraph as pg
from PyQt6.QtCore import QTimer
from viewing import CENTRE, SIZE, WIDTH, stack


class Shown:
    """An ImageView in its usual setting, rows first."""

    qt = "PyQt6.QtCore"

    def __init__(self) -> None:
        pg.setConfigOptions(imageAxisOrder="row-major")
        self.app = pg.mkQApp()
        self.drawn: Callable[[], None] = lambda: None
        self.view = pg.ImageView()
        self.view.resize(*SIZE)
        self.view.show()
        paint = self.view.imageItem.paint

        def painted(*args: Any) -> None:
            paint(*args)
            self.drawn()

        self.view.imageItem.paint = painted

    def show(self, path: str) -> None:
        """Read the whole file and show it."""
        levels = (CENTRE - WIDTH / 2, CENTRE + WIDTH / 2)
        self.view.setImage(stack(path), autoLevels=False, levels=levels)

    def play(self, rate: float) -> None:
        """Play by the view's own clock; it stops at the end, so a loop begins anew."""
        self.view.play(rate)
        if rate:
            self.view.sigTimeChanged.connect(self._again)

    def _again(self) -> None:
        if self.view.currentIndex >= self.view.nframes() - 1:
            QTimer.singleShot(0, lambda: (self.view.setCurrentIndex(0), self.view.play(60.0)))

    def frame(self) -> int:
        """Return the frame on screen."""
        return int(self.view.currentIndex)

    def window(self, low: float, high: float) -> None:
        """Set the levels."""
        self.view.setLevels(low, high)

    def ready(self) -> bool:
        """Tell that the stack is in memory."""
        return True

    def run(self, work: Callable[[], None]) -> None:
        """Run the work, which runs the event loop as far as it needs it."""
        work()
