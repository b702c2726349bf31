"""Subtraction in the window: mask, pixel shift, and what stands on the picture."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from pytestqt.qtbot import QtBot

from tests.ui.conftest import Drive
from tests.ui.keys import press
from tests.ui.test_processing import settle
from tests.ui.waiting import LONG, choose
from xray_studio.services.processing.process import process
from xray_studio.services.processing.steps import pipeline_of
from xray_studio.ui.main_window import MainWindow
from xray_studio.ui.step_state import is_processed, unprocessed


def words(window: MainWindow) -> list[str]:
    return list(window.session.view.pipeline.words)


def begin(qtbot: QtBot, window: MainWindow) -> None:
    """Show a loop; wait until the steps there are have been loaded."""
    choose(qtbot, window, "LCA")
    qtbot.waitUntil(lambda: bool(window.session.state.steps), timeout=LONG)


def values_on_screen(window: MainWindow) -> np.ndarray:
    answer = window.stage.viewport.answer
    assert answer is not None
    assert answer.stored is not None
    return np.asarray(answer.stored)


def test_keys_subtract_and_move_the_mask(drive: Drive, qtbot: QtBot, study: Path) -> None:
    def script(window: MainWindow) -> None:
        begin(qtbot, window)
        window.session.update_view(frame=5)
        plain = window.session.view.clip
        assert plain is not None
        press(window, "S")
        settle(qtbot, window)
        text = window.stage.viewport.corners().text
        assert text.badges[:2] == ("PROCESSED", "DSA")
        assert "Mask frame 1 (the file names none)" in text.bottom_left
        press(window, "Alt+Right", "Alt+Shift+Up", "Alt+Shift+Up", "Alt+Shift+Left")
        settle(qtbot, window)
        assert words(window) == ["subtract:first=0,count=1,right=0.9,down=-0.2,logarithm=auto"]
        lines = window.stage.viewport.corners().text.bottom_left
        assert any(line.startswith("Mask moved 0.9 right, 0.2 up (pixels)") for line in lines)
        expected = process(plain, pipeline_of(words(window)))
        np.testing.assert_array_equal(values_on_screen(window), expected.stored(5))
        window.commands["corner_text"].trigger()
        assert "DSA" in window.stage.viewport.corners().text.badges
        press(window, "S")
        settle(qtbot, window)
        assert window.session.view.clip is plain
        press(window, "S")
        settle(qtbot, window)
        assert words(window)[0].startswith("subtract:first=0,count=1,right=0.9"), "it is kept"

    drive(script, study)


def test_the_frame_in_view_becomes_the_mask(drive: Drive, qtbot: QtBot, study: Path) -> None:
    def script(window: MainWindow) -> None:
        begin(qtbot, window)
        window.session.update_view(frame=3)
        window.commands["take_mask"].trigger()
        settle(qtbot, window)
        assert words(window)[0].startswith("subtract:first=4,count=1,")
        view = window.session.view
        assert view.clip is not None
        assert not view.clip[3].any(), "a frame less itself is nothing"
        window.session.update_view(frame=6)
        press(window, "Ctrl+Alt+T")
        settle(qtbot, window)
        assert words(window)[0].startswith("subtract:first=7,count=1,")

    drive(script, study)


def test_it_goes_behind_denoisers_and_before_what_bends_values(
    drive: Drive, qtbot: QtBot, study: Path
) -> None:
    def script(window: MainWindow) -> None:
        begin(qtbot, window)
        steps = pipeline_of(["median", "gaussian", "gamma"])
        window.session.update_view(pipeline=steps)
        press(window, "S")
        names = [step.name for step in window.session.view.pipeline.steps]
        assert names == ["median", "gaussian", "subtract", "gamma"]
        settle(qtbot, window)
        assert is_processed(window.session.view)

    drive(script, study)


def test_the_shift_is_looked_for(drive: Drive, qtbot: QtBot, study: Path) -> None:
    def script(window: MainWindow) -> None:
        begin(qtbot, window)
        assert not window.commands["find_shift"].isEnabled()
        assert window.commands.why_not("find_shift") == "Subtract a mask first."
        press(window, "S")
        settle(qtbot, window)
        window.session.update_view(frame=1)
        press(window, "Alt+Home")
        qtbot.waitUntil(lambda: bool(window.session.view.note), timeout=LONG)
        assert "mask" in window.session.view.note
        assert unprocessed(window.session.view).clip is not None

    drive(script, study)


def test_nothing_on_screen_offers_no_subtraction(drive: Drive, qtbot: QtBot, study: Path) -> None:
    def script(window: MainWindow) -> None:
        begin(qtbot, window)
        assert window.commands["subtract"].isEnabled()
        window.controller.close(0)
        assert not window.commands["subtract"].isEnabled()
        assert window.commands.why_not("subtract") == "Open a grey clip of several frames first."

    drive(script, study)
