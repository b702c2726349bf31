"""Closing: work of every kind stops, nothing half-written and nothing running is left."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QThread
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.conftest import Drive
from tests.ui.studies import write_slice
from tests.ui.waiting import LONG, choose, scanned, shown
from xray_studio.core.workers import calls
from xray_studio.services.setting_groups import Exporting
from xray_studio.services.settings import Settings, load_settings, save_settings, settings_file
from xray_studio.ui.dialogs.export.dialog import ExportDialog
from xray_studio.ui.interrupt import Interrupt
from xray_studio.ui.main_window import MainWindow

Left = Qt.MouseButton.LeftButton


def leftovers() -> tuple[list[object], object]:
    """Return windows that are still there, and the pool of worker processes."""
    windows = [w for w in QApplication.topLevelWidgets() if isinstance(w, MainWindow)]
    return list(windows), calls._shared


def test_nothing_is_left_after_a_look_around(qtbot: QtBot, drive: Drive, study: Path) -> None:
    before = set(threading.enumerate())

    def script(window: MainWindow) -> None:
        choose(qtbot, window, "LCA")
        window.commands["play"].trigger()
        window.side.show_widget(window.tags_panel)
        window.commands["about"].trigger()
        qtbot.wait(200)

    drive(script, study)
    assert leftovers() == ([], None)
    assert set(threading.enumerate()) <= before


def test_closing_while_a_folder_is_read(qtbot: QtBot, drive: Drive, tmp_path: Path) -> None:
    for number in range(300):
        write_slice(tmp_path / f"{number}", number, {"PatientID": "A", "StudyInstanceUID": "1.2"})

    def script(window: MainWindow) -> None:
        assert window.session.state.scanning
        assert window.runner.tasks
        window.close()
        assert window.runner.tasks == []

    drive(script, tmp_path)
    assert leftovers() == ([], None)


def test_closing_while_a_clip_is_exported(
    qtbot: QtBot, drive: Drive, study: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    save_settings(Settings(export=Exporting(folder=str(out))))

    def script(window: MainWindow) -> None:
        choose(qtbot, window, "LCA")
        window.commands["export"].trigger()
        dialog = window.desk.dialogs["export"]
        assert isinstance(dialog, ExportDialog)
        qtbot.mouseClick(dialog.form.rows["size"].button("custom"), Left)
        dialog.form.width_field.setText("4096")
        dialog.form.width_field.textEdited.emit("4096")
        qtbot.mouseClick(dialog.export_button, Left)
        qtbot.waitUntil(lambda: "of 12 frames" in dialog.progress.words.text(), timeout=LONG)
        window.close()

    drive(script, study)
    assert list(out.iterdir()) == []
    assert leftovers() == ([], None)


def test_closing_in_full_screen_remembers_the_ordinary_window(
    qtbot: QtBot, drive: Drive, study: Path
) -> None:
    def script(window: MainWindow) -> None:
        choose(qtbot, window, "LCA")
        window.commands["full_screen"].trigger()
        assert not window.browser.isVisible()

    drive(script, study)
    settings = load_settings()[0]
    assert settings.place.panels
    assert all(width > 0 for width in settings.place.panels)


def test_quit_has_a_key(qtbot: QtBot, drive: Drive) -> None:
    def script(window: MainWindow) -> None:
        keys = QKeySequence("Ctrl+Q")[0]
        qtbot.keyClick(window, keys.key(), keys.keyboardModifiers())
        assert not window.isVisible()

    drive(script)


def test_a_scan_is_cancelled_in_the_jobs_bar(qtbot: QtBot, drive: Drive, tmp_path: Path) -> None:
    for number in range(300):
        write_slice(tmp_path / f"{number}", number, {"PatientID": "A", "StudyInstanceUID": "1.2"})

    def script(window: MainWindow) -> None:
        (strip,) = window.jobs.strips
        qtbot.mouseClick(strip.cancel, Left)
        assert window.jobs.strips == []
        qtbot.waitUntil(lambda: scanned(window), timeout=LONG)

    drive(script, tmp_path)


def test_esc_stops_reading_and_keeps_what_was_found(
    qtbot: QtBot, drive: Drive, tmp_path: Path
) -> None:
    for number in range(300):
        write_slice(tmp_path / f"{number}", number, {"PatientID": "A", "StudyInstanceUID": "1.2"})

    def script(window: MainWindow) -> None:
        qtbot.keyClick(window, Qt.Key.Key_Escape)
        qtbot.waitUntil(lambda: scanned(window), timeout=LONG)
        assert window.session.state.opened == (str(tmp_path),)
        assert not window.commands["stop"].isEnabled()

    drive(script, tmp_path)


def test_playing_series_and_paths_can_be_changed_at_any_moment(
    qtbot: QtBot, drive: Drive, study: Path
) -> None:
    def script(window: MainWindow) -> None:
        for _ in range(4):
            window.open([str(study)])
            qtbot.waitUntil(lambda: window.session.view.series is not None, timeout=LONG)
            for series in window.browser.listed():
                window.controller.choose(series)
            window.commands["play"].trigger()
        qtbot.waitUntil(lambda: shown(window) and scanned(window), timeout=LONG)

    drive(script, study)


# -- being asked to end


@pytest.mark.skipif(os.name == "nt", reason="signals of this kind are POSIX")
@pytest.mark.usefixtures("heard_signals")
def test_an_interrupt_is_heard_while_qt_waits(qtbot: QtBot) -> None:
    heard: list[bool] = []
    interrupt = Interrupt(lambda: heard.append(QThread.isMainThread()))
    old = signal.getsignal(signal.SIGTERM)
    os.kill(os.getpid(), signal.SIGINT)
    qtbot.waitUntil(lambda: heard == [True])
    interrupt.close()
    assert signal.getsignal(signal.SIGTERM) is not old
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


@pytest.mark.skipif(os.name == "nt", reason="signals of this kind are POSIX")
@pytest.mark.usefixtures("heard_signals")
def test_a_request_to_end_waits_for_the_loop(qtbot: QtBot) -> None:
    heard: list[bool] = []
    interrupt = Interrupt(lambda: heard.append(True))
    os.kill(os.getpid(), signal.SIGTERM)
    assert heard == [], "a window that is closed before Qt waits would leave Qt waiting for ever"
    qtbot.waitUntil(lambda: heard == [True], timeout=LONG)
    interrupt.close()


@pytest.mark.skipif(os.name == "nt", reason="signals of this kind are POSIX")
@pytest.mark.usefixtures("heard_signals")
def test_ctrl_c_in_the_terminal_ends_the_program(study: Path) -> None:
    command = [sys.executable, "-m", "xray_studio", str(study)]
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as program:
        # The window is there as soon as it has remembered what it opens.
        while program.poll() is None and not settings_file().exists():
            time.sleep(0.05)
        program.send_signal(signal.SIGINT)
        _, errors = program.communicate(timeout=60)
    assert program.returncode == 0
    assert "Traceback" not in errors
