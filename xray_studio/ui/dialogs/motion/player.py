"""Plays the frames of the dialog for motion by the clock: late ones are dropped."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QElapsedTimer, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QWidget

from xray_studio.core.playback import Loop, Timing, frame_at
from xray_studio.ui.widgets.icon_button import IconButton

TICK: Final = 10  # milliseconds


class MotionPlayer(QObject):
    """Tells by `moved` which frame (from 0) is due, once the picture of the one before is there."""

    moved = Signal(int)

    def __init__(self, timing: Timing, count: int, parent: QWidget) -> None:
        super().__init__(parent)
        self._rate, self._count = timing.rate, count
        self._clock, self._begin, self._last, self._waits = QElapsedTimer(), 0, 0, False
        self._tick = QTimer(self, interval=TICK, timerType=Qt.TimerType.PreciseTimer)
        self._tick.timeout.connect(self._look)
        self.button = IconButton("play", "Play", parent=parent)

    @property
    def playing(self) -> bool:
        """Tell whether frames go on."""
        return self._tick.isActive()

    def toggle(self, frame: int) -> None:
        """Play from a frame (from 0) on, or pause."""
        if self.playing:
            self.stop()
            return
        self._begin = self._last = frame
        self._waits = False
        self._clock.start()
        self._tick.start()
        self.button.show_as("pause", "Pause")

    def stop(self) -> None:
        """Pause."""
        self._tick.stop()
        self.button.show_as("play", "Play")

    def arrived(self) -> None:
        """Hear that the picture last asked for is there, or never will be."""
        self._waits = False

    def _look(self) -> None:
        elapsed = self._clock.elapsed() / 1000.0 + self._begin / self._rate
        frame = frame_at(elapsed, self._rate, 0, self._count - 1, Loop.LOOP)
        if frame != self._last and not self._waits:
            self._last, self._waits = frame, True
            self.moved.emit(frame)
