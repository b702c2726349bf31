"""The worklist: what is looked for at which archive, and the entries that are like it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from xray_studio.core.corner_text import format_date, format_name
from xray_studio.core.pacs.worklist import WorklistEntry, WorklistQuery
from xray_studio.core.video.identity import Identity
from xray_studio.ui.dialogs.parts import beside, button, captioned
from xray_studio.ui.dialogs.to_dicom.table import Table
from xray_studio.ui.look.theme import px
from xray_studio.ui.widgets.asking import words_of_role
from xray_studio.ui.widgets.segmented import Segmented

Planned = tuple[WorklistEntry, Identity]
DAYS: Final = (("today", "Today"), ("any", "Any day"))
HEADS = (
    ("When", 120), ("Patient", 150), ("Patient ID", 90), ("Kind", 50), ("Planned", 150),
    ("Accession", 0),
)  # fmt: skip
ASKING: Final = "Asking the archive\N{HORIZONTAL ELLIPSIS}"
NOTHING: Final = "Nothing like this is scheduled."
PICK: Final = "Choose the entry that the videos belong to."
LEAST: Final = 150  # pixels of the list


class WorklistForm(QWidget):
    """Asks for entries. `asked` tells node and query, `picked` whose entry was chosen."""

    asked = Signal(str, object)
    picked = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._planned: Sequence[Planned] = ()
        self.node = QComboBox(self)
        self.day = Segmented("Day", DAYS, self)
        self.name, self.number, self.accession = (QLineEdit(self) for _ in range(3))
        self.search = button("Search", self)
        self.table = Table("Entries of the worklist", HEADS, self)
        self.words = words_of_role("caption", self)
        self._build()
        self.search.clicked.connect(self.ask)
        self.table.moved.connect(self._pick)

    def focus(self) -> None:
        """Give the focus to what is looked for."""
        (self.name if self.node.currentText() else self.node).setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Enter in a field search, not leave the page."""
        keys = Qt.Key
        if event.key() in {keys.Key_Return, keys.Key_Enter} and not self.table.hasFocus():
            self.ask()
            return
        super().keyPressEvent(event)

    def offer(self, nodes: Sequence[str]) -> None:
        """Offer archives by name; any other can be typed."""
        typed = self.node.currentText()
        self.node.clear()
        self.node.addItems(list(nodes))
        if typed:
            self.node.setEditText(typed)

    def query(self) -> WorklistQuery:
        """Return what is looked for."""
        today = self.day.value() == "today"
        return WorklistQuery(
            patient_name=self.name.text().strip(), patient_id=self.number.text().strip(),
            accession_number=self.accession.text().strip(),
            date=f"{datetime.now().astimezone():%Y%m%d}" if today else "",
        )  # fmt: skip

    def ask(self) -> None:
        """Ask the archive."""
        self.show_entries(())
        self.words.setText(ASKING)
        self.asked.emit(self.node.currentText().strip(), self.query())

    def show_entries(self, planned: Sequence[Planned]) -> None:
        """Show what is scheduled; nobody is chosen by itself."""
        self._planned = planned
        self.table.show_rows([_row(entry) for entry, _ in planned])
        self.table.clearSelection()
        self.words.setText(PICK if planned else NOTHING)

    def say(self, sentence: str) -> None:
        """Show why the archive did not tell."""
        self.words.setText(sentence)

    def _build(self) -> None:
        self.node.setEditable(True)
        self.node.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.node.setAccessibleName("Archive")
        field = self.node.lineEdit()
        if field is not None:
            field.setPlaceholderText("Name, or host:port/AETITLE")
        for one, name, hint in (
            (self.name, "Patient name", "Mustermann*"),
            (self.number, "Patient ID", ""),
            (self.accession, "Accession number", ""),
        ):
            one.setAccessibleName(name)
            one.setPlaceholderText(hint or name)
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        place = beside(self, (self.node, 1), (self.day, 1))
        looked_for = beside(
            self, (self.name, 1), (self.number, 1), (self.accession, 1), (self.search, 0)
        )
        captioned(grid, "Archive", place)
        captioned(grid, "Patient", looked_for)
        self.table.setMinimumHeight(px(LEAST))
        told = QHBoxLayout()
        told.addWidget(self.words, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(grid)
        column.addWidget(self.table, 1)
        column.addLayout(told)

    def _pick(self) -> None:
        chosen = self.table.chosen()
        if chosen and chosen[0] < len(self._planned):
            self.picked.emit(self._planned[chosen[0]][1])


def _row(entry: WorklistEntry) -> tuple[str, ...]:
    time = entry.scheduled_procedure_step_start_time
    when = format_date(entry.scheduled_procedure_step_start_date)
    planned = entry.scheduled_procedure_step_description or entry.requested_procedure_description
    return (
        f"{when} {time[:2]}:{time[2:4]}" if time else when, format_name(entry.patient_name),
        entry.patient_id, entry.modality, planned, entry.accession_number,
    )  # fmt: skip
