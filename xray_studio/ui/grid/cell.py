"""Cell: one place of the grid. A viewport in its border, what is dropped there, and its bar."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Signal
from PySide6.QtGui import (
    QAction,
    QColor,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QVBoxLayout, QWidget

from xray_studio.core.study import Series
from xray_studio.ui.areas import holds_focus
from xray_studio.ui.arrangements import is_of_another
from xray_studio.ui.document.reading import Reading
from xray_studio.ui.document.view import DocumentView
from xray_studio.ui.grid.carry import carried, carry
from xray_studio.ui.grid.cell_bar import CellBar
from xray_studio.ui.grid.drop_mark import HERE, OVER, REFUSED, SWAP, DropMark
from xray_studio.ui.look.theme import colour
from xray_studio.ui.session import Pane, Session
from xray_studio.ui.state import State
from xray_studio.ui.viewer.viewport import Viewport
from xray_studio.ui.volume.over import lies_over

BORDER = 2
NEAR = 72  # pixels below the upper edge in which the pointer brings the bar
CARRIED = 160  # pixels: width of the picture that is dragged


class Cell(QWidget):
    """Holds what a place shows.

    `dropped` tells a series or a place that was dropped here, `asked` the name of an action that is
    to be done with this viewport.
    """

    dropped = Signal(object)
    asked = Signal(str)

    def __init__(
        self,
        session: Session,
        place: int,
        actions: dict[str, QAction],
        reading: Reading,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self.place, self._reading = session, place, reading
        self.pane = Pane(session, place, self)
        self.viewport = Viewport(self.pane, self)
        self.reader: DocumentView | None = None
        self._bordered: bool | None = None
        self.bar = CellBar(actions, self)
        self.mark = DropMark(self)
        self.setAcceptDrops(True)
        self._column = QVBoxLayout(self)
        self._column.setSpacing(0)
        self._column.addWidget(self.viewport)
        self._connect()
        self._follow(session.state, session.state)

    def _connect(self) -> None:
        self.viewport.entered.connect(self._activate)
        self.viewport.pointed.connect(self._pointed)
        self.viewport.alone_asked.connect(lambda: self._ask("alone"))
        self.bar.asked.connect(self._ask)
        self.bar.grip.dragged.connect(self._carry)
        self._session.changed.connect(self._follow)

    @property
    def active(self) -> bool:
        """Whether panels and keys mean this place."""
        return self._session.state.active == self.place

    @property
    def face(self) -> Viewport | DocumentView:
        """What is shown: pictures, or a document."""
        shows = self._session.state.views[self.place].document is not None
        return self.reader if shows and self.reader is not None else self.viewport

    # -- showing

    def _follow(self, old: State, new: State) -> None:
        several = len(new.shown) > 1 or new.alone is not None
        if several is not self._bordered or old.layout is not new.layout:
            self._bordered = several
            edge = BORDER if several else 0
            self._column.setContentsMargins(edge, edge, edge, edge)
        if old.active != new.active or old.detached != new.detached:
            self.update()
        self._show_face(new)
        self._show_bar(new)

    def _show_face(self, state: State) -> None:
        """Show the document there is, or pictures; the focus goes along."""
        document = state.views[self.place].document
        if self.reader is None and document is None:
            return
        if self.reader is None:
            self.reader = self._reading.view(self)
            self.reader.entered.connect(self._activate)
            self._column.addWidget(self.reader)
        had_focus = holds_focus(self)
        self.viewport.setVisible(document is None)
        self.reader.setVisible(document is not None)
        self.reader.show_document(document, hidden=state.identity_hidden)
        if had_focus and not holds_focus(self.face):
            self.face.setFocus()

    def _show_bar(self, state: State) -> None:
        if not self.bar.isHidden():
            self.bar.show_as(
                alone=state.alone == self.place,
                detached=self.place in state.detached,
                empty=state.views[self.place].series is None,
                several=bool(self._bordered),
            )
            self._place_bar()

    def _place_bar(self) -> None:
        self.bar.move((self.width() - self.bar.width()) // 2, 6)

    def resizeEvent(self, _event: QResizeEvent) -> None:
        """Keep bar and mark in their places."""
        self.mark.setGeometry(self.rect())
        self._place_bar()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the border: that of the active viewport stands out."""
        if self._bordered:
            painter = QPainter(self)
            painter.fillRect(self.rect(), colour("accent") if self.active else QColor("#262D38"))
            painter.end()

    # -- acting

    def _activate(self) -> None:
        self._session.update(active=self.place)

    def _ask(self, name: str) -> None:
        self._activate()
        self.asked.emit(name)

    def _pointed(self, point: QPointF) -> None:
        near = point.y() < NEAR and (bool(self._bordered) or self.place in self._detached)
        if near is self.bar.isHidden():
            self.bar.setVisible(near)
            self.bar.raise_()
            self._show_bar(self._session.state)

    @property
    def _detached(self) -> frozenset[int]:
        return self._session.state.detached

    def leaveEvent(self, _event: object) -> None:
        """Take the bar away with the pointer."""
        self.bar.hide()

    def _carry(self) -> None:
        self.bar.hide()
        picture = self.viewport.grab().scaledToWidth(CARRIED)
        carry(self, self.place, QPixmap(picture))

    # -- what is dropped

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Say what a drop here would do; files are the window's."""
        what = carried(event.mimeData())
        if what is None:
            event.ignore()
            return
        event.acceptProposedAction()
        words = self._words_for(what)
        refused = words == REFUSED
        if what != self.place:
            empty = self._session.state.views[self.place].series is None
            self.mark.cover(words, refused=refused, empty=empty)

    def _words_for(self, what: Series | int) -> str:
        """Return what a drop here would do."""
        state = self._session.state
        if not isinstance(what, Series):
            return SWAP
        if lies_over(state, what, self.place):
            return OVER
        return REFUSED if is_of_another(state, what) else HERE

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Go on as begun."""
        event.acceptProposedAction()

    def dragLeaveEvent(self, _event: QDragLeaveEvent) -> None:
        """Take the words away."""
        self.mark.hide()

    def dropEvent(self, event: QDropEvent) -> None:
        """Tell what was dropped."""
        self.mark.hide()
        what = carried(event.mimeData())
        if what is not None and what != self.place:
            event.acceptProposedAction()
            self.dropped.emit(what)
