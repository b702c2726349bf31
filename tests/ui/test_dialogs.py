"""Dialogs: skipped files, keys, about, the action finder."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtWidgets import QDialog, QLabel, QScrollArea
from pytestqt.qtbot import QtBot

from tests.ui.conftest import Drive
from tests.ui.keys import press
from tests.ui.waiting import wait_for_picture
from xray_studio.core.reasons import CUT_COPY
from xray_studio.core.study import Skipped
from xray_studio.core.version import VERSION
from xray_studio.ui.dialogs.skipped import SkippedDialog, SkippedModel, from_opened
from xray_studio.ui.main_window import MainWindow

Left = Qt.MouseButton.LeftButton
SKIPPED = (
    Skipped("/a/1.txt", "not a picture or DICOM file"),
    Skipped("/a/2.dcm", "damaged: the file is cut short"),
    Skipped("/a/3.txt", "not a picture or DICOM file"),
)


def words_in(dialog: QDialog) -> set[str]:
    return {label.text() for label in dialog.findChildren(QLabel)}


# -- skipped files


def test_hidden_identity_hides_the_names_of_skipped_files(qtbot: QtBot) -> None:
    text = SkippedModel(SKIPPED, hidden=True).as_text()
    assert "/a/" not in text
    assert "    File 1\n" in text


def test_of_a_copy_the_file_that_is_shown_is_named(qtbot: QtBot) -> None:
    copies = [Skipped("/a/cut.dcm", CUT_COPY, "/b/whole.dcm")]
    assert "    /a/cut.dcm (whole.dcm is shown)" in SkippedModel(copies).as_text()
    assert "whole.dcm" not in SkippedModel(copies, hidden=True).as_text()


def test_reasons_stand_by_how_many_files_they_have(qtbot: QtBot) -> None:
    model = SkippedModel(SKIPPED)
    assert [model.index(n, 0).data() for n in range(model.rowCount())] == [
        "Not a picture or DICOM file  (2)",
        "Damaged: the file is cut short  (1)",
    ]
    first = model.index(0, 0)
    assert [model.index(n, 0, first).data() for n in range(model.rowCount(first))] == [
        "/a/1.txt",
        "/a/3.txt",
    ]
    assert model.index(0, 0, first).parent() == first
    assert first.parent() == QModelIndex()


def test_skipped_files_are_copied(qtbot: QtBot) -> None:
    dialog = SkippedDialog(SKIPPED, ["/a"])
    qtbot.addWidget(dialog)
    with qtbot.waitActive(dialog):
        dialog.show()
        dialog.activateWindow()
    assert dialog.copied.text() == ""
    qtbot.mouseClick(dialog.copy_all, Left)
    assert dialog.copied.text() == "5 lines copied to the clipboard"
    assert QGuiApplication.clipboard().text().splitlines() == [
        "Not a picture or DICOM file",
        "    /a/1.txt",
        "    /a/3.txt",
        "Damaged: the file is cut short",
        "    /a/2.dcm",
    ]
    dialog.view.setFocus()
    dialog.view.setCurrentIndex(dialog.model.index(0, 0, dialog.model.index(1, 0)))
    copy = QKeySequence(QKeySequence.StandardKey.Copy)[0]
    qtbot.keyClick(dialog.view, copy.key(), copy.keyboardModifiers())
    assert QGuiApplication.clipboard().text() == "/a/2.dcm"
    assert dialog.copied.text() == "1 line copied to the clipboard"
    qtbot.mouseClick(dialog.close_button, Left)
    assert not dialog.isVisible()


@pytest.mark.parametrize(
    ("path", "opened", "shown"),
    [
        ("/data/study/a/1.dcm", ["/data/study"], "a/1.dcm"),
        ("/data/study/a/1.dcm", ["/data/study/"], "a/1.dcm"),
        ("/data/study/a/1.dcm", ["/data/other", "/data/study"], "study/a/1.dcm"),
        ("/data/study2/1.dcm", ["/data/study"], "/data/study2/1.dcm"),
        ("/data/1.dcm", ["/data/1.dcm"], "/data/1.dcm"),
        ("/1.dcm", ["/"], "1.dcm"),
        ("File 1", ["/data"], "File 1"),
    ],
)
@pytest.mark.skipif(os.sep != "/", reason="paths of this kind are POSIX")
def test_paths_start_at_the_folder_that_was_opened(
    path: str, opened: list[str], shown: str
) -> None:
    assert from_opened(path, opened) == shown


def test_few_skipped_files_stand_open_below_their_reasons(
    qtbot: QtBot, drive: Drive, study: Path
) -> None:
    def script(window: MainWindow) -> None:
        wait_for_picture(qtbot, window)
        press(window, "Ctrl+L")
        dialog = window.desk.dialogs["skipped"]
        assert isinstance(dialog, SkippedDialog)
        reasons = [dialog.model.index(row, 0) for row in range(dialog.model.rowCount())]
        assert all(dialog.view.isExpanded(reason) for reason in reasons)
        files = [dialog.model.index(0, 0, reason) for reason in reasons]
        assert sorted(file.data() for file in files) == ["broken.dcm", "notes.txt"]
        whole = {file.data(Qt.ItemDataRole.ToolTipRole) for file in files}
        assert whole == {str(study / "broken.dcm"), str(study / "notes.txt")}

    drive(script, study)


@pytest.mark.parametrize(("files", "few"), [(18, True), (19, False)])
def test_many_skipped_files_are_folded_below_their_reasons(
    qtbot: QtBot, files: int, few: bool
) -> None:
    dialog = SkippedDialog([Skipped(f"/{n}", ("damaged", "cut")[n % 2]) for n in range(files)])
    qtbot.addWidget(dialog)
    assert dialog.view.isExpanded(dialog.model.index(0, 0)) is few


def test_a_hundred_thousand_skipped_files_are_listed(qtbot: QtBot) -> None:
    many = tuple(Skipped(f"/{n}", "damaged") for n in range(100_000))
    dialog = SkippedDialog(many)
    qtbot.addWidget(dialog)
    dialog.view.expandAll()
    assert "100,000 files could not be shown; all others are open." in words_in(dialog)


# -- keys and about


def test_keys_are_listed_and_fit_the_dialog(qtbot: QtBot, drive: Drive) -> None:
    def script(window: MainWindow) -> None:
        qtbot.keyClick(window, Qt.Key.Key_F1)
        dialog = window.desk.dialogs["keys"]
        words = words_in(dialog)
        assert {"Open folder", "Ctrl+O", "Space or C", "Wheel", "3 to 9"} <= words
        area = dialog.findChild(QScrollArea)
        assert isinstance(area, QScrollArea)
        assert area.widget().minimumSizeHint().width() <= area.viewport().width()
        press(dialog, "PgDown")
        assert area.verticalScrollBar().value() > 0
        qtbot.mouseClick(dialog.close_button, Left)  # type: ignore[attr-defined]  # KeysDialog
        assert window.desk.dialogs == {}

    drive(script)


def test_about_tells_version_and_limits(qtbot: QtBot, drive: Drive) -> None:
    def script(window: MainWindow) -> None:
        window.commands["about"].trigger()
        words = " ".join(words_in(window.desk.dialogs["about"]))
        assert VERSION in words
        assert "not for diagnosis" in words
        qtbot.mouseClick(window.desk.dialogs["about"].close_button, Left)  # type: ignore[attr-defined]

    drive(script)


def test_a_dialog_that_is_open_is_not_opened_twice(drive: Drive) -> None:
    def script(window: MainWindow) -> None:
        window.commands["about"].trigger()
        first = window.desk.dialogs["about"]
        window.commands["about"].trigger()
        assert window.desk.dialogs["about"] is first

    drive(script)
