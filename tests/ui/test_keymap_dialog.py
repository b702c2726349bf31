"""The keymap editor: new keys, conflicts, reserved keys, files."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.ui.conftest import Drive
from xray_studio.services.settings import load_settings
from xray_studio.ui.dialogs.keymap.dialog import KeymapDialog
from xray_studio.ui.dialogs.keymap.key_field import key_words
from xray_studio.ui.main_window import MainWindow

Left = Qt.MouseButton.LeftButton
Key, Modifier = Qt.Key, Qt.KeyboardModifier


def open_editor(window: MainWindow, action: str) -> KeymapDialog:
    """Open the editor on an action."""
    window.commands["edit_keys"].trigger()
    dialog = window.desk.dialogs["keymap"]
    assert isinstance(dialog, KeymapDialog)
    row = dialog.model.row_of(action)
    dialog.view.setCurrentIndex(dialog.model.index(row, 0))
    return dialog


def test_a_new_key_is_pressed(qtbot: QtBot, drive: Drive) -> None:
    def script(window: MainWindow) -> None:
        dialog = open_editor(window, "fit")
        QTest.keyClick(dialog.view, Key.Key_Return)
        assert dialog.focusWidget() is dialog.field
        QTest.keyClick(dialog.field, Key.Key_F12)
        assert window.commands.keys["fit"] == "F12"
        assert "F12 is the key of “Fit” now." in dialog.told.text()
        assert dialog.model.shown[dialog.model.row_of("fit")].own
        qtbot.mouseClick(dialog.reset, Left)
        assert window.commands.keys["fit"] == "F"
        assert window.preferences.settings.keys.changed == ()

    drive(script)


def test_a_conflict_names_the_other_action_and_can_be_taken_over(
    qtbot: QtBot, drive: Drive
) -> None:
    def script(window: MainWindow) -> None:
        dialog = open_editor(window, "fit")
        QTest.keyClick(dialog.field, Key.Key_C)
        assert dialog.told.text() == "C is the key of “Play or pause”."
        assert window.commands.keys["fit"] == "F"
        assert dialog.take.isVisible()
        qtbot.mouseClick(dialog.take, Left)
        assert window.commands.keys["fit"] == "C"
        assert window.commands.keys["play"] == "Space"
        assert not dialog.take.isVisible()

    drive(script)
    assert load_settings()[0].keys.changed == (("fit", "C"),)  # which takes it from the other


@pytest.mark.parametrize(
    ("key", "modifier"), [(Key.Key_F10, Modifier.NoModifier), (Key.Key_C, Modifier.ControlModifier)]
)
def test_reserved_keys_are_refused_with_a_reason(
    qtbot: QtBot, drive: Drive, key: Qt.Key, modifier: Qt.KeyboardModifier
) -> None:
    def script(window: MainWindow) -> None:
        dialog = open_editor(window, "fit")
        QTest.keyClick(dialog.field, key, modifier)
        assert dialog.told.text()
        assert dialog.told.property("role") == "danger"
        assert window.commands.keys["fit"] == "F"

    drive(script)


def test_an_action_can_be_without_a_key_and_all_keys_go_back(qtbot: QtBot, drive: Drive) -> None:
    def script(window: MainWindow) -> None:
        dialog = open_editor(window, "invert")
        qtbot.mouseClick(dialog.none, Left)
        assert window.commands.keys["invert"] == ""
        assert not dialog.none.isEnabled()
        qtbot.mouseClick(dialog.reset_all, Left)
        assert window.commands.keys["invert"] == "I"
        assert not dialog.reset_all.isEnabled()

    drive(script)


def test_a_keymap_is_chosen_and_searched(qtbot: QtBot, drive: Drive) -> None:
    def script(window: MainWindow) -> None:
        dialog = open_editor(window, "fit")
        qtbot.mouseClick(dialog.keymap.button("ohif"), Left)
        assert window.commands.keys["reset"] == "Space"
        dialog.search.setText("reset space")
        qtbot.waitUntil(lambda: len(dialog.model.shown) == 1)
        assert dialog.model.shown[0].name == "reset"
        assert dialog.title.text() == "Reset"

    drive(script)


def test_escape_leaves_the_field_not_the_dialog(qtbot: QtBot, drive: Drive) -> None:
    def script(window: MainWindow) -> None:
        dialog = open_editor(window, "fit")
        dialog.field.setFocus()
        QTest.keyClick(dialog.field, Key.Key_Escape)
        assert dialog.isVisible()
        assert dialog.focusWidget() is dialog.view

    drive(script)


def test_keys_go_to_a_file_and_come_back(qtbot: QtBot, drive: Drive, tmp_path: Path) -> None:
    def script(window: MainWindow) -> None:
        dialog = open_editor(window, "fit")
        qtbot.mouseClick(dialog.keymap.button("weasis"), Left)
        QTest.keyClick(dialog.field, Key.Key_F12)
        dialog.export_file(tmp_path / "keys.json")
        qtbot.mouseClick(dialog.reset_all, Left)
        qtbot.mouseClick(dialog.keymap.button("horos"), Left)
        dialog.import_file(tmp_path / "keys.json")
        assert window.preferences.settings.keys.keymap == "weasis"
        assert window.commands.keys["fit"] == "F12"
        dialog.import_file(tmp_path / "absent.json")
        assert dialog.told.property("role") == "danger"

    drive(script)


@pytest.mark.parametrize(
    ("key", "modifier", "text", "words"),
    [
        (Key.Key_R, Modifier.ShiftModifier, "R", "Shift+R"),
        (Key.Key_R, Modifier.NoModifier, "r", "R"),
        (Key.Key_Plus, Modifier.ShiftModifier, "+", "+"),
        (Key.Key_Question, Modifier.ShiftModifier, "?", "?"),
        (Key.Key_E, Modifier.ControlModifier | Modifier.ShiftModifier, "", "Ctrl+Shift+E"),
        (Key.Key_5, Modifier.KeypadModifier, "5", "5"),
        (Key.Key_Space, Modifier.NoModifier, " ", "Space"),
    ],
)
def test_keys_as_they_are_pressed(
    qtbot: QtBot, key: Qt.Key, modifier: Qt.KeyboardModifier, text: str, words: str
) -> None:
    assert key_words(QKeyEvent(QEvent.Type.KeyPress, key, modifier, text)) == words
