"""Motion: the flow between the frames of a loop, and how a region of it moves."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QSlider, QVBoxLayout, QWidget

from xray_studio.core.clip import Clip
from xray_studio.core.job import Progress
from xray_studio.core.output import Picture
from xray_studio.core.region import Region
from xray_studio.services.presets import initial_presentation
from xray_studio.ui.dialogs.motion.canvas import MotionCanvas
from xray_studio.ui.dialogs.motion.player import MotionPlayer
from xray_studio.ui.dialogs.motion.plot import MotionPlot
from xray_studio.ui.dialogs.motion.words import curve_of, notes_on, place_of, summary_of
from xray_studio.ui.dialogs.parts import MARGIN, button, footer, framed, heading, sized
from xray_studio.ui.frame_worker import to_qimage
from xray_studio.ui.look.theme import mark
from xray_studio.ui.motions import FLOW, FOLLOW, PICTURE, Motions
from xray_studio.ui.view import View
from xray_studio.ui.widgets.segmented import Segmented

if TYPE_CHECKING:  # OpenCV is loaded by jobs, on their own thread
    from xray_studio.services.processing.motion import Displacement

TITLE: Final = "Motion"
PLAIN: Final = "picture"
STYLES: Final = (
    (PLAIN, "Picture"),
    ("colours", "Flow as colours"),
    ("arrows", "Flow as arrows"),
)
ASKS: Final = "Draw a region in the picture, or take the whole picture."
REST: Final = 250  # milliseconds without another change before a region is followed
ELLIPSIS: Final = "\N{HORIZONTAL ELLIPSIS}"


class MotionDialog(QDialog):
    """Shows picture or flow beside the curve of a region.

    `save_asked` tells the displacement to save, `export_asked` the clip of the flow to export.
    """

    save_asked = Signal(object)
    export_asked = Signal(object)

    def __init__(self, view: View, work: Motions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        assert view.clip is not None
        self._clip, self._work = view.clip, work
        self._flows: dict[str, Clip] = {}
        self._wanted: tuple[Region | None, int] | None = None
        self.found: Displacement | None = None
        self._how = replace(
            view.presentation, planes=False, drawings=False, rotation=0,
            flip_horizontal=False, flip_vertical=False,
        )  # fmt: skip
        self.setWindowTitle(TITLE)
        sized(self, 1120, 680)
        self._make()
        framed(self, heading(TITLE, self._about(), self), self._body(), self._footer())
        self._connect()
        self.slider.setValue(min(view.frame, len(self._clip) - 1))
        self._show_frame(self.slider.value())
        self._show_found()
        self.canvas.setFocus()

    def _make(self) -> None:
        clip = self._clip
        self.style_choice = Segmented("Show", STYLES, self)
        self.canvas = MotionCanvas(clip.rows, clip.columns, self)
        self.slider = QSlider(Qt.Orientation.Horizontal, self)
        self.slider.setAccessibleName("Frame")
        self.slider.setRange(0, len(clip) - 1)
        self.player = MotionPlayer(clip.timing, len(clip), self)
        self.frame_words, self.place_words = QLabel(self), QLabel(self)
        self.summary, self.note = QLabel(self), QLabel(self)
        self.units = Segmented("Unit", (("mm", "Millimetres"), ("px", "Pixels")), self)
        self.units.set_available(
            "mm", available=clip.acquisition.pixel_spacing is not None,
            reason="The file does not say how large pixels are.",
        )  # fmt: skip
        if clip.acquisition.pixel_spacing is None:
            self.units.set_value("px")
        self.plot = MotionPlot(self)
        self.whole_button = button("Whole picture", self)
        self.export_button = button(f"Export the flow{ELLIPSIS}", self)
        self.save_button = button(f"Save the curve{ELLIPSIS}", self, "accent")
        self.close_button = button("Close", self)
        self.saved = QLabel(self)
        self._rest = QTimer(self, singleShot=True, interval=REST)

    def _about(self) -> str:
        clip = self._clip
        return f"{len(clip):,} frames of {clip.columns} \N{MULTIPLICATION SIGN} {clip.rows} pixels"

    def _body(self) -> QWidget:
        body = QWidget(self)
        row = QHBoxLayout(body)
        row.setContentsMargins(MARGIN, 16, MARGIN, 16)
        row.setSpacing(24)
        row.addLayout(self._left(), 1)
        row.addLayout(self._right(), 1)
        return body

    def _left(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(12)
        column.addWidget(self.style_choice)
        column.addWidget(self.canvas, 1)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.player.button)
        row.addWidget(self.slider, 1)
        row.addWidget(self.frame_words)
        mark(self.frame_words, role="caption")
        column.addLayout(row)
        return column

    def _right(self) -> QVBoxLayout:
        title = QLabel("Displacement of the region", self)
        mark(title, role="strong")
        head = QHBoxLayout()
        head.addWidget(title, 1)
        head.addWidget(self.units)
        column = QVBoxLayout()
        column.setSpacing(12)
        column.addLayout(head)
        column.addWidget(self.plot, 1)
        for label, role in ((self.place_words, ""), (self.summary, ""), (self.note, "caption")):
            label.setWordWrap(True)
            mark(label, role=role)
            column.addWidget(label)
        return column

    def _footer(self) -> QHBoxLayout:
        mark(self.saved, role="done")
        left = [self.whole_button, self.saved]
        return footer(left, [self.export_button, self.save_button, self.close_button])

    def _connect(self) -> None:
        self.slider.valueChanged.connect(self._show_frame)
        self.slider.sliderPressed.connect(self.player.stop)
        self.player.moved.connect(self.slider.setValue)
        self.player.button.clicked.connect(self._play)
        self.plot.chosen.connect(self._go_to)
        self.canvas.drawn.connect(self._draw)
        self.style_choice.chosen.connect(self._show_style)
        self.units.chosen.connect(lambda _unit: self._show_found())
        self.whole_button.clicked.connect(lambda: self._want(None))
        self.save_button.clicked.connect(lambda: self.save_asked.emit(self.found))
        self.export_button.clicked.connect(self._export)
        self.close_button.clicked.connect(self.accept)
        self.finished.connect(self._leave)
        self._rest.timeout.connect(self._follow)
        work = self._work
        work.pictured.connect(self._show_picture)
        work.flowed.connect(self._take_flow)
        work.followed.connect(self._take_found)
        work.progressed.connect(self._show_progress)
        work.failed.connect(self._show_failure)
        work.saved.connect(self._show_saved)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Play or pause with Space."""
        if event.key() == Qt.Key.Key_Space:
            self._play()
        else:
            super().keyPressEvent(event)

    def _leave(self, _result: int) -> None:
        self.player.stop()
        self._work.leave()
        self._flows.clear()

    # -- picture and flow

    def _play(self) -> None:
        self.player.toggle(self.slider.value())

    def _go_to(self, frame: int) -> None:
        self.player.stop()
        self.slider.setValue(frame)

    def _show_frame(self, frame: int) -> None:
        clip, timing = self._clip, self._clip.timing
        self.frame_words.setText(
            f"Frame {frame + 1:,} of {len(clip):,}, {timing.moment(frame):.3f} s"
        )
        self._ask_for_picture()
        self._show_place()

    def _ask_for_picture(self) -> None:
        style, frame = self.style_choice.value(), self.slider.value()
        flow = self._flows.get(style)
        if flow is not None:
            self._work.picture(flow, frame, initial_presentation(flow))
        else:
            self._work.picture(self._clip, frame, self._how)

    def _show_picture(self, frame: int, picture: Picture) -> None:
        if frame == self.slider.value():
            self.canvas.show_image(to_qimage(picture))
            self.player.arrived()

    def _show_style(self, style: str) -> None:
        if style != PLAIN and style not in self._flows:
            self.canvas.say(f"Drawing the flow{ELLIPSIS}")
            self._work.flow(self._clip, style)
        else:
            self.canvas.say("")
        self._offer_export()
        self._ask_for_picture()

    def _offer_export(self) -> None:
        there = self.style_choice.value() in self._flows
        self.export_button.setEnabled(there)
        self.export_button.setToolTip("" if there else "Show the flow first.")

    def _take_flow(self, style: str, flow: Clip) -> None:
        self._flows[style] = flow
        if self.style_choice.value() == style:
            self._show_style(style)

    def _export(self) -> None:
        flow = self._flows.get(self.style_choice.value())
        if flow is not None:
            self.export_asked.emit(flow)

    # -- region and curve

    def _draw(self, region: Region) -> None:
        """Take a region that was drawn, as it is in the frame in sight."""
        self.player.stop()
        self._forget()
        self.canvas.show_region(region)
        self._wanted = region, self.slider.value()
        self._rest.start()

    def _want(self, region: Region | None) -> None:
        self._forget()
        self.canvas.show_region(region)
        self._wanted = region, self.slider.value()
        self._follow()

    def _forget(self) -> None:
        """Put away what is known of another region."""
        self._work.stop_following()
        self.found = None
        self.saved.clear()
        self._show_found(f"Following the region{ELLIPSIS}")

    def _follow(self) -> None:
        if self._wanted is not None:
            self._work.follow(self._clip, *self._wanted)

    def _take_found(self, found: Displacement) -> None:
        self.found = found
        self._show_found()

    def _show_found(self, sentence: str = ASKS) -> None:
        """Show the curve and what can be said of it, or a sentence in its place."""
        found = self.found
        self.save_button.setEnabled(found is not None)
        self.save_button.setToolTip("" if found else "Draw a region first.")
        self._offer_export()
        if found is None:
            self.plot.show_curve(None, sentence)
            self.summary.clear()
        else:
            self.plot.show_curve(curve_of(found, self.units.value()))
            self.summary.setText(summary_of(found, self.units.value()))
        self.note.setText(notes_on(self._clip, self.units.value()))
        self._show_place()

    def _show_place(self) -> None:
        """Mark the frame in sight in the curve, and where the region is in it."""
        found, frame = self.found, self.slider.value()
        self.plot.show_frame(frame)
        if found is None:
            self.place_words.clear()
            return
        way = tuple((one.x, one.y) for one in found.samples)
        self.canvas.show_region(found.region, way[frame], way)
        self.place_words.setText(place_of(found, frame, self.units.value()))

    # -- what jobs tell

    def _show_progress(self, lane: str, progress: Progress) -> None:
        if not progress.total:
            return
        count = f"{progress.message}: {progress.done:,} of {progress.total:,} frames"
        if lane == FLOW and self.style_choice.value() not in self._flows:
            self.canvas.say(count if self.style_choice.value() != PLAIN else "")
        elif lane == FOLLOW and self.found is None:
            self.plot.show_curve(None, count)

    def _show_saved(self, path: Path) -> None:
        self.saved.setText(f"{path.name} saved")

    def _show_failure(self, lane: str, sentence: str) -> None:
        if lane in {FLOW, PICTURE}:
            self.player.stop()
            self.canvas.say(sentence)
        elif lane == FOLLOW:
            self._show_found(sentence)
        else:
            self.note.setText(sentence)
