"""The privacy gate in the window: what it shows, how regions are changed, what is written."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from tests.ui.conftest import Drive
from tests.ui.test_export_dialog import press
from tests.ui.test_pictures import assert_looks_as_before
from tests.ui.waiting import LONG, choose
from xray_studio.core.region import Region
from xray_studio.services.setting_groups import Exporting
from xray_studio.services.settings import Settings, save_settings
from xray_studio.ui.dialogs.export.dialog import ExportDialog
from xray_studio.ui.dialogs.privacy.dialog import PrivacyDialog
from xray_studio.ui.main_window import MainWindow

Left = Qt.MouseButton.LeftButton
Keys, Held = Qt.Key, Qt.KeyboardModifier
Script = Callable[[MainWindow, ExportDialog], object]
Export = Callable[[Script], None]


@pytest.fixture
def out(tmp_path: Path) -> Path:
    folder = tmp_path / "out"
    folder.mkdir()
    save_settings(Settings(export=Exporting(folder=str(folder))))
    return folder


@pytest.fixture
def in_dialog(qtbot: QtBot, drive: Drive, study: Path, out: Path) -> Export:
    def run(script: Script) -> None:
        def act(window: MainWindow) -> None:
            choose(qtbot, window, "LCA")
            window.commands["export"].trigger()
            dialog = window.desk.dialogs["export"]
            assert isinstance(dialog, ExportDialog)
            press(qtbot, dialog, "frames", "one")
            script(window, dialog)

        drive(act, study)

    return run


def gate_of(qtbot: QtBot, dialog: ExportDialog) -> PrivacyDialog:
    """Wait for the gate and its picture."""
    qtbot.waitUntil(lambda: dialog._passage.dialog is not None, timeout=LONG)
    gate = dialog._passage.dialog
    assert gate is not None
    qtbot.waitUntil(lambda: not gate.canvas.image.isNull(), timeout=LONG)
    return gate


def written(qtbot: QtBot, dialog: ExportDialog) -> None:
    qtbot.waitUntil(dialog.progress.show_button.isVisible, timeout=LONG)


def test_what_tells_nothing_passes_by_itself(qtbot: QtBot, in_dialog: Export, out: Path) -> None:
    def script(_window: MainWindow, dialog: ExportDialog) -> None:
        qtbot.mouseClick(dialog.export_button, Left)
        written(qtbot, dialog)
        assert dialog._passage.dialog is None

    in_dialog(script)
    told = json.loads((out / "run-1.png.json").read_text("utf-8"))
    assert told["privacy"]["text_detector"] is not None


def test_identity_needs_a_word(qtbot: QtBot, in_dialog: Export, out: Path) -> None:
    def script(_window: MainWindow, dialog: ExportDialog) -> None:
        press(qtbot, dialog, "text", "all")
        qtbot.mouseClick(dialog.export_button, Left)
        gate = gate_of(qtbot, dialog)
        assert gate.confirm_button.text() == "Export with identity"
        assert "corner text names the patient" in gate.in_the_file.text()
        qtbot.mouseClick(gate.back_button, Left)
        qtbot.waitUntil(dialog.export_button.isVisible, timeout=LONG)
        assert list(out.iterdir()) == []
        qtbot.mouseClick(dialog.export_button, Left)
        qtbot.mouseClick(gate_of(qtbot, dialog).confirm_button, Left)
        written(qtbot, dialog)

    in_dialog(script)
    told = json.loads((out / "run-1.png.json").read_text("utf-8"))
    assert told["privacy"]["told"] == ["corner text", "manifest"]


def test_regions_by_mouse_and_keys(
    qtbot: QtBot, in_dialog: Export, out: Path, tmp_path: Path
) -> None:
    def script(_window: MainWindow, dialog: ExportDialog) -> None:
        qtbot.mouseClick(dialog.look_button, Left)
        gate = gate_of(qtbot, dialog)
        assert "Nothing that tells" in gate.findings.findChildren(type(gate.in_the_file))[1].text()
        _draw(qtbot, gate, Region(8, 4, 16, 8))
        first = gate.marks.all[0].region
        assert abs(first.x - 8) <= 1
        assert abs(first.width - 16) <= 1
        _keys(qtbot, gate, (Keys.Key_Right, Held.NoModifier), (Keys.Key_Down, Held.ShiftModifier))
        assert gate.marks.all[0].region == Region(first.x + 1, first.y + 10, *_size(first))
        _keys(
            qtbot, gate, (Keys.Key_Left, Held.ControlModifier), (Keys.Key_Insert, Held.NoModifier)
        )
        assert gate.marks.all[0].region.width == first.width - 1
        assert len(gate.marks.all) == 2
        _keys(qtbot, gate, (Keys.Key_Space, Held.NoModifier), (Keys.Key_P, Held.NoModifier))
        assert (gate.marks.masked, gate.marks.chosen) == (1, 0)
        assert gate.confirm_button.text() == "Export with 1 mask"
        _keys(qtbot, gate, (Keys.Key_N, Held.NoModifier), (Keys.Key_Delete, Held.NoModifier))
        assert len(gate.marks.all) == 1
        assert gate.regions.model.rowCount() == 1
        qtbot.wait(20)  # the button makes room for its words
        assert_looks_as_before(gate, "privacy", tmp_path)
        qtbot.mouseClick(gate.confirm_button, Left)
        written(qtbot, dialog)

    in_dialog(script)
    (told,) = json.loads((out / "run-1.png.json").read_text("utf-8"))["privacy"]["regions"]
    assert (told["decision"], told["origin"]) == ("masked", "drawn")
    found = np.asarray(Image.open(out / "run-1.png"))
    x, y = told["x"], told["y"]
    assert found[y : y + told["height"], x : x + told["width"]].max() == 0


def test_a_region_is_moved_and_reshaped_with_the_mouse(qtbot: QtBot, in_dialog: Export) -> None:
    def script(_window: MainWindow, dialog: ExportDialog) -> None:
        qtbot.mouseClick(dialog.look_button, Left)
        gate = gate_of(qtbot, dialog)
        _draw(qtbot, gate, Region(8, 4, 16, 8))
        drawn = gate.marks.all[0].region
        place = gate.canvas.place_of(drawn)
        _drag(qtbot, gate, place.center().toPoint(), QPoint(int(place.width()), 0))
        moved = gate.marks.all[0].region
        assert moved.width == drawn.width
        assert abs(moved.x - drawn.x - drawn.width) <= 1
        corner = gate.canvas.place_of(moved).bottomRight().toPoint()
        _drag(qtbot, gate, corner, QPoint(0, int(place.height())))
        grown = gate.marks.all[0].region
        assert abs(grown.height - 2 * moved.height) <= 1
        assert (grown.x, grown.y) == (moved.x, moved.y)
        inside = gate.canvas.place_of(grown).center().toPoint()
        qtbot.mouseDClick(gate.canvas, Left, pos=inside)
        assert gate.marks.masked == 0
        item = gate.regions.model.item(0)
        item.setCheckState(Qt.CheckState.Checked)
        assert gate.marks.masked == 1
        gate.reject()

    in_dialog(script)


def test_the_gate_opens_over_the_window_when_the_dialog_was_closed(
    qtbot: QtBot, in_dialog: Export, out: Path
) -> None:
    def script(window: MainWindow, dialog: ExportDialog) -> None:
        press(qtbot, dialog, "text", "all")
        passage = dialog._passage
        qtbot.mouseClick(dialog.export_button, Left)
        dialog.close()
        qtbot.waitUntil(lambda: passage.dialog is not None, timeout=LONG)
        assert passage.dialog is not None
        assert passage.dialog.parentWidget() is window
        qtbot.mouseClick(passage.dialog.confirm_button, Left)
        qtbot.waitUntil(lambda: "checked" in window.jobs.message.text(), timeout=LONG)

    in_dialog(script)
    assert (out / "run-1.png").is_file()


def test_another_frame_is_looked_at(qtbot: QtBot, in_dialog: Export) -> None:
    def script(_window: MainWindow, dialog: ExportDialog) -> None:
        press(qtbot, dialog, "format", "png")
        press(qtbot, dialog, "frames", "all")
        qtbot.mouseClick(dialog.look_button, Left)
        gate = gate_of(qtbot, dialog)
        before = gate.canvas.image.copy()
        gate.slider.setValue(0)
        qtbot.waitUntil(lambda: gate.canvas.image != before, timeout=LONG)
        assert gate.frame_words.text() == "Frame 1 of 12"
        gate.reject()

    in_dialog(script)


def _size(region: Region) -> tuple[int, int]:
    return region.width, region.height


def _keys(qtbot: QtBot, gate: PrivacyDialog, *pressed: tuple[Qt.Key, Qt.KeyboardModifier]) -> None:
    gate.canvas.setFocus()
    for key, held in pressed:
        qtbot.keyClick(gate.canvas, key, held)


def _draw(qtbot: QtBot, gate: PrivacyDialog, region: Region) -> None:
    place = gate.canvas.place_of(region)
    start = place.topLeft().toPoint()
    _drag(qtbot, gate, start, place.bottomRight().toPoint() - start)


def _drag(qtbot: QtBot, gate: PrivacyDialog, start: QPoint, by: QPoint) -> None:
    qtbot.mousePress(gate.canvas, Left, pos=start)
    for part in (2, 1):
        qtbot.mouseMove(gate.canvas, pos=start + by / part)
    qtbot.mouseRelease(gate.canvas, Left, pos=start + by)
