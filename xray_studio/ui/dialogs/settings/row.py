"""One setting in the settings dialog: title, help, the control, and a way back to the default."""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence
from dataclasses import Field
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from xray_studio.services.setting_groups import CACHE_RANGE, LONGEST_ROOT, is_root
from xray_studio.services.settings import Settings
from xray_studio.ui.dialogs.settings.table import Item
from xray_studio.ui.look.icons import icon
from xray_studio.ui.look.theme import mark, px, tokens
from xray_studio.ui.widgets.icon_button import IconButton
from xray_studio.ui.widgets.number_field import NumberField
from xray_studio.ui.widgets.segmented import Segmented
from xray_studio.ui.widgets.switch import Switch
from xray_studio.ui.widgets.validators import WholeValidator

CONTROL = 320  # pixels: the column of controls


class SettingRow(QWidget):
    """A setting. `changed` tells the value that the user chose."""

    changed = Signal(object)

    def __init__(self, item: Item, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.item = item
        self._field: Field[Any] = getattr(Settings(), item.group).__dataclass_fields__[item.name]
        self._words: Sequence[str] = ()
        self.title, self.help = QLabel(self), QLabel(item.help, self)
        self.control, self._show = _control(self, item, self._field, self.changed.emit)
        self.back = IconButton("undo-2", f"Reset {item.title}", side=28, size=16, parent=self)
        self.back.clicked.connect(lambda: self.changed.emit(self._field.default))
        self._lay_out()
        self.mark_words(())

    def show_value(self, settings: Settings) -> None:
        """Show what is set."""
        value = getattr(getattr(settings, self.item.group), self.item.name)
        self._show(value)
        self.back.setVisible(value != self._field.default)

    def mark_words(self, words: Sequence[str]) -> None:
        """Mark what was searched for in title and help."""
        self._words = words
        self.title.setText(marked(self.item.title, words))
        self.help.setText(marked(self.item.help, words))

    def follow_look(self) -> None:
        """Take colours and sizes in use."""
        self.mark_words(self._words)
        self._holder.setFixedWidth(px(CONTROL))

    def _lay_out(self) -> None:
        mark(self.help, role="caption")
        self.help.setWordWrap(True)
        for label in (self.title, self.help):
            label.setTextFormat(Qt.TextFormat.RichText)
        holder = self._holder = QWidget(self)
        holder.setFixedWidth(px(CONTROL))
        side = QHBoxLayout(holder)
        side.setContentsMargins(0, 0, 0, 0)
        wide = isinstance(self.control, (Segmented, QPushButton, QLineEdit))
        side.addWidget(self.control, 1 if wide else 0, Qt.AlignmentFlag.AlignTop)
        if not wide:
            side.addStretch(1)
        text = QVBoxLayout()
        text.setSpacing(2)
        text.addWidget(self.title)
        text.addWidget(self.help)
        text.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 8, 0, 8)
        row.setSpacing(16)
        row.addLayout(text, 1)
        row.addWidget(holder)
        place = QWidget(self)
        place.setFixedWidth(28)
        inside = QVBoxLayout(place)
        inside.setContentsMargins(0, 2, 0, 0)
        inside.addWidget(self.back, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(place)


Show = Callable[[Any], object]
Tell = Callable[[Any], object]


def _control(parent: QWidget, item: Item, field: Field[Any], tell: Tell) -> tuple[QWidget, Show]:
    """Return the control of a setting, made from what its field takes, and how it shows a value."""
    if "choices" in field.metadata:
        return _choice(parent, item, tell)
    if isinstance(field.default, bool):
        return _switch(parent, item, tell)
    if "range" in field.metadata and field.default is not None:
        whole = WholeNumber(item, field.metadata["range"], parent)
        whole.chosen.connect(tell)
        return whole, whole.show_value
    if "range" in field.metadata:
        made = AutomaticNumber(item, parent)
        made.chosen.connect(tell)
        return made, made.show_value
    if "uid" in field.metadata:
        made_field = RootField(item, parent)
        made_field.chosen.connect(tell)
        return made_field, made_field.show_value
    made_folder = FolderButton(item.title, parent)
    made_folder.chosen.connect(tell)
    return made_folder, made_folder.show_value


def _choice(parent: QWidget, item: Item, tell: Tell) -> tuple[QWidget, Show]:
    made = Segmented(item.title, tuple(item.words.items()), parent)
    made.setFixedHeight(34)
    made.chosen.connect(tell)
    return made, made.set_value


def _switch(parent: QWidget, item: Item, tell: Tell) -> tuple[QWidget, Show]:
    made = Switch(item.title, parent)
    made.chosen.connect(tell)
    return made, made.setChecked


class AutomaticNumber(QWidget):
    """A number, or none, which leaves the choice to the program."""

    chosen = Signal(object)

    def __init__(self, item: Item, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.choice = Segmented(item.title, (("auto", "Automatic"), ("own", "Own")), self)
        self.number = NumberField(f"{item.title} in {item.unit}", self)
        self.number.setValidator(WholeValidator(*CACHE_RANGE, self.number.shown, self))
        self.number.setFixedWidth(px(72))
        unit = QLabel(item.unit, self)
        mark(unit, role="secondary")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.choice)
        row.addWidget(self.number)
        row.addWidget(unit)
        self.choice.setFixedHeight(34)
        self.choice.chosen.connect(self._choose)
        self.number.editingFinished.connect(self._typed)

    def show_value(self, value: int | None) -> None:
        """Show a number, or that there is none."""
        self.choice.set_value("auto" if value is None else "own")
        self.number.setEnabled(value is not None)
        self.number.show_number("" if value is None else str(value))

    def _choose(self, key: str) -> None:
        self.chosen.emit(None if key == "auto" else USUAL_CACHE)
        if key == "own":
            self.number.setFocus(Qt.FocusReason.OtherFocusReason)
            self.number.selectAll()

    def _typed(self) -> None:
        if self.number.isModified() and self.number.text():
            self.number.setModified(False)
            self.chosen.emit(int(self.number.text()))


class WholeNumber(QWidget):
    """A whole number within a range."""

    chosen = Signal(object)

    def __init__(self, item: Item, limits: tuple[int, int], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.number = NumberField(item.title, self)
        self.number.setValidator(WholeValidator(*limits, self.number.shown, self))
        self.number.setFixedWidth(px(72))
        unit = QLabel(item.unit, self)
        mark(unit, role="secondary")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.number)
        row.addWidget(unit)
        self.number.editingFinished.connect(self._typed)

    def show_value(self, value: int) -> None:
        """Show a number."""
        self.number.show_number(str(value))

    def _typed(self) -> None:
        if self.number.isModified() and self.number.text():
            self.number.setModified(False)
            self.chosen.emit(int(self.number.text()))


class RootField(QLineEdit):
    """The beginning of UIDs; what can be none is not taken, and what was set comes back."""

    chosen = Signal(str)

    def __init__(self, item: Item, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(item.title)
        self.setPlaceholderText("2.25")
        self.setMaxLength(LONGEST_ROOT)
        self._value = ""
        self.editingFinished.connect(self._typed)

    def show_value(self, value: str) -> None:
        """Show a root, "" for that of UUIDs."""
        self._value = value
        self.setText(value)

    def _typed(self) -> None:
        if not self.isModified():
            return
        self.setModified(False)
        if is_root(self.text()):
            self.chosen.emit(self.text())
        else:
            self.setText(self._value)


USUAL_CACHE = 2048  # megabytes, until another number is typed


class FolderButton(QPushButton):
    """A folder; a click asks for another one."""

    chosen = Signal(str)

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(icon("folder", "secondary"), "", parent)
        self._title, self._folder = title, ""
        self.setAutoDefault(False)
        mark(self, align="left")
        self.clicked.connect(self._ask)

    def show_value(self, folder: str) -> None:
        """Show a folder, "" for the usual one."""
        self._folder = folder
        words = folder or "Videos, or the home folder"
        room = px(CONTROL) - 64
        self.setText(
            "  " + self.fontMetrics().elidedText(words, Qt.TextElideMode.ElideMiddle, room)
        )
        self.setToolTip(words)
        self.setAccessibleName(f"{self._title}: {words}")

    def _ask(self) -> None:
        dialog = QFileDialog(self.window(), self._title, self._folder or str(Path.home()))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.chosen)
        dialog.open()


def marked(text: str, words: Sequence[str]) -> str:
    """Return a text as rich text, with the words that were searched for on a ground of colour."""
    ends: list[tuple[int, int]] = []
    low = text.lower()
    for word in words:
        place = low.find(word)
        if place >= 0:
            ends.append((place, place + len(word)))
    made, last = "", 0
    for first, end in sorted(ends):
        if first >= last:
            found = html.escape(text[first:end])
            span = f'<span style="background-color: {tokens().selected}">{found}</span>'
            made += html.escape(text[last:first]) + span
            last = end
    return made + html.escape(text[last:])
