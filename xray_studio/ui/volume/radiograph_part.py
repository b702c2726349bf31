"""Radiograph part: what a C-arm or a chest stand would see of a CT, shown small and saved whole."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from xray_studio.core.volume.transfer import HOUNSFIELD
from xray_studio.ui.dialogs.parts import button
from xray_studio.ui.look.theme import mark
from xray_studio.ui.volume.look import VolumeLook
from xray_studio.ui.volume.radiographs import Beam
from xray_studio.ui.widgets.asking import show_words, words_of_role
from xray_studio.ui.widgets.hint import hint
from xray_studio.ui.widgets.segmented import Segmented
from xray_studio.ui.widgets.value_slider import ValueSlider

KINDS: Final = (("xa", "C-arm"), ("PA", "Film PA"), ("LL", "Film lateral"))
ABOUT: Final = "Sums of attenuation along the rays of a cone beam, for teaching and as test data."
NO_CT: Final = "A radiograph is computed from Hounsfield units; show a CT."
RESTED: Final = 300  # milliseconds that a slider rests before the picture is made
MOST_FRAMES: Final = 120
SIDE: Final = 256  # pixels of the small picture


class RadiographPart(QWidget):
    """Kind, angles and turn. `wanted` tells a beam to be shown, `save_asked` one to be saved."""

    wanted = Signal(object)
    save_asked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look: VolumeLook | None = None
        self._rest = QTimer(self, singleShot=True, interval=RESTED)
        self._rest.timeout.connect(self._ask)
        self._make()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        heading, about = QLabel("Radiograph", self), QLabel(ABOUT, self)
        about.setWordWrap(True)
        mark(heading, role="strong")
        mark(about, role="caption")
        sliders = (self.primary, self.secondary, self.turn, self.frames)
        for widget in (heading, about, self.kind, *sliders, self.picture, self.problem, self.save):
            column.addWidget(widget)

    def _make(self) -> None:
        self.kind = Segmented("Kind of radiograph", KINDS, self)
        self.kind.chosen.connect(lambda _kind: self._changed())
        self.primary = _slider("LAO, negative RAO", -180.0, 180.0, 360, self)
        self.secondary = _slider("CRAN, negative CAUD", -90.0, 90.0, 180, self)
        self.turn = _slider("Turn of the C-arm", 0.0, 360.0, 72, self)
        self.frames = _slider("Frames of the turn", 2.0, float(MOST_FRAMES), MOST_FRAMES - 2, self)
        self._values = {self.primary: 0.0, self.secondary: 0.0, self.turn: 0.0, self.frames: 60.0}
        for slider in self._values:
            slider.chosen.connect(lambda value, slider=slider: self._set(slider, value))
        self.picture = QLabel(self)
        self.picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.picture.setMinimumHeight(SIDE)
        self.picture.setAccessibleName("The radiograph, small")
        self.problem = words_of_role("danger", self)
        self.save = button("Save as DICOM\N{HORIZONTAL ELLIPSIS}", self)
        hint(self.save, "Save it as an XA or DX object of the same patient and study")
        self.save.clicked.connect(lambda: self.save_asked.emit(self.beam))
        self._show_values()

    @property
    def beam(self) -> Beam:
        """What is wanted."""
        kind = self.kind.value()
        film = "" if kind == "xa" else kind
        start = (self._values[self.primary], self._values[self.secondary])
        frames = round(self._values[self.frames])
        return Beam(film, start, self._values[self.turn], frames)

    def show_state(self, look: VolumeLook) -> None:
        """Show whether the volume can be seen through, and begin to."""
        can = look.volume.unit == HOUNSFIELD
        show_words(self.problem, "" if can else NO_CT)
        self.save.setEnabled(can)
        other = self._look is None or self._look.planes is not look.planes
        self._look = look
        if can and other:
            self._rest.start()

    def show_picture(self, picture: QImage) -> None:
        """Show what was asked for."""
        self.picture.setPixmap(QPixmap.fromImage(picture))

    def show_problem(self, sentence: str) -> None:
        """Say why there is no picture."""
        show_words(self.problem, sentence)

    def _set(self, slider: ValueSlider, value: float) -> None:
        self._values[slider] = float(round(value))
        self._changed()

    def _changed(self) -> None:
        show_words(self.problem, "")
        self._show_values()
        self._rest.start()

    def _show_values(self) -> None:
        for slider, value in self._values.items():
            slider.set_value(value, "" if slider is self.frames else "\N{DEGREE SIGN}")
        turns = self.kind.value() == "xa"
        for slider in (self.primary, self.secondary, self.turn):
            slider.setVisible(turns)
        self.frames.setVisible(turns and self._values[self.turn] > 0.0)

    def _ask(self) -> None:
        if self.isVisible():
            self.wanted.emit(self.beam)


def _slider(name: str, low: float, high: float, stops: int, parent: QWidget) -> ValueSlider:
    slider = ValueSlider(name, parent=parent)
    slider.set_range(low, high)
    slider.set_limits(low, high)
    slider.set_stops(stops)
    return slider
