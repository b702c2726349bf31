"""What is looked for: at which archive, of which patient, when and of which kind."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QGridLayout, QLineEdit, QWidget

from xray_studio.core.pacs.node import Node
from xray_studio.core.pacs.query import Query, days, name_like
from xray_studio.ui.dialogs.parts import MARGIN, beside, button, captioned
from xray_studio.ui.look.theme import px
from xray_studio.ui.widgets.segmented import Segmented

ANY, TODAY, WEEK, BETWEEN = "any", "today", "week", "between"
DAYS: Final = ((ANY, "Any day"), (TODAY, "Today"), (WEEK, "7 days"), (BETWEEN, "Between"))
KINDS: Final = ("CR", "CT", "DX", "ES", "MG", "MR", "NM", "PT", "RF", "US", "XA", "XC")
ADDRESS: Final = "Name, host:port/AETITLE, or URL"
_DAY: Final = 116  # pixels of a day
_KIND: Final = 104  # pixels of a modality


class SearchForm(QWidget):
    """Asks what is looked for. `asked` tells that a person wants it to be."""

    asked = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.node, self.kind = QComboBox(self), QComboBox(self)
        self.nodes_button = button("Nodes\N{HORIZONTAL ELLIPSIS}", self)
        self.name, self.number, self.accession = (QLineEdit(self) for _ in range(3))
        self.day = Segmented("Day", DAYS, self)
        self.first, self.last = QLineEdit(self), QLineEdit(self)
        self.search = button("Search", self)
        self._build()
        self.search.clicked.connect(self.asked)
        self.day.chosen.connect(self._show_days)
        self._show_days()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Enter in a field search, not fetch."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.asked.emit()
            return
        super().keyPressEvent(event)

    def offer(self, nodes: Sequence[Node], usual: str) -> None:
        """Offer nodes by name, at first the usual one; any other can be typed."""
        typed = self.node.currentText()
        self.node.clear()
        for node in nodes:
            self.node.addItem(node.name)
            self.node.setItemData(self.node.count() - 1, node.address, Qt.ItemDataRole.ToolTipRole)
        if typed:
            self.node.setEditText(typed)
        elif (place := self.node.findText(usual)) >= 0:
            self.node.setCurrentIndex(place)

    def where(self) -> str:
        """Return the archive by its name or address."""
        return self.node.currentText().strip()

    def query(self) -> Query:
        """Return what is looked for. Raises UsageError for what is no day."""
        return Query(
            patient_name=name_like(self.name.text()),
            patient_id=self.number.text().strip(),
            accession_number=self.accession.text().strip(),
            modality=self.kind.currentText().strip().upper(),
            study_date=self._days(),
        )

    def focus(self) -> None:
        """Give the focus to what is typed first."""
        (self.name if self.where() else self.node).setFocus()

    def _days(self) -> str:
        chosen = self.day.value()
        if chosen == ANY:
            return ""
        if chosen == BETWEEN:
            return days(self.first.text(), self.last.text())
        today = datetime.now().astimezone()
        begin = today - timedelta(days=6) if chosen == WEEK else today
        return days(f"{begin:%Y%m%d}", f"{today:%Y%m%d}")

    def _show_days(self) -> None:
        between = self.day.value() == BETWEEN
        self.first.setEnabled(between)
        self.last.setEnabled(between)
        if between:
            self.first.setFocus()

    def _build(self) -> None:
        for box, name, hint in (
            (self.node, "Archive", ADDRESS), (self.kind, "Modality", "Any kind"),
        ):  # fmt: skip
            box.setEditable(True)
            box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
            box.setAccessibleName(name)
            if (field := box.lineEdit()) is not None:
                field.setPlaceholderText(hint)
                field.setAccessibleName(name)
        self.kind.addItems(["", *KINDS])
        self.kind.setFixedWidth(px(_KIND))
        for line, name, hint in (
            (self.name, "Patient name", "Family name, given name"),
            (self.number, "Patient ID", "Patient ID"),
            (self.accession, "Accession number", "Accession number"),
            (self.first, "First day", "2026-11-01"), (self.last, "Last day", "2026-11-22"),
        ):  # fmt: skip
            line.setAccessibleName(name)
            line.setPlaceholderText(hint)
        for line in (self.first, self.last):
            line.setFixedWidth(px(_DAY))
        grid = QGridLayout(self)
        grid.setContentsMargins(MARGIN, MARGIN, MARGIN, 12)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        for caption, parts in (
            ("Archive", ((self.node, 1), (self.nodes_button, 0))),
            ("Patient", ((self.name, 2), (self.number, 1), (self.accession, 1))),
            ("Study", ((self.day, 1), (self.first, 0), (self.last, 0), (self.kind, 0),
                       (self.search, 0))),
        ):  # fmt: skip
            captioned(grid, caption, beside(self, *parts))
