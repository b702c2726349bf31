"""Keymap model: every action with its keys, in the order of the menus."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSize,
    Qt,
)
from PySide6.QtGui import QFont

from xray_studio.ui.actions.actions import Actions
from xray_studio.ui.actions.keymap import written
from xray_studio.ui.look.theme import colour, font, px

Index = QModelIndex | QPersistentModelIndex
_NO_INDEX = QModelIndex()
HEADS = ("Action", "Menu", "Key", "")
ROW = 30
OWN = "changed"


@dataclass(frozen=True, slots=True)
class Line:
    """One action: `own` tells that a person changed its keys."""

    name: str
    title: str
    menu: str
    keys: str
    own: bool


def lines(actions: Actions, changed: Mapping[str, str]) -> list[Line]:
    """Return a line for every action."""
    return [
        Line(
            spec.name,
            spec.called(spec.text),
            menu,
            actions.keys[spec.name],
            spec.name in changed,
        )
        for menu, spec in actions.specs()
    ]


def all_keys(keys: str) -> str:
    """Return the keys of an action in words, "" for none."""
    return " or ".join(written(key) for key in keys.split())


class KeymapModel(QAbstractTableModel):
    """Lines in which every word that is searched for stands."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._all: Sequence[Line] = ()
        self._words: tuple[str, ...] = ()
        self.shown: list[Line] = []

    def show(self, wanted: Sequence[Line]) -> None:
        """Replace the lines."""
        self._all = wanted
        self.search(self._words)

    def search(self, words: tuple[str, ...]) -> None:
        """Keep the lines in which every word stands: in title, menu or key."""
        self.beginResetModel()
        self._words = words
        self.shown = [line for line in self._all if _has(line, words)]
        self.endResetModel()

    def row_of(self, name: str) -> int:
        """Return the row of an action, -1 when it is not shown."""
        return next((row for row, line in enumerate(self.shown) if line.name == name), -1)

    def rowCount(self, parent: Index = _NO_INDEX) -> int:
        """Return the number of lines shown."""
        return 0 if parent.isValid() else len(self.shown)

    def columnCount(self, _parent: Index = _NO_INDEX) -> int:
        """Return the number of columns."""
        return len(HEADS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return what stands above a column."""
        across = orientation == Qt.Orientation.Horizontal
        return HEADS[section] if across and role == Qt.ItemDataRole.DisplayRole else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return words and look of a cell."""
        line, column = self.shown[index.row()], index.column()
        words = (line.title, line.menu, all_keys(line.keys), OWN if line.own else "")
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole}:
            return words[column]
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(filter(None, (*words[:2], words[2] or "no key", words[3])))
        if role == Qt.ItemDataRole.ForegroundRole:
            return colour("text" if column in {0, 2} else "secondary")
        if role == Qt.ItemDataRole.FontRole and column == 2:
            return font(weight=QFont.Weight.Medium)
        return QSize(0, px(ROW)) if role == Qt.ItemDataRole.SizeHintRole else None


def _has(line: Line, words: tuple[str, ...]) -> bool:
    text = f"{line.title} {line.menu} {all_keys(line.keys)} {line.keys}".lower()
    return all(word in text for word in words)
