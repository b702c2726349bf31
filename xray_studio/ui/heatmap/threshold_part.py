"""Threshold part: from which score on a place is marked, and where that number comes from."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from xray_studio.core.anomaly.detection import OTSU, USER
from xray_studio.core.anomaly.verdict import Effect, effect, recalibrated
from xray_studio.ui.dialogs.parts import button
from xray_studio.ui.heatmap.words import better_words, effect_words, threshold_words
from xray_studio.ui.look.theme import mark
from xray_studio.ui.session import Session
from xray_studio.ui.state import State
from xray_studio.ui.unusual_state import Answer
from xray_studio.ui.viewer.unusual_commands import UnusualCommands
from xray_studio.ui.widgets.hint import hint
from xray_studio.ui.widgets.segmented import Segmented
from xray_studio.ui.widgets.value_slider import ValueSlider

OWN: Final = "own"
SOURCES: Final = ((OWN, "Detector"), (OTSU, "Otsu"), (USER, "Yours"))
STOPS: Final = 100


class ThresholdPart(QWidget):
    """Slider, source, and the smallest region."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._commands = session, UnusualCommands(session)
        self.value = ValueSlider("Threshold", parent=self)
        self.value.set_range(0.0, 1.0)
        self.value.set_limits(0.0, 1.0)
        self.value.set_stops(STOPS)
        self.value.chosen.connect(self._commands.threshold)
        self.source = Segmented("Source of the threshold", SOURCES, self)
        self.source.chosen.connect(self._use)
        self.words = QLabel(self)
        self.words.setWordWrap(True)
        mark(self.words, role="caption")
        self.effect = QLabel(self)
        self.effect.setWordWrap(True)
        mark(self.effect, role="caption")
        self.better = button("", self, "link")
        self.better.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        hint(self.better, "Parts regions that were meant from rejected ones best")
        self.better.clicked.connect(self._recalibrate)
        self._best: Effect | None = None
        self.least = ValueSlider("Smallest region", logarithmic=True, parent=self)
        self.least.set_range(1.0, 10_000.0)
        self.least.set_limits(1.0, 100_000.0)
        hint(self.least.edit, "Area in pixels of the picture; smaller regions are left out")
        self.least.chosen.connect(lambda value: self._commands.least(round(value)))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        parts = (self.value, self.source, self.words, self.effect, self.better, self.least)
        for part in parts:
            column.addWidget(part)
        column.setAlignment(self.better, Qt.AlignmentFlag.AlignLeft)

    def show_state(self, state: State, answer: Answer) -> None:
        """Show the threshold in use."""
        threshold = answer.found.threshold
        self.value.set_value(threshold.value)
        key = threshold.source if threshold.source in {OTSU, USER} else OWN
        self.source.set_value(key)
        self.source.set_available(OTSU, available=answer.whole, reason="Wait for all frames.")
        self.words.setText(threshold_words(threshold))
        self._show_effect(state, answer)
        self.least.set_value(float(state.settings.unusual.least), "px")

    def _show_effect(self, state: State, answer: Answer) -> None:
        """Show what the threshold does to regions that readers judged, and a better one."""
        mark_of, acts = answer.found.detector, state.looks.acts
        told = effect(acts, mark_of, answer.found.threshold.value)
        self.effect.setText(effect_words(told) if told.total else "")
        self.effect.setVisible(bool(told.total))
        best = recalibrated(acts, mark_of)
        self._best = best if best is not None and best.gain > told.gain else None
        self.better.setText("" if self._best is None else better_words(self._best))
        self.better.setVisible(self._best is not None)

    def _recalibrate(self) -> None:
        if self._best is not None:
            self._commands.threshold(self._best.threshold)

    def _use(self, key: str) -> None:
        if key == OWN:
            self._commands.own_threshold()
        elif key == OTSU:
            self._commands.otsu()
        else:
            self._commands.threshold(self.value_now())

    def value_now(self) -> float:
        """Return the value on the slider."""
        return self.value.slider.value() / STOPS
