"""Tool layer: tools that paint over the picture and take the mouse before the gestures do."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QWheelEvent

from xray_studio.ui.frame_worker import FrameAnswer, unprocessed_answer
from xray_studio.ui.mark_state import TOOLS, chosen_mark
from xray_studio.ui.session import Session
from xray_studio.ui.state import State
from xray_studio.ui.step_state import Compared
from xray_studio.ui.viewer import magnifier, region_window
from xray_studio.ui.viewer.geometry import Placement, Size, place
from xray_studio.ui.viewer.gestures import same_turn
from xray_studio.ui.viewer.magnifier import Magnifier
from xray_studio.ui.viewer.mark_commands import MarkCommands
from xray_studio.ui.viewer.marking import AskText, Marking, View
from xray_studio.ui.viewer.region_window import RegionWindow
from xray_studio.ui.viewer.stamps import Sheet
from xray_studio.ui.viewer.wipe_handle import WipeHandle
from xray_studio.ui.volume import turning
from xray_studio.ui.volume.brush_tool import BrushTool
from xray_studio.ui.volume.contours import Contours
from xray_studio.ui.volume.cross import CrossTool
from xray_studio.ui.volume.curve_tool import CurveTool
from xray_studio.ui.volume.look import is_rendering
from xray_studio.ui.volume.painting import TOOLS as SEGMENT_TOOLS
from xray_studio.ui.volume.rendering_commands import RenderingCommands

LEFT = Qt.MouseButton.LeftButton
CTRL = Qt.KeyboardModifier.ControlModifier
USUAL = "window"


class Surface(Protocol):
    """What the tools need of a viewport."""

    @property
    def answer(self) -> FrameAnswer | None:
        """What is on screen."""

    def view_size(self) -> Size:
        """Return the size in device pixels."""

    def devicePixelRatioF(self) -> float:
        """Return device pixels for each logical pixel."""

    def width(self) -> int:
        """Return the width in logical pixels."""

    def height(self) -> int:
        """Return the height in logical pixels."""

    def hasFocus(self) -> bool:
        """Tell whether keys act here."""

    def update(self) -> None:
        """Paint anew."""


class ToolLayer:
    """Marks, magnifier and window from a region over one viewport."""

    def __init__(self, session: Session, surface: Surface, ask_text: AskText) -> None:
        self._session, self._surface = session, surface
        self._former = USUAL
        self._pointer: QPointF | None = None
        self.magnifier = Magnifier()
        self.wipe = WipeHandle(session, surface.width)
        self.region = RegionWindow(session, lambda: self._former)
        self.marking = Marking(session, self._seen, ask_text)
        self.brush = BrushTool(session, self._seen)
        self.cross = CrossTool(session, self._seen)
        self.curve = CurveTool(session, self._seen)
        self.contours = Contours(session, self._seen)
        session.changed.connect(self._follow)

    def press(self, event: QMouseEvent) -> bool:
        """Take a press of the left button, if the tool is one of these."""
        if is_rendering(self._session.view):
            return False  # it is turned, whatever the tool is
        plain = event.button() == LEFT and not event.modifiers()
        if plain and self.wipe.press(event.position()):
            return True
        if plain and self.marking.press(event.position()):
            self._surface.update()
            return True
        for tool in (self.brush, self.curve, self.cross):
            if plain and tool.press(event.position()):
                return True
        if not plain or self._tool != region_window.TOOL:
            return plain and self._tool == magnifier.TOOL
        self.region.press(event.position())
        self._surface.update()
        return True

    def move(self, event: QMouseEvent) -> bool:
        """Follow the pointer; tell whether it belongs to a rectangle that is being drawn."""
        self._pointer = event.position()
        if self.wipe.move(event.position()) or self.marking.move(event.position()):
            return True
        if any(tool.move(event.position()) for tool in (self.brush, self.curve, self.cross)):
            return True
        if not self.region.active:
            return False
        self.region.move(event.position())
        self._surface.update()
        return True

    def release(self, event: QMouseEvent) -> bool:
        """End the rectangle."""
        if any(one.release() for one in (self.wipe, self.brush, self.curve, self.cross)):
            return True
        if event.button() == LEFT and self.marking.release(event.position()):
            self._surface.update()
            return True
        if not self.region.active or event.button() != LEFT:
            return False
        ratio = self._surface.devicePixelRatioF()
        self.region.release(self._surface.answer, self._placement(), ratio)
        self._surface.update()
        return True

    def press_twice(self, event: QMouseEvent) -> bool:
        """Change the words of a mark; a tool that measures takes the second press like a first."""
        if event.button() != LEFT or event.modifiers() or is_rendering(self._session.view):
            return False
        if not self.marking.active and self.marking.edit(event.position()):
            return True
        return self._tool in {*TOOLS, *SEGMENT_TOOLS} and self.press(event)

    def takes_key(self, key: Qt.Key) -> bool:
        """Tell whether a key is one for marks now, or turns a rendering."""
        if is_rendering(self._session.view):
            return key in turning.KEYS
        if self.curve.takes_key(key):
            return True
        chosen = chosen_mark(self._session.state) is not None
        if key == Qt.Key.Key_Escape:
            return chosen or self.marking.active
        if key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            return self.marking.can_close
        return key == Qt.Key.Key_Delete and chosen

    def press_key(self, key: Qt.Key) -> bool:
        """Take Del, Esc and Enter where they mean a mark, arrows where they turn a rendering."""
        if not self.takes_key(key):
            return False
        if self.curve.press_key(key):
            return True
        if key in turning.KEYS:
            RenderingCommands(self._session).turn(*turning.KEYS[key])
            return True
        commands = MarkCommands(self._session)
        if key == Qt.Key.Key_Delete:
            commands.delete_chosen()
        elif key != Qt.Key.Key_Escape:
            self.marking.close()
        elif not self.marking.cancel():
            commands.unchoose()
        return True

    def turn(self, event: QWheelEvent) -> bool:
        """Let the wheel change the factor of the magnifier."""
        if self.brush.turn(event):
            return True
        if self._tool != magnifier.TOOL or event.modifiers() & CTRL:
            return False
        self.magnifier.turn(event.angleDelta().y() or event.angleDelta().x())
        self._surface.update()
        return True

    def leave(self) -> None:
        """Forget the pointer."""
        self._pointer = None

    def paint(self, painter: QPainter) -> None:
        """Paint what the tools show over the picture."""
        self.region.paint(painter)
        shown, placement, pointer = self._below(), self._placement(), self._place()
        if self._tool != magnifier.TOOL or shown is None or placement is None or pointer is None:
            return
        square = self._session.state.settings.viewing.loupe == "square"
        ratio = self._surface.devicePixelRatioF()
        self.magnifier.paint(painter, shown, placement, pointer, ratio, square=square)

    def paint_marks(self, sheet: Sheet) -> None:
        """Paint what was measured on the frame on screen."""
        seen = self._seen()
        self.contours.paint(sheet)
        self.cross.paint(sheet)
        self.curve.paint(sheet)
        self.brush.paint(sheet, self._pointer)
        if seen is not None:
            self.marking.paint(sheet, seen.answer, seen.placement)

    def cursor(self) -> Qt.CursorShape | None:
        """Return the cursor over what can be taken, None elsewhere."""
        if self._pointer is not None and self.wipe.is_near(self._pointer):
            return Qt.CursorShape.SplitHCursor
        if self._pointer is None:
            return None
        tools = (self.marking.cursor, self.brush.cursor, self.curve.cursor, self.cross.cursor)
        return next((shape for tool in tools if (shape := tool(self._pointer)) is not None), None)

    def _seen(self) -> View | None:
        """Return the frame on screen and where it lies, None without a picture."""
        answer, placement = self._surface.answer, self._placement()
        if answer is None or answer.image is None or placement is None:
            return None
        if self._session.view.compared is Compared.ORIGINAL:
            answer = unprocessed_answer(answer)
        shown = self._session.view.presentation
        if not same_turn(shown, answer.request.presentation):
            return None  # the picture is about to be turned
        return View(answer, placement, self._surface.devicePixelRatioF())

    def _below(self) -> FrameAnswer | None:
        """Return what is shown below the loupe."""
        answer, point = self._surface.answer, self._place()
        if answer is None or point is None or not self.shows_original(point):
            return answer
        return unprocessed_answer(answer)

    def shows_original(self, point: QPointF) -> bool:
        """Tell whether the unprocessed picture is shown at a point."""
        compared = self._session.view.compared
        left = self.wipe.shown and point.x() < self.wipe.place
        return left or compared is Compared.ORIGINAL

    def _place(self) -> QPointF | None:
        """Return where the loupe is: at the pointer, else in the middle for the keyboard."""
        if self._pointer is not None or not self._surface.hasFocus():
            return self._pointer
        return QPointF(self._surface.width() / 2, self._surface.height() / 2)

    def _placement(self) -> Placement | None:
        clip = self._session.view.clip
        if clip is None:
            return None
        return place(clip, self._session.view.presentation, self._surface.view_size())

    @property
    def _tool(self) -> str:
        return "" if is_rendering(self._session.view) else self._session.state.tool

    def _follow(self, old: State, new: State) -> None:
        if old.tool != new.tool:
            if new.tool == region_window.TOOL:
                self._former = old.tool
            self._surface.update()
