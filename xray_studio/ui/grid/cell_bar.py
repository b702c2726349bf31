"""Cell bar: handle and buttons at the upper edge of a viewport, while the pointer is near."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QAction, QMouseEvent
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QWidget

from xray_studio.ui.look.icons import icon
from xray_studio.ui.look.theme import mark
from xray_studio.ui.widgets.icon_button import IconButton

SIDE = 28
# Actions of the buttons with their icons.
BUTTONS = {
    "alone": "maximize-2",
    "detach": "square-arrow-out-up-right",
    "close_viewport": "x",
}


class Grip(IconButton):
    """The handle by which a picture is dragged to another viewport."""

    dragged = Signal()

    def __init__(self, parent: QWidget) -> None:
        text = "Drag onto another viewport to swap"
        super().__init__("grip-vertical", text, side=SIDE, size=16, parent=parent)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        self._pressed: QPoint | None = None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Remember where the drag may begin."""
        self._pressed = event.position().toPoint()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Begin the drag."""
        if self._pressed is None or not event.buttons() & Qt.MouseButton.LeftButton:
            return
        far = (event.position().toPoint() - self._pressed).manhattanLength()
        if far >= QApplication.startDragDistance():
            self._pressed = None
            self.dragged.emit()

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """Forget the press."""
        self._pressed = None


class CellBar(QFrame):
    """`asked` tells the name of an action that is to be done with this viewport."""

    asked = Signal(str)

    def __init__(self, actions: dict[str, QAction], parent: QWidget) -> None:
        super().__init__(parent)
        mark(self, kind="cell-bar")
        self.grip = Grip(self)
        self.buttons: dict[str, IconButton] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 2, 4, 2)
        row.setSpacing(0)
        row.addWidget(self.grip)
        for name, picture in BUTTONS.items():
            self.buttons[name] = self._button(name, picture, actions[name])
            row.addWidget(self.buttons[name])
        self.hide()

    def show_as(self, *, alone: bool, detached: bool, empty: bool, several: bool) -> None:
        """Show what can be done now."""
        self.grip.setVisible(not empty and several)
        self.buttons["alone"].setVisible(several and not detached)
        self.buttons["close_viewport"].setVisible(not empty)
        self._name("alone", "minimize-2" if alone else "maximize-2")
        self._name("detach", "picture-in-picture-2" if detached else BUTTONS["detach"])
        words = "Put this viewport back" if detached else "Move to a window of its own"
        self.buttons["detach"].setToolTip(words)
        self.buttons["detach"].setAccessibleName(words)
        self.adjustSize()

    def _name(self, name: str, picture: str) -> None:
        self.buttons[name].setIcon(icon(picture))

    def _button(self, name: str, picture: str, action: QAction) -> IconButton:
        button = IconButton(picture, action.text(), side=SIDE, size=16, parent=self)
        button.setIconSize(QSize(16, 16))
        button.setToolTip(action.toolTip())
        # Keys lead to the same actions; with Tab people go from viewport to viewport.
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.clicked.connect(lambda: self.asked.emit(name))
        return button
