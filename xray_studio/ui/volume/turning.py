"""Turning: what a drag over a rendering does that it does over no other picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Qt

from xray_studio.ui.session import Session
from xray_studio.ui.view import View
from xray_studio.ui.volume.rendering_commands import RenderingCommands

HALF_TURN: Final = 180.0  # degrees that a drag as long as the shorter side turns by
STEP: Final = 15.0  # degrees that a key turns by
KEYS: Final = {
    Qt.Key.Key_Left: (-STEP, 0.0),
    Qt.Key.Key_Right: (STEP, 0.0),
    Qt.Key.Key_Up: (0.0, STEP),
    Qt.Key.Key_Down: (0.0, -STEP),
}


@dataclass(slots=True)
class TurnDrag:
    """What is seen follows the pointer round the middle of the volume."""

    session: Session
    x: float
    y: float

    def move(self, x: float, y: float) -> None:
        """Follow the pointer."""
        degrees = HALF_TURN / shorter_side(self.session.view)
        RenderingCommands(self.session).turn((x - self.x) * degrees, (self.y - y) * degrees)
        self.x, self.y = x, y


def shorter_side(view: View) -> float:
    """Return the shorter side of a rendering on screen, in device pixels."""
    clip = view.clip
    return 1.0 if clip is None else max(1.0, min(clip.rows, clip.columns) * view.fit)
