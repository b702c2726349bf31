"""napari's viewer with a stack in memory."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import napari
from viewing import CENTRE, SIZE, WIDTH, stack


class Shown:
    """A viewer in its usual setting."""

    qt = "PyQt6.QtCore"

    def __init__(self) -> None:
        self.drawn: Callable[[], None] = lambda: None
        self.viewer = napari.Viewer(show=False)
        window = self.viewer.window
        window.resize(*SIZE)
        window.show()
        self.inner = window._qt_viewer  # there is no other way to its canvas
        self.inner.canvas._scene_canvas.events.draw.connect(self._drawn, position="last")

    def _drawn(self, _event: Any) -> None:
        if self.viewer.layers:
            self.drawn()

    def show(self, path: str) -> None:
        """Read the whole file and show it."""
        limits = (CENTRE - WIDTH / 2, CENTRE + WIDTH / 2)
        self.layer = self.viewer.add_image(stack(path), contrast_limits=limits)
        self.layer.contrast_limits_range = (0, 65535)

    def play(self, rate: float) -> None:
        """Play by the viewer's own clock."""
        if rate:
            self.inner.dims.play(0, fps=rate)
        else:
            self.inner.dims.stop()

    def frame(self) -> int:
        """Return the frame on screen."""
        return int(self.viewer.dims.current_step[0])

    def window(self, low: float, high: float) -> None:
        """Set the contrast limits."""
        self.layer.contrast_limits = (low, high)

    def ready(self) -> bool:
        """Tell that the stack is in memory."""
        return True

    def run(self, work: Callable[[], None]) -> None:
        """Run the work, which runs the event loop as far as it needs it."""
        work()
