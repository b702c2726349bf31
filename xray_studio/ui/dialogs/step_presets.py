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
from xray_studio.services.recipe_file import SUFFIX
from xray_studio.services.step_presets import LONGEST, Preset
from xray_studio.ui.dialogs.parts import MARGIN, button, footer, framed, heading
from xray_studio.ui.look.theme import mark

SIZE, ROW = QSize(520, 460), QSize(0, 32)
KIND = f"Presets and recipes (*{SUFFIX})"
OWN = Qt.ItemDataRole.UserRole + 1


class PresetsDialog(QDialog):
    """Tells names, `used`, `deleted`, `saved` of the steps in view; paths `taken` and `shared`."""

    used = Signal(str)
    saved = Signal(str)
    deleted = Signal(str)
    taken = Signal(object)
    shared = Signal(object)

    def __init__(self, pipeline: Pipeline, parent: QWidget) -> None:
        super().__init__(parent)
        self._has_steps = bool(pipeline.stages)
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
        """List the presets."""
        self.list.clear()
        for preset in presets:
            steps = ", ".join(stage.step.title for stage in preset.pipeline.stages)
            item = QListWidgetItem(f"{preset.name}: {steps}")
            item.setSizeHint(ROW)
            item.setToolTip(item.text())
            item.setData(Qt.ItemDataRole.UserRole, preset.name)
            item.setData(OWN, preset.own)
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        self._enable()

    def refuse(self, sentence: str) -> None:
        """Say why something could not be done."""
        self.told.setText(sentence)
        mark(self.told, role="danger")

    def chosen(self) -> str:
        """Return the name that is chosen in the list, "" for none."""
        item = self.list.currentItem()
        return "" if item is None else str(item.data(Qt.ItemDataRole.UserRole))

    def _build(self) -> None:
        self.told.setWordWrap(True)
        self.told.setText("Keep the steps of the picture in view under a name:")
        mark(self.told, role="secondary")
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
        self.delete.clicked.connect(lambda: self.deleted.emit(self.chosen()))
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
        item = self.list.currentItem()
        self.use.setEnabled(item is not None)
        self.delete.setEnabled(item is not None and bool(item.data(OWN)))
        self.field.setEnabled(self._has_steps)
        self.save.setEnabled(self._has_steps and bool(self.field.text().strip()))
        self.save_file.setEnabled(self._has_steps)

    def _save(self) -> None:
        name = self.field.text().strip()
        if name:
            self.field.clear()
            self.saved.emit(name)

    def _use(self) -> None:
        if self.chosen():
            self.used.emit(self.chosen())
            self.accept()
