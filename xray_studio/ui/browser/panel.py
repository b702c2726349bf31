"""Browser: patients, studies and series with thumbnails, search, and the paths opened before."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import cast

from PySide6.QtCore import QModelIndex, QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from xray_studio.core.reasons import counted
from xray_studio.core.study import Series
from xray_studio.ui.browser.delegate import BrowserDelegate
from xray_studio.ui.browser.model import ROW_ROLE, BrowserModel, Filter, Row, rows
from xray_studio.ui.browser.series_text import same
from xray_studio.ui.browser.thumbnails import Thumbnails
from xray_studio.ui.grid.carry import card, carry
from xray_studio.ui.look.icons import icon
from xray_studio.ui.look.theme import mark
from xray_studio.ui.over_state import browsed
from xray_studio.ui.session import Session
from xray_studio.ui.state import State
from xray_studio.ui.widgets.recent_list import RecentList
from xray_studio.ui.widgets.row_view import RowView
from xray_studio.ui.widgets.search_field import SearchField

SEARCHED = "Name, ID, description"
SEARCHED_HIDDEN = "Modality, number, body part"


class BrowserPanel(QWidget):
    """Left panel. Tells what the user asks for; what it shows comes from the session.

    `series_chosen` tells a series to show, `series_entered` that the user goes on to its picture,
    `menu_asked` a row whose menu is wanted, and where on the screen.
    """

    series_chosen = Signal(object)
    series_entered = Signal()
    path_chosen = Signal(str)
    all_asked = Signal()
    skipped_asked = Signal()
    menu_asked = Signal(object, QPoint)

    def __init__(
        self, session: Session, thumbnails: Thumbnails, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._session, self._thumbnails = session, thumbnails
        self._filter = Filter()
        self.model = BrowserModel(self)
        self._opened: tuple[str, ...] = ()
        self.search = SearchField("Search series", SEARCHED, self)
        self.view = RowView(self)
        self._delegate = BrowserDelegate(thumbnails.get, self)
        self._delegate.chosen = lambda series: same(series, session.view.series)
        self.recent = RecentList(self)
        self.note = QLabel(self)
        self.skipped = QPushButton(icon("triangle-alert", "secondary"), "", self)
        self.keys = QPushButton(icon("star", "secondary"), "Only key images. Show all", self)
        self._later = QTimer(self, singleShot=True)
        self._cost = 0.0
        self._build()
        self._connect(thumbnails)
        self._list()

    def set_recent(self, paths: Sequence[str], *, hidden: bool = False) -> None:
        """Show the paths opened before, their numbers only while identity is `hidden`."""
        self.recent.set_paths(paths, hidden=hidden)
        self._show_state()

    def follow_look(self) -> None:
        """Lay out the rows for the size of letters in use."""
        self.view.set_heights(self.model.heights())

    def listed(self) -> list[Series]:
        """Return the series in the list now, from top to bottom."""
        return [row.series for row in self.model.rows if row.series is not None]

    def _build(self) -> None:
        mark(self, area="panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName("Browser")
        self.view.setModel(self.model)
        self.view.setItemDelegate(self._delegate)
        self.view.setAccessibleName("Patients, studies and series")
        self.note.setWordWrap(True)
        self.note.setContentsMargins(12, 12, 12, 12)
        mark(self.note, role="caption")
        mark(self.skipped, kind="quiet")
        mark(self.keys, kind="quiet", align="left")
        self.keys.setIconSize(QSize(16, 16))
        self.keys.hide()
        self.skipped.setIconSize(QSize(16, 16))
        self._lay_out()

    def _lay_out(self) -> None:
        field = QHBoxLayout()
        field.setContentsMargins(12, 8, 12, 8)
        field.addWidget(self.search)
        self._line = QFrame(self)
        mark(self._line, line="horizontal")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(field)
        column.addWidget(self.keys)
        column.addWidget(self.recent, 1)
        column.addWidget(self.note, 0, Qt.AlignmentFlag.AlignTop)
        column.addWidget(self.view, 1)
        column.addWidget(self._line)
        column.addWidget(self.skipped)

    def _connect(self, thumbnails: Thumbnails) -> None:
        self._session.changed.connect(self._follow)
        thumbnails.ready.connect(self._repaint)
        self.search.searched.connect(self._search)
        self._later.timeout.connect(self._list)
        self.search.went_down.connect(self._go_to_list)
        self.search.entered.connect(self._enter_first)
        self.view.clicked.connect(self._choose)
        self.view.moved.connect(self._move)
        self.view.entered_row.connect(self._enter)
        self.view.dragged.connect(self._drag)
        self.view.menu_wanted.connect(self._open_menu)
        self.recent.chosen.connect(self.path_chosen)
        self.keys.clicked.connect(self.all_asked)
        self.skipped.clicked.connect(self.skipped_asked)

    def _follow(self, old: State, new: State) -> None:
        if old.opened != new.opened and new.opened:
            self._begin(new.opened)
        if old.identity_hidden != new.identity_hidden:
            self._filter = replace(self._filter, hidden=new.identity_hidden)
            self._hide_identity(hidden=new.identity_hidden)
            self._list()
        elif old.only_keys != new.only_keys:
            self._filter = replace(self._filter, keys=new.only_keys)
            self.keys.setVisible(new.only_keys is not None)
            self._list()
        elif old.catalog is not new.catalog or old.states is not new.states:
            self._list_soon()
        elif old.view.series is not new.view.series:
            self._mark_current()
        if old.scanning != new.scanning or old.opened != new.opened:
            self._show_state()

    def _begin(self, opened: tuple[str, ...]) -> None:
        """Forget what was searched for in another study; reading one again keeps it."""
        if opened != self._opened:
            self._opened = opened
            self.search.forget()

    def _hide_identity(self, *, hidden: bool) -> None:
        """Forget what was searched for, which may be a name, and say what can be searched now."""
        self.search.setPlaceholderText(SEARCHED_HIDDEN if hidden else SEARCHED)
        if hidden:
            self.search.forget()

    def _list_soon(self) -> None:
        """List at once, but while a scan reports often never for more than a tenth of the time."""
        if not self._later.isActive():
            self._later.start(round(self._cost * 10_000) if self._session.state.scanning else 0)

    def _list(self) -> None:
        started = time.perf_counter()
        anchor = self._anchor()
        self._delegate.hidden = self._filter.hidden
        state = self._session.state
        beside, notes = browsed(state.catalog, state.states)
        self._filter = replace(self._filter, beside=beside, notes=notes)
        self.model.show(rows(self._session.state.catalog, self._filter), hidden=self._filter.hidden)
        self.view.set_heights(self.model.heights())
        self._restore(anchor)
        self._mark_current()
        self._show_state()
        self._cost = time.perf_counter() - started

    def _anchor(self) -> tuple[Row, int] | None:
        """Return the first row in sight and where it is, so that it can stay there."""
        visible = self.view.visible_rows()
        if not visible or self.view.verticalOffset() == 0:
            return None
        first = visible[0]
        return self.model.rows[first], self.view.verticalOffset() - self.view.top_of(first)

    def _restore(self, anchor: tuple[Row, int] | None) -> None:
        row = -1 if anchor is None else self.model.row_like(anchor[0])
        if anchor is not None and row >= 0:
            self.view.verticalScrollBar().setValue(self.view.top_of(row) + anchor[1])

    def _mark_current(self) -> None:
        row = self.model.row_of(self._session.view.series)
        self.view.setCurrentIndex(self.model.index(row, 0) if row >= 0 else QModelIndex())
        self.view.viewport().update()

    def _search(self, words: tuple[str, ...]) -> None:
        self._filter = replace(self._filter, words=words)
        self._list()

    def _repaint(self, series: Series) -> None:
        """Paint one series anew, if it is in sight."""
        for row in self.view.visible_rows():
            found = self.model.rows[row].series
            if found is not None and same(found, series):
                self.view.update(self.model.index(row, 0))

    def _move(self, index: QModelIndex) -> None:
        row = _row(index)
        if row is not None and row.series is not None:
            self.series_chosen.emit(row.series)

    def _drag(self, index: QModelIndex) -> None:
        """Carry a series to a viewport; the list goes on showing which one is on screen."""
        row = _row(index)
        if row is not None and row.series is not None:
            image = self._thumbnails.get(row.series)
            carry(self.view, row.series, card(image, self.devicePixelRatioF()))
            self._mark_current()

    def _choose(self, index: QModelIndex) -> None:
        """Show a series; fold or unfold a header."""
        self._move(index)
        row = _row(index)
        if row is not None and row.foldable:
            folded = self._filter.folded ^ {row.patient.key}
            self._filter = replace(self._filter, folded=folded)
            self._list()

    def _enter(self, index: QModelIndex) -> None:
        """Do what a click does; the keys are meant for the picture afterwards."""
        row = _row(index)
        self._choose(index)
        if row is not None and row.series is not None:
            self.series_entered.emit()

    def _open_menu(self, index: QModelIndex, place: QPoint) -> None:
        row = _row(index)
        if row is not None:
            self.menu_asked.emit(row, place)

    def _go_to_list(self) -> None:
        """Go on from the search to the series on screen, or else to the first one found."""
        if self.model.rows:
            if not self.view.currentIndex().isValid():
                self.view.setCurrentIndex(self._first())
                self._move(self._first())
            self.view.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _enter_first(self) -> None:
        if self._filter.words and self.model.rows:
            self._enter(self._first())

    def _first(self) -> QModelIndex:
        """Return the first series in the list."""
        row = next(n for n, row in enumerate(self.model.rows) if row.series is not None)
        return self.model.index(row, 0)

    def _show_state(self) -> None:
        state = self._session.state
        empty = not state.catalog.patients
        self.recent.setVisible(empty and not state.opened)
        self.view.setVisible(bool(self.model.rows))
        self.note.setVisible(bool(state.opened) and not self.model.rows)
        self.note.setText(_note(state))
        self.search.setEnabled(not empty)
        count = len(state.catalog.skipped)
        self.skipped.setVisible(count > 0)
        self._line.setVisible(count > 0)
        words = counted(skipped.reason for skipped in state.catalog.skipped)
        self.skipped.setText(f"  {words} skipped")


def _note(state: State) -> str:
    if state.catalog.patients:
        return "No series matches this search."
    return "Looking for pictures…" if state.scanning else "No pictures were found."


def _row(index: QModelIndex) -> Row | None:
    return cast("Row", index.data(ROW_ROLE)) if index.isValid() else None
