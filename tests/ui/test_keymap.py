"""Keys: clashes, words, and whom they belong to."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
    QLineEdit,
    QListView,
    QPushButton,
    QSlider,
    QWidget,
)
from pytestqt.qtbot import QtBot

from xray_studio.ui.actions.actions import Spec
from xray_studio.ui.actions.keymap import KeyOwner, belongs_to_control, clashes, written
from xray_studio.ui.actions.table import table
from xray_studio.ui.appearance import application
from xray_studio.ui.session import Session
from xray_studio.ui.widgets.row_view import RowView
from xray_studio.ui.widgets.search_field import SearchField

Key, Modifier = Qt.Key, Qt.KeyboardModifier
EDITING = (
    *(Key.Key_A, Key.Key_C, Key.Key_V, Key.Key_X, Key.Key_Z, Key.Key_Y),
    *(Key.Key_Left, Key.Key_Right, Key.Key_Home, Key.Key_End),
    *(Key.Key_Backspace, Key.Key_Delete),
)


class SearchPart(SearchField):
    """A search field that can be made without words."""

    def __init__(self) -> None:
        super().__init__("Search", "Words")


class Anything(dict[str, object]):
    def __missing__(self, _name: str) -> object:
        return lambda: None


def specs() -> list[Spec]:
    menus = table(Session(), Anything())  # type: ignore[arg-type]  # any name gives a function
    return [spec for menu in menus.values() for spec in menu if spec.name]


def press(key: Key, modifier: Modifier = Modifier.NoModifier) -> QKeyEvent:
    return QKeyEvent(QEvent.Type.ShortcutOverride, key, modifier)


def test_no_key_is_given_twice(qtbot: QtBot) -> None:
    assert clashes(key for spec in specs() for key in spec.keys.split()) == []


def test_clashes_are_found_however_they_are_written(qtbot: QtBot) -> None:
    assert clashes(["Ctrl+E", "ctrl+e", "F"]) == ["Ctrl+E"]


def test_every_action_has_a_name_of_its_own_and_a_text(qtbot: QtBot) -> None:
    names = [spec.name for spec in specs()]
    assert len(set(names)) == len(names)
    assert all(spec.text for spec in specs())


@pytest.mark.parametrize(
    ("keys", "words"),
    [("Space C", "Space"), ("PgUp", "Page Up"), ("Left Up", "←"), ("Ctrl+E", "Ctrl+E"), ("", "")],
)
def test_keys_in_words(qtbot: QtBot, keys: str, words: str) -> None:
    assert written(keys) == words


@pytest.mark.parametrize(
    ("kind", "key", "own"),
    [
        (QPushButton, Key.Key_Space, True),
        (QPushButton, Key.Key_I, False),
        (QListView, Key.Key_Down, True),
        (QListView, Key.Key_Left, True),
        (QListView, Key.Key_PageDown, False),
        (QListView, Key.Key_Space, False),
        (RowView, Key.Key_Down, True),
        (RowView, Key.Key_Return, True),
        (RowView, Key.Key_Left, False),
        (RowView, Key.Key_Home, False),
        (RowView, Key.Key_Space, False),
        (QLineEdit, Key.Key_Escape, True),
        (QLineEdit, Key.Key_Down, False),
        (SearchPart, Key.Key_Down, True),
        (QSlider, Key.Key_Left, True),
        (QSlider, Key.Key_Space, False),
        (QLabel, Key.Key_Space, False),
    ],
)
def test_a_control_keeps_the_keys_it_uses(
    qtbot: QtBot, kind: type[QWidget], key: Key, own: bool
) -> None:
    control = kind()
    qtbot.addWidget(control)
    assert belongs_to_control(control, press(key)) is own


class Greedy(QLineEdit):
    """A field on a system whose editing keys take every combination."""

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
        return super().event(event)


@pytest.mark.parametrize(
    ("key", "modifier", "taken"),
    [
        (Key.Key_E, Modifier.ControlModifier, False),
        (Key.Key_K, Modifier.ControlModifier, False),
        (Key.Key_O, Modifier.ControlModifier | Modifier.ShiftModifier, False),
        *((key, Modifier.ControlModifier, True) for key in EDITING),
        (Key.Key_Left, Modifier.ControlModifier | Modifier.ShiftModifier, True),
        (Key.Key_E, Modifier.ControlModifier | Modifier.AltModifier, True),
        (Key.Key_E, Modifier.NoModifier, True),
    ],
)
def test_fields_leave_keys_with_ctrl_that_do_not_edit(
    qtbot: QtBot, key: Key, modifier: Modifier, taken: bool
) -> None:
    field = Greedy()
    qtbot.addWidget(field)
    field.installEventFilter(KeyOwner(application()))
    event = press(key, modifier)
    event.ignore()
    QApplication.sendEvent(field, event)
    assert event.isAccepted() is taken


def test_keys_with_modifiers_are_shortcuts_everywhere(qtbot: QtBot) -> None:
    button = QPushButton()
    qtbot.addWidget(button)
    assert not belongs_to_control(button, press(Key.Key_Space, Modifier.ControlModifier))
