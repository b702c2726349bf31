"""Choice row: one line of a list to choose from, with a detail and its key."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from xray_studio.ui.look.theme import CAPTION, colour, font, px, tokens
from xray_studio.ui.widgets.hint import hint, show_key

HEIGHT = 30
INSET = 8
KEY_SIDE = 20
SWATCH = 12
ROUND = 6


def detail_end() -> int:
    """Return the pixels from the right edge of a row to the end of its detail."""
    return px(KEY_SIDE) + 2 * INSET


class ChoiceRow(QAbstractButton):
    """Name on the left, detail and key on the right; checked while it is what is shown.

    `swatch` is the colour of what it stands for, painted before its name; hollow while it is off,
    where it is not `solid`.
    """

    def __init__(
        self,
        text: str,
        detail: str,
        key: str,
        parent: QWidget | None = None,
        swatch: str = "",
        *,
        solid: bool = False,
    ) -> None:
        super().__init__(parent)
        self._swatch, self._solid = swatch, solid
        self._detail, self._key = detail, key
        self.setText(text)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setAccessibleName(f"{text}, {detail}")
        hint(self, text)
        show_key(self, key)

    def follow_look(self) -> None:
        """Take the height for the size of letters in use."""
        self.updateGeometry()

    def set_key(self, key: str) -> None:
        """Show another key."""
        self._key = key
        self.update()

    def show_as(self, text: str, detail: str, swatch: str) -> None:
        """Show another name, detail and colour."""
        if (text, detail, swatch) != (self.text(), self._detail, self._swatch):
            self._detail, self._swatch = detail, swatch
            self.setText(text)
            self.setAccessibleName(f"{text}, {detail}" if detail else text)
            hint(self, text)
            self.update()

    def sizeHint(self) -> QSize:
        """Return the height of a row; the width is what the panel gives."""
        return QSize(160, px(HEIGHT))

    def nextCheckState(self) -> None:
        """Leave the mark to whoever knows what is shown: a click alone does not set it."""

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint background, name, detail and key."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_back(painter)
        right = self._paint_key(painter, self.width() - INSET)
        left = self._paint_swatch(painter)
        painter.setFont(font(CAPTION))
        painter.setPen(colour("secondary"))
        middle = Qt.AlignmentFlag.AlignVCenter
        area = QRectF(left, 0, right - left, self.height())
        painter.drawText(area, int(middle | Qt.AlignmentFlag.AlignRight), self._detail)
        room = area.width() - painter.fontMetrics().horizontalAdvance(self._detail) - INSET
        painter.setFont(font())
        painter.setPen(colour("text" if self.isEnabled() else "faint"))
        name = painter.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, int(room))
        painter.drawText(area, int(middle | Qt.AlignmentFlag.AlignLeft), name)
        painter.end()

    def _paint_back(self, painter: QPainter) -> None:
        shades, over = tokens(), self.underMouse() and self.isEnabled()
        fill = shades.selected if self.isChecked() else shades.raised if over else ""
        painter.setPen(Qt.PenStyle.NoPen if not self.hasFocus() else QColor(shades.accent))
        painter.setBrush(QColor(fill) if fill else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), ROUND, ROUND)

    def _paint_swatch(self, painter: QPainter) -> float:
        """Paint the colour that the row stands for, hollow while off; return where words begin."""
        if not self._swatch:
            return float(INSET)
        side = px(SWATCH)
        box = QRectF(INSET, (self.height() - side) / 2, side, side)
        painter.setPen(QColor(self._swatch))
        painter.setBrush(
            QColor(self._swatch) if self._solid or self.isChecked() else Qt.BrushStyle.NoBrush
        )
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
        return box.right() + INSET

    def _paint_key(self, painter: QPainter, right: float) -> float:
        """Paint the key in a small box and return where it begins; keep its place when empty."""
        side = px(KEY_SIDE)
        box = QRectF(right - side, (self.height() - side) / 2, side, side)
        if self._key:
            painter.setPen(colour("strong_border"))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
            painter.setFont(font(CAPTION))
            painter.setPen(colour("secondary"))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self._key)
        return box.left() - INSET
