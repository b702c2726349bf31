"""The left side of the dialog for de-identification: objects, what is kept, dates, the key."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from xray_studio.services.deidentify.choices import Choices
from xray_studio.ui.dialogs.parts import button
from xray_studio.ui.look.theme import mark
from xray_studio.ui.widgets.segmented import Segmented
from xray_studio.ui.widgets.switch import Switch

WHICH: Final = (("study", "This study"), ("all", "Everything open"))
DATES: Final = (
    ("", "Remove"),
    ("retain-modified-dates", "Move"),
    ("retain-full-dates", "Keep"),
)
DATE_WORDS: Final = {
    "": "Dates and times are removed or replaced.",
    "retain-modified-dates": "All dates of a patient go back by the same days; times stay.",
    "retain-full-dates": "Dates and times stay; with them a visit can be found again.",
}
KEPT: Final = (
    ("retain-patient-characteristics", "Patient characteristics", "Sex, age, size, weight"),
    ("retain-device", "Device", "Serial number, station, detector"),
    ("retain-institution", "Institution", "Name and address of the hospital"),
    ("retain-uids", "UIDs", "Whoever has the originals finds them again"),
    ("retain-safe-private", "Private numbers", "Those of makers that are known to be safe"),
)
CLEANED: Final = (
    ("clean-descriptors", "Descriptions", "Made of known medical words alone"),
    ("clean-structured-content", "Content of reports", "Codes and numbers, without free text"),
    ("clean-graphics", "Graphics", "Regions of interest and drawings, without words"),
)
FIND: Final = "Find text and make it black"
NO_KEY: Final = "Pseudonyms hold for this run alone. With a key, later runs get the same ones."
KEY: Final = "Pseudonyms by the key {}; keep it secret, and apart from the result."


class DeidentifyForm(QWidget):
    """Choices. `changed` tells that the user changed something."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.key: Path | None = None
        self.which = Segmented("Objects", WHICH, self)
        self.dates = Segmented("Dates", DATES, self)
        self.date_words, self.key_words = QLabel(self), QLabel(self)
        self.checks = {name: Switch(title, self) for name, title, _ in (*KEPT, *CLEANED)}
        self.find_text = Switch(FIND, self)
        self.find_text.setChecked(True)
        self.key_button = button("Choose a key\N{HORIZONTAL ELLIPSIS}", self, "link")
        self._build()
        self._show()
        for row in (self.which, self.dates):
            row.chosen.connect(self._change)
        for check in (*self.checks.values(), self.find_text):
            check.chosen.connect(self._change)
        self.key_button.clicked.connect(self._ask_for_key)

    def choices(self) -> Choices:
        """Return what is chosen."""
        options = [name for name, check in self.checks.items() if check.isChecked()]
        options += filter(None, [self.dates.value()])
        return Choices(tuple(options), pixels=self.find_text.isChecked())

    def take_key(self, path: str) -> None:
        """Use the key in a file, which is made when it is not there."""
        self.key = Path(path)
        self._change()

    def _row(self, switch: Switch, title: str, about: str) -> QWidget:
        """Return a switch after its name."""
        holder, label = QWidget(self), QLabel(title, self)
        for part in (holder, switch):
            part.setToolTip(about)
        switch.setAccessibleDescription(about)
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(label, 1)
        row.addWidget(switch)
        return holder

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        groups = (
            ("Objects", [self.which]),
            ("Dates", [self.dates, self.date_words]),
            ("Keep", [self._row(self.checks[name], *told) for name, *told in KEPT]),
            ("Keep cleaned", [self._row(self.checks[name], *told) for name, *told in CLEANED]),
            ("Pictures", [self._row(self.find_text, FIND, "and make it black")]),
            ("Pseudonyms", [self.key_words, self.key_button]),
        )
        for title, parts in groups:
            label = QLabel(title, self)
            mark(label, role="secondary")
            column.addWidget(label)
            for part in parts:
                column.addWidget(part)
            column.addSpacing(8)
        column.setAlignment(self.key_button, Qt.AlignmentFlag.AlignLeft)
        for words in (self.date_words, self.key_words):
            words.setWordWrap(True)
            mark(words, role="caption")
        column.addStretch(1)

    def _change(self) -> None:
        self._show()
        self.changed.emit()

    def _show(self) -> None:
        self.date_words.setText(DATE_WORDS[self.dates.value()])
        self.key_words.setText(NO_KEY if self.key is None else KEY.format(self.key.name))

    def _ask_for_key(self) -> None:
        dialog = QFileDialog(self, "Key of the pseudonyms", "", "Keys (*.key);;All files (*)")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setOption(QFileDialog.Option.DontConfirmOverwrite)
        dialog.setLabelText(QFileDialog.DialogLabel.Accept, "Use")
        dialog.setDefaultSuffix("key")
        dialog.fileSelected.connect(self.take_key)
        dialog.open()
