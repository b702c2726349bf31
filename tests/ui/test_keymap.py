"""Keys: clashes, words, and whom they belong to."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QListView, QPushButton, QSlider, QWidget
from pytestqt.qtbot import QtBot

from xray_studio.ui.actions.actions import Spec
from xray_studio.ui.actions.keymap import belongs_to_control, clashes, written
from xray_studio.ui.actions.table import table
from xray_studio.ui.session import Session

Key, Modifier = Qt.Key, Qt.KeyboardModifier


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
        (QListView, Key.Key_PageDown, False),
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


def test_keys_with_modifiers_are_shortcuts_everywhere(qtbot: QtBot) -> None:
    button = QPushButton()
    qtbot.addWidget(button)
    assert not belongs_to_control(button, press(Key.Key_Space, Modifier.ControlModifier))
