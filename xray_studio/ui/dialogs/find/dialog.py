"""Find anything by name: actions, series, recent paths, settings. Type a little, press Enter."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QKeyEvent, QPainter
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

from xray_studio.ui.dialogs.find.entries import Entry, found
from xray_studio.ui.look.icons import icon, shade, tinted
from xray_studio.ui.look.theme import CAPTION, colour, font, mark, px

ROW, WIDTH, SHOWN, ICON = 34, 600, 10, 16
Index = QModelIndex | QPersistentModelIndex
_NO_INDEX = QModelIndex()


class EntriesModel(QAbstractListModel):
    """The entries found."""

    def __init__(
        self, entries: Sequence[Entry], used: Sequence[str], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._all, self._used = entries, used
        self.found: list[Entry] = []

    def search(self, text: str) -> None:
        """Keep what fits a text."""
        self.beginResetModel()
        self.found = found(self._all, text, self._used)
        self.endResetModel()

    def rowCount(self, parent: Index = _NO_INDEX) -> int:
        """Return how many entries were found."""
        return 0 if parent.isValid() else len(self.found)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the entry, its title, or all its words."""
        entry = self.found[index.row()]
        if role == Qt.ItemDataRole.UserRole:
            return entry
        if role in {Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole}:
            return ", ".join(filter(None, words_of(entry)))
        return entry.title if role == Qt.ItemDataRole.DisplayRole else None


def words_of(entry: Entry) -> tuple[str, str, str]:
    """Return what is said of an entry: its title, why it is off or where it is, its key."""
    return entry.title, entry.why_not or entry.detail, entry.key


class EntryDelegate(QStyledItemDelegate):
    """Paints icon, title, where it is or why it is off, and the key."""

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        """Return the size of a row."""
        return QSize(WIDTH - 32, px(ROW))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one row."""
        entry: Entry = index.data(Qt.ItemDataRole.UserRole)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour("selected"))
            painter.drawRoundedRect(option.rect, 6, 6)
        area: QRect = option.rect.adjusted(12, 0, -12, 0)
        self._icon(painter, area, entry)
        area.setLeft(area.left() + ICON + 12)
        ink = "secondary" if entry.why_not else "text"
        area.setRight(area.right() - self._right(painter, area, entry.key, ink))
        width = self._left(painter, area, entry.title, ink)
        painter.setFont(font(CAPTION))
        painter.setPen(colour("secondary"))
        area.setLeft(area.left() + width + 12)
        rest = entry.why_not or entry.detail
        modes = Qt.TextElideMode  # a path is known by both its ends
        elide = modes.ElideRight if entry.why_not else modes.ElideMiddle
        shown = painter.fontMetrics().elidedText(rest, elide, area.width())
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, shown)

    def _icon(self, painter: QPainter, area: QRect, entry: Entry) -> None:
        if entry.icon:
            ratio = painter.device().devicePixelRatioF()
            picture = tinted(entry.icon, shade("secondary"), ICON, ratio)
            painter.drawPixmap(QPoint(area.left(), area.center().y() - ICON // 2 + 1), picture)

    def _right(self, painter: QPainter, area: QRect, text: str, ink: str) -> int:
        painter.setFont(font(CAPTION))
        painter.setPen(colour("secondary" if ink == "text" else ink))
        right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        painter.drawText(area, right, text)
        return painter.fontMetrics().horizontalAdvance(text) + 16 if text else 0

    def _left(self, painter: QPainter, area: QRect, text: str, ink: str) -> int:
        painter.setFont(font())
        painter.setPen(colour(ink))
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, shown)
        return painter.fontMetrics().horizontalAdvance(shown)


class FindActionDialog(QDialog):
    """A field and the entries that fit it. `used` tells the name of an action that was chosen.

    `title` says what is looked for, `prompt` stands in the empty field.
    """

    used = Signal(str)

    def __init__(
        self,
        entries: Sequence[Entry],
        used: Sequence[str] = (),
        parent: QWidget | None = None,
        *,
        title: str = "Find anything",
        prompt: str = "Actions, series, recent studies, settings",
    ) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setWindowTitle(title)
        self.setFixedWidth(min(px(WIDTH), parent.width() - 32) if parent else px(WIDTH))
        self.field = QLineEdit(self)
        self.model = EntriesModel(entries, used, self)
        self.view = QListView(self)
        self._rows = min(SHOWN, max(1, len(entries)))
        self.none = QLabel("Nothing has this name.", self)
        self.why_not = QLabel(self)
        self._build()
        self.field.setPlaceholderText(prompt)
        self.field.setAccessibleName(f"{title} by name")
        self._search("")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let arrows move in the list while letters go into the field."""
        if event.type() == QEvent.Type.KeyPress:
            assert isinstance(event, QKeyEvent)
            keys = Qt.Key
            steps = {
                keys.Key_Down: 1,
                keys.Key_Up: -1,
                keys.Key_PageDown: SHOWN,
                keys.Key_PageUp: -SHOWN,
            }
            if event.key() in steps:
                self._move(steps[Qt.Key(event.key())])
                return True
        return super().eventFilter(watched, event)

    def _build(self) -> None:
        mark(self, kind="popup")
        self.field.addAction(icon("search", "secondary"), QLineEdit.ActionPosition.LeadingPosition)
        self.field.installEventFilter(self)
        self.field.textChanged.connect(self._search)
        self.field.returnPressed.connect(self._run)
        self.view.setModel(self.model)
        self.view.setItemDelegate(EntryDelegate(self.view))
        self.view.setUniformItemSizes(True)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.view.setFixedHeight(px(ROW) * self._rows)
        self.view.setAccessibleName("Found")
        self.view.clicked.connect(lambda _index: self._run())
        mark(self.none, role="secondary")
        self.none.setContentsMargins(12, 8, 12, 8)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(8)
        for widget in (self.field, self.none, self.view, self._reason()):
            column.addWidget(widget)
        self.field.setFocus()

    def _reason(self) -> QLabel:
        """Return the lines below the list, where a reason that is too long for a row is whole."""
        mark(self.why_not, role="caption")
        self.why_not.setWordWrap(True)
        self.why_not.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.why_not.setContentsMargins(12, 0, 12, 0)
        self.why_not.setFixedHeight(2 * self.why_not.fontMetrics().lineSpacing())
        return self.why_not

    def _search(self, text: str) -> None:
        self.model.search(text)
        self.none.setVisible(not self.model.found)
        self.view.setCurrentIndex(self.model.index(0, 0))
        self._announce()

    def _move(self, by: int) -> None:
        row = min(max(0, self.view.currentIndex().row() + by), len(self.model.found) - 1)
        self.view.setCurrentIndex(self.model.index(row, 0))
        self._announce()

    def _announce(self) -> None:
        """Tell assistive tools the entry that Enter would choose: the field keeps the focus."""
        entry = self._current()
        self.why_not.setText("" if entry is None else entry.why_not)
        words = self.none.text() if entry is None else ", ".join(filter(None, words_of(entry)))
        self.field.setAccessibleDescription(words)
        if QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self.field, words))

    def _current(self) -> Entry | None:
        index = self.view.currentIndex()
        return self.model.found[index.row()] if index.isValid() else None

    def _run(self) -> None:
        entry = self._current()
        if entry is not None and not entry.why_not:
            self.accept()
            if entry.name:
                self.used.emit(entry.name)
            entry.run()
