"""A study as a media folder, from the window."""

from __future__ import annotations

from pathlib import Path

import pydicom
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from tests.ui.conftest import Drive
from tests.ui.waiting import LONG, choose
from xray_studio import scan as xs_scan
from xray_studio.ui.main_window import MainWindow


def test_the_study_on_screen_is_saved_for_a_disc(
    qtbot: QtBot, drive: Drive, study: Path, tmp_path: Path
) -> None:
    target = tmp_path / "disc"

    def script(window: MainWindow) -> None:
        choose(qtbot, window, "LCA")
        window.commands["save_media"].trigger()
        dialog = window.desk.dialogs["save"]
        assert isinstance(dialog, QFileDialog)
        assert "names" in dialog.windowTitle()
        dialog.fileSelected.emit(str(target))
        dialog.reject()
        qtbot.waitUntil(lambda: window.jobs.message.text() == "disc saved", timeout=LONG)
        window.commands["close_all"].trigger()
        assert not window.commands["save_media"].isEnabled()

    drive(script, study)
    saved = xs_scan(target / "DICOMDIR")
    uids = {one.study_instance_uid for p in saved.patients for one in p.studies}
    assert len(uids) == 1
    originals = {p.read_bytes() for p in study.rglob("*") if p.is_file()}
    copies = [p for p in target.rglob("*") if p.is_file() and p.name != "DICOMDIR"]
    assert {p.read_bytes() for p in copies} <= originals
    assert {pydicom.dcmread(p).StudyInstanceUID for p in copies} == uids
