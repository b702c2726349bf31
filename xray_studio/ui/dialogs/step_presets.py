"""Presets of steps: use one, delete one, keep the steps in view, take and give files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal, SignalInstance
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from xray_studio.core.pipeline import Pipeline
from xray_studio.services.processing.presets import LONGEST, Preset
from xray_studio.services.recipe_file import SUFFIX
from xray_studio.ui.dialogs.parts import MARGIN, button, footer, framed, heading
from xray_studio.ui.look.theme import mark

SIZE, ROW = QSize(520, 460), QSize(0, 32)
KIND = f"Presets and recipes (*{SUFFIX})"
ASKED = "Keep the steps of the picture in view under a name:"


class PresetsDialog(QDialog):
    """Tells a preset that is `used`, names `deleted` and `saved`, paths `taken` and `shared`."""

    used = Signal(object)
    saved = Signal(str)
    deleted = Signal(str)
    taken = Signal(object)
    shared = Signal(object)

    def __init__(self, pipeline: Pipeline, parent: QWidget) -> None:
        super().__init__(parent)
        self._has_steps, self._saving = bool(pipeline.stages), ""
        self._presets: tuple[Preset, ...] = ()
        self.setWindowTitle("Presets of steps")
        self.list, self.told = QListWidget(self), QLabel(self)
        self.field = QLineEdit(self)
        self.save, self.delete = button("Keep", self), button("Delete", self)
        self.use = button("Use", self, "accent")
        self.open_file = button("From a file\N{HORIZONTAL ELLIPSIS}", self)
        self.save_file = button("To a file\N{HORIZONTAL ELLIPSIS}", self)
        self._build()
        self._connect()
        self._enable()
        self.resize(SIZE)

    def show_kept(self, presets: Sequence[Preset]) -> None:
        """List the presets; one that was just kept is chosen."""
        self._presets = tuple(presets)
        self.list.clear()
        for preset in presets:
            steps = ", ".join(stage.step.title for stage in preset.pipeline.stages)
            item = QListWidgetItem(f"{preset.name}: {steps}")
            item.setSizeHint(ROW)
            item.setToolTip(item.text())
            self.list.addItem(item)
        self.list.setCurrentRow(max(0, self._row_of(self._saving)))
        if self._saving:
            self.field.clear()
        self._say(ASKED, "secondary")
        self._enable()

    def refuse(self, sentence: str) -> None:
        """Say why something could not be done."""
        self._saving = ""
        self._say(sentence, "danger")

    def chosen(self) -> Preset | None:
        """Return the preset that is chosen in the list, None for none."""
        row = self.list.currentRow()
        return self._presets[row] if 0 <= row < len(self._presets) else None

    def _row_of(self, name: str) -> int:
        """Return where a preset of the user stands, -1 for none of that name."""
        own = ((number, one) for number, one in enumerate(self._presets) if one.own)
        return next((number for number, one in own if one.name == name), -1)

    def _say(self, sentence: str, role: str) -> None:
        self.told.setText(sentence)
        mark(self.told, role=role)

    def _build(self) -> None:
        self.told.setWordWrap(True)
        self._say(ASKED, "secondary")
        self.list.setAccessibleName("Presets of steps")
        self.field.setPlaceholderText("Name")
        self.field.setAccessibleName("Name for the steps in view")
        self.field.setMaxLength(LONGEST)
        body, line = QWidget(self), QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.field, 1)
        line.addWidget(self.save)
        line.addWidget(self.save_file)
        column = QVBoxLayout(body)
        column.setContentsMargins(MARGIN, 16, MARGIN, 16)
        column.setSpacing(12)
        column.addWidget(self.list, 1)
        column.addWidget(self.told)
        column.addLayout(line)
        head = heading("Presets of steps", "Steps and their values", self)
        framed(self, head, body, footer((self.delete,), (self.open_file, self.use)))

    def _connect(self) -> None:
        self.field.textChanged.connect(self._enable)
        self.field.returnPressed.connect(self._save)
        self.list.currentRowChanged.connect(self._enable)
        self.list.itemActivated.connect(self._use)
        self.save.clicked.connect(self._save)
        self.use.clicked.connect(self._use)
        self.delete.clicked.connect(self._delete)
        self.open_file.clicked.connect(lambda: self._ask(self.taken, saves=False))
        self.save_file.clicked.connect(lambda: self._ask(self.shared, saves=True))

    def _ask(self, then: SignalInstance, *, saves: bool) -> None:
        dialog = QFileDialog(self, "Save preset" if saves else "Open preset", "", KIND)
        modes = QFileDialog.AcceptMode
        dialog.setAcceptMode(modes.AcceptSave if saves else modes.AcceptOpen)
        dialog.setDefaultSuffix(SUFFIX.lstrip("."))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda path: then.emit(Path(path)))
        dialog.open()

    def _enable(self) -> None:
        preset, name = self.chosen(), self.field.text().strip()
        self.use.setEnabled(preset is not None)
        self.delete.setEnabled(preset is not None and preset.own)
        self.save.setText("Replace" if self._row_of(name) >= 0 else "Keep")
        self.field.setEnabled(self._has_steps)
        self.save.setEnabled(self._has_steps and bool(name))
        self.save_file.setEnabled(self._has_steps)

    def _save(self) -> None:
        self._saving = self.field.text().strip()
        if self._saving:
            self.saved.emit(self._saving)

    def _delete(self) -> None:
        preset, self._saving = self.chosen(), ""
        if preset is not None and preset.own:
            self.deleted.emit(preset.name)

    def _use(self) -> None:
        preset = self.chosen()
        if preset is not None:
            self.used.emit(preset)
            self.accept()
