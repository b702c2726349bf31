"""A window of its own for one viewport, on another screen where there is one."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, Qt, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from xray_studio.ui.actions.actions import Actions
from xray_studio.ui.grid.cell import Cell

LEAST = (480, 360)
APART = 24  # pixels from the corner of its place in the grid


class DetachedWindow(QWidget):
    """Shows a cell. `closed` tells that it is to go back into the grid."""

    closed = Signal()

    def __init__(self, cell: Cell, actions: Actions, owner: QWidget) -> None:
        super().__init__(None)
        self._cell = cell
        # Names of patients do not belong into the list of windows of a desktop.
        self.setWindowTitle(f"Viewport {cell.place + 1} \N{EN DASH} X-Ray Studio")
        self.setWindowIcon(owner.windowIcon())
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, on=False)
        self.setMinimumSize(*LEAST)
        place, other = place_beside(owner.window(), cell)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(cell)
        self.addActions(list(actions))
        self.setGeometry(place)
        cell.show()
        if other:
            self.showMaximized()
        else:
            self.show()
        cell.face.setFocus()

    def release(self) -> Cell:
        """Give the cell back."""
        self._column.removeWidget(self._cell)
        return self._cell

    def toggle_full_screen(self) -> None:
        """Give the picture the whole screen, or the window its place again."""
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave the full screen with Esc."""
        if event.key() == Qt.Key.Key_Escape and self.isFullScreen():
            self.toggle_full_screen()
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Tell that the viewport goes back."""
        event.ignore()
        self.closed.emit()


def place_beside(owner: QWidget, cell: QWidget) -> tuple[QRect, bool]:
    """Return where a detached window goes, and whether that is a screen without the owner."""
    here = owner.screen()
    others = [screen for screen in QGuiApplication.screens() if screen is not here]
    if others:
        return others[0].availableGeometry(), True
    corner = cell.mapToGlobal(QPoint(0, 0))  # over its own place, where nothing is missed
    width, height = max(LEAST[0], cell.width()), max(LEAST[1], cell.height())
    return QRect(corner.x() + APART, corner.y() + APART, width, height), False
