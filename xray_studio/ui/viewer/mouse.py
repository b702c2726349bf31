"""Mouse: which drag a button begins, and whether a press was a drag or a click."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget

from xray_studio.ui.actions.keymaps import KEYMAPS, MouseMap
from xray_studio.ui.mark_state import TOOLS
from xray_studio.ui.session import Session
from xray_studio.ui.viewer.gestures import Drag, PanDrag, Wheel, ZoomDrag, drag_of
from xray_studio.ui.volume.look import is_rendering
from xray_studio.ui.volume.painting import TOOLS as SEGMENT_TOOLS
from xray_studio.ui.volume.turning import TurnDrag

LEFT, MIDDLE, RIGHT = (
    Qt.MouseButton.LeftButton,
    Qt.MouseButton.MiddleButton,
    Qt.MouseButton.RightButton,
)
_CURSORS = {
    "pan": Qt.CursorShape.OpenHandCursor,
    "zoom": Qt.CursorShape.SizeVerCursor,
    "scroll": Qt.CursorShape.SplitVCursor,
    "region": Qt.CursorShape.CrossCursor,
    "magnifier": Qt.CursorShape.BlankCursor,
    "cross": Qt.CursorShape.CrossCursor,
    "curve": Qt.CursorShape.CrossCursor,
    **dict.fromkeys((*TOOLS, *SEGMENT_TOOLS), Qt.CursorShape.CrossCursor),
}


class Mouse:
    """Turns the mouse events of a widget into drags and turns of the wheel."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._wheel = Wheel(session)
        self._drag: Drag | None = None
        self._pressed: QPointF | None = None

    def cursor(self) -> Qt.CursorShape:
        """Return the shape of the pointer now."""
        if isinstance(self._drag, PanDrag | TurnDrag):
            return Qt.CursorShape.ClosedHandCursor
        if is_rendering(self._session.view):
            return Qt.CursorShape.OpenHandCursor
        return _CURSORS.get(self._session.state.tool, Qt.CursorShape.ArrowCursor)

    def press(self, widget: QWidget, event: QMouseEvent) -> None:
        """Begin the drag of a button."""
        self._pressed = event.position()
        tool = self._tool(event)
        if tool:
            place = centred(widget, event.position())
            upwards = 1.0 if self._session.state.settings.viewing.level_up else -1.0
            self._drag = drag_of(tool, self._session, *place, upwards)

    def move(self, widget: QWidget, event: QMouseEvent) -> None:
        """Follow the pointer."""
        if self._drag is not None and self._is_drag(event.position()):
            self._drag.move(*centred(widget, event.position()))

    def release(self, event: QMouseEvent) -> bool:
        """End the drag and tell whether it was a click with the right button."""
        clicked = self._pressed is not None and event.button() == RIGHT
        self._drag = self._pressed = None
        return clicked

    def turn(self, widget: QWidget, event: QWheelEvent) -> None:
        """Step frames, or zoom at the pointer with Ctrl; a rendering is zoomed alone."""
        # Some systems turn the wheel sideways while a key is held.
        delta = event.angleDelta().y() or event.angleDelta().x()
        ctrl = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        means = self._map.ctrl_wheel if ctrl else self._map.wheel
        if means == "zoom" or is_rendering(self._session.view):
            self._wheel.zoom(delta, centred(widget, event.position()))
        else:
            fast = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._wheel.frames(delta, fast=fast)

    def _tool(self, event: QMouseEvent) -> str:
        chosen, mouse = self._session.state.tool, self._map
        keys = event.modifiers()
        if event.button() == LEFT and keys & Qt.KeyboardModifier.ShiftModifier:
            return "pan"
        if event.button() == LEFT and keys & Qt.KeyboardModifier.ControlModifier:
            return mouse.ctrl_left or chosen
        tools = {LEFT: mouse.left or chosen, MIDDLE: mouse.middle, RIGHT: mouse.right}
        return tools.get(event.button(), "")

    @property
    def _map(self) -> MouseMap:
        return KEYMAPS[self._session.state.settings.keys.keymap].mouse

    def _is_drag(self, position: QPointF) -> bool:
        """Tell whether the pointer moved since the press; a menu click may tremble a little."""
        if self._pressed is None:
            return True
        far = (position - self._pressed).manhattanLength() >= QApplication.startDragDistance()
        if isinstance(self._drag, ZoomDrag) and not far:
            return False
        self._pressed = None
        return True


def centred(widget: QWidget, position: QPointF) -> tuple[float, float]:
    """Return a position in device pixels from the centre of a widget."""
    ratio = widget.devicePixelRatioF()
    x, y = position.x() - widget.width() / 2, position.y() - widget.height() / 2
    return x * ratio, y * ratio
