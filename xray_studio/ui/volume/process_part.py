"""Process part: filters of whole volumes, and the way back to the volume as it was opened."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from xray_studio.core.errors import UsageError
from xray_studio.core.volume.filters import HistogramMatch, VolumeFilter
from xray_studio.core.volume.registration import Registration
from xray_studio.services.volume.processing import KINDS, TITLES
from xray_studio.ui.dialogs.parts import button
from xray_studio.ui.look.theme import mark
from xray_studio.ui.steps.stage_form import StageForm
from xray_studio.ui.volume.look import VolumeLook
from xray_studio.ui.widgets.asking import show_words, words_of_role
from xray_studio.ui.widgets.hint import hint

AS_OPENED: Final = "As opened"
NO_MOMENTS: Final = "Only a volume of several moments moves between them."
NO_REFERENCE: Final = "Fuse the volume whose grey values are matched first."


class ProcessPart(QWidget):
    """A filter with its parameters. `wanted` tells one to be applied, `original_asked` no more."""

    wanted = Signal(object)
    original_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kept: dict[str, VolumeFilter] = {}
        self._reason = ""
        self._look: VolumeLook | None = None
        self._make()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        heading = QLabel("Process the volume", self)
        mark(heading, role="strong")
        for widget in (heading, self.kinds, self.about, self.form, self.problem):
            column.addWidget(widget)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.apply, 1)
        row.addWidget(self.original, 1)
        column.addLayout(row)
        column.addWidget(self.done)
        self._choose()

    def _make(self) -> None:
        self.kinds = QComboBox(self)
        self.kinds.setAccessibleName("Filter")
        for name, title in TITLES.items():
            self.kinds.addItem(title, name)
        self.kinds.activated.connect(lambda _number: self._choose())
        self.about, self.problem, self.done = (
            words_of_role(role, self) for role in ("caption", "danger", "caption")
        )
        self.form = StageForm(self)
        self.form.changed.connect(self._change)
        self.apply, self.original = button("Apply", self), button(AS_OPENED, self)
        hint(self.apply, "Process all of the volume; it can be stopped in the bar below")
        hint(self.original, "Show the volume as it was opened")
        self.apply.clicked.connect(lambda: self.wanted.emit(self.chosen))
        self.original.clicked.connect(self.original_asked)

    @property
    def chosen(self) -> VolumeFilter:
        """The filter with its parameters."""
        name = str(self.kinds.currentData())
        return self._kept.setdefault(name, KINDS[name]())

    def show_state(self, look: VolumeLook) -> None:
        """Show what can be done and what was done."""
        self._reason = reason_of(self.chosen, look)
        show_words(self.problem, self._reason)
        self.apply.setEnabled(not self._reason)
        self.original.setEnabled(look.source is not None)
        show_words(self.done, ", then ".join(look.planes.badges).capitalize())
        self._look = look

    def _choose(self) -> None:
        """Show the filter that was chosen."""
        self.about.setText(self.chosen.about)
        self.form.show_step(self.chosen)
        if self._look is not None:
            self.show_state(self._look)

    def _change(self, name: str, value: Any) -> None:
        try:
            changed = replace(self.chosen, **{name: value})
        except UsageError as error:
            show_words(self.problem, str(error))
            self.apply.setEnabled(False)
            return
        self._kept[changed.name] = changed
        self.form.show_step(changed)
        show_words(self.problem, self._reason)
        self.apply.setEnabled(not self._reason)


def reason_of(wanted: VolumeFilter, look: VolumeLook) -> str:
    """Return why a filter cannot be applied to a volume, "" where it can."""
    if isinstance(wanted, Registration) and look.volume.moments < 2:
        return NO_MOMENTS
    if isinstance(wanted, HistogramMatch) and look.over is None:
        return NO_REFERENCE
    return ""
