"""Mouse events as a person makes them, on real widgets."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

LEFT, MIDDLE, RIGHT = (
    Qt.MouseButton.LeftButton,
    Qt.MouseButton.MiddleButton,
    Qt.MouseButton.RightButton,
)
PLAIN = Qt.KeyboardModifier.NoModifier
SHIFT, CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


def drag(
    widget: QWidget,
    start: tuple[int, int],
    end: tuple[int, int],
    button: Qt.MouseButton = LEFT,
    keys: Qt.KeyboardModifier = PLAIN,
) -> None:
    """Press at one place, move to another in three steps, let go."""
    QTest.mousePress(widget, button, keys, QPoint(*start))
    for step in (1, 2, 3):
        place = [a + (b - a) * step // 3 for a, b in zip(start, end, strict=True)]
        _move(widget, QPoint(*place), button, keys)
    QTest.mouseRelease(widget, button, keys, QPoint(*end))


def hover(widget: QWidget, x: int, y: int) -> None:
    """Move the pointer without a button."""
    _move(widget, QPoint(x, y), Qt.MouseButton.NoButton, PLAIN)


def wheel(
    widget: QWidget,
    delta: int,
    keys: Qt.KeyboardModifier = PLAIN,
    at: tuple[int, int] | None = None,
) -> None:
    """Turn the wheel by eighths of a degree; 120 is a notch away from the person."""
    place = QPointF(*at) if at else QPointF(widget.rect().center())
    event = QWheelEvent(
        place, QPointF(widget.mapToGlobal(place)), QPoint(), QPoint(0, delta),
        Qt.MouseButton.NoButton, keys, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(widget, event)


def _move(
    widget: QWidget, place: QPoint, button: Qt.MouseButton, keys: Qt.KeyboardModifier
) -> None:
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QMouseEvent

    where = QPointF(place)
    event = QMouseEvent(
        QEvent.Type.MouseMove, where, QPointF(widget.mapToGlobal(place)),
        Qt.MouseButton.NoButton, button, keys,
    )  # fmt: skip
    QApplication.sendEvent(widget, event)
