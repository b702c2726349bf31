"""Timeline: every frame of the clip side by side; scrub, in and out point, what is in memory."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QAbstractSlider, QSizePolicy, QWidget

from xray_studio.ui.look.theme import CAPTION, colour, font, px, tokens
from xray_studio.ui.session import Session
from xray_studio.ui.state import State
from xray_studio.ui.view import View
from xray_studio.ui.viewer.cine_commands import CineCommands
from xray_studio.ui.viewer.cine_words import range_words
from xray_studio.ui.viewer.frame_places import frame_at, left_of
from xray_studio.ui.viewer.key_commands import marked_frames
from xray_studio.ui.widgets.speech import describe

HEIGHT = 44
CACHED = 4  # height of the line that shows what is in memory
GRIP = QSize(8, 14)
KEY_TOP = 24  # pixels from the upper edge to the middle of the mark of a key image
REACH = 6  # pixels round an in or out line in which the pointer takes it
ROUND = 4


class Timeline(QAbstractSlider):
    """Click or drag to scrub; drag the lines to move in and out point. Plays on after a scrub.

    It is a slider of frames to the keyboard and to assistive tools.
    """

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._commands = CineCommands(session)
        self._held = ""
        self._resume = False
        self._focus_shown = False
        self._hover: int | None = None
        self.setFixedHeight(HEIGHT)
        self.setMinimumWidth(120)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)
        self.setAccessibleName("Timeline")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.valueChanged.connect(self._commands.go_to)
        session.changed.connect(self._follow)
        self._show(session.state.view)

    # -- where frames are

    def left_of(self, frame: int) -> float:
        """Return where a frame begins, in pixels from the left edge."""
        return left_of(frame, self.width(), self._length())

    def frame_at(self, x: float) -> int:
        """Return the frame (from 0) at a position, the nearest one beyond the ends."""
        return frame_at(x, self.width(), self._length())

    def _length(self) -> int:
        clip = self._session.view.clip
        return 0 if clip is None else len(clip)

    def _line_at(self, x: float) -> str:
        cine = self._session.view.cine
        ends = {"in": self.left_of(cine.first), "out": self.left_of(cine.last + 1)}
        near = min(ends, key=lambda name: abs(ends[name] - x))
        if abs(ends[near] - x) > REACH or not self._length():
            return ""
        # Where both lie together, the side of the pointer decides.
        if abs(ends["in"] - ends["out"]) < 1:
            return "in" if x < ends["in"] else "out"
        return near

    # -- mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take a line, or scrub."""
        if event.button() != Qt.MouseButton.LeftButton or not self._length():
            return
        self._held = self._line_at(event.position().x()) or "frame"
        if self._held == "frame":
            self._resume = self._session.view.cine.playing
            self._commands.go_to(self.frame_at(event.position().x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move what is held, or show what would be taken."""
        x = event.position().x()
        cine = self._session.view.cine
        if self._held == "frame":
            self._commands.go_to(self.frame_at(x))
        elif self._held == "in":
            self._commands.set_range(min(self._edge(x), cine.last), cine.last)
        elif self._held == "out":
            self._commands.set_range(cine.first, max(self._edge(x) - 1, cine.first))
        self._point_at(x)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go; a clip that was playing plays on."""
        if event.button() != Qt.MouseButton.LeftButton:
            return
        if self._held == "frame" and self._resume:
            self._session.update_cine(playing=True)
        self._held, self._resume = "", False

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the focus when it came by keyboard."""
        super().focusInEvent(event)
        reasons = Qt.FocusReason
        self._focus_shown = event.reason() in {reasons.TabFocusReason, reasons.BacktabFocusReason}
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show the focus no longer."""
        super().focusOutEvent(event)
        self._focus_shown = False
        self.update()

    def leaveEvent(self, _event: QEvent) -> None:
        """Show nothing under the pointer any more."""
        self._hover = None
        self.update()

    def _edge(self, x: float) -> int:
        return round(x * self._length() / max(1, self.width()))

    def _point_at(self, x: float) -> None:
        over_line = self._held in {"in", "out"} or (not self._held and self._line_at(x))
        shape = Qt.CursorShape.SizeHorCursor if over_line else Qt.CursorShape.ArrowCursor
        self.setCursor(shape)
        self._hover = self.frame_at(x) if self._length() and not over_line else None
        self.update()

    # -- painting

    def _follow(self, old: State, new: State) -> None:
        if old.view is not new.view or old.key_frames != new.key_frames:
            self._show(new.view)
            self.update()

    def _show(self, view: View) -> None:
        """Be the slider of the frame on screen, without telling."""
        if view.cine.playing:
            return
        self.blockSignals(True)
        self.setRange(0, max(0, self._length() - 1))
        self.setValue(view.frame)
        self.blockSignals(False)
        if view.clip is not None:
            moment = f"{view.clip.timing.moment(view.frame):.2f} seconds"
            words = f"frame {view.frame + 1} of {len(view.clip)}, {moment}"
            describe(self, ", ".join(filter(None, (words, range_words(view)))))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint range, memory, in and out line, and the line of the current frame."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame = QPainterPath()
        frame.addRoundedRect(QRectF(self.rect()), ROUND, ROUND)
        painter.setClipPath(frame)
        painter.fillRect(self.rect(), colour("background"))
        if self._length():
            self._paint_range(painter)
            self._paint_seconds(painter)
            self._paint_cached(painter)
            self._paint_keys(painter)
            self._paint_hover(painter)
            self._paint_lines(painter)
        if self._focus_shown:
            painter.setClipping(False)
            painter.setPen(QPen(colour("accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), ROUND, ROUND)
        painter.end()

    def _paint_range(self, painter: QPainter) -> None:
        cine = self._session.view.cine
        tint = QColor(tokens().selected)
        tint.setAlphaF(0.55)
        painter.fillRect(self._box(cine.first, cine.last, 0, HEIGHT), tint)

    def _paint_seconds(self, painter: QPainter) -> None:
        """Paint a faint mark for each second, or for each ten of a long clip."""
        clip = self._session.view.clip
        assert clip is not None
        seconds = int(len(clip) / clip.frame_rate)
        step = 1 if seconds <= 60 else 10
        for second in range(step, seconds + 1, step):
            x = round(self.left_of(0) + second * clip.frame_rate * self.width() / len(clip))
            painter.fillRect(QRectF(x, HEIGHT - CACHED - 7, 1, 5), colour("faint"))

    def _paint_cached(self, painter: QPainter) -> None:
        top = HEIGHT - CACHED
        painter.fillRect(QRectF(0, top, self.width(), CACHED), colour("border"))
        for first, last in self._session.view.cached:
            painter.fillRect(self._box(first, last, top, CACHED), colour("accent_fill"))

    def _paint_keys(self, painter: QPainter) -> None:
        """Paint a mark at each key image."""
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour("text"))
        for frame in marked_frames(self._session.state):
            centre = QPointF(self._middle(frame), KEY_TOP)
            painter.drawPolygon(
                [centre + QPointF(*step) for step in ((0, -5), (5, 0), (0, 5), (-5, 0))]
            )

    def _paint_hover(self, painter: QPainter) -> None:
        clip = self._session.view.clip
        if self._hover is None or clip is None:
            return
        x = self._middle(self._hover)
        painter.fillRect(QRectF(x, 0, 1, HEIGHT - CACHED), colour("faint"))
        painter.setFont(font(CAPTION))
        painter.setPen(colour("secondary"))
        words = f"{self._hover + 1} · {clip.timing.moment(self._hover):.2f} s"
        width = painter.fontMetrics().horizontalAdvance(words)
        left = x + 6 if x + width + 12 < self.width() else x - width - 6
        painter.drawText(QPointF(left, px(14)), words)

    def _paint_lines(self, painter: QPainter) -> None:
        cine = self._session.view.cine
        for x, held in (
            (self.left_of(cine.first), "in"),
            (self.left_of(cine.last + 1), "out"),
        ):
            at = min(max(1.0, round(x)), self.width() - 1.0)
            ink = colour("text" if self._held == held else "accent")
            painter.fillRect(QRectF(at - 1, 0, 2, HEIGHT), ink)
            side = at - 1 if held == "in" else at + 1 - GRIP.width()
            grip = QPainterPath()
            grip.addRoundedRect(QRectF(side, 0, GRIP.width(), GRIP.height()), 2, 2)
            painter.fillPath(grip, ink)
        x = self._middle(self._session.view.frame)
        painter.fillRect(QRectF(x - 1, 0, 2, HEIGHT), colour("text"))

    def _middle(self, frame: int) -> float:
        middle = (self.left_of(frame) + self.left_of(frame + 1)) / 2
        return min(max(1.0, round(middle)), self.width() - 1.0)

    def _box(self, first: int, last: int, top: float, height: float) -> QRectF:
        left = self.left_of(first)
        return QRectF(left, top, self.left_of(last + 1) - left, height)
