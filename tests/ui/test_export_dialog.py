"""Export from the window: every control of the dialog, through the real program."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from tests.ui.conftest import Drive
from tests.ui.waiting import LONG, choose, wait_for_picture
from xray_studio.services.recipe_file import load_recipe
from xray_studio.services.setting_groups import Exporting
from xray_studio.services.settings import Settings, load_settings, save_settings
from xray_studio.ui.dialogs.export.dialog import ExportDialog
from xray_studio.ui.main_window import MainWindow

Left = Qt.MouseButton.LeftButton
Script = Callable[[MainWindow, ExportDialog], object]
Export = Callable[..., None]


@pytest.fixture
def out(tmp_path: Path) -> Path:
    folder = tmp_path / "out"
    folder.mkdir()
    save_settings(Settings(export=Exporting(folder=str(folder))))
    return folder


@pytest.fixture
def in_dialog(qtbot: QtBot, drive: Drive, study: Path, out: Path) -> Export:
    """Open a series and the export dialog with its key, and let a script act."""

    def run(script: Script, series: str = "LCA") -> None:
        def act(window: MainWindow) -> None:
            choose(qtbot, window, series)
            qtbot.keyClick(window, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
            dialog = window.desk.dialogs["export"]
            assert isinstance(dialog, ExportDialog)
            script(window, dialog)

        drive(act, study)

    return run


def press(qtbot: QtBot, dialog: ExportDialog, row: str, option: str) -> None:
    qtbot.mouseClick(dialog.form.rows[row].button(option), Left)


def write(qtbot: QtBot, dialog: ExportDialog) -> None:
    qtbot.mouseClick(dialog.export_button, Left)
    qtbot.waitUntil(dialog.export_button.isVisible, timeout=LONG)


def manifest(path: Path) -> Any:
    return json.loads(path.with_name(f"{path.name}.json").read_text("utf-8"))


def test_what_the_dialog_proposes(qtbot: QtBot, in_dialog: Export, out: Path) -> None:
    def script(_window: MainWindow, dialog: ExportDialog) -> None:
        assert dialog.target() == out / "run-1.mp4"
        assert dialog.form.choices().text == "anonymous"
        assert "12 frames, 0.80 s at 15 per second" in dialog.progress.words.text()
        assert "No name" in dialog.preview.note.text()
        qtbot.waitUntil(lambda: not dialog.preview.box.image.isNull(), timeout=LONG)
        assert dialog.preview.box.image.size().toTuple() == (64, 48)
        assert not dialog.grab().isNull()

    in_dialog(script)


def test_a_clip_is_written_checked_and_can_be_shown(
    qtbot: QtBot, in_dialog: Export, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: shown.append(url.toLocalFile()))

    def script(window: MainWindow, dialog: ExportDialog) -> None:
        write(qtbot, dialog)
        assert dialog.progress.words.text() == "run-1.mp4 checked: 12 frames, 0.80 s"
        assert window.jobs.message.text() == "run-1.mp4 checked: 12 frames, 0.80 s"
        qtbot.mouseClick(dialog.progress.show_button, Left)
        qtbot.mouseClick(dialog.close_button, Left)
        qtbot.mouseClick(window.jobs.link, Left)
        assert shown == [str(out)] * 2

    in_dialog(script)
    assert {path.name for path in out.iterdir()} == {"run-1.mp4", "run-1.mp4.json"}
    assert manifest(out / "run-1.mp4")["display"]["overlay"] == "anonymous"


@pytest.mark.parametrize("kind", ["webm", "gif", "mov", "mkv", "avi"])
def test_every_format(qtbot: QtBot, in_dialog: Export, out: Path, kind: str) -> None:
    def script(_window: MainWindow, dialog: ExportDialog) -> None:
        press(qtbot, dialog, "format", kind)
        write(qtbot, dialog)

    in_dialog(script)
    assert (out / f"run-1.{kind}").stat().st_size > 0


def test_pictures_go_into_a_folder(qtbot: QtBot, in_dialog: Export, out: Path) -> None:
    def script(_window: MainWindow, dialog: ExportDialog) -> None:
        press(qtbot, dialog, "kind", "pictures")
        assert dialog.target() == out / "run-1"
        write(qtbot, dialog)

    in_dialog(script)
    assert len(list((out / "run-1").glob("*.png"))) == 12


def test_this_frame_alone_is_one_picture(qtbot: QtBot, in_dialog: Export, out: Path) -> None:
    def script(window: MainWindow, dialog: ExportDialog) -> None:
        press(qtbot, dialog, "frames", "one")
        assert dialog.form.choices().format == "png"
        assert dialog.progress.words.text().startswith("1 picture")
        write(qtbot, dialog)
        press(qtbot, dialog, "kind", "video")
        assert dialog.form.choices().frames == "all"

    in_dialog(script)
    assert (out / "run-1.png").is_file()


def test_speed_quality_size_and_text(qtbot: QtBot, in_dialog: Export, out: Path) -> None:
    def script(_window: MainWindow, dialog: ExportDialog) -> None:
        press(qtbot, dialog, "speed", "half")
        assert "1.60 s at 7.5 per second" in dialog.progress.words.text()
        press(qtbot, dialog, "speed", "ping-pong")
        assert "22 frames" in dialog.progress.words.text()
        for quality in ("low", "high", "lossless"):
            press(qtbot, dialog, "quality", quality)
        press(qtbot, dialog, "size", "custom")
        dialog.form.width_field.setText("")
        qtbot.keyClicks(dialog.form.width_field, "96")
        press(qtbot, dialog, "text", "none")
        press(qtbot, dialog, "text", "all")
        assert "Name and number of the patient can be read" in dialog.preview.note.text()
        qtbot.mouseClick(dialog.export_button, Left)
        qtbot.waitUntil(lambda: dialog._passage.dialog is not None, timeout=LONG)
        assert dialog._passage.dialog is not None
        qtbot.mouseClick(dialog._passage.dialog.confirm_button, Left)
        qtbot.waitUntil(dialog.export_button.isVisible, timeout=LONG)

    in_dialog(script)
    written = manifest(out / "run-1.mp4")
    assert written["frames"]["loop"] == "ping-pong"
    assert written["output"]["quality"] == "lossless"
    assert written["display"]["overlay"] == "all"
    assert (written["output"]["columns"], written["output"]["rows"]) == (96, 72)


def test_in_and_out_point_are_followed(qtbot: QtBot, drive: Drive, study: Path, out: Path) -> None:
    def script(window: MainWindow) -> None:
        choose(qtbot, window, "LCA")
        window.session.update_cine(first=2, last=5)
        window.commands["export"].trigger()
        dialog = window.desk.dialogs["export"]
        assert isinstance(dialog, ExportDialog)
        assert dialog.form.choices().frames == "range"
        write(qtbot, dialog)

    drive(script, study)
    assert manifest(out / "run-1.mp4")["frames"]["written"] == 4


def test_a_size_or_name_that_cannot_be_written_says_so(
    qtbot: QtBot, in_dialog: Export, out: Path
) -> None:
    def script(_window: MainWindow, dialog: ExportDialog) -> None:
        press(qtbot, dialog, "size", "custom")
        dialog.form.width_field.clear()
        dialog.form.width_field.textEdited.emit("")
        assert not dialog.export_button.isEnabled()
        assert dialog.progress.words.property("role") == "danger"
        press(qtbot, dialog, "size", "source")
        assert dialog.export_button.isEnabled()
        dialog.form.name.clear()
        dialog.form.name.textEdited.emit("")
        assert dialog.progress.words.text() == "The file needs a name."
        for name in ("../run", "a\\b", ".."):
            dialog.form.name.clear()
            qtbot.keyClicks(dialog.form.name, name)
            assert not dialog.export_button.isEnabled()
        assert not dialog.export_button.isEnabled()

    in_dialog(script)
    assert list(out.iterdir()) == []


def test_a_file_of_others_is_replaced_by_an_own_word_only(
    qtbot: QtBot, in_dialog: Export, out: Path
) -> None:
    (out / "mine.mp4").write_bytes(b"old")

    def script(_window: MainWindow, dialog: ExportDialog) -> None:
        dialog.form.name.clear()
        qtbot.keyClicks(dialog.form.name, "mine")
        assert "it will be lost" in dialog.progress.words.text()
        assert dialog.progress.words.property("role") == "danger"
        qtbot.keyClick(dialog.form.name, Qt.Key.Key_Return)
        assert (out / "mine.mp4").read_bytes() == b"old"
        assert dialog.export_button.text() == "Replace it"
        write(qtbot, dialog)

    in_dialog(script)
    assert (out / "mine.mp4").stat().st_size > 100


def test_an_earlier_export_is_replaced(qtbot: QtBot, in_dialog: Export, out: Path) -> None:
    def script(_window: MainWindow, dialog: ExportDialog) -> None:
        name = dialog.form.name.text()
        write(qtbot, dialog)
        assert dialog.form.name.text() != name
        dialog.form.name.clear()
        qtbot.keyClicks(dialog.form.name, name)
        assert "The earlier export" in dialog.progress.words.text()
        assert dialog.export_button.text() == "Export"
        write(qtbot, dialog)

    in_dialog(script)
    assert len(list(out.glob("*.mp4"))) == 1


def test_a_name_that_the_system_does_not_take_is_refused(
    qtbot: QtBot, in_dialog: Export, out: Path
) -> None:
    def script(_window: MainWindow, dialog: ExportDialog) -> None:
        dialog.form.name.setText("a" * 300)
        dialog.form.name.textEdited.emit("")
        assert not dialog.export_button.isEnabled()

    in_dialog(script)
    assert list(out.iterdir()) == []


def test_the_folder_is_chosen_and_remembered(
    qtbot: QtBot, in_dialog: Export, out: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()

    def script(_window: MainWindow, dialog: ExportDialog) -> None:
        qtbot.mouseClick(dialog.form.folder_button, Left)
        chooser = dialog.form.findChild(QFileDialog)
        assert isinstance(chooser, QFileDialog)
        chooser.fileSelected.emit(str(other))
        chooser.reject()
        write(qtbot, dialog)

    in_dialog(script)
    assert (other / "run-1.mp4").is_file()
    assert load_settings()[0].export.folder == str(other)


def test_a_folder_that_is_gone_is_a_sentence(qtbot: QtBot, in_dialog: Export, out: Path) -> None:
    def script(_window: MainWindow, dialog: ExportDialog) -> None:
        out.rmdir()
        write(qtbot, dialog)
        assert dialog.progress.words.property("role") == "danger"
        assert "does not exist" in dialog.progress.words.text()

    in_dialog(script)


def test_one_picture_is_asked_for_as_a_picture(
    qtbot: QtBot, drive: Drive, tmp_path: Path, out: Path
) -> None:
    Image.fromarray(np.zeros((20, 30), np.uint8)).save(tmp_path / "film.png")

    def script(window: MainWindow) -> None:
        wait_for_picture(qtbot, window)
        window.commands["export"].trigger()
        dialog = window.desk.dialogs["export"]
        assert isinstance(dialog, ExportDialog)
        assert dialog.windowTitle() == "Export picture"
        shown = {key for key, row in dialog.form.rows.items() if row.isVisible()}
        assert shown == {"kind", "format", "quality", "size", "text"}
        write(qtbot, dialog)

    drive(script, tmp_path / "film.png")
    assert (out / "clip.png").is_file()


def test_a_clip_is_asked_for_as_a_clip(qtbot: QtBot, in_dialog: Export, out: Path) -> None:
    def script(_window: MainWindow, dialog: ExportDialog) -> None:
        assert dialog.windowTitle() == "Export clip"
        shown = {key for key, row in dialog.form.rows.items() if row.isVisible()}
        assert shown == {"kind", "format", "frames", "speed", "quality", "size", "text"}
        press(qtbot, dialog, "size", "custom")
        dialog.form.width_field.setText("")
        qtbot.keyClicks(dialog.form.width_field, "63")
        assert "64 \u00d7 48, even sides for MP4" in dialog.progress.words.text()
        write(qtbot, dialog)

    in_dialog(script)
    written = manifest(out / "run-1.mp4")["output"]
    assert (written["columns"], written["rows"]) == (64, 48)


def test_a_slice_is_written_as_a_picture(qtbot: QtBot, in_dialog: Export, out: Path) -> None:
    def script(_window: MainWindow, dialog: ExportDialog) -> None:
        press(qtbot, dialog, "frames", "one")
        write(qtbot, dialog)

    in_dialog(script, "Lung")
    assert (out / "ct-7.png").is_file()


def test_stopping_leaves_nothing_behind(qtbot: QtBot, in_dialog: Export, out: Path) -> None:
    def script(_window: MainWindow, dialog: ExportDialog) -> None:
        press(qtbot, dialog, "size", "custom")
        dialog.form.width_field.setText("4096")
        dialog.form.width_field.textEdited.emit("4096")
        qtbot.mouseClick(dialog.export_button, Left)
        qtbot.waitUntil(lambda: "of 12 frames" in dialog.progress.words.text(), timeout=LONG)
        qtbot.mouseClick(dialog.cancel_button, Left)
        qtbot.waitUntil(dialog.export_button.isVisible, timeout=LONG)
        assert dialog.progress.words.text() == "Stopped. Nothing was written."

    in_dialog(script)
    assert list(out.iterdir()) == []


def test_an_export_goes_on_when_the_dialog_is_closed(
    qtbot: QtBot, in_dialog: Export, out: Path
) -> None:
    def script(window: MainWindow, dialog: ExportDialog) -> None:
        qtbot.mouseClick(dialog.export_button, Left)
        qtbot.mouseClick(dialog.close_button, Left)
        assert window.desk.dialogs == {}
        qtbot.waitUntil(lambda: "checked" in window.jobs.message.text(), timeout=LONG)

    in_dialog(script)
    assert (out / "run-1.mp4").is_file()


def test_about_how_large_the_file_will_be(qtbot: QtBot, in_dialog: Export, out: Path) -> None:
    def script(_window: MainWindow, dialog: ExportDialog) -> None:
        told = dialog.progress.words
        for kind, form in (("video", "mp4"), ("video", "gif"), ("pictures", "tiff")):
            press(qtbot, dialog, "kind", kind)
            press(qtbot, dialog, "format", form)
            qtbot.waitUntil(lambda: ", about " in told.text(), timeout=LONG)
            number, unit = told.text().split(", about ")[1].split()[:2]
            estimate = float(number) * {"kB": 1e3, "MB": 1e6}[unit]
            target = dialog.target()
            write(qtbot, dialog)
            files = [target] if target.is_file() else list(target.iterdir())
            size = sum(file.stat().st_size for file in files)
            assert 0.5 * size < estimate < 2 * size, form

    in_dialog(script)


def test_what_stands_is_told_whole_in_large_letters(
    qtbot: QtBot, in_dialog: Export, out: Path
) -> None:
    def script(window: MainWindow, dialog: ExportDialog) -> None:
        window.session.change_settings("appearance", text="largest")
        words = dialog.progress.words
        words.setText("96 frames, 6.40 s at 15 per second, about 0.9 MB. " * 3)
        qtbot.waitUntil(lambda: words.height() >= words.heightForWidth(words.width()))

    in_dialog(script)


def test_finer_choices_are_folded(qtbot: QtBot, in_dialog: Export, out: Path) -> None:
    def script(_window: MainWindow, dialog: ExportDialog) -> None:
        rows = dialog.form.rows
        qtbot.mouseClick(dialog.form.fold, Left)
        fine = ("codec", "encoder", "depth", "moments", "dither")
        assert {key for key in fine if rows[key].isVisible()} == {"codec", "encoder"}
        tip = rows["encoder"].button("vaapi").toolTip
        qtbot.waitUntil(lambda: "Not here" in tip(), timeout=LONG)
        press(qtbot, dialog, "format", "mkv")
        press(qtbot, dialog, "codec", "ffv1")
        press(qtbot, dialog, "depth", "16")
        write(qtbot, dialog)
        press(qtbot, dialog, "format", "gif")
        assert {key for key in fine if rows[key].isVisible()} == {"dither"}
        press(qtbot, dialog, "kind", "values")
        assert not dialog.form.fold.isVisible()
        press(qtbot, dialog, "kind", "pictures")
        qtbot.mouseClick(dialog.form.fold, Left)
        assert not rows["depth"].isVisible()

    in_dialog(script)
    written = manifest(out / "run-1.mkv")["output"]
    assert (written["codec"], written["grey_levels"]) == ("ffv1", "0 to 65535")


def test_values_from_the_window(qtbot: QtBot, in_dialog: Export, out: Path) -> None:
    def script(_window: MainWindow, dialog: ExportDialog) -> None:
        press(qtbot, dialog, "kind", "values")
        write(qtbot, dialog)

    in_dialog(script)
    with np.load(out / "run-1.npz") as archive:
        assert archive["values"].shape == (12, 48, 64)


def test_choices_are_kept_as_a_recipe(
    qtbot: QtBot, in_dialog: Export, out: Path, tmp_path: Path
) -> None:
    mine = tmp_path / "slides.toml"

    def keep(_window: MainWindow, dialog: ExportDialog) -> None:
        press(qtbot, dialog, "format", "gif")
        press(qtbot, dialog, "quality", "low")
        dialog.recipes.keep_window.setChecked(True)
        dialog.recipes.save.trigger()
        chooser = dialog.recipes.findChild(QFileDialog)
        assert isinstance(chooser, QFileDialog)
        chooser.fileSelected.emit(str(mine))
        chooser.reject()
        qtbot.waitUntil(lambda: "recipe slides" in dialog.progress.words.text(), timeout=LONG)

    in_dialog(keep)
    recipe = load_recipe(mine)
    assert (recipe.format, recipe.quality, recipe.frames) == ("gif", "low", "")
    assert recipe.window is not None or recipe.no_voi

    def use(window: MainWindow, dialog: ExportDialog) -> None:
        assert [action.text() for action in dialog.recipes.recent][1:] == ["slides"]
        dialog.recipes.recent[-1].trigger()
        qtbot.waitUntil(lambda: dialog.form.choices().format == "gif", timeout=LONG)
        write(qtbot, dialog)
        mine.write_text("recipe = 1\ncolour = 3\n")
        dialog.recipes.recent[-1].trigger()
        qtbot.waitUntil(
            lambda: (
                "slides.toml, line 2: there is no choice colour" in dialog.progress.words.text()
            ),
            timeout=LONG,
        )
        assert window.session.state.settings.export.recipes == (str(mine),)

    in_dialog(use)
    assert manifest(out / "run-1.gif")["output"]["quality"] == "low"


def test_a_gif_that_browsers_slow_down_says_so(
    qtbot: QtBot, in_dialog: Export, tmp_path: Path, out: Path
) -> None:
    mine = tmp_path / "fast.toml"
    mine.write_text('recipe = 1\nformat = "gif"\nfps = "60"\n')

    def script(_window: MainWindow, dialog: ExportDialog) -> None:
        dialog.recipes.load_chosen.emit(mine)
        told = dialog.progress.words
        qtbot.waitUntil(lambda: "Browsers show GIF frames" in told.text(), timeout=LONG)
        assert dialog.form.rows["speed"].button("recipe").text() == "60 per s"
        mine.write_text('recipe = 1\nformat = "gif"\nfps = "200"\n')
        dialog.recipes.load_chosen.emit(mine)
        qtbot.waitUntil(lambda: "at most 100 frames per second" in told.text(), timeout=LONG)
        assert not dialog.export_button.isEnabled()

    in_dialog(script)
