"""Motion in the window: flow, a region drawn or the whole picture, its curve, and its files."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from tests.services.clips import cine, moving
from tests.ui.conftest import Drive
from tests.ui.waiting import LONG, choose
from xray_studio.core.clip import Acquisition
from xray_studio.core.region import Region
from xray_studio.services.presets import initial_presentation
from xray_studio.services.processing.motion import Displacement, Sample
from xray_studio.ui.dialogs.export.dialog import ExportDialog
from xray_studio.ui.dialogs.motion.canvas import MotionCanvas
from xray_studio.ui.dialogs.motion.dialog import ASKS, MotionDialog
from xray_studio.ui.dialogs.motion.plot import Curve, MotionPlot, number_words, tidy_step
from xray_studio.ui.dialogs.motion.words import RATE_ONLY, curve_of, place_of, summary_of
from xray_studio.ui.main_window import MainWindow
from xray_studio.ui.motions import Motions
from xray_studio.ui.view import opened
from xray_studio.ui.work import JobRunner

FOUND = Displacement(
    Region(10, 20, 30, 40),
    (Sample(0, 0.0, 0.0, 0.0, 1.0), Sample(1, 0.1, 3.0, -4.0, 0.9), Sample(2, 0.2, 6.0, 8.0, 0.0)),
    spacing=(0.5, 0.25),
)


def test_curves_have_units() -> None:
    assert curve_of(FOUND, "px").values[-1] == (0.0, 5.0, 10.0)
    millimetres = curve_of(FOUND, "mm")
    assert millimetres.values[0] == (0.0, 0.75, 1.5)
    assert millimetres.values[1] == (0.0, -2.0, 4.0)
    assert millimetres.unit == "mm"


def test_words_tell_place_and_reach() -> None:
    assert summary_of(FOUND, "px") == (
        "Drawn in frame 1; farthest from there in frame 3, by 10.00 px."
        " Uncertain in 1 frame, where it looks different."
    )
    assert place_of(FOUND, 1, "mm").endswith(
        "down \N{MINUS SIGN}2.00 mm, distance 2.14 mm, likeness 0.90"
    )
    assert place_of(FOUND, 2, "px").endswith("by the flow alone")


@pytest.mark.parametrize(
    ("least", "step", "words"), [(0.03, 0.05, "0.10"), (0.7, 1.0, "2"), (12.0, 20.0, "40")]
)
def test_axes_have_round_numbers(least: float, step: float, words: str) -> None:
    assert tidy_step(least) == pytest.approx(step)
    assert number_words(2 * tidy_step(least), tidy_step(least)) == words
    assert number_words(-1e-12, 1.0) == "0"


def test_a_click_in_the_plot_chooses_its_frame(qtbot: QtBot) -> None:
    plot = MotionPlot()
    qtbot.addWidget(plot)
    plot.resize(480, 320)
    plot.show()
    plot.show_curve(curve_of(FOUND, "px"))
    assert "10.00 px" in plot.accessibleDescription()
    area = plot.area()
    with qtbot.waitSignal(plot.chosen) as told:
        place = QPoint(round(area.right()) - 10, round(area.center().y()))
        qtbot.mouseClick(plot, Qt.MouseButton.LeftButton, pos=place)
    assert told.args == [2]
    plot.show_curve(Curve((0.0, 0.0), ((0.0, 0.0),) * 3, (1.0, 1.0), "mm"))
    plot.grab()


def test_regions_are_drawn_and_changed_by_keys(qtbot: QtBot) -> None:
    canvas = MotionCanvas(100, 200)
    qtbot.addWidget(canvas)
    canvas.resize(400, 400)
    canvas.show()
    told: list[Region] = []
    canvas.drawn.connect(told.append)
    canvas.drawn.connect(canvas.show_region)
    assert canvas.area().top() == 100.0
    qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=QPoint(40, 140))
    qtbot.mouseMove(canvas, QPoint(100, 200))
    qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=QPoint(100, 200))
    assert told == [Region(20, 20, 30, 30)]
    qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=QPoint(40, 140))
    assert len(told) == 1, "a click draws nothing"
    qtbot.keyClick(canvas, Qt.Key.Key_Right)
    qtbot.keyClick(canvas, Qt.Key.Key_Down, Qt.KeyboardModifier.ControlModifier)
    assert told[-1] == Region(21, 20, 30, 31)
    for _ in range(9):
        qtbot.keyClick(canvas, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    assert told[-1] == Region(21, 0, 30, 31), "it stays in the picture"
    qtbot.keyClick(canvas, Qt.Key.Key_Insert)
    assert told[-1] == Region(94, 44, 12, 12)
    canvas.grab()


def test_pixels_alone_where_nothing_tells_their_size(qtbot: QtBot) -> None:
    clip = cine(moving(3), acquisition=Acquisition())
    runner = JobRunner()
    work = Motions(runner)
    dialog = MotionDialog(opened(None, clip, initial_presentation(clip), ()), work)
    qtbot.addWidget(dialog)
    assert dialog.units.value() == "px"
    assert not dialog.units.button("mm").isEnabled()
    assert (RATE_ONLY in dialog.note.text()) == (not clip.timing.times)
    work.failed.emit("motion region", "This is why.")
    assert dialog.plot.sentence == "This is why."
    dialog.accept()
    runner.shutdown()


def test_motion_of_the_series_on_screen(
    qtbot: QtBot, drive: Drive, study: Path, tmp_path: Path
) -> None:
    target = tmp_path / "curve.csv"

    def script(window: MainWindow) -> None:
        choose(qtbot, window, "LCA")
        window.commands["motion"].trigger()
        dialog = window.desk.dialogs["motion"]
        assert isinstance(dialog, MotionDialog)
        assert dialog.plot.sentence == ASKS
        assert not dialog.save_button.isEnabled()
        qtbot.waitUntil(lambda: not dialog.canvas.image.isNull(), timeout=LONG)
        dialog.whole_button.click()
        qtbot.waitUntil(lambda: dialog.found is not None, timeout=LONG)
        dialog.canvas.setFocus()
        qtbot.keyClick(dialog.canvas, Qt.Key.Key_Insert)
        assert dialog.found is None
        qtbot.waitUntil(lambda: dialog.found is not None, timeout=LONG)
        assert "likeness" in dialog.place_words.text()
        dialog.units.button("px").click()
        assert dialog.plot.curve is not None
        assert dialog.plot.curve.unit == "px"
        before = dialog.canvas.image.cacheKey()
        dialog.style_choice.button("colours").click()
        qtbot.waitUntil(dialog.export_button.isEnabled, timeout=LONG)
        qtbot.waitUntil(lambda: dialog.canvas.image.cacheKey() != before, timeout=LONG)
        dialog.slider.setValue(0)
        dialog.player.button.click()
        qtbot.waitUntil(lambda: dialog.slider.value() > 0, timeout=LONG)
        assert dialog.player.playing
        qtbot.keyClick(dialog.canvas, Qt.Key.Key_Space)
        assert not dialog.player.playing
        dialog.export_button.click()
        export = window.desk.dialogs["export"]
        assert isinstance(export, ExportDialog)
        export.reject()
        dialog.save_button.click()
        chooser = window.desk.dialogs["save"]
        assert isinstance(chooser, QFileDialog)
        chooser.fileSelected.emit(str(target))
        chooser.reject()
        qtbot.waitUntil(lambda: "curve.csv saved" in dialog.saved.text(), timeout=LONG)
        dialog.close_button.click()

    drive(script, study)
    rows = list(csv.DictReader(target.read_text("utf-8").splitlines()))
    assert len(rows) > 1
    assert np.isfinite([float(row["magnitude_px"]) for row in rows]).all()
