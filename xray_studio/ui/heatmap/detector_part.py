"""Detector part: the detectors for what is on screen, and why others cannot be asked."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from xray_studio.services.anomaly.offers import Offer
from xray_studio.ui.heatmap.words import SEARCHING
from xray_studio.ui.look.theme import mark
from xray_studio.ui.state import State
from xray_studio.ui.unusual_state import asked_detector, offers_of
from xray_studio.ui.widgets.choice_row import ChoiceRow
from xray_studio.ui.widgets.hint import hint


class DetectorPart(QWidget):
    """One row a detector; `chosen` tells the name of one."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: dict[str, ChoiceRow] = {}
        self._offers: tuple[Offer, ...] | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(2)
        self._searching = _caption(SEARCHING, self)
        self._column.addWidget(self._searching)
        self._parts: list[QWidget] = []

    def show_state(self, state: State) -> None:
        """List the detectors for the clip in view, the one that a look asks checked."""
        found = offers_of(state)
        if found != self._offers:
            self._fill(found)
        self._searching.setVisible(not found)
        asked = asked_detector(state)
        for name, row in self.rows.items():
            row.setChecked(asked is not None and asked.name == name)
            if state.looks.busy:
                row.setEnabled(False)
            else:
                row.setEnabled(not self._reason(name))

    def _reason(self, name: str) -> str:
        return next((one.reason for one in self._offers or () if one.name == name), "")

    def _fill(self, found: tuple[Offer, ...]) -> None:
        for part in self._parts:
            self._column.removeWidget(part)
            part.deleteLater()
        self._parts.clear()
        self.rows.clear()
        self._offers = found
        for one in found:
            row = ChoiceRow(one.title, "", "", self)
            row.setAccessibleName(f"{one.title}. {one.reason or one.meaning}")
            hint(row, one.meaning)
            row.clicked.connect(lambda _on=False, name=one.name: self.chosen.emit(name))
            self.rows[one.name] = row
            self._add(row)
            if one.reason:
                self._add(_caption(one.reason, self))

    def _add(self, part: QWidget) -> None:
        self._parts.append(part)
        self._column.addWidget(part)


def _caption(words: str, parent: QWidget) -> QLabel:
    made = QLabel(words, parent)
    made.setWordWrap(True)
    made.setContentsMargins(8, 0, 8, 4)
    mark(made, role="caption")
    return made
