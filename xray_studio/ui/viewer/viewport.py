"""Viewport: shows one picture on black with its corner text, and turns mouse into gestures."""

from __future__ import annotations

import logging

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from xray_studio.ui.frame_worker import FrameAnswer, unprocessed_answer
from xray_studio.ui.look.tokens import DARK
from xray_studio.ui.session import Session
from xray_studio.ui.state import State
from xray_studio.ui.step_state import Compared, is_behind, step_error, waits_to_run
from xray_studio.ui.unusual_state import can_be_overlaid
from xray_studio.ui.viewer.compared_paint import (
    ScalePaint,
    heading_of,
    paint_image,
    paint_original,
)
from xray_studio.ui.viewer.corner_paint import CornerPaint, Corners
from xray_studio.ui.viewer.corner_words import corners_of, words_depend_on
from xray_studio.ui.viewer.geometry import Size, moved, pixel_at, place
from xray_studio.ui.viewer.gestures import same_turn
from xray_studio.ui.viewer.heat_paint import HeatPaint
from xray_studio.ui.viewer.marks import Marks
from xray_studio.ui.viewer.messages import (
    NOT_RUN,
    PROCESSING,
    RUNNING,
    paint_empty,
    paint_error,
    paint_focus,
    paint_note,
    paint_waiting,
    waiting_words,
)
from xray_studio.ui.viewer.mouse import Mouse
from xray_studio.ui.viewer.probe import pixel_text
from xray_studio.ui.viewer.spoken import (
    name_depends_on,
    spoken_depends_on,
    spoken_name,
    spoken_words,
)
from xray_studio.ui.viewer.stamps import Sheet, Stamps
from xray_studio.ui.viewer.text_entry import TextEntry
from xray_studio.ui.viewer.tool_layer import ToolLayer
from xray_studio.ui.volume.over_layer import over_text
from xray_studio.ui.widgets.speech import describe

log = logging.getLogger(__name__)
UNPAINTABLE = "This picture could not be shown. Choose another frame or series."
PATIENCE = 150  # milliseconds before waiting is mentioned at all
LEAST = (120, 80)
TURN = 40  # milliseconds between two pictures of the waiting mark


class Viewport(QWidget):
    """Paints the latest answer of the frame worker.

    `painted` tells an answer that reached the screen for the first time, `resized` that pictures of
    another size are needed, `menu_requested` where (on the screen) a menu is to open. `entered`
    tells that mouse or keys mean this viewport now, `pointed` where the pointer is while no button
    is held, `alone_asked` that the viewport is to fill the grid, or no longer.
    """

    painted = Signal(object)
    resized = Signal()
    menu_requested = Signal(QPoint)
    entered = Signal()
    pointed = Signal(QPointF)
    alone_asked = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._answer: FrameAnswer | None = None
        self._fresh = False
        self._corner_paint = CornerPaint()
        self._marks, self._heat = Marks(), HeatPaint()
        self._scale_paint = ScalePaint()
        self._mouse = Mouse(session)
        self.entry = TextEntry(self)
        self.tools = ToolLayer(session, self, self.entry.ask)
        self._stamps = Stamps()
        self._pointer: QPointF | None = None
        self._focus_shown = False
        self._turned = 0
        self._unpaintable = False
        self._outdated = False
        self._patience = QTimer(self)
        self._patience.timeout.connect(self._turn)
        self._prepare()
        session.changed.connect(self._follow)
        self._watch()
        self.setAccessibleName(spoken_name(session.state))
        describe(self, spoken_words(session.state))

    def _prepare(self) -> None:
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setMinimumSize(*LEAST)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

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
        self._answer, self._fresh, self._unpaintable = answer, True, False
        self._outdated = False
        self._watch()
        self.update()

    def outdate(self) -> None:
        """Mark the picture as one that is about to be processed otherwise."""
        self._outdated = True
        self._watch()
        self.update()

    def clear(self) -> None:
        """Take the picture away, before another clip comes."""
        self._answer, self._unpaintable, self._outdated = None, False, False
        self._watch()
        self.update()

    def waiting(self) -> str:
        """Return what is waited for in words, "" when everything is there."""
        return waiting_words(self._session.state, self._answer) or self._processing()

    def _processing(self) -> str:
        """Return that the picture on screen is not the one that is asked for yet."""
        view = self._session.view
        if step_error(view) or waits_to_run(view):
            return ""
        return PROCESSING if self._outdated or is_behind(view) else ""

    def pixel_words(self) -> str:
        """Return position and value of the pixel under the pointer, "" beside the picture.

        The value of what lies over it stands in a line of its own.
        """
        shown, point = self._answer, self._pointer
        if shown is not None and point is not None and self.tools.shows_original(point):
            shown = unprocessed_answer(shown)
        if shown is None or shown.stored is None or point is None:
            return ""
        request, ratio = shown.request, self.devicePixelRatioF()
        placement = place(request.clip, self._session.view.presentation, self.view_size())
        place_of = (point.x() * ratio, point.y() * ratio)
        pixel = pixel_at(request.clip, request.presentation, placement, *place_of)
        if pixel is None:
            return ""
        words = pixel_text(request.clip, request.index, shown.stored, *pixel)
        over = over_text(self._session.state, shown, *pixel)
        return f"{words}\n{over}" if over else words

    def corners(self) -> Corners:
        """Return the words round the picture."""
        state, answer = self._session.state, self._answer
        clip = state.view.clip
        zoom = place(clip, state.view.presentation, self.view_size()).scale if clip else 1.0
        whole = state.view.compared is Compared.ORIGINAL
        if answer is not None and whole:
            answer = unprocessed_answer(answer)  # the badges are of what is shown
        request = None if answer is None else answer.request
        return corners_of(state, request, zoom, self.pixel_words())

    def _follow(self, old: State, new: State) -> None:
        if old.tool != new.tool:
            self.setCursor(self._mouse.cursor())
        if old.view is not new.view:
            self._watch()
        if name_depends_on(old) != name_depends_on(new):
            self.setAccessibleName(spoken_name(new))
        plays = old.view.cine.playing and new.view.cine.playing
        if spoken_depends_on(old) != spoken_depends_on(new) and not plays:
            describe(self, spoken_words(new))
        # A new frame is painted when it has been rendered, not when it is asked for.
        over = old.marks is not new.marks or old.volume is not new.volume
        if over or words_depend_on(old) != words_depend_on(new):
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
        if self._unpaintable:
            paint_error(painter, self.size(), UNPAINTABLE)
        else:
            self._paint_guarded(painter)
        painter.end()
        if self._fresh and self._answer is not None:
            self._fresh = False
            self.painted.emit(self._answer)

    def _paint_guarded(self, painter: QPainter) -> None:
        """Paint; what cannot be painted gives way to a sentence and is not tried again."""
        painter.save()
        try:
            self._paint(painter)
        except Exception:
            log.exception("The viewport could not be painted")
            self._unpaintable = True
            painter.restore()
            painter.fillRect(self.rect(), Qt.GlobalColor.black)
            paint_error(painter, self.size(), UNPAINTABLE)
        else:
            painter.restore()

    def _paint(self, painter: QPainter) -> None:
        view, size = self._session.view, self.size()
        if view.series is None and view.clip is None:
            paint_empty(painter, size)
        corners, ratio = self.corners(), self.devicePixelRatioF()
        if not step_error(view):
            self._paint_picture(painter)
            left = self.tools.wipe.place if self.tools.wipe.shown else None
            self._heat.paint(painter, self, self._session.state, self._answer, corners, left=left)
        self.tools.wipe.paint(painter, size)
        self._corner_paint.paint(painter, size, ratio, corners)
        self._marks.paint(painter, self, self._session.state, self._answer, corners)
        if not (view.error or step_error(view)):
            self.tools.paint_marks(Sheet(painter, self._stamps, size, ratio))
        line = int(self._paint_compared(painter))
        error = view.error or step_error(view) or str((self._answer and self._answer.error) or "")
        if waits_to_run(view):
            paint_note(painter, size, RUNNING if view.working else NOT_RUN, line=line)
        if error:
            paint_error(painter, size, error)
        elif self._turned and self.waiting() == PROCESSING:
            paint_note(painter, size, PROCESSING, line=line)
        elif self._turned:
            paint_waiting(painter, size, self.waiting(), view.progress, self._turned * TURN)
        else:
            self.tools.paint(painter)
        if self._focus_shown:
            paint_focus(painter, size)

    def _paint_picture(self, painter: QPainter) -> None:
        shown, clip = self._answer, self._session.view.clip
        if shown is None or shown.image is None or shown.box is None or clip is None:
            return
        now = self._session.view.presentation
        placement, ratio = place(clip, now, self.view_size()), self.devicePixelRatioF()
        box: tuple[float, ...] = shown.box
        if placement != shown.placement and same_turn(now, shown.request.presentation):
            # The picture for this place is being made; until it comes the last one is stretched.
            box = moved(shown.box, shown.placement, placement)
        target = QRectF(*(part / ratio for part in box))
        paint_image(painter, target, shown.image, ratio)
        self._paint_original(painter, target, shown)

    def _paint_original(self, painter: QPainter, target: QRectF, shown: FrameAnswer) -> None:
        """Paint the unprocessed picture where it is to be seen."""
        beside, compared = shown.original, self._session.view.compared
        if beside is None or beside.image is None:
            return
        if compared is Compared.ORIGINAL or self.tools.wipe.shown:
            right = self.tools.wipe.place if self.tools.wipe.shown else None
            paint_original(painter, target, beside.image, right, self.size())

    def _paint_compared(self, painter: QPainter) -> bool:
        """Say what is shown where that is not the processed picture; tell whether it was said."""
        beside = None if self._answer is None else self._answer.original
        compared = self._session.view.compared
        whole = compared is Compared.ORIGINAL
        words = heading_of(beside, whole=whole, overlaid=can_be_overlaid(self._session.state))
        said = bool(words) and compared is not Compared.NOT
        if said:
            paint_note(painter, self.size(), words, DARK.strong_border)
        if beside is not None and beside.scale is not None:
            self._scale_paint.paint(painter, self.size(), self.devicePixelRatioF(), beside.scale)
        return said

    # -- mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin the drag of a button."""
        self.entered.emit()
        if not self.tools.press(event):
            self._mouse.press(self, event)
        self.setCursor(self._mouse.cursor())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Ask for the whole grid, or to give it back."""
        self.entered.emit()
        if self.tools.press_twice(event):
            self.update()
        elif event.button() == Qt.MouseButton.LeftButton:
            self.alone_asked.emit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the pointer with drag and pixel value."""
        self._pointer = event.position()
        if not event.buttons():
            self.pointed.emit(event.position())
        if not self.tools.move(event):
            self._mouse.move(self, event)
        if not event.buttons():
            shape = self.tools.cursor()
            self.setCursor(self._mouse.cursor() if shape is None else shape)
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End the drag; a right button that did not move asks for the menu."""
        if not self.tools.release(event) and self._mouse.release(event):
            self.menu_requested.emit(event.globalPosition().toPoint())
        self.setCursor(self._mouse.cursor())

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Step frames, or zoom at the pointer with Ctrl."""
        if not self.tools.turn(event):
            self._mouse.turn(self, event)
        event.accept()

    def leaveEvent(self, _event: object) -> None:
        """Forget the pixel under the pointer."""
        self._pointer = None
        self.tools.leave()
        self.update()

    # -- focus and size

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the focus when it came by keyboard."""
        reasons = Qt.FocusReason
        by_key = {reasons.TabFocusReason, reasons.BacktabFocusReason}
        self._focus_shown = event.reason() in by_key | {reasons.ShortcutFocusReason}
        # The program itself gives the focus to the viewport that is active already.
        if event.reason() in by_key | {reasons.MouseFocusReason, reasons.ActiveWindowFocusReason}:
            self.entered.emit()
        self.update()

    def focusOutEvent(self, _event: QFocusEvent) -> None:
        """Show the focus no longer."""
        self._focus_shown = False
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take the chosen mark away with Del; Esc gives up what is drawn, then chooses no mark."""
        if not self.tools.press_key(Qt.Key(event.key())):
            super().keyPressEvent(event)
        self.update()

    def event(self, event: QEvent) -> bool:
        """Ask for pictures of the new resolution when the window moves to another screen.

        Keys that mean a mark, or turn a rendering, are not looked up among the shortcuts.
        """
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
            if plain and self.tools.takes_key(Qt.Key(event.key())):
                event.accept()
                return True
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self.resized.emit()
        return super().event(event)

    def resizeEvent(self, _event: QResizeEvent) -> None:
        """Ask for pictures of the new size."""
        self.resized.emit()

    def showEvent(self, _event: QShowEvent) -> None:
        """Ask for pictures for this screen."""
        self.resized.emit()
