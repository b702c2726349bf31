"""Which series go into a data set: a list with check marks, by patient."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QModelIndex, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QHBoxLayout, QHeaderView, QLabel, QTreeView, QVBoxLayout, QWidget

from xray_studio.core.study import Catalog, Patient, Series
from xray_studio.ui.browser.series_text import amount, patient_titles, series_title
from xray_studio.ui.dialogs.parts import button
from xray_studio.ui.look.theme import colour, mark, px

INDENT, ROW = 20, 28
_SERIES = Qt.ItemDataRole.UserRole


class SeriesTicks(QWidget):
    """Every series that shows pictures, all ticked at first. `changed` tells ticks of the user."""

    changed = Signal()

    def __init__(self, catalog: Catalog, *, hidden: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = QStandardItemModel(self)
        self.view = QTreeView(self)
        self.words = QLabel(self)
        self.all_button = button("All", self, "link")
        self.none_button = button("None", self, "link")
        # A patient's tick changes those of many series, which are told at once.
        self._told = QTimer(self, singleShot=True, interval=0)
        self._told.timeout.connect(self._tell)
        self._fill(catalog, hidden=hidden)
        self._build()
        self._count()
        self.model.itemChanged.connect(self._follow)
        self.all_button.clicked.connect(lambda: self._tick_all(Qt.CheckState.Checked))
        self.none_button.clicked.connect(lambda: self._tick_all(Qt.CheckState.Unchecked))

    def ticked(self) -> list[Series]:
        """Return the series that are ticked."""
        return [
            item.data(_SERIES)
            for item in self._items()
            if item.checkState() == Qt.CheckState.Checked
        ]

    def only(self) -> frozenset[tuple[object, ...]] | None:
        """Return the identities of the series that are ticked, None where all are."""
        ticked = self.ticked()
        if len(ticked) == sum(1 for _ in self._items()):
            return None
        return frozenset(series.identity for series in ticked)

    def _fill(self, catalog: Catalog, *, hidden: bool) -> None:
        numbered = [(patient, n) for n, patient in enumerate(catalog.patients, 1)]
        titles = patient_titles(numbered, hidden=hidden)
        for (patient, _), title in zip(numbered, titles, strict=True):
            rows = [_row(series, hidden=hidden) for series in _pictures(patient)]
            if rows:
                head = _item(title)
                self.model.appendRow([head, _words("")])
                for row in rows:
                    head.appendRow(row)
                head.setCheckState(Qt.CheckState.Checked)

    def _build(self) -> None:
        view = self.view
        view.setModel(self.model)
        view.setHeaderHidden(True)
        view.header().setStretchLastSection(False)
        view.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        view.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        view.setUniformRowHeights(True)
        view.setIndentation(px(INDENT))
        view.setRootIsDecorated(False)
        view.setItemsExpandable(False)
        view.expandAll()
        for row in range(self.model.rowCount()):
            view.setFirstColumnSpanned(row, QModelIndex(), True)
        view.setCurrentIndex(self.model.index(0, 0))
        view.setAccessibleName("Series of the data set; checked ones go into it")
        mark(self.words, role="secondary")
        line = QHBoxLayout()
        line.addWidget(self.words, 1)
        line.addWidget(self.all_button)
        line.addWidget(self.none_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(line)
        column.addWidget(view, 1)

    def _items(self) -> Iterator[QStandardItem]:
        for row in range(self.model.rowCount()):
            head = self.model.item(row)
            yield from (head.child(place) for place in range(head.rowCount()))

    def _tick_all(self, state: Qt.CheckState) -> None:
        for row in range(self.model.rowCount()):
            self.model.item(row).setCheckState(state)

    def _follow(self, item: QStandardItem) -> None:
        """Tick the series of a patient with the patient, and the patient as the series are."""
        state = item.checkState()
        if item.data(_SERIES) is not None:
            item.parent().setCheckState(_state_of(item.parent()))
        elif state != Qt.CheckState.PartiallyChecked and state != _state_of(item):
            for row in range(item.rowCount()):
                item.child(row).setCheckState(state)
        self._told.start()

    def _tell(self) -> None:
        self._count()
        self.changed.emit()

    def _count(self) -> None:
        total, ticked = sum(1 for _ in self._items()), len(self.ticked())
        self.words.setText(f"{ticked:,} of {total:,} series")


def _pictures(patient: Patient) -> Iterator[Series]:
    for study in patient.studies:
        yield from (one for one in study.series if one.instances and not one.is_document)


def _state_of(head: QStandardItem) -> Qt.CheckState:
    """Return the tick of a patient by those of the series."""
    states = {head.child(row).checkState() for row in range(head.rowCount())}
    return states.pop() if len(states) == 1 else Qt.CheckState.PartiallyChecked


def _row(series: Series, *, hidden: bool) -> list[QStandardItem]:
    item = _item(series_title(series, hidden=hidden))
    item.setData(series, _SERIES)
    return [item, _words(amount(series), "secondary")]


def _item(text: str) -> QStandardItem:
    item = _words(text)
    item.setCheckable(True)
    item.setSizeHint(QSize(0, px(ROW)))
    item.setCheckState(Qt.CheckState.Checked)
    return item


def _words(text: str, shade: str = "text") -> QStandardItem:
    item = QStandardItem(text)
    item.setEditable(False)
    item.setForeground(colour(shade))
    return item
