"""Range slider: a name, and a track with two ends that can be moved."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from xray_studio.ui.look.theme import colour, mark
from xray_studio.ui.viewer.histogram_handle import WIDTH, HistogramHandle

HEIGHT: Final = 20
LINE: Final = 4


class RangeSlider(QWidget):
    """From where to where. `chosen` tells both ends that a person moved."""

    chosen = Signal(float, float)

    def __init__(self, label: str, ends: tuple[str, str], parent: QWidget | None = None) -> None:
        """Show a name; `ends` are those of the lower and the upper end for assistive tools."""
        super().__init__(parent)
        self.words = QLabel(self)
        self.track = _Track(self)
        self.low, self.high = (
            HistogramHandle(f"{label}, {end}", top=False, parent=self.track) for end in ends
        )
        self.low.moved.connect(lambda by: self._move(by, 0.0))
        self.high.moved.connect(lambda by: self._move(0.0, by))
        self.track.resized.connect(self._place)
        self._range = (0.0, 1.0)
        self._kept = (0.0, 1.0)
        self._say: Callable[[float], str] = str
        self._lay_out(label)

    def show_range(
        self,
        ends: tuple[float, float],
        kept: tuple[float, float],
        say: Callable[[float], str],
        unit: str,
    ) -> None:
        """Show what is kept of a range without telling; `say` returns a value in words."""
        self._range, self._kept, self._say = ends, kept, say
        self.words.setText(" \N{EN DASH} ".join(say(end) for end in kept) + f" {unit}")
        self._place()

    def _move(self, low_by: float, high_by: float) -> None:
        length = self._range[1] - self._range[0]
        low, high = self._kept[0] + low_by * length, self._kept[1] + high_by * length
        low = max(self._range[0], low) if not low_by else max(self._range[0], min(low, high))
        high = min(self._range[1], max(low, high))
        self.chosen.emit(low, high)

    def _place(self) -> None:
        start, end = self._range
        length = max(end - start, 1e-9)
        shares = [(at - start) / length for at in self._kept]
        room = max(1, self.track.width() - WIDTH)
        for handle, share, at in zip((self.low, self.high), shares, self._kept, strict=True):
            handle.show_at(share, self._say(at), room, HEIGHT)
            handle.move(round(share * room), 0)
        self.track.show_kept(shares[0], shares[1])

    def _lay_out(self, label: str) -> None:
        caption = QLabel(label, self)
        for words in (caption, self.words):
            mark(words, role="secondary")
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(caption, 1)
        head.addWidget(self.words)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(head)
        column.addWidget(self.track)


class _Track(QWidget):
    """The line below the handles; `resized` tells that it has another width."""

    resized = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._shares = (0.0, 1.0)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(HEIGHT)

    def sizeHint(self) -> QSize:
        """Return a width that panels are at least as wide as."""
        return QSize(160, HEIGHT)

    def show_kept(self, low: float, high: float) -> None:
        """Show what is kept, in shares of the line."""
        self._shares = low, high
        self.update()

    def resizeEvent(self, _event: QResizeEvent) -> None:
        """Tell it."""
        self.resized.emit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the line, the part that is kept in the colour of what is chosen."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        room, top = self.width() - WIDTH, (HEIGHT - LINE) / 2
        for (low, high), name in (((0.0, 1.0), "strong_border"), (self._shares, "accent")):
            painter.setBrush(colour(name))
            line = QRectF(WIDTH / 2 + low * room, top, (high - low) * room, LINE)
            painter.drawRoundedRect(line, LINE / 2, LINE / 2)
        painter.end()
