"""The form of the export dialog: one row for each choice, and where the file goes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import (
    QGridLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QWidget,
)

from xray_studio.core.corner_text import format_number
from xray_studio.services.recipe import Recipe
from xray_studio.ui.dialogs.export.choices import OPTIONS, Choices
from xray_studio.ui.dialogs.export.formats import GOOD_FOR, OF_KIND, RECIPE, codecs_of
from xray_studio.ui.dialogs.export.offers import unavailable
from xray_studio.ui.dialogs.export.recipe import speed_words
from xray_studio.ui.dialogs.export.target import custom_size, size_words, source_size, suffix_of
from xray_studio.ui.dialogs.folder_button import FolderButton
from xray_studio.ui.dialogs.parts import beside, captioned
from xray_studio.ui.look.icons import icon
from xray_studio.ui.look.theme import mark, px
from xray_studio.ui.view import View
from xray_studio.ui.widgets.segmented import Segmented

ROWS = (
    ("kind", "Write"),
    ("format", "Format"),
    ("frames", "Frames"),
    ("speed", "Speed"),
    ("quality", "Quality"),
    ("size", "Size"),
    ("text", "Text"),
)
FINE_ROWS = (
    ("codec", "Codec"),
    ("encoder", "Encoder"),
    ("depth", "Depth"),
    ("moments", "Real time"),
    ("dither", "Dithering"),
    ("syntax", "Stored as"),
)
LINES = {"syntax": 2}  # rows of many options
LARGEST = 16_384
OF_CLIPS = ("frames", "speed")  # rows that leave no choice for one picture
WITH_RECIPE = ("frames", "speed", "size")  # rows with an option that only a recipe asks for
MORE, LESS = "More choices", "Fewer choices"


class ExportForm(QWidget):
    """Choices, name and folder. `changed` tells the row that the user changed, or "fold"."""

    changed = Signal(str)

    def __init__(self, view: View, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = view
        self.rows = {key: self._row(key, label) for key, label in (*ROWS, *FINE_ROWS)}
        self._captions: dict[str, QLabel] = {}
        self._recipe = Recipe()
        self.good_for = QLabel(self)
        self.fold = QPushButton(self)
        self.width_field = QLineEdit(self)
        self._height = QLabel(self)
        self.name = QLineEdit(self)
        self._suffix = QLabel(self)
        self.folder_button = FolderButton("Folder of the export", self)
        self._build()
        self._say_what_is_known()

    def _row(self, key: str, label: str) -> Segmented:
        options = [*OPTIONS[key], *([(RECIPE, "Recipe")] if key in WITH_RECIPE else [])]
        return Segmented(label, options, self, lines=LINES.get(key, 1))

    def show_view(self, view: View) -> None:
        """Offer the choices of another view."""
        self._view = view
        self._say_what_is_known()

    def choices(self) -> Choices:
        """Return what is chosen now."""
        chosen = {key: row.value() for key, row in self.rows.items() if key != "kind"}
        return Choices(**chosen, width=int(self.width_field.text() or 0), recipe=self._recipe)

    def kind(self) -> str:
        """Return the kind that is chosen, which the format may not be of yet."""
        return self.rows["kind"].value()

    def show_choices(self, choices: Choices, hardware: Mapping[str, str] | None = None) -> None:
        """Show choices, and which of the others can be made."""
        out = unavailable(self._view, choices, hardware)
        self._recipe = choices.recipe
        self.rows["kind"].set_value(choices.kind)
        self._show_formats(choices)
        for key, row in self.rows.items():
            if key != "kind":
                row.set_value(getattr(choices, key))
            for option, _ in OPTIONS[key]:
                reason = out.get((key, option), "")
                row.set_available(option, available=not reason, reason=reason)
        self._show_fine(choices, out)
        self._show_width(choices)
        self._suffix.setText(suffix_of(self._view, choices) or "a folder of pictures")

    def _show_formats(self, choices: Choices) -> None:
        """Show the formats of the kind, and what the chosen one is good for."""
        offered = dict(OF_KIND[choices.kind])
        for key, _ in OPTIONS["format"]:
            self.rows["format"].button(key).setVisible(key in offered)
        for key in WITH_RECIPE:
            self.rows[key].button(RECIPE).setVisible(getattr(choices, key) == RECIPE)
        self.rows["frames"].set_text(RECIPE, choices.recipe.frames or "Recipe")
        self.rows["speed"].set_text(RECIPE, speed_words(choices.recipe) or "Recipe")
        self.rows["size"].set_text(RECIPE, choices.recipe.size)
        self.good_for.setText(GOOD_FOR[choices.format])

    def _show_width(self, choices: Choices) -> None:
        custom = choices.size == "custom"
        self.width_field.setEnabled(custom and not choices.as_stored)
        if self.width_field.text() != str(choices.width):
            self.width_field.setText(str(choices.width))
        size = custom_size(self._view, max(1, choices.width)) if custom else source_size(self._view)
        self._height.setText(f"\N{MULTIPLICATION SIGN} {size[1]} pixels")
        for field in (self.width_field, self._height):
            field.setVisible(custom)

    @property
    def folder(self) -> Path:
        """Where the file goes."""
        return self.folder_button.folder

    def _build(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(20, 20, 20, 8)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(8)
        grid.setColumnMinimumWidth(0, 72)
        grid.setColumnStretch(1, 1)
        for key, label in ROWS:
            self._add_choice(grid, key, label)
            if key == "format":
                mark(self.good_for, role="caption")
                self.good_for.setWordWrap(True)
                grid.addWidget(self.good_for, grid.rowCount(), 1)
        self._add_fold(grid)
        for key, label in FINE_ROWS:
            self._add_choice(grid, key, label)
        captioned(grid, "Name", self._name_row())
        self.folder_button.chosen.connect(lambda: self.changed.emit("folder"))
        captioned(grid, "Folder", self.folder_button)

    def _add_choice(self, grid: QGridLayout, key: str, label: str) -> None:
        row = self.rows[key]
        row.setFixedHeight(30 * row.lines + 4)
        row.chosen.connect(lambda _option, key=key: self.changed.emit(key))
        self._captions[key] = captioned(grid, label, self._size_row(row) if key == "size" else row)

    def _add_fold(self, grid: QGridLayout) -> None:
        mark(self.fold, kind="link")
        self.fold.setCheckable(True)
        self.fold.setAutoDefault(False)
        self.fold.clicked.connect(lambda: self.changed.emit("fold"))
        grid.addWidget(self.fold, grid.rowCount(), 1, Qt.AlignmentFlag.AlignLeft)

    def _show_fine(self, choices: Choices, out: Mapping[tuple[str, str], str]) -> None:
        """Show the finer rows that leave something to choose, while they are unfolded."""
        shown = self.fold.isChecked()
        self.fold.setText(LESS if shown else MORE)
        self.fold.setIcon(icon("chevron-up" if shown else "chevron-down", "accent"))
        offered = {key for key, _ in FINE_ROWS if _is_offered(key, choices, out)}
        self.fold.setVisible(bool(offered))
        for key, _ in FINE_ROWS:
            for part in (self.rows[key], self._captions[key]):
                part.setVisible(shown and key in offered)

    def _size_row(self, row: Segmented) -> QWidget:
        self.width_field.setValidator(QIntValidator(1, LARGEST, self))
        self.width_field.setFixedWidth(px(72))
        self.width_field.setAccessibleName("Width in pixels")
        self.width_field.textEdited.connect(lambda _text: self.changed.emit("width"))
        mark(self._height, role="secondary")
        self._height.setMinimumWidth(96)
        return beside(self, (row, 1), (self.width_field, 0), (self._height, 0))

    def _name_row(self) -> QWidget:
        self.name.setAccessibleName("File name")
        self.name.textEdited.connect(lambda _text: self.changed.emit("name"))
        mark(self._suffix, role="secondary")
        return beside(self, (self.name, 1), (self._suffix, 0))

    def _say_what_is_known(self) -> None:
        clip, cine = self._view.clip, self._view.cine
        assert clip is not None
        for key in OF_CLIPS:
            self.rows[key].setVisible(len(clip) > 1)
            self._captions[key].setVisible(len(clip) > 1)
        self.rows["frames"].set_text("all", f"All {len(clip):,}")
        self.rows["frames"].set_text("range", f"In to out, {cine.last - cine.first + 1:,}")
        self.rows["speed"].set_text("acquired", f"As acquired, {format_number(clip.frame_rate)}")
        self.rows["size"].set_text("source", f"Source, {size_words(*source_size(self._view))}")


def _is_offered(row: str, choices: Choices, out: Mapping[tuple[str, str], str]) -> bool:
    """Tell whether a row leaves something to choose."""
    if row == "encoder":  # what is missing here is told, where hardware would fit
        return choices.is_video and "h264" in codecs_of(choices.format)
    return sum((row, key) not in out for key, _ in OPTIONS[row]) > 1
