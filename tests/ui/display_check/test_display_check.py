"""The display check in the window: patterns on a screen, luminances entered, judged and kept."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QFileDialog, QScrollArea
from pytestqt.qtbot import QtBot

from tests.core.displays import perfect, srgb
from tests.ui.conftest import Drive
from tests.ui.keys import press, type_in
from tests.ui.waiting import LONG
from xray_studio.core.display_check import LEVELS, Measured, respond
from xray_studio.core.display_table import read_measured, written
from xray_studio.imaging.patterns.source import PATTERNS, PatternSource
from xray_studio.ui.display_check.dialog import DisplayCheckDialog
from xray_studio.ui.display_check.patterns_window import PatternsWindow
from xray_studio.ui.main_window import MainWindow

Left = Qt.MouseButton.LeftButton


def opened(window: MainWindow) -> DisplayCheckDialog:
    window.commands["check_display"].trigger()
    dialog = window.desk.dialogs["display_check"]
    assert isinstance(dialog, DisplayCheckDialog)
    return dialog


def shown(qtbot: QtBot, dialog: DisplayCheckDialog, index: int) -> PatternsWindow:
    def is_there() -> bool:
        window = dialog.patterns
        return window is not None and window.pattern is not None and window.pattern.index == index

    qtbot.waitUntil(is_there, timeout=LONG)
    assert dialog.patterns is not None
    return dialog.patterns


def as_text(measured: Measured) -> str:
    rows = zip(LEVELS, measured.luminances, strict=True)
    return "".join(f"{level}\t{value:.6g}\n" for level, value in rows)


def greys(widget: PatternsWindow) -> npt.NDArray[np.uint8]:
    image = widget.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1)
    return rows[:, : image.width()].copy()


def test_patterns_take_the_screen_pixel_by_pixel(qtbot: QtBot, drive: Drive) -> None:
    def script(window: MainWindow) -> None:
        dialog = opened(window)
        qtbot.mouseClick(dialog.show_patterns, Left)
        patterns = shown(qtbot, dialog, 0)
        assert patterns.isFullScreen()
        assert patterns.size() == patterns.screen().size()
        press(patterns, "H")
        for index in (0, 1, 2):
            shown(qtbot, dialog, index)
            wanted = PatternSource(*patterns.device_size()).read(index)
            assert np.array_equal(greys(patterns), wanted)
            press(patterns, "Right")
        press(patterns, "H")
        assert not np.array_equal(greys(patterns), PatternSource(*patterns.device_size()).read(3))
        press(patterns, "End")
        shown(qtbot, dialog, len(PATTERNS) - 1)
        press(patterns, "Right")
        shown(qtbot, dialog, 0)
        press(patterns, "Left", "Home")
        shown(qtbot, dialog, 0)
        assert "Quality control (1/24)" in patterns.accessibleDescription()
        qtbot.mouseClick(patterns, Left)
        shown(qtbot, dialog, 1)
        press(patterns, "Esc")
        assert dialog.patterns is None
        assert dialog.isVisible()

    drive(script)


@pytest.mark.parametrize("scale", ["1.5", "2"])
def test_screens_of_other_scales_are_not_interpolated(tmp_path: Path, scale: str) -> None:
    program = """
import json, sys
import numpy as np
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
from xray_studio.core.job import run
from xray_studio.services.display_check import drawn, source
from xray_studio.ui.display_check.patterns_window import PatternsWindow

app = QApplication([])
window = PatternsWindow()
window.told = False
window.show_on(app.primaryScreen())
app.processEvents()
size = window.device_size()
window.show_pattern(run(drawn(*size, 0)))
image = window.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1)[:, : image.width()]
same = rows.shape == size and bool(np.array_equal(rows, source(*size).read(0)))
print(json.dumps([window.devicePixelRatioF(), same]))
"""
    env = os.environ | {"QT_QPA_PLATFORM": "offscreen", "QT_SCALE_FACTOR": scale}
    words = [sys.executable, "-c", program]
    done = subprocess.run(words, env=env, check=True, capture_output=True, text=True, timeout=120)
    assert json.loads(done.stdout) == [float(scale), True]


def test_readings_are_typed_while_their_patterns_are_shown(qtbot: QtBot, drive: Drive) -> None:
    def script(window: MainWindow) -> None:
        dialog = opened(window)
        qtbot.mouseClick(dialog.show_patterns, Left)
        patterns = shown(qtbot, dialog, 0)
        type_in(patterns, "5")
        press(patterns, "Return")
        assert patterns.reading == ""
        press(patterns, "End")
        shown(qtbot, dialog, 23)
        for _ in range(17):
            press(patterns, "Left")
        first = 24 - len(LEVELS)
        for number, value in enumerate(perfect().luminances):
            shown(qtbot, dialog, first + number)
            type_in(patterns, f"x{value:.4f}7")
            press(patterns, "Backspace", "Return")
        assert dialog.patterns is None
        assert [field.text() for field in dialog.form.fields][-1] == "400"
        assert dialog.response is not None
        assert dialog.response.passes == "primary"

    drive(script)


def test_luminances_are_judged_as_they_are_entered(qtbot: QtBot, drive: Drive) -> None:
    def script(window: MainWindow) -> None:
        dialog = opened(window)
        form = dialog.form
        assert not dialog.save.isEnabled()
        form.fields[0].setFocus()
        for value in perfect().luminances[:3]:
            type_in(dialog, f"{value:.3f}")
            press(dialog, "Return")
        assert dialog.outcome.numbers.text() == "3 of 18 entered."
        QGuiApplication.clipboard().setText(as_text(srgb()))
        press(dialog, "Ctrl+V")
        assert dialog.response is not None
        assert dialog.response.passes == ""
        assert dialog.outcome.verdicts["primary"].text().startswith("Primary class: not passed")
        QGuiApplication.clipboard().setText(as_text(perfect()))
        qtbot.mouseClick(dialog.paste, Left)
        assert dialog.outcome.verdicts["primary"].text() == "Primary class: passed."
        assert "At most 0.0 percent" in dialog.outcome.plot.accessibleDescription()
        form.ambient.setText("1,5")
        assert dialog.response.ratio == pytest.approx(401.5 / 2.3)
        form.fields[4].setText("much")
        assert "Level 60" in dialog.outcome.numbers.text()
        assert dialog.response is None
        assert not dialog.save.isEnabled()
        QGuiApplication.clipboard().setText("1 2 3")
        qtbot.mouseClick(dialog.paste, Left)
        assert "3 luminances are given" in dialog.told.text()
        kept = form.texts()
        qtbot.mouseClick(dialog.close_button, Left)
        dialog = opened(window)
        assert dialog.form.texts() == kept
        qtbot.mouseClick(dialog.clear, Left)
        assert set(dialog.form.texts()) == {""}

    drive(script)


def test_tables_are_opened_and_saved(qtbot: QtBot, drive: Drive, tmp_path: Path) -> None:
    path, target = tmp_path / "in.csv", tmp_path / "out.csv"
    path.write_text(written(respond(perfect(ambient=0.25))), "utf-8")

    def choose(dialog: DisplayCheckDialog, file: Path) -> None:
        chooser = dialog.findChildren(QFileDialog)[-1]
        chooser.fileSelected.emit(str(file))
        chooser.reject()

    def script(window: MainWindow) -> None:
        dialog = opened(window)
        qtbot.mouseClick(dialog.load, Left)
        choose(dialog, path)
        qtbot.waitUntil(lambda: dialog.response is not None, timeout=LONG)
        qtbot.mouseClick(dialog.save, Left)
        choose(dialog, target)
        qtbot.waitUntil(lambda: dialog.told.text() == "out.csv saved", timeout=LONG)
        again = read_measured(target.read_text("utf-8"))
        assert again.ambient == 0.25
        assert again.luminances == pytest.approx(perfect(ambient=0.25).luminances, rel=1e-5)
        qtbot.mouseClick(dialog.load, Left)
        choose(dialog, tmp_path / "none.csv")
        qtbot.waitUntil(lambda: "none.csv cannot be read" in dialog.told.text(), timeout=LONG)

    drive(script)


def test_on_a_small_screen_the_dialog_scrolls(qtbot: QtBot, drive: Drive) -> None:
    def script(window: MainWindow) -> None:
        dialog = opened(window)
        dialog.resize(860, 420)
        qtbot.waitUntil(lambda: dialog.height() == 420)
        fields = (*dialog.form.fields, dialog.form.ambient)
        assert all(field.height() >= field.sizeHint().height() for field in fields)
        bar = dialog.findChild(QScrollArea).verticalScrollBar()
        assert bar.maximum() > 0
        assert dialog.close_button.isVisible()

    drive(script)


def test_the_patterns_go_with_the_dialog(qtbot: QtBot, drive: Drive) -> None:
    def script(window: MainWindow) -> None:
        dialog = opened(window)
        qtbot.mouseClick(dialog.show_patterns, Left)
        patterns = shown(qtbot, dialog, 0)
        window.desk.close_all()
        assert not patterns.isVisible()

    drive(script)
