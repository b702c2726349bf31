"""Mark list: the marks of the series in view, each to go to, show, hide and take away."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QListWidget, QListWidgetItem, QWidget

from xray_studio.core.measure.words import row_words
from xray_studio.ui.mark_state import Row, rows_of
from xray_studio.ui.measure.mark_rows import MarkDelegate, told
from xray_studio.ui.session import Session
from xray_studio.ui.state import State
from xray_studio.ui.viewer.mark_commands import MarkCommands

NUMBER = Qt.ItemDataRole.UserRole
OWN = frozenset((Qt.Key.Key_Space, Qt.Key.Key_Delete, Qt.Key.Key_Backspace))


class MarkList(QListWidget):
    """Choosing a row goes to its frame; Space shows or hides, Del takes away."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._commands = session, MarkCommands(session)
        self.rows: tuple[Row, ...] = ()
        self.setAccessibleName("Measurements of this series")
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setItemDelegate(MarkDelegate(self))
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.currentRowChanged.connect(self._choose)
        self.itemClicked.connect(self._go)
        self.itemChanged.connect(self._show_or_hide)

    def show_marks(self, state: State) -> None:
        """List the marks of the view; those that are selected stay so."""
        self.rows = rows_of(state)
        numbers = [row.mark.number for row in self.rows]
        self.blockSignals(True)
        if numbers != self._numbers():
            self._fill(numbers)
        frames = 0 if state.view.clip is None else len(state.view.clip)
        for place, row in enumerate(self.rows):
            _show(self.item(place), row, frames)
        chosen = state.marks.chosen
        if chosen in numbers and self.currentRow() != numbers.index(chosen):
            self.setCurrentRow(numbers.index(chosen))
        elif chosen not in numbers:
            self.setCurrentRow(-1)
            self.clearSelection()
        self.blockSignals(False)

    def selected(self) -> tuple[Row, ...]:
        """Return the rows that are selected, in order."""
        places = sorted(index.row() for index in self.selectedIndexes())
        return tuple(self.rows[place] for place in places if place < len(self.rows))

    def follow_look(self) -> None:
        """Take the heights for the size of letters in use."""
        self.scheduleDelayedItemsLayout()

    def event(self, event: QEvent) -> bool:
        """Take keys for the rows that elsewhere play the loop or close the viewport."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
            if plain and event.key() in OWN and self.count():
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take the selected marks away with Delete, show or hide one with Space."""
        keys = Qt.Key
        if event.key() in {keys.Key_Delete, keys.Key_Backspace} and self.count():
            self._commands.delete([row.mark for row in self.selected()])
        elif event.key() == keys.Key_Space and self.currentItem() is not None:
            mark = self.rows[self.currentRow()].mark
            self._commands.hide(mark.number, hidden=not mark.hidden)
        elif event.key() in {keys.Key_Up, keys.Key_Down, keys.Key_Home, keys.Key_End}:
            super().keyPressEvent(event)
        else:
            event.ignore()

    def _numbers(self) -> list[int]:
        return [int(self.item(row).data(NUMBER)) for row in range(self.count())]

    def _fill(self, numbers: list[int]) -> None:
        self.clear()
        for number in numbers:
            item = QListWidgetItem()
            item.setData(NUMBER, number)
            self.addItem(item)

    def _choose(self, place: int) -> None:
        if 0 <= place < len(self.rows):
            self._commands.go_to(self.rows[place].mark)

    def _go(self, item: QListWidgetItem) -> None:
        """Go to the frame of a row that is clicked again."""
        if len(self.selectedIndexes()) == 1:
            self._choose(self.row(item))

    def _show_or_hide(self, item: QListWidgetItem) -> None:
        hidden = item.checkState() != Qt.CheckState.Checked
        self._commands.hide(int(item.data(NUMBER)), hidden=hidden)


def _show(item: QListWidgetItem, row: Row, frames: int) -> None:
    where, figures = where_of(row, frames), row_words(row.mark, row.values)
    for role, text in told(row, where).items():
        item.setData(role, text)
    hidden = row.mark.hidden
    lines = (row.mark.name, where, *figures.split("; "), "hidden" if hidden else "")
    item.setToolTip("\n".join(filter(None, lines)))
    item.setCheckState(Qt.CheckState.Unchecked if hidden else Qt.CheckState.Checked)
    spoken = ", ".join(filter(None, (row.mark.name, where, figures, "hidden" if hidden else "")))
    item.setData(Qt.ItemDataRole.AccessibleTextRole, spoken)


def where_of(row: Row, frames: int) -> str:
    """Return where a mark lies, "" in a picture of one frame."""
    if frames <= 1:
        return ""
    return "all frames" if row.mark.everywhere else f"frame {row.frame + 1:,}"
