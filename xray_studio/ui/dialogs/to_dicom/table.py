"""A table of rows of words, as the pages show videos and entries."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QItemSelectionModel, QSize, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QTreeView, QWidget

from xray_studio.ui.look.theme import colour, px

ROW = 28


class Table(QTreeView):
    """Rows of words. `moved` tells that others are chosen, `removed` that Delete was pressed."""

    moved = Signal()
    removed = Signal()

    def __init__(
        self, name: str, heads: Sequence[tuple[str, int]], parent: QWidget, *, several: bool = False
    ) -> None:
        """Show columns of titles and widths; the last one takes the room that is left."""
        super().__init__(parent)
        self._heads = heads
        self.rows = QStandardItemModel(0, len(heads), self)
        self.rows.setHorizontalHeaderLabels([title for title, _ in heads])
        self.setModel(self.rows)
        self.setAccessibleName(name)
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setAllColumnsShowFocus(True)
        modes = QTreeView.SelectionMode
        self.setSelectionMode(modes.ExtendedSelection if several else modes.SingleSelection)
        for column, (_, width) in enumerate(heads):
            self.header().resizeSection(column, px(width))
        self.header().setStretchLastSection(True)
        self.selectionModel().selectionChanged.connect(lambda *_: self.moved.emit())

    def show_rows(self, rows: Sequence[Sequence[str]], tokens: Sequence[str] = ()) -> None:
        """Show rows; what is chosen stays while there are as many. `tokens` are their colours."""
        if len(rows) != self.rows.rowCount():
            self.rows.setRowCount(0)
            for row in rows:
                self.rows.appendRow([_item(words) for words in row])
        for place, row in enumerate(rows):
            for column, words in enumerate(row):
                item = self.rows.item(place, column)
                if item.text() != words:
                    item.setText(words)
                    item.setToolTip(words)
                item.setForeground(colour(tokens[place] if tokens else "text"))

    def chosen(self) -> list[int]:
        """Return the rows that are chosen, from top to bottom."""
        return sorted(index.row() for index in self.selectionModel().selectedRows())

    def choose(self, rows: Sequence[int]) -> None:
        """Choose rows; the first becomes the current one."""
        flags = QItemSelectionModel.SelectionFlag
        selection = self.selectionModel()
        selection.clearSelection()
        for row in rows:
            selection.select(self.rows.index(row, 0), flags.Select | flags.Rows)
        if rows:
            selection.setCurrentIndex(self.rows.index(rows[0], 0), flags.NoUpdate)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Delete remove what is chosen."""
        if event.matches(QKeySequence.StandardKey.Delete):
            self.removed.emit()
            return
        super().keyPressEvent(event)


def _item(text: str) -> QStandardItem:
    item = QStandardItem(text)
    item.setEditable(False)
    item.setSizeHint(QSize(0, px(ROW)))
    item.setToolTip(text)
    return item
