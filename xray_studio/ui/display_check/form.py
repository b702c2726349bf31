"""The form of measured luminances: 18 fields and the light of the room."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QGridLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from xray_studio.core.display_check import LEVELS, Measured
from xray_studio.core.errors import UsageError
from xray_studio.ui.look.theme import mark, px

COLUMNS = 3
FIELD = 88
LONGEST = 12  # letters of a number
AMBIENT = "Ambient light, cd/m²"


class LuminanceField(QLineEdit):
    """A luminance in cd/m2. `several` tells a text of several numbers that was pasted into it."""

    several = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setMaxLength(LONGEST)
        self.follow_look()

    def follow_look(self) -> None:
        """Take the width for the size of letters in use."""
        self.setFixedWidth(px(FIELD))

    def value(self) -> float:
        """Return the number. Raises UsageError for what is none."""
        text = self.text().strip().replace(",", ".")
        try:
            return float(text) if text.isascii() and "_" not in text else float("nan")
        except ValueError:
            raise UsageError(f"{self.accessibleName()}: “{text}” is no number.") from None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Paste a whole table; go on with Enter."""
        if event.matches(QKeySequence.StandardKey.Paste):
            text = QGuiApplication.clipboard().text()
            if len(text.split()) > 1:
                self.several.emit(text)
                return
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.focusNextChild()
            return
        super().keyPressEvent(event)


class LuminanceForm(QWidget):
    """18 fields by level and one for the ambient light. `changed` tells that one has changed."""

    changed = Signal()
    several = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.fields = tuple(LuminanceField(f"Level {n}, cd/m²", self) for n in LEVELS)
        self.ambient = LuminanceField(AMBIENT, self)
        self.ambient.setPlaceholderText("0")
        self._lay_out()
        for field in (*self.fields, self.ambient):
            field.textChanged.connect(self.changed)
            field.several.connect(self.several)

    def texts(self) -> tuple[str, ...]:
        """Return what stands in the fields, that of the ambient light last."""
        return tuple(field.text() for field in (*self.fields, self.ambient))

    def show_texts(self, texts: Sequence[str]) -> None:
        """Fill the fields; empty for no texts."""
        for number, field in enumerate((*self.fields, self.ambient)):
            field.blockSignals(True)
            field.setText(texts[number] if number < len(texts) else "")
            field.setCursorPosition(0)  # the first figures count most
            field.blockSignals(False)
        self.changed.emit()

    def show_measured(self, measured: Measured) -> None:
        """Fill the fields with luminances."""
        self.show_texts([f"{value:.6g}" for value in (*measured.luminances, measured.ambient)])

    def show_reading(self, level: int, value: float) -> None:
        """Fill the field of one level."""
        self.fields[LEVELS.index(level)].setText(f"{value:g}")

    def missing(self) -> int:
        """Return how many luminances are not there yet."""
        return sum(not field.text().strip() for field in self.fields)

    def measured(self) -> Measured:
        """Return the luminances. Raises UsageError for what is no number, and as Measured."""
        values = tuple(field.value() for field in self.fields)
        return Measured(values, self.ambient.value() if self.ambient.text().strip() else 0.0)

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(8)
        rows = len(LEVELS) // COLUMNS
        for number, (level, field) in enumerate(zip(LEVELS, self.fields, strict=True)):
            column, row = divmod(number, rows)
            label = QLabel(str(level), self)
            mark(label, role="secondary")
            label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            label.setMinimumWidth(px(28))
            grid.addWidget(label, row, 2 * column)
            grid.addWidget(field, row, 2 * column + 1)
        last = QLabel(AMBIENT, self)
        last.setBuddy(self.ambient)
        grid.addWidget(last, rows, 0, 1, 2 * COLUMNS - 1)
        grid.addWidget(self.ambient, rows, 2 * COLUMNS - 1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addLayout(grid)
