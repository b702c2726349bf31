"""Read-outs: noise and sharpness of the frame in view before and after processing."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from xray_studio.ui.dialogs.parts import separator
from xray_studio.ui.look.theme import mark
from xray_studio.ui.session import Session
from xray_studio.ui.state import State

NO_NUMBER = "\N{EM DASH}"
ABOUT = (
    "There is no true picture to compare with: the change tells how much, not how well. Where noise"
    " alone went, its whiteness is near 1 and its structure near 0."
)


class ReadingsPart(QWidget):
    """A small table; while it can be seen, the session says that read-outs are wanted."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.setAccessibleName("Read-outs")
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(0, 1)
        self._line = separator(self)
        self.cells: dict[tuple[int, int], QLabel] = {}
        self._about = QLabel(ABOUT, self)
        self._about.setWordWrap(True)
        mark(self._about, role="caption")
        self._about.setContentsMargins(0, 4, 0, 0)
        session.changed.connect(self._follow)
        self._show(session.state)

    def showEvent(self, event: QShowEvent) -> None:
        """Want read-outs."""
        super().showEvent(event)
        self._session.update(measures=True)

    def hideEvent(self, event: QHideEvent) -> None:
        """Want none."""
        super().hideEvent(event)
        self._session.update(measures=False)

    def rows(self) -> list[tuple[str, ...]]:
        """Return what stands in the table."""
        lines = range(self._grid.rowCount())
        found = [tuple(self._text(line, column) for column in range(3)) for line in lines]
        return [line for line in found if any(line)]

    def _text(self, line: int, column: int) -> str:
        cell = self.cells.get((line, column))
        return cell.text() if cell is not None and not cell.isHidden() else ""

    def _follow(self, old: State, new: State) -> None:
        if old.view.readings is not new.view.readings or old.active != new.active:
            self._show(new)

    def _show(self, state: State) -> None:
        for cell in self.cells.values():
            cell.hide()
        self._grid.addWidget(self._line, 0, 0, 1, 3)
        self._line.setVisible(state.view.readings is not None)
        self._about.setVisible(state.view.readings is not None)
        for line, words in enumerate(table_of(state), 1):
            for column, text in enumerate(words):
                self._cell(line, column).setText(text or NO_NUMBER)
                self._cell(line, column).show()
        self._grid.addWidget(self._about, 20, 0, 1, 3)

    def _cell(self, line: int, column: int) -> QLabel:
        if (line, column) not in self.cells:
            made = self.cells[line, column] = QLabel(self)
            mark(made, role="strong" if (line, column) == (1, 0) else "secondary")
            made.setWordWrap(column == 0)
            made.setContentsMargins(0, 8 if line == 1 else 0, 0, 0)
            right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            self._grid.addWidget(made, line, column, right if column else Qt.AlignmentFlag(0))
        return self.cells[line, column]


def table_of(state: State) -> tuple[tuple[str, str, str], ...]:
    """Return the lines of the table under its head, which names the frame; none without any."""
    readings, clip = state.view.readings, state.view.clip
    if readings is None or clip is None:
        return ()
    told = f", frame {readings.frame + 1}" if len(clip) > 1 else ""
    return ((f"Read-outs{told}", "Before", "After"), *readings.lines)
