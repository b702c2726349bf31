"""Data sets from the window: the same as from the command line."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.ui.conftest import Drive
from tests.ui.waiting import LONG, choose
from xray_studio.cli.main import main as cli
from xray_studio.services.recipe import Recipe
from xray_studio.services.recipe_file import load_recipe, save_recipe
from xray_studio.ui.dialogs.dataset.dialog import DatasetDialog, left_out
from xray_studio.ui.dialogs.dataset.form import DatasetForm
from xray_studio.ui.dialogs.dataset.shares import counted
from xray_studio.ui.dialogs.export.dialog import ExportDialog
from xray_studio.ui.main_window import MainWindow

Script = Callable[[MainWindow, DatasetDialog], None]
Left = Qt.MouseButton.LeftButton
OFF, ON = Qt.CheckState.Unchecked, Qt.CheckState.Checked


@pytest.fixture
def in_dialog(qtbot: QtBot, drive: Drive, study: Path, tmp_path: Path) -> Callable[[Script], None]:
    """Run a script with the dialog of the study, its folder a temporary one."""

    def run(script: Script) -> None:
        def begin(window: MainWindow) -> None:
            choose(qtbot, window, "LCA")
            qtbot.waitUntil(window.commands["export_data_set"].isEnabled, timeout=LONG)
            window.commands["export_data_set"].trigger()
            dialog = window.desk.dialogs["data set"]
            assert isinstance(dialog, DatasetDialog)
            dialog.form.folder_button.show_folder(tmp_path)
            ready(qtbot, dialog)
            script(window, dialog)
            dialog.close()

        drive(begin, study)

    return run


def ready(qtbot: QtBot, dialog: DatasetDialog) -> None:
    qtbot.waitUntil(dialog.export_button.isEnabled, timeout=LONG)


def press(qtbot: QtBot, dialog: DatasetDialog, row: str, key: str) -> None:
    qtbot.mouseClick(dialog.form.rows[row].button(key), Left)


def rows_of(folder: Path) -> list[dict[str, str]]:
    with (folder / "table.csv").open(encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table))


def facts_of(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "dataset.json").read_text("utf-8"))
    return found


def test_what_is_ticked_is_written_as_foreseen(
    qtbot: QtBot, in_dialog: Callable[[Script], None], tmp_path: Path
) -> None:
    def script(window: MainWindow, dialog: DatasetDialog) -> None:
        model = dialog.series.model
        total = len(dialog.series.ticked())
        assert dialog.series.words.text() == f"{total} of {total} series"
        assert dialog.series.only() is None
        head = model.item(0)
        head.child(0).setCheckState(OFF)
        assert head.checkState() == Qt.CheckState.PartiallyChecked
        head.setCheckState(OFF)
        head.setCheckState(ON)
        assert head.child(0).checkState() == ON
        head.child(0).setCheckState(OFF)
        left = dialog.series.ticked()
        press(qtbot, dialog, "normalise", "percentile")
        wanted = sum(series.frames for series in left)
        qtbot.waitUntil(
            lambda: dialog.progress.words.text().startswith(f"About {wanted} samples"), timeout=LONG
        )
        qtbot.mouseClick(dialog.export_button, Left)
        assert not dialog.form.isEnabled()
        qtbot.waitUntil(dialog.progress.show_button.isVisible, timeout=LONG)
        assert dialog.progress.words.text().startswith(f"data-set: {wanted} samples of")
        assert "data-set: " in window.jobs.message.text()
        assert dialog.form.name.text() == "data-set-2"
        assert window.preferences.settings.export.folder == str(tmp_path)

    in_dialog(script)
    facts, rows = facts_of(tmp_path / "data-set"), rows_of(tmp_path / "data-set")
    assert facts["options"]["deidentified"] is True
    assert facts["options"]["size"] == [256, 256]
    assert {row["normalise"] for row in rows} == {"percentile"}
    assert sum(facts["samples"].values()) == len(rows)


def test_the_command_line_follows_a_recipe_of_the_window(
    qtbot: QtBot, in_dialog: Callable[[Script], None], study: Path, tmp_path: Path
) -> None:
    recipe = tmp_path / "set.toml"

    def script(_window: MainWindow, dialog: DatasetDialog) -> None:
        press(qtbot, dialog, "size", "custom")
        dialog.form.width_field.setText("32")
        dialog.form.height_field.setText("")
        press(qtbot, dialog, "frames", "range")
        dialog.form.last_field.setText("4")
        dialog.form.every_field.setText("2")
        press(qtbot, dialog, "samples", "npz")
        assert not dialog.form.rows["depth"].button("16").isEnabled()
        press(qtbot, dialog, "text", "keep")
        assert dialog.readable.isVisible()
        dialog.recipes.save_chosen.emit(recipe)
        qtbot.waitUntil(recipe.exists, timeout=LONG)  # the words may have given way by then
        dialog.form.shares.fields["val"].setText("0")
        dialog.recipes.load_chosen.emit(recipe)
        qtbot.waitUntil(lambda: dialog.form.shares.split() == "80/10/10", timeout=LONG)
        ready(qtbot, dialog)
        qtbot.mouseClick(dialog.export_button, Left)
        qtbot.waitUntil(dialog.progress.show_button.isVisible, timeout=LONG)

    in_dialog(script)
    told = load_recipe(recipe)
    assert (told.size, told.frames, told.every) == ("32x", "1-4", 2)
    assert (told.dataset, told.deidentify) == (True, False)
    again = tmp_path / "again"
    assert cli(["export", str(study), str(again), "--recipe", str(recipe), "--quiet"]) in {0, 3}
    for name in ("table.csv", "dataset.json"):
        assert (again / name).read_bytes() == (tmp_path / "data-set" / name).read_bytes()


def test_what_cannot_be_written_is_said(qtbot: QtBot, in_dialog: Callable[[Script], None]) -> None:
    def script(_window: MainWindow, dialog: DatasetDialog) -> None:
        said = dialog.progress.words.text
        qtbot.mouseClick(dialog.series.none_button, Left)
        qtbot.waitUntil(lambda: "No series is ticked" in said(), timeout=LONG)
        assert not dialog.export_button.isEnabled()
        qtbot.mouseClick(dialog.series.all_button, Left)
        ready(qtbot, dialog)
        for field in dialog.form.shares.fields.values():
            field.clear()
        dialog.form.shares.changed.emit()
        assert "give one of them a share" in said()
        dialog.form.shares.show_shares((1, 0, 0))
        press(qtbot, dialog, "frames", "range")
        dialog.form.first_field.setText("900")
        dialog.form.changed.emit()
        qtbot.waitUntil(lambda: "No series has any of these frames" in said(), timeout=LONG)
        press(qtbot, dialog, "frames", "all")
        dialog.form.name.clear()
        dialog.form.changed.emit()
        assert "needs a name" in said()

    in_dialog(script)


def test_stopped_it_leaves_nothing(
    qtbot: QtBot, in_dialog: Callable[[Script], None], tmp_path: Path
) -> None:
    def script(_window: MainWindow, dialog: DatasetDialog) -> None:
        qtbot.mouseClick(dialog.export_button, Left)
        qtbot.mouseClick(dialog.cancel_button, Left)
        qtbot.waitUntil(lambda: "Stopped" in dialog.progress.words.text(), timeout=LONG)
        assert dialog.form.isEnabled()

    in_dialog(script)
    assert list(tmp_path.glob("data-set*")) == []


def test_recipes_of_clips_and_of_data_sets_are_told_apart(
    qtbot: QtBot, in_dialog: Callable[[Script], None], tmp_path: Path
) -> None:
    clip, data_set = tmp_path / "clip.toml", tmp_path / "set.toml"
    save_recipe(clip, Recipe(format="webm"))
    save_recipe(data_set, Recipe(dataset=True))

    def script(window: MainWindow, dialog: DatasetDialog) -> None:
        dialog.recipes.load_chosen.emit(clip)
        qtbot.waitUntil(lambda: "recipe for clips" in dialog.progress.words.text(), timeout=LONG)
        window.commands["export"].trigger()
        other = window.desk.dialogs["export"]
        assert isinstance(other, ExportDialog)
        other.recipes.load_chosen.emit(data_set)
        qtbot.waitUntil(lambda: "for data sets" in other.progress.words.text(), timeout=LONG)
        other.close()

    in_dialog(script)


@pytest.mark.parametrize(
    "recipe",
    [
        Recipe(dataset=True),
        Recipe(dataset=True, size="512x512", normalise="z-score", samples="npz", deidentify=True),
        Recipe(dataset=True, size="640x", frames="3-9", every=4, depth="16", seed=12),
        Recipe(
            dataset=True, size="640x480", split="70/0/30", window=(40.0, 400.0), mask=("0,0,9,9",)
        ),
    ],
)
def test_the_form_shows_recipes_and_gives_them_back(qtbot: QtBot, recipe: Recipe) -> None:
    form = DatasetForm()
    qtbot.addWidget(form)
    form.show_recipe(recipe)
    assert form.recipe() == recipe
    assert ("recipe's window" in form.scaled.text()) == (recipe.window is not None)


def test_words() -> None:
    assert counted(1, 1) == "1 patient, 1 sample"
    assert counted(1200, 54_000) == "1,200 patients, 54,000 samples"
    assert left_out(1) == "1 series is incomplete or left out"
