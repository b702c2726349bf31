"""Read-outs: noise and sharpness of the frame in view before and after processing."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from xray_studio.ui.look.theme import mark
from xray_studio.ui.session import Session, State

NO_NUMBER = "\N{EM DASH}"
ABOUT = (
    "Measured in the frame in view. There is no true picture to compare with, so the last rows"
    " tell how much was changed, not how well."
)


class ReadingsPart(QWidget):
    """A small table; while it can be seen, the session says that read-outs are wanted."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.setAccessibleName("Read-outs")
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 4, 0, 0)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(0, 1)
        self.cells: dict[tuple[int, int], QLabel] = {}
        self._about = QLabel(ABOUT, self)
        self._about.setWordWrap(True)
        mark(self._about, role="caption")
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
        readings = state.view.readings
        lines = () if readings is None else readings.lines
        for cell in self.cells.values():
            cell.hide()
        for line, words in enumerate((("Read-outs", "Before", "After"), *lines)):
            for column, text in enumerate(words):
                self._cell(line, column).setText(text or NO_NUMBER)
                self._cell(line, column).show()
        self._grid.addWidget(self._about, 20, 0, 1, 3)

    def _cell(self, line: int, column: int) -> QLabel:
        if (line, column) not in self.cells:
            made = self.cells[line, column] = QLabel(self)
            mark(made, role="strong" if (line, column) == (0, 0) else "secondary")
            right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            self._grid.addWidget(made, line, column, right if column else Qt.AlignmentFlag(0))
        return self.cells[line, column]
