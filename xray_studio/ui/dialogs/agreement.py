"""Agreement: how often people kept what a model wrote, by finding, and over time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from xray_studio.core.report.feedback import Agreement
from xray_studio.ui.dialogs.agreement_chart import PARTS, AgreementChart
from xray_studio.ui.dialogs.parts import MARGIN, button, footer, framed, heading, sized
from xray_studio.ui.finding_state import title_of
from xray_studio.ui.look.theme import mark, px

TITLE: Final = "Agreement with drafts"
EMPTY: Final = (
    "No signed report was drafted by a model yet.\nWhat you accept, change, remove and add is"
    " counted when a report is signed; nothing learns from it by itself."
)
ALL, NO_FINDING = "All sentences", "No finding"
COLUMNS: Final = ("Finding", *(title for _, title, _ in PARTS), "As written")
EXPORT: Final = "Save drafts and final texts\N{HORIZONTAL ELLIPSIS}"
RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
WIDTH, HEIGHT, NUMBER, CHART, ROW = 1040, 560, 80, 400, 28


class AgreementDialog(QDialog):
    """A table of findings beside what became of one over time.

    `export_asked` tells that drafts and final texts are to be written.
    """

    export_asked = Signal()

    def __init__(
        self, rows: Sequence[Agreement], reports: int, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._rows = tuple(rows)
        self.setWindowTitle(TITLE)
        sized(self, WIDTH, HEIGHT)
        self.table, self.chart = QTreeWidget(self), AgreementChart(self)
        self.title, self.models, self.nothing = (QLabel(self) for _ in range(3))
        self.export_button, self.close_button = button(EXPORT, self), button("Close", self)
        self._fill()
        about = "1 signed report" if reports == 1 else f"{reports:,} signed reports"
        framed(self, heading(TITLE, f"{about} that a model has drafted", self), self._body(),
            self._footer())  # fmt: skip
        self._show_rows()
        (self.table if self._rows else self.close_button).setFocus()

    def _fill(self) -> None:
        """Fill the table: all sentences, then finding by finding."""
        self.table.setHeaderLabels(list(COLUMNS))
        self.table.setRootIsDecorated(False)
        self.table.setUniformRowHeights(True)
        self.table.setAccessibleName("What became of sentences, by finding")
        names = sorted({one.finding for one in self._rows}, key=lambda name: (not name, name))
        for name in (None, *names) if self._rows else ():
            self.table.addTopLevelItem(_item(name, self._of(name)))
        header = self.table.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column in range(1, len(COLUMNS)):
            self.table.setColumnWidth(column, px(NUMBER))
            self.table.headerItem().setTextAlignment(column, RIGHT)
        self.table.currentItemChanged.connect(self._choose)
        first = self.table.topLevelItem(0)
        if first is not None:
            self.table.setCurrentItem(first)

    def _body(self) -> QWidget:
        body = QWidget(self)
        for label, role in ((self.title, "strong"), (self.models, "caption"),
                            (self.nothing, "secondary")):  # fmt: skip
            label.setWordWrap(True)
            mark(label, role=role)
        self.nothing.setText(EMPTY)
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        side = QVBoxLayout()
        side.setSpacing(8)
        side.addWidget(self.title)
        side.addWidget(self.chart, 1)
        side.addWidget(self.models)
        self.chart.setFixedWidth(px(CHART))
        row = QHBoxLayout(body)
        row.setContentsMargins(MARGIN, 16, MARGIN, 16)
        row.setSpacing(24)
        row.addWidget(self.table, 1)
        row.addLayout(side)
        row.addWidget(self.nothing, 1)
        return body

    def _footer(self) -> QHBoxLayout:
        self.export_button.clicked.connect(self.export_asked)
        self.close_button.clicked.connect(self.accept)
        return footer([self.export_button], [self.close_button])

    def _show_rows(self) -> None:
        there = bool(self._rows)
        for widget in (self.table, self.title, self.chart, self.models):
            widget.setVisible(there)
        self.nothing.setVisible(not there)
        self.export_button.setEnabled(there)

    def _choose(self, item: QTreeWidgetItem | None) -> None:
        if item is None:
            return
        name = item.data(0, Qt.ItemDataRole.UserRole)
        rows = self._of(name)
        self.title.setText(f"{_title(name)}, month by month")
        self.chart.show_rows(rows)
        models = dict.fromkeys(one.model for one in rows)
        self.models.setText("\n".join(
            f"{one.name} {one.version}, SHA-256 {one.sha256[:12]}\N{HORIZONTAL ELLIPSIS}"
            for one in models
        ))  # fmt: skip

    def _of(self, name: str | None) -> tuple[Agreement, ...]:
        """Return the rows of a finding, all rows for None."""
        return tuple(one for one in self._rows if name is None or one.finding == name)


def _item(name: str | None, rows: Sequence[Agreement]) -> QTreeWidgetItem:
    counts = [sum(getattr(one, part) for one in rows) for part, _, _ in PARTS]
    total = sum(one.total for one in rows)
    share = f"{100.0 * counts[0] / total:.0f} %" if total else ""
    item = QTreeWidgetItem([_title(name), *(f"{count:,}" for count in counts), share])
    item.setData(0, Qt.ItemDataRole.UserRole, name)
    item.setSizeHint(0, QSize(0, px(ROW)))
    for column in range(1, len(COLUMNS)):
        item.setTextAlignment(column, RIGHT)
    return item


def _title(name: str | None) -> str:
    return ALL if name is None else title_of(name) if name else NO_FINDING
