"""Icon label: one icon that follows the theme and the resolution of the screen."""

from __future__ import annotations

from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from xray_studio.ui.look.icons import shade, tinted


class IconLabel(QWidget):
    """Paints an icon of `size` logical pixels in the colour of a token."""

    def __init__(self, size: int, token: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._token, self._size, self._name = token, size, ""
        self.setFixedSize(size, size)

    def show_icon(self, name: str) -> None:
        """Show another icon."""
        self._name = name
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the icon."""
        if not self._name:
            return
        painter = QPainter(self)
        ratio = self.devicePixelRatioF()
        painter.drawPixmap(0, 0, tinted(self._name, shade(self._token), self._size, ratio))
        painter.end()
