"""The series of a batch, one row each: the file that it becomes, and where it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QLabel, QStackedLayout, QTreeView, QWidget

from xray_studio.ui.look.theme import colour, mark, px

if TYPE_CHECKING:
    from xray_studio.services.batch.run import Row

ROW: Final = 28
HEADS: Final = ("File", "State")
_TOKENS: Final = {"finished": "done", "failed": "danger", "running": "accent"}


class BatchRows(QWidget):
    """A list; until there are rows, a sentence stands in its place."""

    def __init__(self, words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = QStandardItemModel(0, 2, self)
        self.model.setHorizontalHeaderLabels(list(HEADS))
        self.view, self.words = QTreeView(self), QLabel(words, self)
        self._shown: list[Row] = []
        self.words.setWordWrap(True)
        self.words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        mark(self.words, role="secondary")
        view = self.view
        view.setModel(self.model)
        view.setRootIsDecorated(False)
        view.setUniformRowHeights(True)
        view.setSelectionMode(QTreeView.SelectionMode.SingleSelection)
        view.setAccessibleName("Series of the batch and their states")
        view.header().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
        view.header().resizeSection(0, px(260))
        self._layout = QStackedLayout(self)
        self._layout.setContentsMargins(12, 0, 12, 0)
        self._layout.addWidget(self.words)
        self._layout.addWidget(view)

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Show rows; only what changed is written anew."""
        if len(rows) != len(self._shown):
            self.model.removeRows(0, self.model.rowCount())
            self._shown = []
            for row in rows:
                self.model.appendRow([_item(row.file), _item("")])
                self._dress(len(self._shown), row)
                self._shown.append(row)
        for place, row in enumerate(rows):
            if row != self._shown[place]:
                self._dress(place, row)
                self._shown[place] = row
        self._layout.setCurrentWidget(self.view if rows else self.words)

    def _dress(self, place: int, row: Row) -> None:
        state = self.model.item(place, 1)
        words = row.reason or row.state.capitalize()
        state.setText(words)
        state.setToolTip(words)
        state.setForeground(colour(_TOKENS.get(row.state, "secondary")))


def _item(text: str) -> QStandardItem:
    item = QStandardItem(text)
    item.setEditable(False)
    item.setSizeHint(QSize(0, px(ROW)))
    item.setToolTip(text)
    return item
