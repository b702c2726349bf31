"""RowView: a list of rows of different heights that stays fast with tens of thousands of rows.

QListView asks its delegate for the size of every row at every change, in Python 0.1 s for 10,000
rows. Here the model tells all heights at once and rows are found by bisection.
"""

from __future__ import annotations

import bisect
from collections.abc import Sequence
from itertools import accumulate

from PySide6.QtCore import (
    QEvent,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QRegion,
)
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyleOptionViewItem, QWidget

from xray_studio.ui.widgets.speech import describe

Index = QModelIndex | QPersistentModelIndex


class RowView(QAbstractItemView):
    """Rows below one another, painted by the delegate; only visible rows are touched.

    Up, Down and Enter are the only keys it takes. `moved` tells the row that an arrow led to,
    `entered_row` the current row when Enter is pressed, `dragged` a row that is being dragged,
    `menu_wanted` the row under the pointer, or the current one, and where on the screen it is.
    """

    moved = Signal(QModelIndex)
    entered_row = Signal(QModelIndex)
    dragged = Signal(QModelIndex)
    menu_wanted = Signal(QModelIndex, QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tops = [0]
        self._hover = QModelIndex()
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setMouseTracking(True)
        self.setDragEnabled(True)

    def set_heights(self, heights: Sequence[int]) -> None:
        """Lay out the rows anew; call it after the model has changed."""
        self._tops = [0, *accumulate(heights)]
        self._hover = QModelIndex()
        self.updateGeometries()
        self.viewport().update()

    def visible_rows(self) -> range:
        """Return the rows that can be seen."""
        top = self.verticalOffset()
        first = max(0, bisect.bisect_right(self._tops, top) - 1)
        last = bisect.bisect_left(self._tops, top + self.viewport().height())
        return range(first, min(last, self._count()))

    def top_of(self, row: int) -> int:
        """Return where a row starts, in pixels below the start of the list."""
        return self._tops[row]

    def visualRect(self, index: Index) -> QRect:
        """Return where a row is in the viewport."""
        row = index.row()
        if not 0 <= row < self._count():
            return QRect()
        top, bottom = self._tops[row], self._tops[row + 1]
        return QRect(0, top - self.verticalOffset(), self.viewport().width(), bottom - top)

    def indexAt(self, point: QPoint) -> QModelIndex:
        """Return the row at a point of the viewport."""
        row = bisect.bisect_right(self._tops, point.y() + self.verticalOffset()) - 1
        return self.model().index(row, 0) if 0 <= row < self._count() else QModelIndex()

    def scrollTo(
        self,
        index: Index,
        _hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible,
    ) -> None:
        """Scroll as little as shows the row."""
        rect, bar = self.visualRect(index), self.verticalScrollBar()
        if rect.top() < 0:
            bar.setValue(bar.value() + rect.top())
        elif rect.bottom() >= self.viewport().height():
            bar.setValue(bar.value() + rect.bottom() + 1 - self.viewport().height())

    def moveCursor(
        self, action: QAbstractItemView.CursorAction, _modifiers: Qt.KeyboardModifier
    ) -> QModelIndex:
        """Return the row that a key leads to; rows that are not enabled are passed over."""
        row, count = self.currentIndex().row(), self._count()
        actions = QAbstractItemView.CursorAction
        if action in {actions.MoveUp, actions.MovePrevious}:
            order = range(row - 1, -1, -1)
        elif action in {actions.MoveDown, actions.MoveNext}:
            order = range(row + 1, count)
        else:
            return self.currentIndex()
        return next(filter(self._enabled, map(self._index, order)), self.currentIndex())

    def horizontalOffset(self) -> int:
        """Return 0: rows are as wide as the view."""
        return 0

    def verticalOffset(self) -> int:
        """Return how far the list is scrolled, in pixels."""
        return self.verticalScrollBar().value()

    def isIndexHidden(self, _index: Index) -> bool:
        """Return False: the model holds only rows that are shown."""
        return False

    def setSelection(self, rect: QRect, command: QItemSelectionModel.SelectionFlag) -> None:
        """Select the row under a rectangle."""
        self.selectionModel().select(self.indexAt(rect.topLeft()), command)

    def visualRegionForSelection(self, selection: object) -> QRegion:  # noqa: ARG002 - Qt's signature
        """Return the whole viewport, which is repainted when the selection changes."""
        return QRegion(self.viewport().rect())

    def updateGeometries(self) -> None:
        """Fit the scroll bar to the rows."""
        super().updateGeometries()
        height, bar = self.viewport().height(), self.verticalScrollBar()
        bar.setRange(0, max(0, self._tops[-1] - height))
        bar.setPageStep(height)
        bar.setSingleStep(32)

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Move what is painted."""
        self.viewport().scroll(dx, dy)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move with arrows and tell Enter; other keys are not for this list, letters neither."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.entered_row.emit(self.currentIndex())
        elif event.key() in {Qt.Key.Key_Up, Qt.Key.Key_Down}:
            before = self.currentIndex()
            super().keyPressEvent(event)
            if self.currentIndex() != before:
                self.moved.emit(self.currentIndex())
        else:
            event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Have a row on which keys act, with the mark of the focus, in sight."""
        super().focusInEvent(event)
        if event.reason() != Qt.FocusReason.MouseFocusReason:
            if not self.currentIndex().isValid():
                first = self.moveCursor(self.CursorAction.MoveNext, Qt.KeyboardModifier.NoModifier)
                self.setCurrentIndex(first)
            self.scrollTo(self.currentIndex())

    def startDrag(self, _actions: Qt.DropAction) -> None:
        """Tell the row that is being dragged."""
        self.dragged.emit(self.currentIndex())

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Tell the row whose menu is wanted; a key means the current one."""
        place = event.pos()
        index = self.indexAt(place)
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            index = self.currentIndex()
            place = self.visualRect(index).center()
        if index.isValid():
            self.menu_wanted.emit(index, self.viewport().mapToGlobal(place))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the pointer, so that the row below it can be painted as such."""
        super().mouseMoveEvent(event)
        self._set_hover(self.indexAt(event.position().toPoint()))

    def leaveEvent(self, event: QEvent) -> None:
        """Forget the pointer."""
        super().leaveEvent(event)
        self._set_hover(QModelIndex())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rows that can be seen and need it."""
        painter = QPainter(self.viewport())
        for row in self.visible_rows():
            index = self._index(row)
            if event.rect().intersects(self.visualRect(index)):
                self.itemDelegate().paint(painter, self._option(index), index)
        painter.end()

    def _option(self, index: QModelIndex) -> QStyleOptionViewItem:
        option = QStyleOptionViewItem()
        self.initViewItemOption(option)
        option.rect = self.visualRect(index)
        flags = QStyle.StateFlag
        option.state = flags.State_Enabled if self._enabled(index) else flags.State_None
        if index == self.currentIndex() and self.hasFocus():
            option.state |= flags.State_HasFocus
        if index == self._hover:
            option.state |= flags.State_MouseOver
        return option

    def currentChanged(self, current: Index, previous: Index) -> None:
        """Tell assistive tools the row on which keys act."""
        super().currentChanged(current, previous)
        words = str(current.data(Qt.ItemDataRole.AccessibleTextRole) or "")
        describe(self, words and f"{words}, row {current.row() + 1} of {self._count()}")

    def _set_hover(self, index: QModelIndex) -> None:
        if index != self._hover:
            self.update(self._hover)
            self._hover = index
            self.update(index)

    def _count(self) -> int:
        return len(self._tops) - 1

    def _index(self, row: int) -> QModelIndex:
        return self.model().index(row, 0)

    def _enabled(self, index: QModelIndex) -> bool:
        return bool(self.model().flags(index) & Qt.ItemFlag.ItemIsEnabled)
