"""Volume panel: shows the series in view as a volume, and how that is looked at."""

from __future__ import annotations

from typing import Final, Protocol

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from xray_studio.ui.dialogs.parts import button, separator
from xray_studio.ui.look.theme import mark
from xray_studio.ui.session import Session
from xray_studio.ui.state import State
from xray_studio.ui.volume.commands import can_show
from xray_studio.ui.volume.fusion_part import FusionPart
from xray_studio.ui.volume.look import VolumeLook
from xray_studio.ui.volume.planes_part import PlanesPart
from xray_studio.ui.volume.segment_part import SegmentPart
from xray_studio.ui.volume.words import facts_words
from xray_studio.ui.widgets.asking import show_words, words_of_role
from xray_studio.ui.widgets.hint import hint

MARGIN: Final = 16
SHOW, CLOSE = "Show planes and rendering", "Close the volume"
WHAT = "Shows slices of CT, MR or PET, and volumes of research formats, as three planes."
NONE = f"{WHAT} Open such a series first."


class VolumePart(Protocol):
    """What stands in the panel while a volume is on screen."""

    def show_state(self, look: VolumeLook) -> None:
        """Show how the volume is looked at."""


class VolumePanel(QScrollArea):
    """Facts, then parts with what they change; `asked` tells the name of an action to be done."""

    asked = Signal(str)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.parts: list[VolumePart] = []
        self._lines: list[QWidget] = []
        self._widgets: list[QWidget] = []
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("Volume")
        self.setWidget(self._page())
        self._fill()
        session.changed.connect(self._follow)
        self._show(session.state)

    def focus(self) -> None:
        """Give the focus to the button that shows a volume or closes it, where that can be done."""
        part = self.show_button if self.show_button.isEnabled() else self
        part.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _add(self, part: VolumePart) -> None:
        """Put a part, which is a widget, below the others."""
        assert isinstance(part, QWidget)
        line = separator(self)
        self._column.insertWidget(self._column.count() - 1, line)
        self._column.insertWidget(self._column.count() - 1, part)
        self._lines.append(line)
        self._widgets.append(part)
        self.parts.append(part)

    def _page(self) -> QWidget:
        page = QWidget(self)
        mark(page, area="panel")
        self.reason, self.facts, self.note = (
            words_of_role(role, page) for role in ("secondary", "caption", "note")
        )
        self.facts.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.show_button = button(SHOW, page, "accent")
        self.show_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        hint(self.show_button, "Show the series in view as a volume", "show_volume")
        self.show_button.clicked.connect(lambda: self.asked.emit("show_volume"))
        self._column = QVBoxLayout(page)
        self._column.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        self._column.setSpacing(12)
        for widget in (self.reason, self.show_button, self.facts, self.note):
            self._column.addWidget(widget)
        self._column.addStretch(1)
        return page

    def _fill(self) -> None:
        """Put in what there is, from top to bottom."""
        self.planes = PlanesPart(self._session, self.widget())
        self.planes.asked.connect(self.asked)
        self._add(self.planes)
        self.fusion = FusionPart(self._session, self.widget())
        self.fusion.asked.connect(self.asked)
        self._add(self.fusion)
        self.segments = SegmentPart(self._session, self.widget())
        self.segments.asked.connect(self.asked)
        self._add(self.segments)

    def _follow(self, old: State, new: State) -> None:
        if old.volume is not new.volume or can_show(old) != can_show(new):
            self._show(new)

    def _show(self, state: State) -> None:
        look = state.volume
        self.reason.setText(WHAT if can_show(state) else NONE)
        self.reason.setVisible(look is None)
        self.show_button.setText(SHOW if look is None else CLOSE)
        self.show_button.setAccessibleName(self.show_button.text())
        self.show_button.setEnabled(can_show(state))
        mark(self.show_button, kind="accent" if look is None else "")
        show_words(self.facts, "" if look is None else facts_words(look.volume))
        show_words(self.note, "" if look is None else "\n".join(look.volume.warnings))
        for widget in (*self._lines, *self._widgets):
            widget.setVisible(look is not None)
        if look is not None:
            for part in self.parts:
                part.show_state(look)
