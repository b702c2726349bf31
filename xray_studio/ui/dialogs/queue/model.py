"""Entries of the send queue as rows: object, node, state, tries, next try, reason."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSize,
    Qt,
)

from xray_studio.core.pacs.entry import State
from xray_studio.core.time_words import duration_words
from xray_studio.ui.in_the_window import in_the_window
from xray_studio.ui.look.theme import colour, px

if TYPE_CHECKING:
    from xray_studio.services.pacs.shown import Row

Index = QModelIndex | QPersistentModelIndex
COLUMNS: Final = ("Object", "Node", "State", "Tries", "Next try", "Reason")
ROW: Final = 28
_NO_INDEX: Final = QModelIndex()
_TOKENS: Final = {
    State.SENT: "done", State.SENDING: "accent", State.GIVEN_UP: "danger", State.FAILED: "ai",
    State.UNKNOWN: "ai",
}  # fmt: skip
_STATE: Final = 2


class QueueModel(QAbstractTableModel):
    """Rows by number. Names of files may name a patient: numbers stand for them while `hidden`."""

    def __init__(self, parent: QObject | None = None, *, hidden: bool = False) -> None:
        super().__init__(parent)
        self._hidden = hidden
        self.rows: tuple[Row, ...] = ()

    def show(self, rows: Sequence[Row]) -> bool:
        """Show rows; return whether they are those of other entries than before."""
        before, now = [one.number for one in self.rows], [one.number for one in rows]
        if before == now:
            self.rows = tuple(rows)
            if rows:
                last = self.index(len(rows) - 1, len(COLUMNS) - 1)
                self.dataChanged.emit(self.index(0, 0), last)
            return False
        self.beginResetModel()
        self.rows = tuple(rows)
        self.endResetModel()
        return True

    def rowCount(self, parent: Index = _NO_INDEX) -> int:
        """Return how many entries there are."""
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, _parent: Index = _NO_INDEX) -> int:
        """Return how many columns there are."""
        return len(COLUMNS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return the titles of the columns."""
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return COLUMNS[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return words and look of a cell."""
        row, roles = self.rows[index.row()], Qt.ItemDataRole
        if role == roles.DisplayRole:
            return self.cells(row)[index.column()]
        if role == roles.ToolTipRole:
            return self._tip(row)
        if role == roles.AccessibleTextRole and index.column() == 0:
            return ", ".join(filter(None, self.cells(row)))
        if role == roles.ForegroundRole and index.column() != 0:
            token = _TOKENS.get(row.state, "secondary") if index.column() == _STATE else "secondary"
            return colour(token)
        if role == roles.SizeHintRole:
            return QSize(0, px(ROW))
        return None

    def cells(self, row: Row) -> tuple[str, ...]:
        """Return the words of an entry, column by column."""
        tries = f"{row.attempts:,}" if row.attempts else ""
        return (
            self._name(row), row.node, str(row.state).capitalize(), tries, _next(row),
            self.reason(row),
        )  # fmt: skip

    def reason(self, row: Row) -> str:
        """Return why an entry is not there yet, or how it went."""
        return self._discreet(row, row.reason)

    def _name(self, row: Row) -> str:
        return f"Object {row.number:,}" if self._hidden else row.name

    def _tip(self, row: Row) -> str:
        file = self._name(row) if self._hidden else row.path
        return "\n".join(filter(None, (file, self._discreet(row, row.words))))

    def _discreet(self, row: Row, words: str) -> str:
        words = in_the_window(words[:1].upper() + words[1:])
        return words.replace(row.name, self._name(row)) if self._hidden else words


def _next(row: Row) -> str:
    if row.seconds is None:
        return ""
    return f"in {duration_words(row.seconds)}" if row.seconds >= 1.0 else "now"
