"""Settings: searchable, taken at once, remembered, reset; every setting does something."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from tests.ui.conftest import Drive
from tests.ui.keys import press
from tests.ui.viewer.fakes import MemorySource, make_clip, make_view
from tests.ui.waiting import choose, wait_for_picture
from xray_studio.core.playback import Loop
from xray_studio.core.presentation import Overlay
from xray_studio.services.setting_groups import (
    Appearance,
    Exporting,
    Keys,
    Layouts,
    Memory,
    Place,
    Playback,
    Privacy,
    Unusual,
    Viewing,
    choices_of,
)
from xray_studio.services.settings import Settings, load_settings, save_settings
from xray_studio.ui.dialogs.export.choices import first_choices
from xray_studio.ui.dialogs.settings.dialog import SettingsDialog
from xray_studio.ui.dialogs.settings.row import AutomaticNumber, marked
from xray_studio.ui.dialogs.settings.table import SECTIONS, Item
from xray_studio.ui.frame_worker import FrameRequest, answer
from xray_studio.ui.main_window import MainWindow
from xray_studio.ui.opening import started
from xray_studio.ui.viewer.geometry import Size
from xray_studio.ui.widgets.segmented import Segmented
from xray_studio.ui.widgets.switch import Switch

Left = Qt.MouseButton.LeftButton
ITEMS = [item for section in SECTIONS for item in section.items]
REMEMBERED = {
    ("export", "recipes"),
    ("archives", "nodes"),
    ("keys", "changed"),
    *(("unusual", field.name) for field in fields(Unusual)),
    *(("findings", name) for name in ("method", "colours", "opacity")),
    *(
        ("reports", name)
        for name in ("engine", "name", "organisation", "phrases", "library", "words")
    ),
    *(("place", field.name) for field in fields(Place)),
    *(("layouts", field.name) for field in fields(Layouts)),
}


def open_settings(window: MainWindow) -> SettingsDialog:
    press(window, "Ctrl+,")
    dialog = window.desk.dialogs["settings"]
    assert isinstance(dialog, SettingsDialog)
    return dialog


def visible(dialog: SettingsDialog) -> list[str]:
    return [row.item.title for row in dialog.rows if row.isVisible()]


def test_every_setting_stands_in_the_dialog() -> None:
    known = {
        (group.name, field.name)
        for group in fields(Settings)
        if is_dataclass(group.default)
        for field in fields(group.default)
    }
    assert {(item.group, item.name) for item in ITEMS} == known - REMEMBERED


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.name)
def test_every_setting_is_told_in_words(item: Item) -> None:
    group = type(getattr(Settings(), item.group))
    assert item.title[0].isupper()
    assert item.help.endswith(".")
    if item.words:
        assert set(item.words) == set(choices_of(group, item.name))


def test_a_search_filters_and_marks(qtbot: QtBot, drive: Drive) -> None:
    def script(window: MainWindow) -> None:
        dialog = open_settings(window)
        assert len(visible(dialog)) == len(ITEMS)
        assert dialog.search.hasFocus()
        dialog.look_for("level")
        assert visible(dialog) == ["Drag up to raise the level"]
        assert "<span" in dialog.rows[2].title.text()
        assert not dialog.links["Memory"].isEnabled()
        dialog.look_for("hotkeys xyz")
        assert visible(dialog) == []
        assert dialog.none.isVisible()
        dialog.look_for("shortcuts")
        assert visible(dialog) == ["Keymap"]
        press(dialog, "Down")
        assert isinstance(dialog.focusWidget(), QPushButton)

    drive(script)


def test_marks_are_safe() -> None:
    assert marked("a <b> & c", ("b",)).count("<span") == 1
    assert "&lt;" in marked("a <b> & c", ())
    assert marked("one two", ("two", "one")).count("<span") == 2


def test_a_change_takes_effect_at_once_and_is_remembered(qtbot: QtBot, drive: Drive) -> None:
    def script(window: MainWindow) -> None:
        dialog = open_settings(window)
        rows = {row.item.name: row for row in dialog.rows}
        for row in rows.values():
            assert not row.back.isVisible()
        switch, choice = rows["level_up"].control, rows["loop"].control
        assert isinstance(switch, Switch)
        assert isinstance(choice, Segmented)
        qtbot.mouseClick(switch, Left)
        qtbot.mouseClick(choice.button("once"), Left)
        assert not window.commands["level_up"].isChecked()
        assert rows["level_up"].back.isVisible()
        window.commands["level_up"].trigger()
        assert switch.isChecked()
        assert not rows["level_up"].back.isVisible()
        dialog.look_for("memory")
        number = rows["cache_megabytes"].control
        assert isinstance(number, AutomaticNumber)
        qtbot.mouseClick(number.choice.button("own"), Left)
        number.number.selectAll()
        qtbot.keyClicks(number.number, "512")
        qtbot.keyClick(number.number, Qt.Key.Key_Return)
        assert window.display.budget.limit == 512 << 20

    drive(script)
    saved = load_settings()[0]
    assert saved.playback.loop == "once"
    assert saved.memory.cache_megabytes == 512
    assert saved.viewing == Viewing()


def test_a_setting_and_all_settings_go_back(qtbot: QtBot, drive: Drive) -> None:
    changed = Settings(
        viewing=Viewing(level_up=False, loupe="square"),
        keys=Keys("ohif", (("fit", "X"),)),
        recent=("/a",),
    )
    save_settings(changed)

    def script(window: MainWindow) -> None:
        dialog = open_settings(window)
        rows = {row.item.name: row for row in dialog.rows}
        qtbot.mouseClick(rows["loupe"].back, Left)
        assert window.preferences.settings.viewing == Viewing(level_up=False)
        qtbot.mouseClick(dialog.reset, Left)
        now = window.preferences.settings
        assert (now.viewing, now.keys.keymap) == (Viewing(), "x-ray-studio")
        assert now.keys.changed == (("fit", "X"),)
        assert now.recent == ("/a",)

    drive(script)


def test_corner_text_and_identity_of_the_start(qtbot: QtBot, drive: Drive, study: Path) -> None:
    save_settings(
        Settings(viewing=Viewing(corner_text="none"), privacy=Privacy(hide_identity=True))
    )

    def script(window: MainWindow) -> None:
        assert window.session.state.overlay is Overlay.NONE
        assert window.session.state.identity_hidden
        window.session.change_settings("viewing", corner_text="all")
        assert window.session.state.overlay is Overlay.ALL
        window.commands["hide_identity"].trigger()
        assert not window.session.state.identity_hidden
        assert window.preferences.settings.privacy.hide_identity

    drive(script, study)


@pytest.mark.parametrize(
    ("playback", "plays", "loop"),
    [
        (Playback(), False, Loop.LOOP),
        (Playback(autoplay=True), True, Loop.LOOP),
        (Playback(loop="ping-pong"), False, Loop.PING_PONG),
        (Playback(autoplay=True, loop="once"), True, Loop.ONCE),
    ],
)
def test_clips_start_as_set(playback: Playback, plays: bool, loop: Loop) -> None:
    cine = started(make_view(), playback).cine
    assert (cine.playing, cine.loop) == (plays, loop)


def test_a_still_does_not_play() -> None:
    still = make_view(make_clip(MemorySource(frames=1)))
    assert not started(still, Playback(autoplay=True)).cine.playing


def test_clips_play_when_they_open(qtbot: QtBot, drive: Drive, study: Path) -> None:
    save_settings(Settings(playback=Playback(autoplay=True)))

    def script(window: MainWindow) -> None:
        wait_for_picture(qtbot, window)
        choose(qtbot, window, "LCA")
        assert window.session.view.cine.playing

    drive(script, study)


def test_pixels_are_squares_when_they_are_not_smoothed() -> None:
    clip = make_clip(MemorySource(frames=1, rows=10, columns=10))
    view = make_view(clip)
    made = [
        answer(
            FrameRequest(clip, view.presentation, 0, Size(50, 50), smooth=smooth), clip.stored(0)
        ).image
        for smooth in (True, False)
    ]
    shades = [len({image.pixelColor(x, 7).red() for x in range(50)}) for image in made if image]
    assert shades[0] >= shades[1]
    square = made[1]
    assert square is not None
    assert all(square.pixel(5 * x, 7) == square.pixel(5 * x + 4, 7) for x in range(10))


def test_the_quality_of_the_export_dialog() -> None:
    assert first_choices(make_view(), "high").quality == "high"
    assert first_choices(make_view()).quality == Exporting().quality


def test_settings_groups_of_the_file_are_those_of_the_dialog() -> None:
    groups = {item.group for item in ITEMS}
    tables = {"appearance", "viewing", "playback", "memory", "export", "objects", "privacy", "keys"}
    assert groups == tables | {"findings", "reports", "archives"}
    assert Appearance() == Settings().appearance
    assert Memory() == Settings().memory
