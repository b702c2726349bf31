"""What a viewport says while something is dragged over it, and where a window of its own opens."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QColor, QGuiApplication
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from xray_studio.ui.grid.detached import APART, LEAST, place_beside
from xray_studio.ui.grid.drop_mark import HERE, REFUSED, DropMark


@pytest.fixture
def cell(qtbot: QtBot) -> QWidget:
    """A cell of a window at 100, 60, white as the words of an empty one are."""
    window = QWidget()
    qtbot.addWidget(window)
    window.setGeometry(100, 60, 1000, 700)
    inside = QWidget(window)
    inside.setGeometry(300, 80, 600, 300)
    words = QLabel(inside)
    words.setStyleSheet("background: white")
    words.setGeometry(inside.rect())
    window.show()
    inside.kept = window  # type: ignore[attr-defined]  # Qt deletes both with the window
    return inside


def brightest(widget: QWidget) -> int:
    """Return the brightest grey along a row that no words stand in."""
    image = widget.grab().toImage()
    return max(QColor(image.pixel(x, 40)).lightness() for x in range(20, image.width() - 20))


@pytest.mark.parametrize(("empty", "darker_than"), [(True, 60), (False, 256)])
def test_words_of_an_empty_viewport_do_not_shine_through(
    cell: QWidget, empty: bool, darker_than: int
) -> None:
    mark = DropMark(cell)
    mark.setGeometry(cell.rect())
    mark.cover(HERE, empty=empty)
    assert brightest(cell) < darker_than
    assert (brightest(cell) > 60) != empty
    assert mark.accessibleName() == HERE


def test_a_refusal_is_read_in_one_line(cell: QWidget) -> None:
    mark = DropMark(cell)
    mark.cover(REFUSED, refused=True)
    assert mark.accessibleName() == "Another patient. One tab shows one patient"


def test_on_one_screen_a_window_of_its_own_opens_over_its_place(cell: QWidget) -> None:
    place, other = place_beside(cell.window(), cell)
    corner = cell.mapToGlobal(QPoint(0, 0))
    assert not other
    assert place.topLeft() == corner + QPoint(APART, APART)
    assert (place.width(), place.height()) == (600, LEAST[1])


def test_it_opens_on_the_screen_without_the_main_window(
    cell: QWidget, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = QRect(1920, 0, 1080, 1920)
    screens = [cell.screen(), SimpleNamespace(availableGeometry=lambda: free)]
    monkeypatch.setattr(QGuiApplication, "screens", lambda: screens)
    assert place_beside(cell.window(), cell) == (free, True)
