"""What changes in the attributes of an object: a list on the screen and nowhere else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize, QSortFilterProxyModel, Qt
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QHBoxLayout, QHeaderView, QLabel, QTreeView, QVBoxLayout, QWidget

from xray_studio.ui.look.theme import colour, mark, px
from xray_studio.ui.widgets.search_field import SearchField

if TYPE_CHECKING:
    from xray_studio.core.deidentify.changes import Change

ROW: Final = 26
HEADS: Final = ("Attribute", "Now", "Afterwards")
ACTIONS: Final = {
    "X": "removed",
    "Z": "emptied",
    "D": "replaced",
    "U": "other UID",
    "K": "kept",
    "C": "cleaned",
}
_TOKENS: Final = {"K": "ai", "C": "ai", "X": "secondary", "Z": "secondary"}


class ChangeList(QWidget):
    """Attributes with their values now and afterwards; values go while identity is hidden."""

    def __init__(self, *, hidden: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._hidden = hidden
        self.model = QStandardItemModel(0, 3, self)
        self.model.setHorizontalHeaderLabels(list(HEADS))
        self.found = QSortFilterProxyModel(self)
        self.found.setSourceModel(self.model)
        self.found.setFilterKeyColumn(-1)
        self.found.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.view, self.words = QTreeView(self), QLabel(self)
        self.search = SearchField("Find an attribute", "Find an attribute or value", self)
        self._build()

    def show_changes(self, changes: Sequence[Change]) -> None:
        """Show what changes in one object."""
        self.model.removeRows(0, self.model.rowCount())
        for change in changes:
            self.model.appendRow(_row(change, hidden=self._hidden))
        kept = sum(change.action in {"K", "C"} for change in changes)
        said = f"{len(changes) - kept:,} attributes change"
        self.say(f"{said}, {kept:,} are kept by an option" if kept else said)

    def say(self, words: str) -> None:
        """Show a sentence under the list."""
        self.words.setText(words)

    def _build(self) -> None:
        view = self.view
        view.setModel(self.found)
        view.setRootIsDecorated(False)
        view.setUniformRowHeights(True)
        view.setAccessibleName("What changes in this object")
        head = view.header()
        head.setStretchLastSection(True)
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
        head.resizeSection(0, px(250))
        head.resizeSection(1, px(180))
        head.setSectionResizeMode(0, QHeaderView.ResizeMode.Interactive)
        mark(self.words, role="caption")
        self.words.setWordWrap(True)
        self.search.textChanged.connect(self.found.setFilterFixedString)
        line = QHBoxLayout()
        line.addWidget(self.words, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.search)
        column.addWidget(view, 1)
        column.addLayout(line)


def _row(change: Change, *, hidden: bool) -> list[QStandardItem]:
    same = change.action == "C" and change.after == change.before
    moved = change.option == "retain-modified-dates"
    what = ACTIONS["K"] if same else "moved" if moved else ACTIONS[change.action]
    times = f" ({change.count:,})" if change.count > 1 else ""
    shows = change.action not in {"X", "Z", "K"} and not hidden and not same and change.after
    after = f"{what}: {change.after}" if shows else what
    texts = (f"{change.path}{times}", "" if hidden else change.before, after)
    row = [QStandardItem(text) for text in texts]
    for item, text in zip(row, texts, strict=True):
        item.setEditable(False)
        item.setSizeHint(QSize(0, px(ROW)))
        item.setToolTip(text)
    row[1].setForeground(colour("secondary"))
    row[2].setForeground(colour(_TOKENS.get(change.action, "text")))
    return row
