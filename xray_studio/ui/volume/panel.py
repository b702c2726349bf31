"""Volume panel: shows the series in view as a volume, and how that is looked at."""

from __future__ import annotations

from typing import Final, Protocol

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from xray_studio.ui.dialogs.parts import button
from xray_studio.ui.look.theme import mark
from xray_studio.ui.session import Session
from xray_studio.ui.state import State
from xray_studio.ui.volume.commands import can_show
from xray_studio.ui.volume.contrast_box import ContrastBox
from xray_studio.ui.volume.curve_part import CurvePart
from xray_studio.ui.volume.fusion_part import FusionPart
from xray_studio.ui.volume.look import VolumeLook
from xray_studio.ui.volume.planes_part import PlanesPart
from xray_studio.ui.volume.process_part import ProcessPart
from xray_studio.ui.volume.radiograph_part import RadiographPart
from xray_studio.ui.volume.rendering_part import RenderingPart
from xray_studio.ui.volume.segment_part import SegmentPart
from xray_studio.ui.volume.surface_part import SurfacePart
from xray_studio.ui.volume.uptake_box import UptakeBox
from xray_studio.ui.volume.words import facts_words
from xray_studio.ui.widgets.asking import show_words, words_of_role
from xray_studio.ui.widgets.hint import hint
from xray_studio.ui.widgets.segmented import Segmented

MARGIN: Final = 16
SHOW, CLOSE = "Show planes and rendering", "Close the volume"
PROCESSED = "Bring the volume back as it was opened first."
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
        self._parts: dict[str, VolumePart] = {}
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

    def _add(self, part: VolumePart, title: str) -> None:
        """Put in a part, which is a widget; its title chooses it."""
        self._parts[title] = part
        self._column.insertWidget(self._column.count() - 1, _widget(part))

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
        """Put in what there is; one part is in sight at a time."""
        self.contrasts = ContrastBox(self.widget())
        self._column.insertWidget(self._column.count() - 1, self.contrasts)
        self.values = UptakeBox("Values of the volume", self.widget())
        self._column.insertWidget(self._column.count() - 1, self.values)
        self.planes = PlanesPart(self._session, self.widget())
        self.planes.asked.connect(self.asked)
        self._add(self.planes, "Planes")
        self.rendering = RenderingPart(self._session, self.widget())
        self.rendering.asked.connect(self.asked)
        self._add(self.rendering, "Rendering")
        self.fusion = FusionPart(self._session, self.widget())
        self.fusion.asked.connect(self.asked)
        self._add(self.fusion, "Fusion")
        self.curve = CurvePart(self._session, self.widget())
        self.curve.asked.connect(self.asked)
        self._add(self.curve, "Curve")
        self.segments = SegmentPart(self._session, self.widget())
        self.segments.asked.connect(self.asked)
        self._add(self.segments, "Segments")
        self.surfaces = SurfacePart(self._session, self.widget())
        self.surfaces.asked.connect(self.asked)
        self._add(self.surfaces, "Surfaces")
        self.process = ProcessPart(self.widget())
        self._add(self.process, "Process")
        self.radiograph = RadiographPart(self.widget())
        self._add(self.radiograph, "Radiograph")
        self.choice = Segmented(
            "Part of the panel", [(title, title) for title in self._parts], self.widget(), lines=3
        )
        self.choice.chosen.connect(lambda _title: self._show(self._session.state))
        self._column.insertWidget(self._column.indexOf(self.planes), self.choice)

    def show_part(self, title: str) -> None:
        """Bring a part into sight, by its title."""
        self.choice.set_value(title)
        self._show(self._session.state)

    def _follow(self, old: State, new: State) -> None:
        if old.volume is not new.volume:
            self._turn_to(old.volume, new.volume)
        if old.volume is not new.volume or can_show(old) != can_show(new):
            self._show(new)

    def _turn_to(self, old: VolumeLook | None, new: VolumeLook | None) -> None:
        """Bring the part of what has just come over the volume into sight."""
        if old is None or new is None:
            self.choice.set_value("Planes")
        elif old.over is None and new.over is not None:
            self.choice.set_value("Fusion")
        elif old.curve is None and new.curve is not None:
            self.choice.set_value("Curve")
        elif old.painting is None and new.painting is not None:
            self.choice.set_value("Segments")

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
        self.choice.setVisible(look is not None)
        self.contrasts.show_case(None if look is None else look.case)
        self.values.setVisible(False)
        if look is not None:
            why_not = PROCESSED if look.planes.badges else ""
            self.values.show_values(look.stored, look.uptake, why_not=why_not)
        for title, part in self._parts.items():
            chosen = look is not None and title == self.choice.value()
            _widget(part).setVisible(chosen)
            if look is not None and chosen:
                part.show_state(look)


def _widget(part: VolumePart) -> QWidget:
    """Return a part as the widget that it is."""
    assert isinstance(part, QWidget)
    return part
