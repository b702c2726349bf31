"""Where the window and its panels were, and putting them there again."""

from __future__ import annotations

from PySide6.QtCore import QRect
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMainWindow, QSplitter, QWidget

from xray_studio.services.settings import Settings
from xray_studio.ui.look.theme import px

SIZE = (1600, 1000)
PANELS = (256, 320)
FRAME = 40  # pixels; what the desktop draws above a window is not known before it is shown
IN_SIGHT = 100  # pixels of a window that must be on a screen for it to be found


def restore(window: QMainWindow, splitter: QSplitter, settings: Settings) -> None:
    """Place window and panels as remembered; what would be off every screen is placed anew."""
    place = QRect(*settings.place.window) if settings.place.window else QRect()
    screen = QGuiApplication.primaryScreen().availableGeometry()
    if _in_sight(place):
        window.setGeometry(place)
    else:
        window.setGeometry(first_place(screen))
    left, right = settings.place.panels or usual_panels()
    middle = max(1, window.width() - left - right)
    usual = usual_panels()
    splitter.setSizes([left or usual[0], middle, right or usual[1]])
    for panel, width in zip(_outer(splitter), (left, right), strict=True):
        panel.setVisible(width > 0)


def first_place(screen: QRect) -> QRect:
    """Return where a window goes at first: in the middle, with room for the frame round it."""
    place = QRect(0, 0, min(SIZE[0], screen.width()), min(SIZE[1], screen.height() - 2 * FRAME))
    place.moveCenter(screen.center())
    return place


def usual_panels() -> tuple[int, int]:
    """Return the widths of the panels at first, half as much larger as letters are."""
    left, right = PANELS
    return (left + px(left)) // 2, (right + px(right)) // 2


def panel_widths(splitter: QSplitter) -> tuple[int, int]:
    """Return the widths of the outer panels, 0 for one that is hidden."""
    left, right = _outer(splitter)
    return (0 if left.isHidden() else left.width(), 0 if right.isHidden() else right.width())


def frame_of(window: QMainWindow) -> tuple[int, int, int, int]:
    """Return x, y, width and height that the window has when it is not maximised."""
    place = window.geometry()
    if window.isMaximized() or window.isFullScreen():
        place = window.normalGeometry()
    return place.x(), place.y(), place.width(), place.height()


def _outer(splitter: QSplitter) -> tuple[QWidget, QWidget]:
    left, right = splitter.widget(0), splitter.widget(splitter.count() - 1)
    assert left is not None
    assert right is not None
    return left, right


def _in_sight(place: QRect) -> bool:
    screens = QGuiApplication.screens()
    parts = [screen.availableGeometry().intersected(place) for screen in screens]
    return any(part.width() >= IN_SIGHT and part.height() >= IN_SIGHT for part in parts)
