"""Studies that an archive has, newest first, each with its series below it once that is opened."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QTreeView, QWidget

from xray_studio.core.corner_text import format_date, format_name, format_time
from xray_studio.core.pacs.query import Match
from xray_studio.ui.look.theme import colour, px

ROW: Final = 28
HEADS: Final = (
    ("Patient and series", 200), ("Patient ID", 104), ("Born", 100), ("Date", 148),
    ("Modality", 100), ("Description", 226), ("Series", 64), ("Objects", 72), ("Accession", 0),
)  # fmt: skip
ASKING: Final = "Asking for its series\N{HORIZONTAL ELLIPSIS}"
NO_SERIES: Final = "The archive tells of no series."
RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_BESIDE: Final = frozenset(("DOC", "KO", "PR", "REG", "SEG", "SR"))  # what stands beside pictures
_MATCH: Final = Qt.ItemDataRole.UserRole
_NUMBERS: Final = (6, 7)


class FoundTree(QTreeView):
    """Studies and series.

    `opened` tells the UID of a study whose series are wanted, `moved` that others are chosen.
    """

    opened = Signal(str)
    moved = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.rows = QStandardItemModel(0, len(HEADS), self)
        self.rows.setHorizontalHeaderLabels([title for title, _ in HEADS])
        self.setModel(self.rows)
        self.setAccessibleName("Studies that were found")
        self.setUniformRowHeights(True)
        self.setAllColumnsShowFocus(True)
        self.setSelectionMode(QTreeView.SelectionMode.ExtendedSelection)
        for column, (_, width) in enumerate(HEADS):
            self.header().resizeSection(column, px(width))
        align, across = Qt.ItemDataRole.TextAlignmentRole, Qt.Orientation.Horizontal
        for column in _NUMBERS:
            self.rows.setHeaderData(column, across, RIGHT, align)
        self.header().setStretchLastSection(True)
        self.expanded.connect(self._open)
        self.selectionModel().selectionChanged.connect(lambda *_: self.moved.emit())

    def show_studies(self, studies: Sequence[Match]) -> None:
        """Show studies, newest first; none is chosen by itself."""
        self.rows.setRowCount(0)
        for match in sorted(studies, key=_when, reverse=True):
            row = _row(match, _study_words(match))
            row[0].appendRow(_words_row(ASKING))
            self.rows.appendRow(row)
        self.clearSelection()

    def show_series(self, study_uid: str, series: Sequence[Match]) -> None:
        """Show the series of a study below it, in the order of their numbers."""
        study = self._study(study_uid)
        if study is None:
            return
        study.setRowCount(0)
        for match in sorted(series, key=_number):
            study.appendRow(_row(match, _series_words(match)))
        if not series:
            study.appendRow(_words_row(NO_SERIES))

    def say(self, study_uid: str, sentence: str) -> None:
        """Show below a study why its series are not known; opening it again asks again."""
        study = self._study(study_uid)
        if study is not None:
            study.setRowCount(0)
            study.appendRow(_words_row(sentence, role="danger"))

    def chosen(self) -> list[Match]:
        """Return the studies that are chosen, and series of others that are, from top to bottom."""
        rows = sorted(self.selectionModel().selectedRows(), key=_place)
        found = [one.data(_MATCH) for one in rows if isinstance(one.data(_MATCH), Match)]
        whole = {one.study_instance_uid for one in found if not one.series_instance_uid}
        return [
            one
            for one in found
            if not one.series_instance_uid or one.study_instance_uid not in whole
        ]

    def _open(self, index: QModelIndex) -> None:
        """Ask for the series of a study, where they are not known."""
        study = self.rows.itemFromIndex(index)
        known = study.rowCount() and isinstance(study.child(0).data(_MATCH), Match)
        match = study.data(_MATCH)
        if isinstance(match, Match) and not known:
            study.child(0).setText(ASKING)
            self.opened.emit(match.study_instance_uid)

    def _study(self, uid: str) -> QStandardItem | None:
        for place in range(self.rows.rowCount()):
            item = self.rows.item(place)
            match = item.data(_MATCH)
            if isinstance(match, Match) and match.study_instance_uid == uid:
                return item
        return None


def _place(index: QModelIndex) -> tuple[int, int]:
    above = index.parent()
    return (above.row(), index.row()) if above.isValid() else (index.row(), -1)


def _when(match: Match) -> tuple[str, str]:
    return match.study_date, match.study_time


def _number(match: Match) -> tuple[bool, int, str]:
    number = match.series_number
    return number is None, number or 0, match.series_instance_uid


def _study_words(match: Match) -> tuple[str, ...]:
    when = " ".join(
        filter(None, (format_date(match.study_date), format_time(match.study_time)[:5]))
    )
    return (
        format_name(match.patient_name) or "No name", match.patient_id,
        format_date(match.patient_birth_date), when, _kinds(match), match.study_description,
        _count(match.series), _count(match.instances), match.accession_number,
    )  # fmt: skip


def _series_words(match: Match) -> tuple[str, ...]:
    number = f"Series {match.series_number}" if match.series_number is not None else "Series"
    told = match.series_description
    return (number, "", "", "", _kinds(match), told, "", _count(match.instances), "")


def _kinds(match: Match) -> str:
    """Return the modalities, those of pictures first."""
    kinds = sorted(filter(None, match.modality.split("\\")))
    return ", ".join(sorted(kinds, key=_BESIDE.__contains__))


def _count(number: int | None) -> str:
    return "" if number is None else f"{number:,}"


def _row(match: Match, words: Sequence[str]) -> list[QStandardItem]:
    items = [_item(text) for text in words]
    items[0].setData(match, _MATCH)
    for column in _NUMBERS:
        items[column].setTextAlignment(RIGHT)
    for item in items[1:]:
        item.setForeground(colour("secondary"))
    return items


def _words_row(words: str, role: str = "secondary") -> list[QStandardItem]:
    item = _item(words)
    item.setForeground(colour(role))
    item.setFlags(Qt.ItemFlag.ItemIsEnabled)
    return [item]


def _item(text: str) -> QStandardItem:
    item = QStandardItem(text)
    item.setEditable(False)
    item.setSizeHint(QSize(0, px(ROW)))
    item.setToolTip(text)
    return item
