"""The clips of a comparison: the list, how they stand together, and whose they are."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QMenu,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from xray_studio.core.comparison import Arrangement, Ending
from xray_studio.core.study import Catalog, Series
from xray_studio.services.comparison import MOST
from xray_studio.ui.browser.series_text import amount, patient_titles, series_title, study_title
from xray_studio.ui.browser.thumbnails import Thumbnails
from xray_studio.ui.dialogs.compare.entries import Chosen
from xray_studio.ui.dialogs.compare.row import ClipRow
from xray_studio.ui.dialogs.parts import MARGIN, button, scrolling
from xray_studio.ui.look.theme import mark
from xray_studio.ui.widgets.segmented import Segmented

ARRANGEMENTS = ((Arrangement.ROW.value, "In a row"), (Arrangement.GRID.value, "In a grid"))
ENDINGS = (
    (Ending.LOOP.value, "Begin anew"),
    (Ending.HOLD.value, "Hold the last frame"),
    (Ending.STOP.value, "End all"),
)
OTHERS = "These are different patients, and nobody is named"


class ClipsPage(QWidget):
    """Shows what is chosen. `changed` tells what the user made of it, `added` a series to open."""

    changed = Signal(object)
    added = Signal(object)

    def __init__(
        self,
        catalog: Catalog,
        thumbnails: Thumbnails,
        *,
        hidden: bool,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._catalog, self._thumbnails, self._hidden = catalog, thumbnails, hidden
        self.chosen = Chosen(())
        self.rows: dict[int, ClipRow] = {}
        self._column = QVBoxLayout()
        self.add = button("Add a clip", self)
        self.add_menu = QMenu(self)
        self.arrangement = Segmented("Pictures", ARRANGEMENTS, self)
        self.ending = Segmented("Shorter clips", ENDINGS, self)
        self.others = QCheckBox(OTHERS, self)
        self._build()
        self._connect()

    def show_chosen(self, chosen: Chosen) -> None:
        """Show clips and how they stand, without telling."""
        self.chosen = chosen
        known = {entry.number for entry in chosen.entries}
        for number in self.rows.keys() - known:
            self.rows.pop(number).deleteLater()
        for place, entry in enumerate(chosen.entries):
            row = self.rows.get(entry.number) or self._new_row(entry.number)
            if self._column.indexOf(row) != place:
                self._column.insertWidget(place, row)
            row.show_entry(entry, place, len(chosen.entries), hidden=self._hidden)
        self._show_pictures()
        self.arrangement.set_value(chosen.arrangement.value)
        self.ending.set_value(chosen.ending.value)
        self.others.setVisible(not chosen.of_one_patient)
        self.others.setChecked(chosen.different_patients)
        self.add.setEnabled(len(chosen.entries) < MOST)
        self._order_keys()

    def _order_keys(self) -> None:
        """Let Tab go through the rows as they stand, then through what is below them."""
        order: list[QWidget] = []
        for entry in self.chosen.entries:
            order += self.rows[entry.number].controls()
        order += [self.add, self.others]
        order += [self.arrangement.button(key) for key, _ in ARRANGEMENTS]
        order += [self.ending.button(key) for key, _ in ENDINGS]
        for before, after in pairwise(order):
            QWidget.setTabOrder(before, after)

    def _new_row(self, number: int) -> ClipRow:
        row = ClipRow(self)
        self.rows[number] = row
        row.captioned.connect(lambda words: self._tell(self.chosen.changed(number, caption=words)))
        row.looked.connect(lambda stored: self._tell(self.chosen.changed(number, stored=stored)))
        row.moved.connect(lambda by: self._move(number, by))
        row.dragged.connect(lambda pointer: self._drag(number, pointer))
        row.removed.connect(lambda: self._remove(number))
        return row

    def _tell(self, chosen: Chosen) -> None:
        self.show_chosen(chosen)
        self.changed.emit(chosen)

    def _move(self, number: int, by: int) -> None:
        order = [entry.number for entry in self.chosen.entries]
        moved = self.chosen.moved(number, by)
        if [entry.number for entry in moved.entries] != order:
            self._tell(moved)

    def _remove(self, number: int) -> None:
        place = [entry.number for entry in self.chosen.entries].index(number)
        self._tell(self.chosen.without(number))
        left = self.chosen.entries
        following = self.rows[left[min(place, len(left) - 1)].number].remove if left else self.add
        following.setFocus()

    def _drag(self, number: int, pointer: QPoint) -> None:
        """Let a clip take the place of the one that the pointer is over."""
        order = [entry.number for entry in self.chosen.entries]
        here = order.index(number)
        there = here
        for place, other in enumerate(order):
            row = self.rows[other]
            middle = row.mapToGlobal(row.rect().center()).y()
            if place < here and pointer.y() < middle:
                there = min(there, place)
            elif place > here and pointer.y() > middle:
                there = place
        if there != here:
            self._move(number, there - here)

    def _show_pictures(self, _series: object = None) -> None:
        for entry in self.chosen.entries:
            if entry.view.series is not None:
                image = self._thumbnails.get(entry.view.series)
                self.rows[entry.number].show_picture(image)

    def _build(self) -> None:
        holder = QWidget(self)
        self._column.setContentsMargins(0, 0, 8, 0)
        self._column.setSpacing(0)
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(self._column)
        column.addStretch(1)
        area: QScrollArea = scrolling(holder, self)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.add.setMenu(self.add_menu)
        adding = QHBoxLayout()
        adding.addWidget(self.add)
        adding.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(MARGIN, 12, MARGIN, 8)
        whole.setSpacing(12)
        whole.addWidget(area, 1)
        whole.addLayout(adding)
        whole.addWidget(self.others)
        whole.addLayout(self._choices())
        self._fill_menu()

    def _choices(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setColumnMinimumWidth(0, 88)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        for number, (words, row) in enumerate(
            (("Pictures", self.arrangement), ("Shorter clips", self.ending))
        ):
            caption = QLabel(words, self)
            mark(caption, role="secondary")
            row.setFixedHeight(34)
            grid.addWidget(caption, number, 0)
            grid.addWidget(row, number, 1)
        return grid

    def _fill_menu(self) -> None:
        """Offer every series with pictures, those of each study in a menu of its own."""
        numbered = [(patient, number) for number, patient in enumerate(self._catalog.patients, 1)]
        titles = patient_titles(numbered, hidden=self._hidden)
        for (patient, _), title in zip(numbered, titles, strict=True):
            for study in patient.studies:
                series = [one for one in study.series if not one.is_document]
                about = " \N{MIDDLE DOT} ".join(
                    filter(None, study_title(study, hidden=self._hidden))
                )
                if series:
                    self._offer(self.add_menu.addMenu(f"{title}: {about}"), series)

    def _offer(self, menu: QMenu, several: list[Series]) -> None:
        for series in several:
            words = series_title(series, hidden=self._hidden)
            text = f"{words} \N{MIDDLE DOT} {amount(series)}".replace("&", "&&")
            menu.addAction(text).triggered.connect(lambda _on=False, s=series: self.added.emit(s))

    def _connect(self) -> None:
        self._thumbnails.ready.connect(self._show_pictures)
        self.arrangement.chosen.connect(
            lambda key: self._tell(replace(self.chosen, arrangement=Arrangement(key)))
        )
        self.ending.chosen.connect(lambda key: self._tell(replace(self.chosen, ending=Ending(key))))
        self.others.clicked.connect(
            lambda on: self._tell(replace(self.chosen, different_patients=on))
        )
