"""Shared controls: segmented choice, row view, recent list, icons, theme."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QAbstractListModel, QModelIndex, QPoint, QSize, Qt
from PySide6.QtGui import QIcon, QPainter
from PySide6.QtWidgets import QPushButton, QStyledItemDelegate, QWidget
from pytestqt.qtbot import QtBot

from xray_studio.ui.look.icons import icon
from xray_studio.ui.look.style_sheet import style_sheet
from xray_studio.ui.look.theme import colour, font
from xray_studio.ui.look.tokens import DARK
from xray_studio.ui.widgets.hint import show_key
from xray_studio.ui.widgets.icon_button import IconButton
from xray_studio.ui.widgets.recent_list import PathButton, RecentList
from xray_studio.ui.widgets.row_view import RowView
from xray_studio.ui.widgets.segmented import Segmented

Left = Qt.MouseButton.LeftButton


# -- segmented choice


@pytest.fixture
def choice(qtbot: QtBot) -> Segmented:
    made = Segmented("Format", [("mp4", "MP4"), ("mov", "MOV"), ("avi", "AVI")])
    qtbot.addWidget(made)
    made.show()
    return made


def test_the_first_option_is_chosen_at_first(choice: Segmented) -> None:
    assert choice.value() == "mp4"


def test_a_click_chooses_and_tells(qtbot: QtBot, choice: Segmented) -> None:
    with qtbot.waitSignal(choice.chosen) as told:
        qtbot.mouseClick(choice.button("avi"), Left)
    assert told.args == ["avi"]
    assert choice.value() == "avi"


def test_setting_a_value_tells_nothing(qtbot: QtBot, choice: Segmented) -> None:
    with qtbot.assertNotEmitted(choice.chosen):
        choice.set_value("mov")
    assert choice.value() == "mov"


def test_an_option_that_is_not_available_says_why(qtbot: QtBot, choice: Segmented) -> None:
    choice.set_available("avi", available=False, reason="Not for stills")
    qtbot.mouseClick(choice.button("avi"), Left)
    assert choice.value() == "mp4"
    assert choice.button("avi").toolTip() == "Not for stills"


def test_every_option_has_a_name_for_assistive_tools(choice: Segmented) -> None:
    assert choice.button("mov").accessibleName() == "Format: MOV"


# -- rows


class Numbers(QAbstractListModel):
    def __init__(self, count: int) -> None:
        super().__init__()
        self.count = count

    def rowCount(self, parent: Any = QModelIndex()) -> int:  # noqa: B008, N802 - Qt names it
        return 0 if parent.isValid() else self.count

    def data(self, index: Any, role: int = 0) -> Any:
        return str(index.row()) if role == Qt.ItemDataRole.DisplayRole else None

    def flags(self, index: Any) -> Qt.ItemFlag:
        if index.row() % 3 == 0:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable


class Marks(QStyledItemDelegate):
    def __init__(self) -> None:
        super().__init__()
        self.painted: set[int] = set()

    def paint(self, painter: QPainter, option: Any, index: Any) -> None:
        self.painted.add(index.row())


@pytest.fixture
def view(qtbot: QtBot) -> RowView:
    made = RowView()
    qtbot.addWidget(made)
    made.kept = Numbers(10_000), Marks()  # type: ignore[attr-defined]  # a view owns neither
    made.setModel(made.kept[0])  # type: ignore[attr-defined]
    made.setItemDelegate(made.kept[1])  # type: ignore[attr-defined]
    made.set_heights([20 if row % 3 == 0 else 50 for row in range(10_000)])
    made.resize(200, 300)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    return made


def test_only_rows_in_sight_are_painted(view: RowView) -> None:
    view.grab()
    assert view.kept[1].painted <= set(range(9))  # type: ignore[attr-defined]
    assert list(view.visible_rows()) == list(range(8))


def test_rows_are_found_where_they_are_painted(view: RowView) -> None:
    view.verticalScrollBar().setValue(60_000)
    for row in view.visible_rows():
        rect = view.visualRect(view.model().index(row, 0))
        assert view.indexAt(rect.center()).row() == row
    assert not view.indexAt(QPoint(5, 10_000_000)).isValid()


def test_keys_pass_over_rows_that_cannot_be_chosen(qtbot: QtBot, view: RowView) -> None:
    rows = []
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Up):
        qtbot.keyClick(view, key)
        rows.append(view.currentIndex().row())
    assert rows == [2, 4, 5, 4]  # row 1 is current as soon as the list has the focus


def test_arrows_tell_where_they_lead_and_scroll_there(qtbot: QtBot, view: RowView) -> None:
    told = []
    view.moved.connect(lambda index: told.append(index.row()))
    for _ in range(10):
        qtbot.keyClick(view, Qt.Key.Key_Down)
    assert told == [2, 4, 5, 7, 8, 10, 11, 13, 14, 16]
    assert 16 in view.visible_rows()


def test_other_keys_are_not_for_the_list(qtbot: QtBot, view: RowView) -> None:
    view.setCurrentIndex(view.model().index(4, 0))
    for key in (Qt.Key.Key_End, Qt.Key.Key_Home, Qt.Key.Key_Space, Qt.Key.Key_7):
        with qtbot.assertNotEmitted(view.entered_row):
            qtbot.keyClick(view, key)
        assert view.currentIndex().row() == 4


def test_the_focus_brings_the_current_row_into_sight(qtbot: QtBot, view: RowView) -> None:
    view.setCurrentIndex(view.model().index(4, 0))
    view.verticalScrollBar().setValue(60_000)
    view.clearFocus()
    assert 4 not in view.visible_rows()
    view.setFocus(Qt.FocusReason.TabFocusReason)
    assert 4 in view.visible_rows()


def test_a_click_chooses_a_row_and_enter_tells_it(qtbot: QtBot, view: RowView) -> None:
    place = view.visualRect(view.model().index(4, 0)).center()
    qtbot.mouseClick(view.viewport(), Left, pos=place)
    assert view.currentIndex().row() == 4
    with qtbot.waitSignal(view.entered_row) as told:
        qtbot.keyClick(view, Qt.Key.Key_Return)
    assert told.args[0].row() == 4


# -- recent paths


def test_recent_paths_are_buttons(qtbot: QtBot) -> None:
    recent = RecentList()
    qtbot.addWidget(recent)
    recent.set_paths(["/data/one", "/data/two"])
    with qtbot.waitSignal(recent.chosen) as told:
        qtbot.mouseClick(recent.buttons[1], Left)
    assert told.args == ["/data/two"]
    assert recent.buttons[0].toolTip() == "/data/one"
    recent.set_paths([])
    assert recent.buttons == []


def test_a_path_of_any_kind_can_be_painted(qtbot: QtBot) -> None:
    for path in ("/", "C:\\data", "/" + "very long name " * 20):
        button = PathButton(path)
        qtbot.addWidget(button)
        button.resize(200, 48)
        assert not button.grab().isNull()


# -- icons and theme


@pytest.mark.parametrize("ratio", [1.0, 1.25, 2.0, 3.0])
def test_icons_are_drawn_at_the_resolution_of_the_screen(qtbot: QtBot, ratio: float) -> None:
    pixmap = icon("play").pixmap(QSize(20, 20), ratio)
    assert pixmap.width() == round(20 * ratio)
    assert pixmap.devicePixelRatio() == pytest.approx(ratio)


def test_icons_are_tinted_by_state(qtbot: QtBot) -> None:
    def strongest(state: QIcon.State, mode: QIcon.Mode = QIcon.Mode.Normal) -> str:
        image = icon("move").pixmap(QSize(20, 20), 1.0, mode, state).toImage()
        pixels = (image.pixelColor(x, y) for x in range(20) for y in range(20))
        return max(pixels, key=lambda pixel: pixel.alpha()).name().upper()

    assert strongest(QIcon.State.Off) == DARK.text
    assert strongest(QIcon.State.On) == DARK.accent
    assert strongest(QIcon.State.Off, QIcon.Mode.Disabled) not in {DARK.text, DARK.accent}


def test_an_icon_of_no_colour_is_empty(qtbot: QtBot) -> None:
    for mode in QIcon.Mode:
        image = icon("check", "none").pixmap(QSize(20, 20), 1.0, mode, QIcon.State.Off).toImage()
        assert all(image.pixelColor(x, y).alpha() == 0 for x in range(20) for y in range(20))


def test_an_icon_can_be_copied_and_painted(qtbot: QtBot) -> None:
    copy = QIcon(icon("play"))
    button = QPushButton(copy, "Play")
    qtbot.addWidget(button)
    assert not button.grab().isNull()


def test_an_icon_button_has_a_name_and_its_key_as_tooltip(qtbot: QtBot) -> None:
    button = IconButton("play", "Play", "play")
    qtbot.addWidget(button)
    assert button.accessibleName() == "Play"
    assert button.toolTip() == "Play"
    show_key(button, "Space")
    button.show_as("pause", "Pause")
    assert button.toolTip() == "Pause (Space)"


def test_figures_have_equal_width(qtbot: QtBot) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.setFont(font(13))
    metrics = widget.fontMetrics()
    assert metrics.horizontalAdvance("11111") == metrics.horizontalAdvance("88888")


def luminance(token: str) -> float:
    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    shade = colour(token)
    parts = (shade.redF(), shade.greenF(), shade.blueF())
    return sum(w * linear(p) for w, p in zip((0.2126, 0.7152, 0.0722), parts, strict=True))


@pytest.mark.parametrize("text", ["text", "secondary", "accent", "ai", "done", "danger"])
@pytest.mark.parametrize("ground", ["background", "panel", "raised"])
def test_text_on_panels_has_enough_contrast(text: str, ground: str) -> None:
    assert (luminance(text) + 0.05) / (luminance(ground) + 0.05) >= 4.5


def test_the_style_sheet_has_no_colour_left_to_fill_in() -> None:
    assert "$" not in style_sheet(DARK, round)
