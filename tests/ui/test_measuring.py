"""Measuring in the real window: by keys, in the panel, copied, saved, exported, restored."""

from __future__ import annotations

import csv
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from tests.ui.conftest import Drive
from tests.ui.keys import press
from tests.ui.waiting import LONG, choose
from xray_studio.core.job import run
from xray_studio.core.measure.mark import Kind, Mark
from xray_studio.core.presentation import Overlay
from xray_studio.services.export.frame_picture import displayed
from xray_studio.services.kept_marks import kept_folder
from xray_studio.services.last_session import from_json, to_json
from xray_studio.services.mark_values import with_marks
from xray_studio.services.states import read_state
from xray_studio.ui.dialogs.calibrate import CalibrateDialog, number_of
from xray_studio.ui.main_window import MainWindow
from xray_studio.ui.mark_state import chosen_mark, rows_of
from xray_studio.ui.measure.mark_rows import PADDING, SIDE
from xray_studio.ui.remembering import saved


def by_keys(qtbot: QtBot, window: MainWindow) -> None:
    """Measure a length and two ellipses on the third frame with keys alone."""
    choose(qtbot, window, "LCA")
    press(window, "Right", "Right", "D", "Ctrl+Alt+N")
    press(window, "E", "Ctrl+Alt+N", *["Ctrl+Left"] * 5, "Ctrl+Alt+N", *["Ctrl+Right"] * 5)


def test_everything_is_done_with_keys(qtbot: QtBot, drive: Drive, study: Path) -> None:
    def script(window: MainWindow) -> None:
        session = window.session
        by_keys(qtbot, window)
        kinds = [mark.kind for mark in session.state.marks.each]
        assert kinds == [Kind.LENGTH, Kind.ELLIPSE, Kind.ELLIPSE]
        assert {mark.spot.frame for mark in session.state.marks.each} == {2}
        one, other = (mark.points[0][0] for mark in session.state.marks.each[1:])
        assert other - one == pytest.approx(10.0)
        press(window, "Shift+M")
        mark = chosen_mark(session.state)
        assert mark is not None
        assert mark.kind is Kind.LENGTH
        press(window, "Shift+E", "Ctrl+Down")
        assert session.state.marks.each[0].points[0][1] == mark.points[0][1] + 1.0
        press(window, "Ctrl+Z")
        assert session.state.marks.each[0].points == mark.points
        press(window, "Ctrl+Y", "Del")
        assert len(session.state.marks) == 2
        assert session.view.clip is not None  # the picture was not closed
        press(window, "Ctrl+Z")
        assert len(session.state.marks) == 3
        press(window, "Right")
        assert chosen_mark(session.state) is None
        choose(qtbot, window, "RCA")
        assert rows_of(session.state) == ()
        assert not window.commands["undo_mark"].isEnabled()
        choose(qtbot, window, "LCA")
        assert len(rows_of(session.state)) == 3

    drive(script, study)


def test_the_panel_lists_copies_saves_and_calibrates(
    qtbot: QtBot, drive: Drive, study: Path, tmp_path: Path
) -> None:
    target = tmp_path / "table.csv"

    def script(window: MainWindow) -> None:
        session, panel = window.session, window.marks_panel
        by_keys(qtbot, window)
        press(window, "Ctrl+Alt+L")
        qtbot.waitUntil(lambda: "Contrast to noise" in panel.contrast.text(), timeout=LONG)
        texts = [panel.list.item(row).toolTip() for row in range(panel.list.count())]
        assert "frame 3" in texts[0]
        assert "mean" in texts[1]
        assert "Choose a length of this frame first" in panel.calibrate.toolTip()
        first = panel.list.visualItemRect(panel.list.item(0))
        place = QPoint(first.left() + PADDING + SIDE // 2, first.center().y())
        qtbot.mouseClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
        assert session.state.marks.each[0].hidden
        qtbot.mouseClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
        assert not session.state.marks.each[0].hidden
        qtbot.mouseClick(
            panel.list.viewport(), Qt.MouseButton.LeftButton, pos=place + QPoint(80, 0)
        )
        assert panel.calibrate.toolTip() == "Tell the true size of the chosen length"
        clip = session.view.clip
        assert clip is not None
        row = rows_of(session.state)[1]
        values, found = clip[2], row.values.greys
        assert found is not None
        assert values.min() <= found.low <= found.mean <= found.high <= values.max()
        window.commands["copy_marks"].trigger()
        qtbot.waitUntil(lambda: "copied" in window.jobs.message.text(), timeout=LONG)
        assert QApplication.clipboard().text().startswith("Length 1, frame 3: ")
        window.commands["save_marks"].trigger()
        dialog = window.desk.dialogs["save"]
        assert isinstance(dialog, QFileDialog)
        dialog.fileSelected.emit(str(target))
        dialog.reject()
        qtbot.waitUntil(target.exists, timeout=LONG)
        panel.list.setCurrentRow(0)
        window.commands["calibrate"].trigger()
        asked = window.desk.dialogs["calibrate"]
        assert isinstance(asked, CalibrateDialog)
        asked.field.setText("0")
        asked.apply.click()
        assert asked.problem.text()
        asked.field.setText("12,5")
        asked.apply.click()
        length = rows_of(session.state)[0]
        assert length.values.size == pytest.approx(12.5)
        assert length.values.scale.where == "calibrated by hand"
        told = window.stage.viewport.corners().text.bottom_right
        assert any("calibrated by hand" in line for line in told)
        window.commands["uncalibrate"].trigger()
        assert rows_of(session.state)[0].values.size != pytest.approx(12.5)
        panel.list.setFocus()
        QTest.keyClick(panel.list, Qt.Key.Key_Space)
        assert session.state.marks.each[0].hidden
        QTest.keyClick(panel.list, Qt.Key.Key_Delete)
        assert len(session.state.marks) == 2

    drive(script, study)
    with target.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["kind"] for row in rows] == ["length", "ellipse", "ellipse"]
    assert {row["frame"] for row in rows} == {"3"}
    assert float(rows[1]["pixels"]) > 0
    assert "DEMO" not in target.read_text("utf-8")


def test_marks_are_in_exported_pictures_and_come_back(
    qtbot: QtBot, drive: Drive, study: Path
) -> None:
    def script(window: MainWindow) -> None:
        session = window.session
        by_keys(qtbot, window)
        clip, how, marks = session.view.clip, session.view.presentation, session.state.marks
        assert clip is not None
        back = from_json(to_json(saved(session.state))).marks
        assert (back.each, back.calibrations) == (marks.each, ())
        first = marks.each[0]
        spread = replace(marks.each[1], everywhere=True)
        marks = marks.changed(first, replace(first, hidden=True)).changed(marks.each[1], spread)
        drawn = run(with_marks(clip, marks, how))
        plain, marked = (
            [displayed(one, n, how, Overlay.NONE) for n in (2, 3)] for one in (clip, drawn)
        )
        assert marked[0].shape[:2] == plain[0].shape[:2]
        for before, after in zip(plain, marked, strict=True):
            grey = before if before.ndim == 3 else np.repeat(before[..., None], 3, axis=2)
            assert (grey != after).any()
        words = [label.text for d in drawn.drawings if d.covers(3) for label in d.labels]
        assert len(words) == 1
        assert words[0].startswith("mean ")
        window.commands["export_marks"].trigger()
        qtbot.waitUntil(lambda: "export" in window.desk.dialogs, timeout=LONG)
        window.desk.close_all()

    drive(script, study)


@pytest.mark.parametrize(
    ("text", "size"),
    [("10", 10.0), (" 2,5 ", 2.5), ("0", None), ("-1", None), ("nan", None), ("", None)],
)
def test_a_true_size_is_a_number_above_0(text: str, size: float | None) -> None:
    assert number_of(text) == size


def test_marks_become_a_state_that_other_programs_show_and_are_changed_again(
    qtbot: QtBot, drive: Drive, study: Path, tmp_path: Path
) -> None:
    target = tmp_path / "state.dcm"

    def script(window: MainWindow) -> None:
        session = window.session
        by_keys(qtbot, window)
        press(window, "Ctrl+Alt+L")
        before = session.state.marks.each
        qtbot.mouseClick(window.marks_panel.icons["save_mark_state"], Qt.MouseButton.LeftButton)
        dialog = window.desk.dialogs["save"]
        assert isinstance(dialog, QFileDialog)
        dialog.fileSelected.emit(str(target))
        dialog.reject()
        words = "3 measurements saved as state.dcm"
        qtbot.waitUntil(lambda: words in window.jobs.message.text(), timeout=LONG)
        window.commands["delete_marks"].trigger()
        assert len(session.state.marks) == 0
        window.laid_over.choose_state(read_state(target))
        qtbot.waitUntil(lambda: session.view.over.state is not None, timeout=LONG)
        window.commands["edit_state"].trigger()
        again = session.state.marks.each
        assert [(m.kind, m.spot) for m in again] == [(m.kind, m.spot) for m in before]
        for one, other in zip(again, before, strict=True):
            assert np.allclose(one.points, other.points)
        assert not session.view.presentation.drawings
        assert not window.commands["edit_state"].isEnabled()

    drive(script, study)


def test_marks_are_there_again_after_a_good_end(
    qtbot: QtBot, drive: Drive, study: Path, tmp_path: Path
) -> None:
    """Also right after they were drawn, in a copy of the study, and until they are taken away."""
    copy = Path(shutil.copytree(study, tmp_path / "copy"))
    drawn: list[Mark] = []

    def draw(window: MainWindow) -> None:
        by_keys(qtbot, window)
        drawn.extend(window.session.state.marks.each)

    def look(window: MainWindow) -> None:
        choose(qtbot, window, "LCA")
        qtbot.waitUntil(lambda: len(window.session.state.marks) == 3)
        found = window.session.state.marks.each
        assert [(m.kind, m.points, m.spot.frame) for m in found] == [
            (m.kind, m.points, m.spot.frame) for m in drawn
        ]
        assert not window.commands["undo_mark"].isEnabled()
        assert "3 measurements are there again" in window.jobs.message.text()
        window.controller.close_all()
        assert len(window.session.state.marks) == 0
        window.open([str(copy)])
        choose(qtbot, window, "LCA")
        qtbot.waitUntil(lambda: len(window.session.state.marks) == 3)
        window.commands["delete_marks"].trigger()

    def none(window: MainWindow) -> None:
        choose(qtbot, window, "LCA")
        qtbot.waitUntil(lambda: not window.runner.tasks)
        assert len(window.session.state.marks) == 0
        by_keys(qtbot, window)
        window.session.change_settings("privacy", keep_measurements=False)
        qtbot.waitUntil(lambda: "is forgotten" in window.jobs.message.text())

    drive(draw, study)
    drive(look, copy)
    assert list(kept_folder().iterdir()) == []
    drive(none, study)
    assert list(kept_folder().iterdir()) == []
