"""Start: the empty window, what it offers, and what it says when nothing is found."""

from __future__ import annotations

import shutil
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from tests.ui.conftest import Drive
from tests.ui.waiting import LONG, scanned, shown
from xray_studio.services.demonstration import angiography, demonstration, parts
from xray_studio.services.setting_groups import Place
from xray_studio.services.settings import Settings, load_settings, save_settings, settings_file
from xray_studio.ui import controller
from xray_studio.ui.main import whole_path
from xray_studio.ui.main_window import MainWindow

Left = Qt.MouseButton.LeftButton


def test_the_empty_window_offers_three_ways_to_begin(drive: Drive) -> None:
    def script(window: MainWindow) -> None:
        empty = window.stage.empty
        assert empty.isVisible()
        assert empty.title.text() == "Open a study to begin"
        visible = [name for name, button in empty.buttons.items() if button.isVisible()]
        assert visible == ["open_folder", "open_files", "demonstration"]
        assert window.browser.recent.isVisible()
        assert not window.browser.search.isEnabled()
        assert not window.commands["export"].isEnabled()

    assert drive(script) == 0


def test_a_folder_given_at_the_start_opens_with_its_first_picture(
    qtbot: QtBot, drive: Drive, study: Path
) -> None:
    def script(window: MainWindow) -> None:
        qtbot.waitUntil(lambda: shown(window) and scanned(window), timeout=LONG)
        assert [p.patient_id for p in window.session.state.catalog.patients] == [
            "DEMO-0001",
            "DEMO-0002",
        ]
        assert window.session.view.series is window.browser.listed()[0]
        assert not window.stage.empty.isVisible()

    drive(script, study)


def test_the_folder_button_asks_for_a_folder_and_opens_it(
    qtbot: QtBot, drive: Drive, study: Path
) -> None:
    def script(window: MainWindow) -> None:
        qtbot.mouseClick(window.stage.empty.buttons["open_folder"], Left)
        dialog = window.desk.dialogs["open"]
        assert isinstance(dialog, QFileDialog)
        assert dialog.fileMode() is QFileDialog.FileMode.Directory
        dialog.setDirectory(str(study.parent))
        dialog.selectFile(str(study))
        dialog.accept()
        qtbot.waitUntil(lambda: shown(window), timeout=LONG)
        assert window.session.state.opened == (str(study),)

    drive(script)


def test_the_files_button_asks_for_files_and_opens_them(
    qtbot: QtBot, drive: Drive, study: Path
) -> None:
    def script(window: MainWindow) -> None:
        qtbot.mouseClick(window.stage.empty.buttons["open_files"], Left)
        dialog = window.desk.dialogs["open"]
        assert isinstance(dialog, QFileDialog)
        assert dialog.fileMode() is QFileDialog.FileMode.ExistingFiles
        dialog.filesSelected.emit([str(study / "run1.dcm"), str(study / "run2.dcm")])
        dialog.reject()
        qtbot.waitUntil(lambda: shown(window) and scanned(window), timeout=LONG)
        assert len(window.browser.listed()) == 2

    drive(script)


def test_the_demonstration_opens_and_is_not_remembered(
    qtbot: QtBot, drive: Drive, monkeypatch: pytest.MonkeyPatch
) -> None:
    still = next(recipe for recipe in angiography.RECIPES if recipe.frames == 1)
    only = parts.Part(1.0, partial(angiography.write_run, still))
    monkeypatch.setattr(parts, "parts", lambda: [only])
    monkeypatch.setattr(controller, "demonstration", lambda: demonstration(64))

    def script(window: MainWindow) -> None:
        qtbot.mouseClick(window.stage.empty.buttons["demonstration"], Left)
        qtbot.waitUntil(lambda: shown(window) and scanned(window), timeout=5 * LONG)
        assert window.preferences.settings.recent == ()

    drive(script)


def test_what_was_opened_is_remembered_and_opens_with_a_click(
    qtbot: QtBot, drive: Drive, study: Path
) -> None:
    drive(lambda window: qtbot.waitUntil(lambda: scanned(window), timeout=LONG), study)
    assert load_settings()[0].recent == (str(study),)

    def script(window: MainWindow) -> None:
        (button,) = window.browser.recent.buttons
        qtbot.mouseClick(button, Left)
        qtbot.waitUntil(lambda: shown(window), timeout=LONG)
        texts = [action.text() for action in window.recent_menu.actions()]
        assert texts[0] == str(study)
        window.session.update(identity_hidden=True)
        (button,) = window.browser.recent.buttons
        words = [window.recent_menu.actions()[0].text(), button.toolTip(), button.accessibleName()]
        assert words == ["Recent 1", "Recent 1", "Open Recent 1"]
        window.recent_menu.actions()[-1].trigger()
        assert window.preferences.settings.recent == ()
        assert not window.recent_menu.isEnabled()

    drive(script)


def test_files_dropped_on_the_window_are_opened(qtbot: QtBot, drive: Drive, study: Path) -> None:
    def script(window: MainWindow) -> None:
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(study / "run1.dcm"))])
        copy, no_key = Qt.DropAction.CopyAction, Qt.KeyboardModifier.NoModifier
        place = QPointF(400, 300)
        enter = QDragEnterEvent(place.toPoint(), copy, data, Left, no_key)
        QApplication.sendEvent(window, enter)
        assert enter.isAccepted()
        assert window.drop_hint.isVisible()
        QApplication.sendEvent(window, QDragLeaveEvent())
        assert not window.drop_hint.isVisible()
        QApplication.sendEvent(window, enter)
        QApplication.sendEvent(window, QDropEvent(place, copy, data, Left, no_key))
        assert not window.drop_hint.isVisible()
        qtbot.waitUntil(lambda: shown(window), timeout=LONG)

    drive(script)


def test_text_dragged_over_the_window_is_not_accepted(drive: Drive) -> None:
    def script(window: MainWindow) -> None:
        data = QMimeData()
        data.setText("words")
        enter = QDragEnterEvent(
            QPointF(9, 9).toPoint(),
            Qt.DropAction.CopyAction,
            data,
            Left,
            Qt.KeyboardModifier.NoModifier,
        )
        enter.ignore()
        QApplication.sendEvent(window, enter)
        assert not enter.isAccepted()
        assert not window.drop_hint.isVisible()

    drive(script)


def test_a_folder_without_pictures_says_so_and_offers_the_reasons(
    qtbot: QtBot, drive: Drive, tmp_path: Path
) -> None:
    (tmp_path / "letter.txt").write_text("words", "utf-8")

    def script(window: MainWindow) -> None:
        qtbot.waitUntil(lambda: scanned(window), timeout=LONG)
        empty = window.stage.empty
        assert empty.title.text() == "No pictures were found"
        qtbot.mouseClick(empty.buttons["skipped"], Left)
        assert "skipped" in window.desk.dialogs
        assert window.browser.note.text() == "No pictures were found."

    drive(script, tmp_path)


def test_an_empty_folder_says_so(qtbot: QtBot, drive: Drive, tmp_path: Path) -> None:
    def script(window: MainWindow) -> None:
        qtbot.waitUntil(lambda: scanned(window), timeout=LONG)
        assert window.stage.empty.title.text() == "No pictures were found"
        assert not window.stage.empty.buttons["skipped"].isVisible()

    drive(script, tmp_path)


def test_what_is_open_is_read_again(
    qtbot: QtBot, drive: Drive, study: Path, tmp_path: Path
) -> None:
    place = tmp_path / "incoming"
    shutil.copytree(study, place)

    def script(window: MainWindow) -> None:
        qtbot.waitUntil(lambda: shown(window) and scanned(window), timeout=LONG)
        assert len(window.session.state.catalog.patients) == 2
        for path in place.rglob("*"):
            if path.is_file():
                path.unlink()
        qtbot.keyClick(window, Qt.Key.Key_F5)
        qtbot.waitUntil(lambda: scanned(window), timeout=LONG)
        assert window.session.state.catalog.patients == ()
        assert window.session.state.opened == (str(place),)

    drive(script, place)


def test_close_all_empties_the_window(qtbot: QtBot, drive: Drive, study: Path) -> None:
    def script(window: MainWindow) -> None:
        qtbot.waitUntil(lambda: shown(window) and scanned(window), timeout=LONG)
        qtbot.keyClick(window, Qt.Key.Key_W, Qt.KeyboardModifier.ControlModifier)
        assert window.stage.empty.title.text() == "Open a study to begin"
        assert window.browser.recent.isVisible()

    drive(script, study)


def test_damaged_settings_are_named_once(drive: Drive) -> None:
    settings_file().write_text("{", "utf-8")

    def script(window: MainWindow) -> None:
        assert "settings could not be read" in window.jobs.message.toolTip() + (
            window.jobs.message.text()
        )

    drive(script)
    assert load_settings()[1] == ""


def test_the_window_comes_back_where_it_was(drive: Drive) -> None:
    save_settings(Settings(place=Place(window=(40, 30, 1100, 700), panels=(300, 0))))

    def script(window: MainWindow) -> None:
        assert window.size().toTuple() == (1100, 700)
        assert not window.side.isVisible()
        assert window.browser.width() == 300
        window.resize(1200, 720)

    drive(script)
    assert load_settings()[0].place.window[2:] == (1200, 720)


def test_a_window_that_would_be_off_the_screen_comes_back_in_sight(drive: Drive) -> None:
    save_settings(Settings(place=Place(window=(90_000, 90_000, 1100, 700))))

    def script(window: MainWindow) -> None:
        assert window.screen().availableGeometry().intersects(window.geometry())

    drive(script)


def test_paths_have_no_steps_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "study").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "study")
    monkeypatch.chdir(tmp_path / "study")
    assert whole_path("../study") == str(tmp_path / "study")
    assert whole_path("../link/file") == str(tmp_path / "study" / "file")
    assert whole_path(str(tmp_path / "link")) == str(tmp_path / "link")
