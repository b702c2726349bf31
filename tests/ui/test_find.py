"""The search for anything: actions, series, recent paths and settings by name."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.ui.conftest import Drive
from tests.ui.waiting import choose, wait_for_picture
from xray_studio.services.settings import Settings, load_settings, save_settings
from xray_studio.ui.actions.fuzzy import score
from xray_studio.ui.actions.reasons import has_reason
from xray_studio.ui.dialogs.find.dialog import FindActionDialog, words_of
from xray_studio.ui.dialogs.find.entries import Entry, found
from xray_studio.ui.dialogs.settings.dialog import SettingsDialog
from xray_studio.ui.main_window import MainWindow

Left = Qt.MouseButton.LeftButton


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        *(("", True), ("rot", True), ("rot ri", True), ("ri", True), ("tate", True)),
        *(("rr", True), ("rtr", True), ("rotrgt", True), ("rit", True), ("xyz", False)),
        *(("rot xyz", False), ("RIGHT", True)),
    ],
)
def test_a_few_letters_find_a_name(text: str, fits: bool) -> None:
    assert bool(score(text, "Rotate right")) is fits


@pytest.mark.parametrize(
    ("text", "better", "worse"),
    [
        ("fit", "Fit", "Flip top and bottom"),
        ("wi", "Window tool", "Show"),
        ("win", "Window tool", "Automatic window"),
        ("rl", "Rotate left", "Corner text really long"),
        ("full s", "Full screen", "Full range of a screen"),
        ("export", "Export clip", "Skipped for export"),
    ],
)
def test_the_closer_the_better(text: str, better: str, worse: str) -> None:
    assert score(text, better) > score(text, worse)


@given(st.text(max_size=12), st.text(max_size=30))
def test_a_name_finds_itself_and_nothing_breaks(text: str, title: str) -> None:
    assert score(text, title) >= 0
    if title.split():
        assert score(title, title) > 0


def entry(title: str, **facts: object) -> Entry:
    return Entry(title, lambda: None, offered=True, **facts)  # type: ignore[arg-type]


def test_what_was_used_last_comes_first_and_what_is_off_last() -> None:
    entries = [
        entry("One", name="a"),
        entry("Two", name="b", why_not="Off."),
        entry("Three", name="c"),
    ]
    assert [e.title for e in found(entries, "", ("c",))] == ["Three", "One", "Two"]
    assert [e.title for e in found(entries, "t", ("c", "b"))] == ["Three", "Two"]
    assert words_of(entries[1])[1] == "Off."


def test_series_and_settings_wait_until_something_is_typed() -> None:
    entries = [entry("Fit"), Entry("LCA", lambda: None, more="series")]
    assert [e.title for e in found(entries, "", ())] == ["Fit"]
    assert [e.title for e in found(entries, "lca", ())] == ["LCA"]
    assert [e.title for e in found(entries, "series", ())] == ["LCA"]


def finder(window: MainWindow) -> FindActionDialog:
    dialog = window.desk.dialogs["find"]
    assert isinstance(dialog, FindActionDialog)
    return dialog


def titles(dialog: FindActionDialog) -> list[str]:
    return [entry.title for entry in dialog.model.found]


def test_an_action_is_found_by_name_and_run_with_enter(
    qtbot: QtBot, drive: Drive, study: Path
) -> None:
    def script(window: MainWindow) -> None:
        wait_for_picture(qtbot, window)
        qtbot.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
        dialog = finder(window)
        qtbot.keyClicks(dialog.field, "flip")
        qtbot.keyClick(dialog.field, Qt.Key.Key_Down)
        qtbot.keyClick(dialog.field, Qt.Key.Key_Return)
        assert window.session.view.presentation.flip_vertical
        assert window.desk.dialogs == {}
        window.commands["find_action"].trigger()
        assert titles(finder(window))[0] == "Flip top and bottom"

    drive(script, study)
    assert load_settings()[0].used == ("flip",)


def test_an_action_is_run_with_a_click(qtbot: QtBot, drive: Drive, study: Path) -> None:
    def script(window: MainWindow) -> None:
        wait_for_picture(qtbot, window)
        qtbot.mouseClick(window.header.finder, Left)
        dialog = finder(window)
        qtbot.keyClicks(dialog.field, "invert")
        place = dialog.view.visualRect(dialog.model.index(0, 0)).center()
        qtbot.mouseClick(dialog.view.viewport(), Left, pos=place)
        assert window.session.view.presentation.invert

    drive(script, study)


def test_what_cannot_be_done_is_listed_last_with_the_reason(qtbot: QtBot, drive: Drive) -> None:
    def script(window: MainWindow) -> None:
        window.commands["find_action"].trigger()
        dialog = finder(window)
        possible = [not entry.why_not for entry in dialog.model.found]
        assert possible == sorted(possible, reverse=True)
        qtbot.keyClicks(dialog.field, "export clip")
        assert dialog.model.found[0].why_not.startswith("Open a picture first")
        assert "Open a picture first" in dialog.field.accessibleDescription()
        assert dialog.why_not.text().startswith("Open a picture first")
        qtbot.keyClick(dialog.field, Qt.Key.Key_Return)
        assert dialog.isVisible()
        dialog.field.setText("xyz")
        assert dialog.none.isVisible()
        assert not dialog.why_not.text()
        assert not dialog.grab().isNull()

    drive(script)


def test_every_condition_has_a_reason(drive: Drive) -> None:
    def script(window: MainWindow) -> None:
        conditions = [spec.when for _, spec in window.commands.specs() if spec.when]
        assert [c.__name__ for c in conditions if not has_reason(c)] == []

    drive(script)


def test_series_recent_paths_and_settings_are_found(
    qtbot: QtBot, drive: Drive, study: Path
) -> None:
    save_settings(Settings(recent=("/data/Teaching",)))

    def script(window: MainWindow) -> None:
        choose(qtbot, window, "LCA")
        window.commands["find_action"].trigger()
        dialog = finder(window)
        dialog.field.setText("teach")
        assert "Teaching" in titles(dialog)
        dialog.field.setText("lung")
        assert titles(dialog)[0] == "Lung"
        qtbot.keyClick(dialog.field, Qt.Key.Key_Return)
        assert window.session.view.series is not None
        assert window.session.view.series.series_description == "Lung"
        window.commands["find_action"].trigger()
        finder(window).field.setText("smooth pixels")
        qtbot.keyClick(finder(window).field, Qt.Key.Key_Return)
        settings = window.desk.dialogs["settings"]
        assert isinstance(settings, SettingsDialog)
        assert [row.item.title for row in settings.rows if row.isVisible()] == ["Smooth pixels"]

    drive(script, study)


def test_hidden_identity_stays_hidden_in_what_is_found(
    qtbot: QtBot, drive: Drive, study: Path
) -> None:
    save_settings(Settings(recent=("/data/Doe John",)))

    def script(window: MainWindow) -> None:
        choose(qtbot, window, "LCA")
        window.commands["hide_identity"].trigger()
        window.commands["find_action"].trigger()
        dialog = finder(window)
        for name in ("phantom", "doe", "john", "demo-0001"):
            dialog.field.setText(name)
            words = " ".join(" ".join(words_of(entry)) for entry in dialog.model.found).lower()
            assert name not in words

    drive(script, study)
