"""Checking conformance from the window: the list, its filter, copying and saving."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from tests.ui.conftest import Drive
from tests.ui.waiting import LONG, choose
from xray_studio.core.conformance import Checked, Finding, Severity
from xray_studio.core.conformance_groups import grouped
from xray_studio.ui.dialogs.conformance.dialog import CLEAN, ConformanceDialog
from xray_studio.ui.dialogs.conformance.model import COLUMNS, ConformanceModel
from xray_studio.ui.main_window import MainWindow

MISSING = Finding(Severity.ERROR, "RegionSequence[1].Length", "It is missing.", "PS3.3 C.8")
OTHER = Finding(Severity.ERROR, "RegionSequence[2].Length", "It is missing.", "PS3.3 C.8")
TERM = Finding(Severity.NOTE, "Modality", "It is no term.", "PS3.3 C.7")
CHECKED = (
    Checked("/a/Doe-Jane.dcm", "CT Image", findings=(MISSING, OTHER, TERM)),
    Checked("/a/2.dcm", "CT Image", findings=(MISSING,)),
    Checked("/a/3.dcm", problem="The file is empty."),
)


def test_the_same_rule_of_many_files_is_one_row() -> None:
    damaged, missing, term = grouped(CHECKED)
    assert damaged.finding.rule == "The file is empty."
    assert (missing.finding.path, missing.paths) == (
        "RegionSequence.Length",
        ("/a/Doe-Jane.dcm", "/a/2.dcm"),
    )
    assert term.paths == ("/a/Doe-Jane.dcm",)


def test_rows(qtbot: QtBot) -> None:
    model = ConformanceModel(grouped(CHECKED))
    assert [model.index(1, column).data() for column in range(len(COLUMNS))] == [
        "Length", "It is missing.", "PS3.3 C.8", "2",
    ]  # fmt: skip
    assert model.index(0, 0, model.index(1, 0)).data() == "Doe-Jane.dcm"
    model.show("note")
    assert [model.index(row, 0).data() for row in range(model.rowCount())] == ["Modality"]


def test_hidden_identity_hides_names_of_files(qtbot: QtBot) -> None:
    text = ConformanceModel(grouped(CHECKED), hidden=True).as_text()
    assert "Doe" not in text
    assert "    File 2\n" in text


def test_findings_are_filtered_and_copied(qtbot: QtBot) -> None:
    dialog = ConformanceDialog(CHECKED)
    qtbot.addWidget(dialog)
    assert dialog.severity.value() == "error"
    assert dialog.severity.button("all").text() == "All 3"
    dialog.severity.button("note").click()
    dialog.copy_all.click()
    assert QGuiApplication.clipboard().text().startswith("note: Modality: It is no term.")
    dialog.severity.button("warning").click()
    assert dialog.nothing.isVisibleTo(dialog)
    assert not dialog.copy_all.isEnabled()


def test_nothing_found(qtbot: QtBot) -> None:
    dialog = ConformanceDialog((Checked("/a/1.dcm", "CT Image"),))
    qtbot.addWidget(dialog)
    assert dialog.nothing.text() == CLEAN


def test_the_series_on_screen(qtbot: QtBot, drive: Drive, study: Path, tmp_path: Path) -> None:
    target = tmp_path / "found.txt"

    def script(window: MainWindow) -> None:
        choose(qtbot, window, "LCA")
        window.commands["check_conformance"].trigger()
        qtbot.waitUntil(lambda: "conformance" in window.desk.dialogs, timeout=LONG)
        dialog = window.desk.dialogs["conformance"]
        assert isinstance(dialog, ConformanceDialog)
        assert dialog.model.rowCount() > 0
        dialog.save_button.click()
        chooser = window.desk.dialogs["save"]
        assert isinstance(chooser, QFileDialog)
        chooser.fileSelected.emit(str(target))
        chooser.reject()
        qtbot.waitUntil(lambda: "saved as" in window.jobs.message.text(), timeout=LONG)
        dialog.close_button.click()

    drive(script, study)
    assert "error: " in target.read_text("utf-8")
