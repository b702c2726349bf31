"""Conformance: what is against the standard in the objects of a series, as a list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from xray_studio.core.conformance import Checked, Severity, how_many
from xray_studio.core.conformance_groups import Group, grouped
from xray_studio.ui.dialogs.conformance.model import ALL, ConformanceModel
from xray_studio.ui.dialogs.parts import MARGIN, button, footer, framed, heading, sized
from xray_studio.ui.look.theme import mark, px
from xray_studio.ui.widgets.segmented import Segmented

TITLE = "Conformance"
CLEAN = "Nothing was found: the objects hold to the tables of the standard."
_WIDTHS = (252, 320, 208)
_CALLED = {Severity.ERROR: "Errors", Severity.WARNING: "Warnings", Severity.NOTE: "Notes"}


class ConformanceDialog(QDialog):
    """Lists findings by attribute and rule. `save_asked` gives the text to save."""

    save_asked = Signal(str)

    def __init__(
        self, checked: Sequence[Checked], parent: QWidget | None = None, *, hidden: bool = False
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(TITLE)
        sized(self, 920, 560)
        groups = grouped(checked)
        self.model = ConformanceModel(groups, self, hidden=hidden)
        self.view = QTreeView(self)
        self.severity = Segmented("Show", _options(groups), self)
        self.nothing = QLabel(self)
        self.copied = QLabel(self)
        self.copy_all = button("Copy all", self)
        self.save_button = button("Save as text…", self)
        self.close_button = button("Close", self)
        self._build_view()
        framed(self, heading(TITLE, _about(checked), self), self._body(), self._footer())
        self.severity.chosen.connect(self._show)
        errors = any(group.finding.severity is Severity.ERROR for group in groups)
        self.severity.set_value(Severity.ERROR.value if errors else ALL)
        self._show(self.severity.value())
        self.view.setFocus()

    def copy(self) -> None:
        """Copy the selected rows."""
        rows = sorted(
            self.view.selectionModel().selectedRows(), key=lambda i: self.view.visualRect(i).top()
        )
        self._copy("\n".join(self.model.line(index) for index in rows))

    def _show(self, severity: str) -> None:
        self.model.show(severity)
        there = self.model.rowCount() > 0
        self.view.setVisible(there)
        self.nothing.setVisible(not there)
        self.nothing.setText(CLEAN if severity == ALL else "There are none of this kind.")
        for widget in (self.copy_all, self.save_button):
            widget.setEnabled(there)

    def _copy(self, text: str) -> None:
        QGuiApplication.clipboard().setText(text)
        count = len(text.splitlines())
        self.copied.setText(f"{count:,} line{'' if count == 1 else 's'} copied to the clipboard")

    def _build_view(self) -> None:
        self.view.setModel(self.model)
        self.view.setUniformRowHeights(True)
        self.view.setSelectionMode(QTreeView.SelectionMode.ExtendedSelection)
        self.view.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.view.setAccessibleName("Findings by attribute and rule")
        self.view.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        header = self.view.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        for column, width in enumerate(_WIDTHS):
            self.view.setColumnWidth(column, px(width))
        self.view.setColumnWidth(3, px(56))
        self.view.expanded.connect(self._span)
        copy = QAction("Copy", self.view)
        copy.setShortcut(QKeySequence(QKeySequence.StandardKey.Copy))
        copy.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        copy.triggered.connect(self.copy)
        self.view.addAction(copy)

    def _span(self, finding: QModelIndex) -> None:
        """Give the names of files the whole row."""
        for row in range(self.model.rowCount(finding)):
            self.view.setFirstColumnSpanned(row, finding, True)

    def _body(self) -> QWidget:
        body = QWidget(self)
        column = QVBoxLayout(body)
        column.setContentsMargins(MARGIN - 12, 12, MARGIN - 12, 8)
        column.setSpacing(8)
        row = QHBoxLayout()
        row.setContentsMargins(12, 0, 12, 0)
        row.addWidget(self.severity)
        row.addStretch(1)
        column.addLayout(row)
        column.addWidget(self.view, 1)
        mark(self.nothing, role="secondary")
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column.addWidget(self.nothing, 1)
        return body

    def _footer(self) -> Any:
        self.copy_all.clicked.connect(lambda: self._copy(self.model.as_text()))
        self.save_button.clicked.connect(lambda: self.save_asked.emit(self.model.as_text()))
        self.close_button.clicked.connect(self.accept)
        mark(self.copied, role="done")
        return footer([self.copy_all, self.save_button, self.copied], [self.close_button])


def _options(groups: Sequence[Group]) -> tuple[tuple[str, str], ...]:
    """Return the choices, each with how many findings it shows."""
    own = [group.finding.severity for group in groups]
    each = tuple((s.value, f"{_CALLED[s]} {own.count(s):,}") for s in Severity)
    return ((ALL, f"All {len(groups):,}"), *each)


def _about(checked: Sequence[Checked]) -> str:
    """Return how many objects of which kind have how many findings."""
    kinds = dict.fromkeys(one.kind for one in checked if one.kind)
    count = f"{len(checked):,} object{'' if len(checked) == 1 else 's'}"
    return ", ".join(filter(None, (count, *kinds))) + f": {how_many(checked)}"
