"""Sparkline: how unusual every frame of a loop is, under its timeline; filled in as frames come."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from xray_studio.ui.look.theme import CAPTION, colour, font, px
from xray_studio.ui.session import Session
from xray_studio.ui.state import State
from xray_studio.ui.unusual_state import Answer, holds, peak_frames
from xray_studio.ui.viewer.cine_commands import CineCommands
from xray_studio.ui.viewer.frame_places import frame_at, left_of

HEIGHT, PAD, ROUND = 30, 4, 4  # logical pixels: of all, above and below the line, of its corners
PEAK = 3.0  # logical pixels: half of the mark of a frame that stands out


class Sparkline(QWidget):
    """The score of each frame, the threshold and the frames that stand out; click to go to one."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._commands = session, CineCommands(session)
        self._hover: int | None = None
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)
        self.setAccessibleName("How unusual each frame is")
        session.changed.connect(self._follow)
        self._show(session.state)

    def left_of(self, frame: float) -> float:
        """Return where a frame begins, in pixels from the left edge, as on the timeline."""
        return left_of(frame, self.width(), self._length())

    def frame_at(self, x: float) -> int:
        """Return the frame (from 0) at a position, the nearest one beyond the ends."""
        return frame_at(x, self.width(), self._length())

    def _length(self) -> int:
        clip = self._session.view.clip
        return 0 if clip is None else len(clip)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go to the frame under the pointer."""
        if event.button() == Qt.MouseButton.LeftButton and self._length():
            self._commands.go_to(self.frame_at(event.position().x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell the score under the pointer; scrub while the button is held."""
        self._hover = self.frame_at(event.position().x()) if self._length() else None
        if event.buttons() & Qt.MouseButton.LeftButton and self._hover is not None:
            self._commands.go_to(self._hover)
        self.update()

    def leaveEvent(self, _event: QEvent) -> None:
        """Tell nothing any more."""
        self._hover = None
        self.update()

    def _follow(self, old: State, new: State) -> None:
        names = ("looks", "ai_hidden")
        other = any(getattr(old, name) is not getattr(new, name) for name in names)
        if other or old.view is not new.view:
            self._show(new)

    def _show(self, state: State) -> None:
        answer = drawn(state)
        self.setVisible(answer is not None)
        if answer is not None:
            best = ", ".join(str(frame + 1) for frame in peak_frames(answer))
            self.setAccessibleDescription(f"Frames that stand out: {best or 'none'}")
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint scores, threshold, peaks and the line of the current frame."""
        answer = drawn(self._session.state)
        if answer is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = QPainterPath()
        ground.addRoundedRect(QRectF(self.rect()), ROUND, ROUND)
        painter.setClipPath(ground)
        painter.fillRect(self.rect(), colour("background"))
        self._paint_scores(painter, answer)
        self._paint_threshold(painter, answer)
        self._paint_peaks(painter, answer)
        x = round(self.left_of(self._session.view.frame + 0.5))
        painter.fillRect(QRectF(x - 1, 0, 2, HEIGHT), colour("text"))
        self._paint_hover(painter, answer)
        painter.end()

    def _y(self, score: float) -> float:
        return HEIGHT - PAD - score * (HEIGHT - 2 * PAD)

    def _paint_scores(self, painter: QPainter, answer: Answer) -> None:
        """Paint each frame that is known as a step; those that follow one another as one area."""
        area, line = QPainterPath(), QPainterPath()
        before = -2
        for frame in sorted(answer.by_frame):
            y = self._y(answer.by_frame[frame].score)
            left, right = self.left_of(frame), self.left_of(frame + 1)
            if frame == before + 1:
                line.lineTo(left, y)
                area.lineTo(left, y)
            else:
                area.lineTo(area.currentPosition().x(), HEIGHT)
                line.moveTo(left, y)
                area.moveTo(left, HEIGHT)
                area.lineTo(left, y)
            line.lineTo(right, y)
            area.lineTo(right, y)
            before = frame
        area.lineTo(area.currentPosition().x(), HEIGHT)
        tint = QColor(colour("ai"))
        tint.setAlphaF(0.28)
        painter.fillPath(area, tint)
        painter.setPen(QPen(colour("ai"), 1.4))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(line)

    def _paint_threshold(self, painter: QPainter, answer: Answer) -> None:
        y = round(self._y(answer.found.threshold.value)) + 0.5
        pen = QPen(colour("secondary"), 1)
        pen.setDashPattern([3.0, 3.0])
        painter.setPen(pen)
        painter.drawLine(QPointF(0, y), QPointF(self.width(), y))

    def _paint_peaks(self, painter: QPainter, answer: Answer) -> None:
        painter.setPen(QPen(colour("background"), 1))
        painter.setBrush(colour("ai"))
        for frame in peak_frames(answer):
            y = max(PEAK + 1, self._y(answer.by_frame[frame].score))
            painter.drawEllipse(QPointF(self.left_of(frame + 0.5), y), PEAK, PEAK)

    def _paint_hover(self, painter: QPainter, answer: Answer) -> None:
        if self._hover is None:
            return
        scores = answer.by_frame.get(self._hover)
        told = "not looked at yet" if scores is None else f"score {scores.score:.2f}"
        words, x = f"{self._hover + 1} · {told}", self.left_of(self._hover + 0.5)
        painter.fillRect(QRectF(round(x), 0, 1, HEIGHT), colour("faint"))
        painter.setFont(font(CAPTION))
        width = painter.fontMetrics().horizontalAdvance(words) + 8
        left = x + 6 if x + width + 12 < self.width() else x - width - 6
        room = QRectF(left, (HEIGHT - px(18)) / 2, width, px(18))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour("raised"))
        painter.drawRoundedRect(room, ROUND, ROUND)
        painter.setPen(colour("text"))
        painter.drawText(room, int(Qt.AlignmentFlag.AlignCenter), words)


def drawn(state: State) -> Answer | None:
    """Return the answer whose scores are drawn: one about the loop on screen that holds."""
    answer = holds(state)
    if answer is None or answer.found.abstained or len(answer.clip) < 2:
        return None
    return answer
