"""Panel rail: one icon for each side panel at the edge of the window, whatever is beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QTabBar, QWidget

from xray_studio.ui.actions.keymap import written
from xray_studio.ui.look.icons import SIZE, tinted
from xray_studio.ui.look.theme import CAPTION, colour, font, mark, tokens

LEAST = 64  # logical pixels across, with captions
SMALL = 40  # of icons alone: across, and along for each
PAD, GAP = 8, 4  # round icon and caption, and between them
BAR = 2  # pixels of the line at the chosen one


@dataclass(frozen=True, slots=True)
class Entry:
    """A panel in the rail: full name, short caption, icon, and the action that opens it."""

    title: str
    caption: str
    icon: str
    action: str


class PanelRail(QTabBar):
    """Icons with captions from top to bottom; without captions where they have no room.

    `entered` tells that Enter was pressed, to go into the chosen panel.
    """

    entered = Signal()

    def __init__(self, entries: Sequence[Entry], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._entries, self._narrow, self._small, self._open = tuple(entries), False, False, True
        mark(self, kind="rail")
        self.setAccessibleName("Panels")
        self.setShape(QTabBar.Shape.RoundedEast)
        self.setUsesScrollButtons(False)
        self.setExpanding(False)
        self.setDrawBase(False)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        for number, entry in enumerate(entries):
            self.addTab(entry.caption)
            self.setAccessibleTabName(number, entry.title)
        self.show_keys({})

    @property
    def is_small(self) -> bool:
        """Tell whether there are icons alone."""
        return self._small

    def show_keys(self, keys: Mapping[str, str]) -> None:
        """Name every panel in its tooltip, with its key."""
        for number, entry in enumerate(self._entries):
            key = written(keys.get(entry.action, ""))
            self.setTabToolTip(number, f"{entry.title} ({key})" if key else entry.title)

    def set_narrow(self, *, narrow: bool) -> None:
        """Leave the captions out, or not, for a window that has little room."""
        self._narrow = narrow
        self._fit()

    def set_open(self, *, is_open: bool) -> None:
        """Tell whether the panel of the chosen one is in sight."""
        if is_open != self._open:
            self._open = is_open
            self.update()

    def follow_look(self) -> None:
        """Take the sizes for the size of letters in use."""
        self._fit()
        self._lay_out()

    def tabSizeHint(self, _number: int) -> QSize:
        """Return the room of an icon and its caption."""
        if self._small:
            return QSize(SMALL, SMALL)
        return QSize(self._across(), _along())

    def minimumTabSizeHint(self, number: int) -> QSize:
        """Return the same room: nothing is squeezed."""
        return self.tabSizeHint(number)

    def sizeHint(self) -> QSize:
        """Return the room of all panels."""
        one = self.tabSizeHint(0)
        return QSize(one.width(), one.height() * self.count())

    def minimumSizeHint(self) -> QSize:
        """Return a height that always fits: captions give way."""
        return QSize(self.tabSizeHint(0).width(), SMALL * self.count())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave captions out where the window is low."""
        super().resizeEvent(event)
        self._fit()

    def event(self, event: QEvent) -> bool:
        """Take the keys that lead from panel to panel and into one."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
            if plain and event.key() in _KEYS:
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose the panel above or below; Enter goes into it."""
        key, last = event.key(), self.count() - 1
        there = {
            Qt.Key.Key_Up: self.currentIndex() - 1,
            Qt.Key.Key_Left: self.currentIndex() - 1,
            Qt.Key.Key_Down: self.currentIndex() + 1,
            Qt.Key.Key_Right: self.currentIndex() + 1,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: last,
        }.get(Qt.Key(key))
        if there is not None:
            self.setCurrentIndex(min(max(0, there), last))
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.entered.emit()
        else:
            event.ignore()

    def leaveEvent(self, event: QEvent) -> None:
        """Forget where the pointer was."""
        super().leaveEvent(event)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the panel's colour, a line towards the panel, and every entry."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), colour("panel"))
        painter.fillRect(QRect(0, 0, 1, self.height()), colour("border"))
        under = self.tabAt(self.mapFromGlobal(self.cursor().pos())) if self.underMouse() else -1
        for number, entry in enumerate(self._entries):
            chosen = self._open and number == self.currentIndex()
            self._paint(painter, number, entry, chosen=chosen, hover=number == under)
        painter.end()

    def _paint(
        self, painter: QPainter, number: int, entry: Entry, *, chosen: bool, hover: bool
    ) -> None:
        area = self.tabRect(number)
        field = area.adjusted(GAP, GAP // 2, -GAP, -GAP // 2)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._ground(painter, field, number, chosen=chosen, hover=hover)
        ink = "accent" if chosen else "text" if hover else "secondary"
        ratio, left = self.devicePixelRatioF(), area.center().x() - SIZE // 2 + 1
        top = area.center().y() - SIZE // 2 + 1 if self._small else area.top() + PAD
        painter.drawPixmap(left, top, tinted(entry.icon, getattr(tokens(), ink), SIZE, ratio))
        if not self._small:
            words = QRect(area.left(), top + SIZE + GAP, area.width(), _line())
            painter.setFont(font(CAPTION))
            painter.setPen(colour("text" if chosen or hover else "secondary"))
            painter.drawText(words, Qt.AlignmentFlag.AlignCenter, entry.caption)

    def _ground(
        self, painter: QPainter, field: QRect, number: int, *, chosen: bool, hover: bool
    ) -> None:
        """Paint what lies under an entry: chosen, pointed at, or with the focus of the keys."""
        focused = self.hasFocus() and number == self.currentIndex()
        if not (chosen or hover or focused):
            return
        painter.setBrush(colour("selected" if chosen else "raised" if hover else "panel"))
        painter.setPen(QPen(colour("accent"), BAR) if focused else Qt.PenStyle.NoPen)
        painter.drawRoundedRect(field, PAD, PAD)

    def _fit(self) -> None:
        """Leave captions out, or put them back."""
        small = self._narrow or self.height() < _along() * self.count()
        if small != self._small:
            self._small = small
            self._lay_out()

    def _lay_out(self) -> None:
        """Let Qt ask for sizes again, which it does for what a tab holds."""
        for number, entry in enumerate(self._entries):
            self.setTabText(number, "")
            self.setTabText(number, entry.caption)
        self.updateGeometry()

    def _across(self) -> int:
        metrics = QFontMetrics(font(CAPTION))
        widest = max(metrics.horizontalAdvance(entry.caption) for entry in self._entries)
        return max(LEAST, widest + 2 * PAD)


_KEYS = {
    *(Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Right),
    *(Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_Return, Qt.Key.Key_Enter),
}


def _line() -> int:
    return QFontMetrics(font(CAPTION)).height()


def _along() -> int:
    return PAD + SIZE + GAP + _line() + PAD
