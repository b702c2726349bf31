"""Skipped files: which ones were not opened, and why."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSize,
    Qt,
)
from PySide6.QtGui import QAction, QFont, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QDialog, QLabel, QTreeView, QVBoxLayout, QWidget

from xray_studio.core.reasons import counted
from xray_studio.core.study import Skipped
from xray_studio.ui.dialogs.parts import MARGIN, button, footer, framed, heading, sized
from xray_studio.ui.look.theme import colour, font, mark, px

Index = QModelIndex | QPersistentModelIndex
_NO_INDEX = QModelIndex()
FEW = 20  # rows, reasons and files, that are listed without unfolding
WHOLE_ROLE = Qt.ItemDataRole.UserRole  # a reason, or a path with all its folders
ROW = 28
_TOP = 0  # internal id of reasons; paths carry the number of their reason from 1


class SkippedModel(QAbstractItemModel):
    """Reasons, the most frequent first, and under each the paths, from the `opened` folders on.

    Names of files and folders may name a patient: numbers stand for them while identity is hidden.
    """

    def __init__(
        self,
        skipped: Sequence[Skipped],
        opened: Sequence[str] = (),
        parent: QObject | None = None,
        *,
        hidden: bool = False,
    ) -> None:
        super().__init__(parent)
        self._opened = opened
        groups: dict[str, list[str]] = {}
        for number, file in enumerate(skipped, 1):
            path = f"File {number:,}" if hidden else _row(file)
            groups.setdefault(_sentence(file.reason), []).append(path)
        self.groups = sorted(groups.items(), key=lambda group: (-len(group[1]), group[0]))
        self._strong = font(weight=QFont.Weight.Medium)

    def as_text(self) -> str:
        """Return everything as text: each reason, its paths indented below."""
        return "\n".join(
            "\n".join((reason, *(f"    {path}" for path in paths))) for reason, paths in self.groups
        )

    def index(self, row: int, column: int, parent: Index = _NO_INDEX) -> QModelIndex:
        """Return the index of a reason or of a path."""
        if column or not 0 <= row < self.rowCount(parent):
            return QModelIndex()
        return self.createIndex(row, column, parent.row() + 1 if parent.isValid() else _TOP)

    def parent(self, index: Index) -> QModelIndex:  # type: ignore[override]  # QObject.parent() too
        """Return the reason of a path."""
        if not index.isValid() or index.internalId() == _TOP:
            return QModelIndex()
        return self.createIndex(index.internalId() - 1, 0, _TOP)

    def rowCount(self, parent: Index = _NO_INDEX) -> int:
        """Return the number of reasons, or of paths with a reason."""
        if not parent.isValid():
            return len(self.groups)
        return len(self.groups[parent.row()][1]) if parent.internalId() == _TOP else 0

    def columnCount(self, _parent: Index = _NO_INDEX) -> int:
        """Return 1."""
        return 1

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return words and look of a row."""
        top = index.internalId() == _TOP
        reason, paths = self.groups[index.row() if top else index.internalId() - 1]
        if role == Qt.ItemDataRole.DisplayRole:
            shown = f"{reason}  ({len(paths):,})"
            return shown if top else from_opened(paths[index.row()], self._opened)
        if role in {Qt.ItemDataRole.ToolTipRole, WHOLE_ROLE}:
            return reason if top else paths[index.row()]
        if role == Qt.ItemDataRole.SizeHintRole:
            return QSize(0, px(ROW))
        if role == Qt.ItemDataRole.FontRole and top:
            return self._strong
        if role == Qt.ItemDataRole.ForegroundRole and not top:
            return colour("secondary")
        return None


class SkippedDialog(QDialog):
    """Lists the skipped files by reason; rows can be copied."""

    def __init__(
        self,
        skipped: Sequence[Skipped],
        opened: Sequence[str] = (),
        parent: QWidget | None = None,
        *,
        hidden: bool = False,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Skipped files")
        sized(self, 720, 480)
        self.model = SkippedModel(skipped, opened, self, hidden=hidden)
        self.view = QTreeView(self)
        self.copied = QLabel(self)
        self.copy_all = button("Copy all", self)
        self.close_button = button("Close", self)
        self._build_view(skipped)
        body = QWidget(self)
        column = QVBoxLayout(body)
        column.setContentsMargins(MARGIN - 12, 8, MARGIN - 12, 8)
        column.addWidget(self.view)
        about = f"{counted(one.reason for one in skipped)} could not be shown; all others are open."
        head, foot = heading("Skipped files", about, self), self._footer()
        framed(self, head, body, foot)
        self.view.setFocus()

    def copy(self) -> None:
        """Copy the selected rows."""
        rows = sorted(
            self.view.selectionModel().selectedRows(), key=lambda i: self.view.visualRect(i).top()
        )
        self._copy("\n".join(str(index.data(WHOLE_ROLE)) for index in rows))

    def _copy(self, text: str) -> None:
        """Copy text and say so."""
        QGuiApplication.clipboard().setText(text)
        count = len(text.splitlines())
        self.copied.setText(f"{count:,} line{'' if count == 1 else 's'} copied to the clipboard")

    def _build_view(self, skipped: Sequence[Skipped]) -> None:
        self.view.setModel(self.model)
        self.view.setHeaderHidden(True)
        self.view.setUniformRowHeights(True)
        self.view.setSelectionMode(QTreeView.SelectionMode.ExtendedSelection)
        self.view.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.view.setAccessibleName("Skipped files by reason")
        self.view.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        if self.model.rowCount() == 1 or self.model.rowCount() + len(skipped) <= FEW:
            self.view.expandAll()
        copy = QAction("Copy", self.view)
        copy.setShortcut(QKeySequence(QKeySequence.StandardKey.Copy))
        copy.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        copy.triggered.connect(self.copy)
        self.view.addAction(copy)

    def _footer(self) -> Any:
        self.copy_all.clicked.connect(lambda: self._copy(self.model.as_text()))
        self.close_button.clicked.connect(self.accept)
        mark(self.copied, role="done")
        return footer([self.copy_all, self.copied], [self.close_button])


def from_opened(path: str, opened: Sequence[str]) -> str:
    """Return a path from the opened folder that it lies in; with its name if there are several."""
    for folder in opened:
        start = folder.rstrip(os.sep) + os.sep
        if path.startswith(start):
            rest = path.removeprefix(start)
            return rest if len(opened) == 1 else str(Path(Path(folder).name, rest))
    return path


def _row(file: Skipped) -> str:
    """Return the path of a file, and of a copy the name of the file that is shown."""
    return f"{file.path} ({Path(file.taken).name} is shown)" if file.taken else file.path


def _sentence(reason: str) -> str:
    return reason[:1].upper() + reason[1:]
