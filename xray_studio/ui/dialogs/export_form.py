"""The form of the export dialog: one row for each choice, and where the file goes."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import (
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QWidget,
)

from xray_studio.core.corner_text import format_number
from xray_studio.ui.dialogs.export_choices import (
    FORMATS,
    FRAMES,
    QUALITIES,
    SIZES,
    SPEEDS,
    TEXTS,
    Choices,
    custom_size,
    size_words,
    source_size,
    suffix_of,
    unavailable,
)
from xray_studio.ui.look.icons import icon
from xray_studio.ui.look.theme import mark, px
from xray_studio.ui.session import View
from xray_studio.ui.widgets.segmented import Segmented

ROWS = (
    ("format", "Format", FORMATS),
    ("frames", "Frames", FRAMES),
    ("speed", "Speed", SPEEDS),
    ("quality", "Quality", QUALITIES),
    ("size", "Size", SIZES),
    ("text", "Text", TEXTS),
)
LARGEST = 16_384
OF_CLIPS = ("frames", "speed", "quality")  # rows that leave no choice for one picture


class ExportForm(QWidget):
    """Choices, name and folder. `changed` tells the row that the user changed."""

    changed = Signal(str)

    def __init__(self, view: View, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = view
        self.folder = Path()
        self.rows = {key: Segmented(label, options, self) for key, label, options in ROWS}
        self._captions: dict[str, QLabel] = {}
        self.width_field = QLineEdit(self)
        self._height = QLabel(self)
        self.name = QLineEdit(self)
        self._suffix = QLabel(self)
        self.folder_button = QPushButton(icon("folder", "secondary"), "", self)
        self._build()
        self._say_what_is_known()

    def choices(self) -> Choices:
        """Return what is chosen now."""
        chosen = {key: row.value() for key, row in self.rows.items()}
        return Choices(**chosen, width=int(self.width_field.text() or 0))

    def show_choices(self, choices: Choices) -> None:
        """Show choices, and which of the others can be made."""
        out = unavailable(self._view, choices)
        for key, _, options in ROWS:
            self.rows[key].set_value(getattr(choices, key))
            for option, _ in options:
                reason = out.get((key, option), "")
                self.rows[key].set_available(option, available=not reason, reason=reason)
        custom = choices.size == "custom"
        self.width_field.setEnabled(custom)
        if self.width_field.text() != str(choices.width):
            self.width_field.setText(str(choices.width))
        size = custom_size(self._view, max(1, choices.width)) if custom else source_size(self._view)
        self._height.setText(f"\N{MULTIPLICATION SIGN} {size[1]} pixels")
        self._suffix.setText(suffix_of(self._view, choices) or "a folder of pictures")

    def show_folder(self, folder: Path) -> None:
        """Show where the file goes."""
        self.folder = folder
        text = self.folder_button.fontMetrics().elidedText(
            _from_home(folder), Qt.TextElideMode.ElideMiddle, 380
        )
        self.folder_button.setText(f"  {text}")
        self.folder_button.setToolTip(str(folder))
        self.folder_button.setAccessibleName(f"Folder: {folder}")

    def _build(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(20, 20, 20, 8)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(12)
        grid.setColumnMinimumWidth(0, 72)
        grid.setColumnStretch(1, 1)
        for number, (key, label, _) in enumerate(ROWS):
            row = self.rows[key]
            row.setFixedHeight(34)
            row.chosen.connect(lambda _option, key=key: self.changed.emit(key))
            content = self._size_row(row) if key == "size" else row
            self._captions[key] = self._add(grid, number, label, content)
        self._add(grid, len(ROWS), "Name", self._name_row())
        self._add(grid, len(ROWS) + 1, "Folder", self._folder_row())

    def _add(self, grid: QGridLayout, number: int, label: str, content: QWidget) -> QLabel:
        caption = QLabel(label, self)
        mark(caption, role="secondary")
        grid.addWidget(caption, number, 0)
        grid.addWidget(content, number, 1)
        return caption

    def _size_row(self, row: Segmented) -> QWidget:
        self.width_field.setValidator(QIntValidator(1, LARGEST, self))
        self.width_field.setFixedWidth(px(72))
        self.width_field.setAccessibleName("Width in pixels")
        self.width_field.textEdited.connect(lambda _text: self.changed.emit("width"))
        mark(self._height, role="secondary")
        self._height.setMinimumWidth(96)
        return _beside(self, (row, 1), (self.width_field, 0), (self._height, 0))

    def _name_row(self) -> QWidget:
        self.name.setAccessibleName("File name")
        self.name.textEdited.connect(lambda _text: self.changed.emit("name"))
        mark(self._suffix, role="secondary")
        return _beside(self, (self.name, 1), (self._suffix, 0))

    def _folder_row(self) -> QWidget:
        self.folder_button.setAutoDefault(False)
        self.folder_button.setIconSize(QSize(18, 18))
        mark(self.folder_button, align="left")
        self.folder_button.clicked.connect(self._choose_folder)
        return self.folder_button

    def _choose_folder(self) -> None:
        dialog = QFileDialog(self, "Folder of the export", str(self.folder))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self._folder_chosen)
        dialog.open()

    def _folder_chosen(self, folder: str) -> None:
        self.show_folder(Path(folder))
        self.changed.emit("folder")

    def _say_what_is_known(self) -> None:
        clip, cine = self._view.clip, self._view.cine
        assert clip is not None
        if len(clip) == 1:
            self.rows["format"].set_text("png", "PNG")
            for key in OF_CLIPS:
                self.rows[key].hide()
                self._captions[key].hide()
        self.rows["frames"].set_text("all", f"All {len(clip):,}")
        self.rows["frames"].set_text("range", f"In to out, {cine.last - cine.first + 1:,}")
        self.rows["speed"].set_text("acquired", f"As acquired, {format_number(clip.frame_rate)}")
        self.rows["size"].set_text("source", f"Source, {size_words(*source_size(self._view))}")


def _beside(parent: QWidget, *parts: tuple[QWidget, int]) -> QWidget:
    holder = QWidget(parent)
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(8)
    for part, stretch in parts:
        row.addWidget(part, stretch)
    return holder


def _from_home(folder: Path) -> str:
    """Return a folder as people write it, with ~ for their own."""
    home = Path.home()
    return f"~/{folder.relative_to(home)}" if home in folder.parents else str(folder)
