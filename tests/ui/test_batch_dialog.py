"""Batches from the window: the same files as from the command line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices
from pytestqt.qtbot import QtBot

from tests.services.test_batch import write_runs
from tests.ui.conftest import Drive
from tests.ui.waiting import LONG, wait_for_picture
from xray_studio.cli.main import main as cli
from xray_studio.ui.dialogs.batch.dialog import BatchDialog
from xray_studio.ui.main_window import MainWindow

Script = Callable[[MainWindow, BatchDialog], None]
Left = Qt.MouseButton.LeftButton
SLOW = 'recipe = 1\nformat = "npz"\n[[step]]\nname = "nlm-frames"\n'


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    return write_runs(tmp_path / "runs", 4, damaged=2)


@pytest.fixture
def in_dialog(qtbot: QtBot, drive: Drive, runs: Path, tmp_path: Path) -> Callable[[Script], None]:
    """Run a script with the dialog over what is open, into a folder of its own."""

    def run(script: Script) -> None:
        def begin(window: MainWindow) -> None:
            wait_for_picture(qtbot, window)
            window.commands["batch"].trigger()
            dialog = window.desk.dialogs["batch"]
            assert isinstance(dialog, BatchDialog)
            dialog.folder_button.show_folder(tmp_path / "out")
            qtbot.waitUntil(lambda: dialog.recipe.count() > 4, timeout=LONG)
            script(window, dialog)
            dialog.close()

        drive(begin, runs)

    return run


def states(dialog: BatchDialog) -> list[str]:
    model = dialog.rows.model
    return [model.item(row, 1).text() for row in range(model.rowCount())]


def recipe_of(tmp_path: Path) -> Path:
    path = tmp_path / "slow.toml"
    path.write_text(SLOW)
    return path


def test_every_series_is_written_as_on_the_command_line(
    qtbot: QtBot, in_dialog: Callable[[Script], None], runs: Path, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()))

    def script(window: MainWindow, dialog: BatchDialog) -> None:
        dialog.take_recipe(str(recipe_of(tmp_path)))
        qtbot.mouseClick(dialog.run_button, Left)
        assert not dialog.run_button.isVisible()
        qtbot.waitUntil(dialog.progress.show_button.isVisible, timeout=LONG)
        told = states(dialog)
        assert told.count("Finished") == 3
        assert sum("12 bits" in one for one in told) == 1
        assert dialog.progress.words.text() == "3 of 4 series written"
        qtbot.mouseClick(dialog.progress.show_button, Left)

    in_dialog(script)
    assert opened == [str(tmp_path / "out" / "summary.html")]
    words = ["batch", str(recipe_of(tmp_path)), str(runs), "--out", str(tmp_path / "other"), "-q"]
    assert cli(words) == 3
    made = sorted((tmp_path / "other").glob("*.npz"))
    assert [one.name for one in made] == [
        one.name for one in sorted((tmp_path / "out").glob("*.npz"))
    ]
    for one in made:
        with np.load(one) as wanted, np.load(tmp_path / "out" / one.name) as found:
            assert np.array_equal(wanted["values"], found["values"])


def test_what_was_stopped_goes_on(
    qtbot: QtBot, in_dialog: Callable[[Script], None], runs: Path, tmp_path: Path
) -> None:
    def script(window: MainWindow, dialog: BatchDialog) -> None:
        dialog.take_recipe(str(recipe_of(tmp_path)))
        qtbot.mouseClick(dialog.source.button("folder"), Left)
        assert dialog.source_button.isVisible()
        dialog.source_button.show_folder(runs)
        qtbot.mouseClick(dialog.run_button, Left)
        qtbot.waitUntil(lambda: bool(states(dialog)), timeout=LONG)
        qtbot.mouseClick(dialog.cancel_button, Left)
        qtbot.waitUntil(dialog.run_button.isVisible, timeout=LONG)
        assert dialog.progress.words.text() == BatchDialog.stopped
        assert not list((tmp_path / "out").glob("summary.*"))
        qtbot.mouseClick(dialog.run_button, Left)
        qtbot.waitUntil(dialog.progress.show_button.isVisible, timeout=LONG)
        assert dialog.progress.words.text().startswith("3 of 4 series written")

    in_dialog(script)


def test_a_recipe_that_is_none_is_told(
    qtbot: QtBot, in_dialog: Callable[[Script], None], tmp_path: Path
) -> None:
    def script(window: MainWindow, dialog: BatchDialog) -> None:
        (tmp_path / "none.toml").write_text("nothing = 1\n")
        dialog.take_recipe(str(tmp_path / "none.toml"))
        qtbot.mouseClick(dialog.run_button, Left)
        qtbot.waitUntil(lambda: "no recipe" in dialog.progress.words.text(), timeout=LONG)
        assert dialog.run_button.isEnabled()
        assert not (tmp_path / "out").exists()

    in_dialog(script)
