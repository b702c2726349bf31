"""Tags as a tree: sequences and their items hold what is inside them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, Qt

if TYPE_CHECKING:  # pydicom is not needed to show what it read
    from xray_studio.dicom.tags import TagRow

ROW_ROLE = Qt.ItemDataRole.UserRole
Index = QModelIndex | QPersistentModelIndex
_NO_INDEX = QModelIndex()


@dataclass(slots=True, eq=False)
class Node:
    """One tag, its parent and what is inside it."""

    row: TagRow | None
    parent: Node | None = None
    place: int = 0
    children: list[Node] = field(default_factory=list)

    def add(self, row: TagRow) -> Node:
        """Append a tag and return its node."""
        child = Node(row, self, len(self.children))
        self.children.append(child)
        return child


def tree(rows: Iterable[TagRow]) -> Node:
    """Return the root of the tree that rows with their depth (from 0) describe."""
    root = Node(None)
    path = [root]
    for row in rows:
        del path[row.depth + 1 :]
        path.append(path[-1].add(row))
    return root


def matching(rows: Iterable[TagRow], words: tuple[str, ...]) -> list[TagRow]:
    """Return the rows in which every word is found, what is inside them, and what they are in."""
    found: list[TagRow] = []
    above: list[TagRow] = []
    kept = 0  # how many of `above` are in `found`
    inside: int | None = None  # depth of the matching sequence that we are in
    for row in rows:
        del above[row.depth :]
        kept = min(kept, row.depth)
        if inside is not None and row.depth <= inside:
            inside = None
        if inside is None and all(word in search_text(row) for word in words):
            inside = row.depth
        above.append(row)
        if inside is not None:
            found.extend(above[kept:])
            kept = len(above)
    return found


def search_text(row: TagRow) -> str:
    """Return what a search looks at: "00100010", the tag as written, name and value."""
    return f"{row.tag} {row.tag.strip('()').replace(',', '')} {row.name} {row.value}".lower()


def as_text(row: TagRow) -> str:
    """Return a tag as one line to copy."""
    return " ".join(filter(None, (row.tag, row.vr, row.name, row.value)))


class TagsModel(QAbstractItemModel):
    """The tree as Qt sees it: one column, whose rows are painted by the delegate."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._root = Node(None)

    def show(self, rows: Iterable[TagRow]) -> None:
        """Replace the tags."""
        self.beginResetModel()
        self._root = tree(rows)
        self.endResetModel()

    def index(self, row: int, column: int, parent: Index = _NO_INDEX) -> QModelIndex:
        """Return the index of a child."""
        children = self._node(parent).children
        if column == 0 and 0 <= row < len(children):
            return self.createIndex(row, column, children[row])
        return QModelIndex()

    def parent(self, index: Index) -> QModelIndex:  # type: ignore[override]  # QObject.parent() has the same name
        """Return the index of the sequence or item that a tag is in."""
        above = self._node(index).parent
        if above is None or above.row is None:
            return QModelIndex()
        return self.createIndex(above.place, 0, above)

    def rowCount(self, parent: Index = _NO_INDEX) -> int:
        """Return how many tags are inside."""
        return len(self._node(parent).children)

    def columnCount(self, _parent: Index = _NO_INDEX) -> int:
        """Return 1."""
        return 1

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the tag itself, or its words for assistive tools and tooltips."""
        row = self._node(index).row
        if row is None:
            return None
        if role == ROW_ROLE:
            return row
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole}:
            return as_text(row)
        return None

    def _node(self, index: Index) -> Node:
        if not index.isValid():
            return self._root
        node = index.internalPointer()
        assert isinstance(node, Node)
        return node
