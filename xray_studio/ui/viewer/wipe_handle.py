"""Wipe handle: the border between the picture as it is and what was made of it, on the right."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen

from xray_studio.ui.look.theme import CAPTION, font
from xray_studio.ui.look.tokens import DARK
from xray_studio.ui.session import Session
from xray_studio.ui.step_state import Compared, is_processed
from xray_studio.ui.viewer.step_commands import can_compare
from xray_studio.ui.volume.over import name_of, wipes

NEAR = 10  # logical pixels on both sides in which the pointer takes the handle
KNOB = QSize(20, 36)
LEFT, PROCESSED, OVERLAID = "Original", "Processed", "AI draft"


class WipeHandle:
    """Takes the mouse near the border and moves it; paints the border with its names."""

    def __init__(self, session: Session, width: Callable[[], int]) -> None:
        self._session, self._width = session, width
        self._held = False

    @property
    def shown(self) -> bool:
        """Whether there is a border."""
        state = self._session.state
        return wipes(state) or (state.view.compared is Compared.WIPE and can_compare(state))

    @property
    def place(self) -> float:
        """Where the border is, in logical pixels from the left."""
        return self._session.view.wipe * self._width()

    def is_near(self, point: QPointF) -> bool:
        """Tell whether the handle is at a point."""
        return self.shown and abs(point.x() - self.place) <= NEAR

    def press(self, point: QPointF) -> bool:
        """Take the handle, if it is there."""
        self._held = self.is_near(point)
        return self._held

    def move(self, point: QPointF) -> bool:
        """Move the border with the pointer."""
        if self._held:
            part = point.x() / max(1, self._width())
            self._session.update_view(wipe=min(max(0.0, part), 1.0))
        return self._held

    def release(self) -> bool:
        """Let the handle go."""
        held, self._held = self._held, False
        return held

    def paint(self, painter: QPainter, size: QSize) -> None:
        """Paint border, knob and what lies on either side."""
        if not self.shown:
            return
        x = round(self.place) + 0.5
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for pen in (QPen(QColor(0, 0, 0, 170), 4), QPen(QColor(DARK.text), 1.5)):
            painter.setPen(pen)
            painter.drawLine(QPointF(x, 0), QPointF(x, size.height()))
        self._paint_knob(painter, x, size.height() / 2)
        self._paint_names(painter, x, size)
        painter.restore()

    @property
    def names(self) -> tuple[str, str]:
        """What lies on the left of the border, and on its right."""
        look = self._session.state.volume
        if wipes(self._session.state) and look is not None and look.over is not None:
            return name_of(look.volume), look.over.name
        return LEFT, PROCESSED if is_processed(self._session.view) else OVERLAID

    def _paint_knob(self, painter: QPainter, x: float, middle: float) -> None:
        knob = QRectF(0, 0, KNOB.width(), KNOB.height())
        knob.moveCenter(QPointF(x, middle))
        painter.setPen(QPen(QColor(0, 0, 0, 170), 1))
        painter.setBrush(QColor(DARK.accent_fill if self._held else DARK.text))
        painter.drawRoundedRect(knob, 8, 8)
        painter.setPen(QPen(QColor(DARK.text if self._held else DARK.panel), 1.5))
        for off in (-3, 3):
            painter.drawLine(QPointF(x + off, middle - 7), QPointF(x + off, middle + 7))

    def _paint_names(self, painter: QPainter, x: float, size: QSize) -> None:
        painter.setFont(font(CAPTION, QFont.Weight.Medium))
        metrics = painter.fontMetrics()
        height, gap = metrics.height() + 4, 16.0
        for name, left in zip(self.names, (True, False), strict=True):
            width = metrics.horizontalAdvance(name) + 16
            start = x - gap - width if left else x + gap
            if start < 4 or start + width > size.width() - 4:
                continue
            pill = QRectF(start, size.height() / 2 - height / 2, width, height)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(0, 0, 0, 170))
            painter.drawRoundedRect(pill, height / 2, height / 2)
            painter.setPen(QColor(DARK.text))
            painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, name)
