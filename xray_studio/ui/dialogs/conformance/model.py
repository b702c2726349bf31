"""Findings as rows: attribute, rule and section, and below each the files that have it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath
from typing import Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSize,
    Qt,
)

from xray_studio.core.conformance import Severity
from xray_studio.core.conformance_groups import Group
from xray_studio.ui.look.icons import icon
from xray_studio.ui.look.theme import colour, px

Index = QModelIndex | QPersistentModelIndex
COLUMNS = ("Attribute", "Rule", "Section", "Files")
ROW = 28
ALL = "all"
_ICONS = {
    Severity.ERROR: ("circle-x", "danger"),
    Severity.WARNING: ("triangle-alert", "ai"),
    Severity.NOTE: ("info", "secondary"),
}
_WHOLE = "The whole object"
_NO_INDEX = QModelIndex()
_TOP = 0  # internal id of findings; files carry the number of their finding from 1


class ConformanceModel(QAbstractItemModel):
    """Findings of one severity, or of all.

    Names of files may name a patient: numbers stand for them while identity is hidden.
    """

    def __init__(
        self, groups: Sequence[Group], parent: QObject | None = None, *, hidden: bool = False
    ) -> None:
        super().__init__(parent)
        self._all, self._hidden = tuple(groups), hidden
        self.rows = self._all
        files = dict.fromkeys(path for group in groups for path in group.paths)
        self._numbers = {path: number for number, path in enumerate(files, 1)}

    def show(self, severity: str) -> None:
        """Show the findings of a severity, or `ALL`."""
        self.beginResetModel()
        every = severity == ALL
        self.rows = tuple(g for g in self._all if every or g.finding.severity.value == severity)
        self.endResetModel()

    def line(self, index: Index) -> str:
        """Return a row as a line of text."""
        if index.internalId() != _TOP:
            return f"    {self._file(self.rows[index.internalId() - 1].paths[index.row()])}"
        return self.rows[index.row()].finding.words()

    def as_text(self) -> str:
        """Return what is shown as text: each finding, its files indented below."""
        return "\n".join(
            "\n".join((g.finding.words(), *(f"    {self._file(path)}" for path in g.paths)))
            for g in self.rows
        )

    def index(self, row: int, column: int, parent: Index = _NO_INDEX) -> QModelIndex:
        """Return the index of a finding or of a file."""
        if not (0 <= column < len(COLUMNS) and 0 <= row < self.rowCount(parent)):
            return QModelIndex()
        return self.createIndex(row, column, parent.row() + 1 if parent.isValid() else _TOP)

    def parent(self, index: Index) -> QModelIndex:  # type: ignore[override]  # QObject.parent() too
        """Return the finding of a file."""
        if not index.isValid() or index.internalId() == _TOP:
            return QModelIndex()
        return self.createIndex(index.internalId() - 1, 0, _TOP)

    def rowCount(self, parent: Index = _NO_INDEX) -> int:
        """Return the number of findings, or of files with a finding."""
        if not parent.isValid():
            return len(self.rows)
        top = parent.internalId() == _TOP and parent.column() == 0
        return len(self.rows[parent.row()].paths) if top else 0

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
        if role == Qt.ItemDataRole.SizeHintRole:
            return QSize(0, px(ROW))
        if index.internalId() != _TOP:
            return self._file_data(index, role)
        group = self.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return _cells(group)[index.column()]
        if role == Qt.ItemDataRole.ToolTipRole:
            return group.finding.words()
        if role == Qt.ItemDataRole.AccessibleTextRole and index.column() == 0:
            return f"{group.finding.severity.value}: {_cells(group)[0]}"
        if role == Qt.ItemDataRole.DecorationRole and index.column() == 0:
            name, token = _ICONS[group.finding.severity]
            return icon(name, token, token)
        if role == Qt.ItemDataRole.ForegroundRole and index.column() >= 2:
            return colour("secondary")
        return None

    def _file_data(self, index: Index, role: int) -> Any:
        path = self.rows[index.internalId() - 1].paths[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return PurePath(self._file(path)).name if index.column() == 0 else None
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._file(path)
        return colour("secondary") if role == Qt.ItemDataRole.ForegroundRole else None

    def _file(self, path: str) -> str:
        return f"File {self._numbers[path]:,}" if self._hidden else path


def _cells(group: Group) -> tuple[str, str, str, str]:
    finding = group.finding
    where = finding.path.rpartition(".")[2] or _WHOLE
    return where, finding.rule, finding.section, f"{len(group.paths):,}"
