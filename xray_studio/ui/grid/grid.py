"""Grid: the cells in their rows and columns, and the windows of those that are detached."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPoint, QRect, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QVBoxLayout, QWidget

from xray_studio.core.study import Series
from xray_studio.ui.actions.actions import Actions
from xray_studio.ui.areas import holds_focus
from xray_studio.ui.document.reading import Reading
from xray_studio.ui.document.view import DocumentView
from xray_studio.ui.grid.cell import Cell
from xray_studio.ui.grid.cell_bar import BUTTONS
from xray_studio.ui.grid.commands import GridCommands
from xray_studio.ui.grid.detached import DetachedWindow
from xray_studio.ui.look.theme import mark
from xray_studio.ui.session import Session
from xray_studio.ui.state import State
from xray_studio.ui.viewer.displays import Displays
from xray_studio.ui.viewer.geometry import Size
from xray_studio.ui.viewer.viewport import Viewport
from xray_studio.ui.volume.over import lies_over

GAP = 2
LEAST = (160, 120)


class Away(QWidget):
    """Stands in the grid for a viewport that has a window of its own."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        mark(self, area="background")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        words = QLabel("This viewport has a window of its own.", self)
        words.setWordWrap(True)
        words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        mark(words, role="secondary")
        self.button = QPushButton("Put back", self)
        self.button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(12)
        column.addStretch(1)
        column.addWidget(words)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)


class Grid(QWidget):
    """Shows the places that the session says. Cells are made when they are first needed.

    `series_dropped` tells a series and a place, `series_laid` one that is to lie over the volume on
    screen, `menu_requested` where (on the screen) a menu is to open, `resized` that a viewport has
    another size.
    """

    series_dropped = Signal(object, int)
    series_laid = Signal(object)
    menu_requested = Signal(QPoint)
    resized = Signal()

    def __init__(
        self,
        session: Session,
        actions: Actions,
        displays: Displays,
        reading: Reading,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._actions, self._displays = session, actions, displays
        self._reading = reading
        self._commands = GridCommands(session)
        self.cells: dict[int, Cell] = {}
        self.windows: dict[int, DetachedWindow] = {}
        self._away: dict[int, Away] = {}
        mark(self, area="background")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setMinimumSize(*LEAST)
        session.changed.connect(self._follow)
        self._arrange(session.state)

    @property
    def viewport(self) -> Viewport:
        """The active viewport."""
        return self.cell(self._session.state.active).viewport

    @property
    def face(self) -> Viewport | DocumentView:
        """The active viewport, or the document in its place."""
        return self.cell(self._session.state.active).face

    def cell(self, place: int) -> Cell:
        """Return the cell of a place, made when there is none yet."""
        if place not in self.cells:
            self.cells[place] = self._make(place)
        return self.cells[place]

    def size_of(self, place: int) -> Size:
        """Return the size of the viewport at a place, in device pixels."""
        return self.cell(place).viewport.view_size()

    def close_windows(self) -> None:
        """Close the windows of detached viewports, with the main window."""
        for window in self.windows.values():
            window.hide()
            window.deleteLater()
        self.windows.clear()

    def resizeEvent(self, _event: QResizeEvent) -> None:
        """Give every place its share."""
        self._place(self._session.state)

    def _make(self, place: int) -> Cell:
        actions = {name: self._actions[name] for name in BUTTONS}
        cell = Cell(self._session, place, actions, self._reading, self)
        cell.dropped.connect(partial(self._dropped, place))
        cell.asked.connect(lambda name: self._actions[name].trigger())
        cell.viewport.menu_requested.connect(self.menu_requested)
        cell.viewport.resized.connect(self.resized)
        self._displays.show_in(cell.pane, cell.viewport)
        return cell

    def _dropped(self, place: int, what: Series | int) -> None:
        if isinstance(what, Series) and lies_over(self._session.state, what, place):
            self.series_laid.emit(what)
        elif isinstance(what, Series):
            self.series_dropped.emit(what, place)
        else:
            self._commands.swap(what, place)

    # -- showing

    def _follow(self, old: State, new: State) -> None:
        # Keys that acted in a viewport go on to the active one; hiding one takes its focus away.
        keys_here = isinstance(QApplication.focusWidget(), Viewport | DocumentView)
        arranged = (old.layout, old.alone, old.detached) != (new.layout, new.alone, new.detached)
        if arranged:
            self._arrange(new)
        if keys_here and (arranged or old.active != new.active):
            self._focus(new, Qt.FocusReason.TabFocusReason)

    def _focus(self, state: State, reason: Qt.FocusReason) -> None:
        face = self.cell(state.active).face
        if not holds_focus(face):
            face.window().activateWindow()
            face.setFocus(reason)

    def _arrange(self, state: State) -> None:
        for place in sorted(state.detached - self.windows.keys()):
            self._detach(place)
        for place in sorted(self.windows.keys() - state.detached):
            self._put_back(place)
        for place in state.in_grid:
            self.cell(place)
        self._place(state)

    def _detach(self, place: int) -> None:
        window = DetachedWindow(self.cell(place), self._actions, self)
        window.closed.connect(partial(self._commands.put_back, place))
        self.windows[place] = window

    def _put_back(self, place: int) -> None:
        window = self.windows.pop(place)
        window.release().setParent(self)
        window.hide()
        window.deleteLater()

    def _place(self, state: State) -> None:
        boxes = dict(zip(state.in_grid, self._boxes(state), strict=True))
        for place, cell in self.cells.items():
            if place not in state.detached:
                self._show_at(cell, boxes.get(place))
        for place in (*self._away, *state.detached):
            wanted = boxes.get(place) if place in state.detached else None
            self._show_at(self._stand_in(place), wanted)

    def _stand_in(self, place: int) -> Away:
        if place not in self._away:
            self._away[place] = Away(self)
            self._away[place].button.clicked.connect(partial(self._back, place))
        return self._away[place]

    def _back(self, place: int, _checked: bool = False) -> None:
        self._commands.put_back(place)

    def _show_at(self, widget: QWidget, box: QRect | None) -> None:
        if box is not None:
            widget.setGeometry(box)
        widget.setVisible(box is not None)

    def _boxes(self, state: State) -> list[QRect]:
        alone = state.alone is not None
        rows, columns = (1, 1) if alone else (state.layout.rows, state.layout.columns)
        across = [_part(self.width(), columns, column) for column in range(columns)]
        down = [_part(self.height(), rows, row) for row in range(rows)]
        return [QRect(x, y, width, height) for y, height in down for x, width in across]


def _part(length: int, count: int, number: int) -> tuple[int, int]:
    """Return start and length of one of `count` parts, all of a length but for a pixel."""
    start = number * (length + GAP) // count
    return start, (number + 1) * (length + GAP) // count - GAP - start
