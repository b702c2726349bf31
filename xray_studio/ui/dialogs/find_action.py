"""Find any action: type a few letters of its name, press Enter."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
)
from PySide6.QtGui import QAction, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QDialog,
    QLabel,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from xray_studio.ui.actions.actions import Actions
from xray_studio.ui.look.icons import icon
from xray_studio.ui.look.theme import colour, font, mark

ROW, WIDTH, SHOWN = 34, 480, 9
Index = QModelIndex | QPersistentModelIndex
_NO_INDEX = QModelIndex()


def matches(name: str, text: str) -> bool:
    """Tell whether every word typed begins a word of the name."""
    starts = name.lower().split()
    return all(any(start.startswith(word) for start in starts) for word in text.lower().split())


class ActionsModel(QAbstractListModel):
    """The actions found, those that can be done now first."""

    def __init__(self, actions: Actions, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._all = [action for action in actions if action.isVisible()]
        self.found: list[QAction] = []
        self.search("")

    def search(self, text: str) -> None:
        """Keep the actions whose names match."""
        self.beginResetModel()
        found = [action for action in self._all if matches(action.text(), text)]
        self.found = sorted(found, key=lambda action: not action.isEnabled())
        self.endResetModel()

    def rowCount(self, parent: Index = _NO_INDEX) -> int:
        """Return how many actions were found."""
        return 0 if parent.isValid() else len(self.found)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the action, or its name."""
        action = self.found[index.row()]
        if role == Qt.ItemDataRole.UserRole:
            return action
        return action.text() if role == Qt.ItemDataRole.DisplayRole else None


class ActionDelegate(QStyledItemDelegate):
    """Paints name and key of an action."""

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        """Return the size of a row."""
        return QSize(WIDTH - 32, ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one row."""
        action: QAction = index.data(Qt.ItemDataRole.UserRole)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour("selected"))
            painter.drawRoundedRect(option.rect, 6, 6)
        area: QRect = option.rect.adjusted(12, 0, -12, 0)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setFont(font())
        painter.setPen(colour("text" if action.isEnabled() else "faint"))
        painter.drawText(area, middle, action.text())
        painter.setPen(colour("secondary" if action.isEnabled() else "faint"))
        painter.drawText(area, middle | Qt.AlignmentFlag.AlignRight, action.shortcut().toString())


class FindActionDialog(QDialog):
    """A field and the actions that match it."""

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setWindowTitle("Find any action")
        self.setFixedWidth(WIDTH)
        self.field = QLineEdit(self)
        self.model = ActionsModel(actions, self)
        self.view = QListView(self)
        self.none = QLabel("No action has this name.", self)
        self._build()
        self._search("")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let arrows move in the list while letters go into the field."""
        if event.type() == QEvent.Type.KeyPress:
            assert isinstance(event, QKeyEvent)
            steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
            if event.key() in steps:
                self._move(steps[Qt.Key(event.key())])
                return True
        return super().eventFilter(watched, event)

    def _build(self) -> None:
        mark(self, kind="popup")
        self.field.setPlaceholderText("Find any action")
        self.field.setAccessibleName("Name of an action")
        self.field.addAction(icon("search", "secondary"), QLineEdit.ActionPosition.LeadingPosition)
        self.field.installEventFilter(self)
        self.field.textChanged.connect(self._search)
        self.field.returnPressed.connect(self._run)
        self.view.setModel(self.model)
        self.view.setItemDelegate(ActionDelegate(self.view))
        self.view.setUniformItemSizes(True)
        self.view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.view.setFixedHeight(ROW * SHOWN)
        self.view.setAccessibleName("Actions found")
        self.view.clicked.connect(lambda _index: self._run())
        mark(self.none, role="secondary")
        self.none.setContentsMargins(12, 8, 12, 8)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(8)
        for widget in (self.field, self.none, self.view):
            column.addWidget(widget)
        self.field.setFocus()

    def _search(self, text: str) -> None:
        self.model.search(text)
        self.none.setVisible(not self.model.found)
        self.view.setCurrentIndex(self.model.index(0, 0))

    def _move(self, by: int) -> None:
        row = min(max(0, self.view.currentIndex().row() + by), len(self.model.found) - 1)
        self.view.setCurrentIndex(self.model.index(row, 0))

    def _run(self) -> None:
        index = self.view.currentIndex()
        action = self.model.found[index.row()] if index.isValid() else None
        if action is not None and action.isEnabled():
            self.accept()
            action.trigger()
