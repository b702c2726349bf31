"""Viewport: shows one picture on black with its corner text, and turns mouse into gestures."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QPoint, QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QSizePolicy, QWidget

from xray_studio.core.clip import Clip
from xray_studio.core.corner_text import CornerText, Shown, badges, corner_text
from xray_studio.core.presentation import Overlay
from xray_studio.imaging.render import voi_of
from xray_studio.ui.frame_worker import FrameAnswer
from xray_studio.ui.session import Session, State
from xray_studio.ui.viewer.corner_paint import CornerPaint, Corners
from xray_studio.ui.viewer.geometry import Size, moved, pixel_at, place
from xray_studio.ui.viewer.gestures import Drag, PanDrag, Wheel, ZoomDrag, drag_of, same_turn
from xray_studio.ui.viewer.messages import paint_error, paint_focus, paint_waiting, waiting_words
from xray_studio.ui.viewer.probe import pixel_text

PATIENCE = 150  # milliseconds before waiting is mentioned at all
TURN = 40  # milliseconds between two pictures of the waiting mark
_LEFT, _MIDDLE, _RIGHT = (
    Qt.MouseButton.LeftButton,
    Qt.MouseButton.MiddleButton,
    Qt.MouseButton.RightButton,
)
_CURSORS = {"pan": Qt.CursorShape.OpenHandCursor, "zoom": Qt.CursorShape.SizeVerCursor}


class Viewport(QWidget):
    """Paints the latest answer of the frame worker.

    `painted` tells an answer that reached the screen for the first time, `resized` that pictures of
    another size are needed, `menu_requested` where (on the screen) a menu is to open.
    `level_direction` is 1 when an upward drag raises the level, -1 when it lowers it.
    """

    painted = Signal(object)
    resized = Signal()
    menu_requested = Signal(QPoint)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.level_direction = 1.0
        self._session = session
        self._answer: FrameAnswer | None = None
        self._fresh = False
        self._corner_paint = CornerPaint()
        self._wheel = Wheel(session)
        self._drag: Drag | None = None
        self._pressed: QPointF | None = None
        self._pointer: QPointF | None = None
        self._focus_shown = False
        self._turned = 0
        self._patience = QTimer(self)
        self._patience.timeout.connect(self._turn)
        self._prepare()
        session.changed.connect(self._follow)
        self._watch()

    def _prepare(self) -> None:
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setMinimumSize(160, 120)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Viewport")

    @property
    def answer(self) -> FrameAnswer | None:
        """What is on screen, None while there is no picture."""
        return self._answer

    def view_size(self) -> Size:
        """Return the size in device pixels."""
        ratio = self.devicePixelRatioF()
        return Size(round(self.width() * ratio), round(self.height() * ratio))

    def show_answer(self, answer: FrameAnswer) -> None:
        """Put a picture, or the error in its place, on screen."""
        self._answer, self._fresh = answer, True
        self._watch()
        self.update()

    def clear(self) -> None:
        """Take the picture away, before another clip comes."""
        self._answer = None
        self._watch()
        self.update()

    def waiting(self) -> str:
        """Return what is waited for in words, "" when everything is there."""
        return waiting_words(self._session.state, self._answer)

    def pixel_words(self) -> str:
        """Return position and value of the pixel under the pointer, "" beside the picture."""
        shown, point = self._answer, self._pointer
        if shown is None or shown.stored is None or point is None:
            return ""
        request, ratio = shown.request, self.devicePixelRatioF()
        placement = place(request.clip, self._session.view.presentation, self.view_size())
        place_of = (point.x() * ratio, point.y() * ratio)
        pixel = pixel_at(request.clip, request.presentation, placement, *place_of)
        if pixel is None:
            return ""
        return pixel_text(request.clip, request.index, shown.stored, *pixel)

    def corners(self) -> Corners:
        """Return the words round the picture. Who is shown stays unless identity is hidden."""
        state, view = self._session.state, self._session.view
        clip = view.clip
        if clip is None:
            return Corners(CornerText())
        hidden = "Identity hidden" if state.identity_hidden else ""
        overlay = Overlay.ANONYMOUS if state.identity_hidden else Overlay.ALL
        text = corner_text(clip, self._shown(clip, state), overlay)
        if state.overlay is Overlay.NONE:
            text = CornerText(top_left=text.top_left[:2], badges=badges(clip))
        elif state.overlay is Overlay.ANONYMOUS:
            text = replace(text, top_left=(), top_right=())
        return Corners(text, hidden, self.pixel_words())

    def _shown(self, clip: Clip, state: State) -> Shown:
        answer, view = self._answer, state.view
        shown = view.presentation if answer is None else answer.request.presentation
        return Shown(
            frame=view.frame if answer is None else answer.request.index,
            voi=voi_of(clip, shown),
            zoom=place(clip, view.presentation, self.view_size()).scale,
            rate=state.rate,
            wanted=clip.frame_rate * view.cine.speed,
            invert=shown.invert,
        )

    def _follow(self, old: State, new: State) -> None:
        if old.tool != new.tool:
            self.setCursor(_CURSORS.get(new.tool, Qt.CursorShape.ArrowCursor))
        if old.view is not new.view:
            self._watch()
        # A new frame is painted when it has been rendered, not when it is asked for.
        if _words(old) != _words(new):
            self.update()

    def _watch(self) -> None:
        """Start or stop the patience with what is not there yet."""
        if self.waiting():
            if not self._patience.isActive():
                self._turned = 0
                self._patience.start(PATIENCE)
        elif self._patience.isActive():
            self._patience.stop()
            self._turned = 0
            self.update()

    def _turn(self) -> None:
        self._turned += 1
        self._patience.setInterval(TURN)
        self.update()

    # -- painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint picture, words and state. What it needs is ready, so this takes a millisecond."""
        painter = QPainter(self)
        painter.fillRect(event.rect(), Qt.GlobalColor.black)
        view, size = self._session.view, self.size()
        self._paint_picture(painter)
        self._corner_paint.paint(painter, size, self.devicePixelRatioF(), self.corners())
        error = view.error or str((self._answer and self._answer.error) or "")
        if error:
            paint_error(painter, size, error)
        elif self._turned:
            paint_waiting(painter, size, self.waiting(), view.progress, self._turned * TURN)
        if self._focus_shown:
            paint_focus(painter, size)
        painter.end()
        if self._fresh and self._answer is not None:
            self._fresh = False
            self.painted.emit(self._answer)

    def _paint_picture(self, painter: QPainter) -> None:
        shown, clip = self._answer, self._session.view.clip
        if shown is None or shown.image is None or shown.box is None or clip is None:
            return
        now = self._session.view.presentation
        placement, ratio = place(clip, now, self.view_size()), self.devicePixelRatioF()
        if placement == shown.placement or not same_turn(now, shown.request.presentation):
            shown.image.setDevicePixelRatio(ratio)
            painter.drawImage(QPointF(shown.box.left / ratio, shown.box.top / ratio), shown.image)
            return
        # The picture for this place is being made; until it comes the last one is stretched.
        shown.image.setDevicePixelRatio(1.0)
        target = (part / ratio for part in moved(shown.box, shown.placement, placement))
        painter.drawImage(QRectF(*target), shown.image)

    # -- mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin the drag of a button."""
        place_of = self._centred(event.position())
        button, shift = event.button(), event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        self._pressed = event.position()
        if button == _MIDDLE or (button == _LEFT and shift):
            self._drag = drag_of("pan", self._session, *place_of)
        elif button == _RIGHT:
            self._drag = drag_of("zoom", self._session, *place_of)
        elif button == _LEFT:
            tool = self._session.state.tool
            self._drag = drag_of(tool, self._session, *place_of, self.level_direction)
        if isinstance(self._drag, PanDrag):
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the pointer with drag and pixel value."""
        self._pointer = event.position()
        if self._drag is not None and self._is_drag(event.position()):
            self._drag.move(*self._centred(event.position()))
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End the drag; a right button that did not move asks for the menu."""
        clicked = self._pressed is not None
        self._drag = self._pressed = None
        self.setCursor(_CURSORS.get(self._session.state.tool, Qt.CursorShape.ArrowCursor))
        if event.button() == _RIGHT and clicked:
            self.menu_requested.emit(event.globalPosition().toPoint())

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Step frames, or zoom at the pointer with Ctrl."""
        turn = event.angleDelta()
        delta = turn.y() or turn.x()
        keys = event.modifiers()
        if keys & Qt.KeyboardModifier.ControlModifier:
            self._wheel.zoom(delta, self._centred(event.position()))
        else:
            fast = bool(keys & Qt.KeyboardModifier.ShiftModifier)
            self._wheel.frames(delta, fast=fast)
        event.accept()

    def leaveEvent(self, _event: object) -> None:
        """Forget the pixel under the pointer."""
        self._pointer = None
        self.update()

    def _is_drag(self, position: QPointF) -> bool:
        """Tell whether the pointer has moved far enough since the press to mean it."""
        if self._pressed is None:
            return True
        if isinstance(self._drag, ZoomDrag):
            far = (position - self._pressed).manhattanLength() >= QApplication.startDragDistance()
            if not far:
                return False
        self._pressed = None
        return True

    def _centred(self, position: QPointF) -> tuple[float, float]:
        ratio = self.devicePixelRatioF()
        x, y = position.x() - self.width() / 2, position.y() - self.height() / 2
        return x * ratio, y * ratio

    # -- focus and size

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the focus when it came by keyboard."""
        by_key = {Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason}
        self._focus_shown = event.reason() in by_key | {Qt.FocusReason.ShortcutFocusReason}
        self.update()

    def focusOutEvent(self, _event: QFocusEvent) -> None:
        """Show the focus no longer."""
        self._focus_shown = False
        self.update()

    def resizeEvent(self, _event: QResizeEvent) -> None:
        """Ask for pictures of the new size."""
        self.resized.emit()

    def showEvent(self, _event: QShowEvent) -> None:
        """Ask for pictures for this screen."""
        self.resized.emit()


def _words(state: State) -> tuple[object, ...]:
    """Return what the words of the viewport depend on, apart from the picture."""
    view = state.view
    return (
        state.overlay,
        state.identity_hidden,
        state.rate,
        id(view.clip),
        view.error,
        view.progress,
        view.presentation.zoom,
        view.presentation.pan,
    )
