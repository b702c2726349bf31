"""Layout picker: rows and columns chosen by pointing, and the layouts saved under a name."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QMenu, QWidget, QWidgetAction

from xray_studio.ui.actions.actions import soften
from xray_studio.ui.grid.commands import GridCommands
from xray_studio.ui.layout import MOST, TIMES, Layout
from xray_studio.ui.layouts import Layouts
from xray_studio.ui.look.theme import CAPTION, colour, font

BOX, GAP, EDGE, WORDS = 36, 4, 12, 24


class LayoutPicker(QWidget):
    """Three by three boxes: pointing at one chooses all up to it. Arrows and Enter do the same."""

    chosen = Signal(int, int)

    def __init__(self, layout: Layout, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows, self._columns = layout.rows, layout.columns
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Rows and columns")
        side = MOST * BOX + (MOST - 1) * GAP + 2 * EDGE
        self.setFixedSize(QSize(side, side + WORDS))

    @property
    def pointed(self) -> tuple[int, int]:
        """Rows and columns that would be chosen."""
        return self._rows, self._columns

    def box(self, row: int, column: int) -> QRect:
        """Return where a box is, counted from 0."""
        step = BOX + GAP
        return QRect(EDGE + column * step, EDGE + row * step, BOX, BOX)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Point at a box."""
        place, step = event.position(), BOX + GAP
        row, column = (int((at - EDGE) // step) for at in (place.y(), place.x()))
        self._point(row + 1, column + 1)

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """Choose."""
        self.chosen.emit(self._rows, self._columns)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Point with arrows and choose with Enter."""
        steps = {
            Qt.Key.Key_Left: (0, -1),
            Qt.Key.Key_Right: (0, 1),
            Qt.Key.Key_Up: (-1, 0),
            Qt.Key.Key_Down: (1, 0),
        }
        step = steps.get(Qt.Key(event.key()))
        if step is not None:
            self._point(self._rows + step[0], self._columns + step[1])
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}:
            self.chosen.emit(self._rows, self._columns)
        else:
            event.ignore()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the boxes and say what they mean."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for row in range(MOST):
            for column in range(MOST):
                inside = row < self._rows and column < self._columns
                painter.setPen(colour("accent" if inside else "strong_border"))
                painter.setBrush(colour("selected" if inside else "background"))
                painter.drawRoundedRect(self.box(row, column), 4, 4)
        painter.setPen(colour("secondary"))
        painter.setFont(font(CAPTION))
        line = QRect(0, self.height() - WORDS - 4, self.width(), WORDS)
        words = f"{self._rows} {TIMES} {self._columns}"
        painter.drawText(line, Qt.AlignmentFlag.AlignCenter, words)
        painter.end()

    def _point(self, rows: int, columns: int) -> None:
        self._rows, self._columns = (min(max(1, n), MOST) for n in (rows, columns))
        self.update()


def open_layouts(
    layouts: Layouts, grid: GridCommands, others: list[QAction], corner: QPoint, owner: QWidget
) -> QMenu:
    """Open the menu of layouts with its upper right corner at a place of the screen."""
    menu = QMenu(owner)
    soften(menu)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    picker = LayoutPicker(layouts.now, menu)
    picker.chosen.connect(grid.set_grid)
    picker.chosen.connect(menu.close)
    holder = QWidgetAction(menu)
    holder.setDefaultWidget(picker)
    menu.addAction(holder)
    menu.addSeparator()
    for name, kept in layouts.saved.items():
        menu.addAction(f"{name.replace('&', '&&')}\t{kept.words}", partial(grid.use, kept))
    menu.addSeparator()
    menu.addActions(others)
    menu.popup(corner - QPoint(menu.sizeHint().width(), -4))
    picker.setFocus()
    return menu
