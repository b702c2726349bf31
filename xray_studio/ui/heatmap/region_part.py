"""Region part: the regions of the frame in view, and going to one."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from xray_studio.core.anomaly.detection import Unusual
from xray_studio.ui.dialogs.parts import button
from xray_studio.ui.heatmap.region_list import RegionList
from xray_studio.ui.heatmap.words import (
    NO_REGION,
    NOT_YET,
    PLAYING,
    peak_words,
    sides_words,
    where_words,
)
from xray_studio.ui.look.theme import mark
from xray_studio.ui.session import Session
from xray_studio.ui.state import State
from xray_studio.ui.unusual_state import Answer, peak_frames, regions_here, verdict_on
from xray_studio.ui.viewer.unusual_commands import UnusualCommands
from xray_studio.ui.widgets.hint import hint
from xray_studio.ui.widgets.icon_button import IconButton


class RegionPart(QWidget):
    """Peaks of a loop, list of regions. `asked` tells the name of an action to be done."""

    asked = Signal(str)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._commands = UnusualCommands(session)
        self.title, self.peaks, self.empty, self.sides = (QLabel(self) for _ in range(4))
        for label, role in (
            (self.title, "strong"),
            (self.peaks, "secondary"),
            (self.empty, "caption"),
            (self.sides, "caption"),
        ):
            label.setWordWrap(True)
            mark(label, role=role)
        self.back = IconButton("chevron-left", "Previous peak", "previous_peak", parent=self)
        self.forward = IconButton("chevron-right", "Next peak", "next_peak", parent=self)
        self.back.clicked.connect(lambda: self.asked.emit("previous_peak"))
        self.forward.clicked.connect(lambda: self.asked.emit("next_peak"))
        self.list = RegionList(self)
        self.list.chosen.connect(self._choose)
        self.list.entered.connect(lambda: self.asked.emit("show_region"))
        self.go = button("Go to the region", self)
        hint(self.go, "Show the region and what is around it; F shows all again", "show_region")
        self.go.clicked.connect(lambda: self.asked.emit("show_region"))
        self._lay_out()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(4)
        head.addWidget(self.peaks, 1)
        head.addWidget(self.back)
        head.addWidget(self.forward)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.go)
        foot.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self.title)
        column.addWidget(self.list)
        column.addWidget(self.empty)
        column.addWidget(self.sides)
        column.addLayout(foot)

    def show_state(self, state: State, answer: Answer) -> None:
        """Show the regions of the frame in view."""
        playing, frame = state.view.cine.playing, state.view.frame
        loop = len(answer.clip) > 1
        found = () if playing else regions_here(state)
        words = peak_words(answer)
        self.peaks.setText(words)
        self.peaks.setVisible(bool(words))
        for part in (self.back, self.forward):
            part.setVisible(bool(words) and loop)
        stepping = bool(peak_frames(answer))
        self.back.setEnabled(stepping)
        self.forward.setEnabled(stepping)
        count = f"{len(found)} region{'' if len(found) == 1 else 's'}"
        place = f" on frame {frame + 1}" if loop else ""
        self.title.setText(f"{count}{place}" if found else f"Regions{'' if playing else place}")
        notes = tuple(verdict_on(state, answer, one) for one in found)
        places = tuple(where_words(answer, one) for one in found)
        self.list.show_regions(found, places, notes, state.looks.chosen)
        self.sides.setText(sides_words(answer))
        self.sides.setVisible(bool(found) and bool(self.sides.text()))
        self.list.setVisible(bool(found))
        known = frame in answer.by_frame
        self.empty.setText(PLAYING if playing else NO_REGION if known else NOT_YET)
        self.empty.setVisible(not found)
        self.go.setVisible(bool(found))
        self.go.setEnabled(state.looks.chosen is not None)

    def _choose(self, region: Unusual) -> None:
        self._commands.choose(region)
