"""Clips side by side from the window: the dialog, what it writes, and what it refuses."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from tests.cli.test_contract import Captured, answer
from tests.ui.conftest import Drive
from tests.ui.studies import write_cine, write_study
from tests.ui.waiting import LONG, choose, wait_for_picture
from tests.video.probe import needs_ffmpeg, probe
from xray_studio.core.comparison import GAP
from xray_studio.core.presentation import Window
from xray_studio.imaging.mosaic import strip_height
from xray_studio.imaging.render import render
from xray_studio.services.setting_groups import Exporting
from xray_studio.services.settings import Settings, save_settings
from xray_studio.ui.dialogs.compare.dialog import CompareDialog
from xray_studio.ui.dialogs.privacy.dialog import PrivacyDialog
from xray_studio.ui.main_window import MainWindow

Left = Qt.MouseButton.LeftButton
Script = Callable[[MainWindow, CompareDialog], object]
Compare = Callable[..., None]
STRIP = strip_height(48)
RIGHT = 64 + GAP  # where the second picture of a row begins


@pytest.fixture
def out(tmp_path: Path) -> Path:
    folder = tmp_path / "out"
    folder.mkdir()
    save_settings(Settings(export=Exporting(folder=str(folder))))
    return folder


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """The study of window tests and a third run, of six frames."""
    folder = tmp_path / "study"
    folder.mkdir()
    write_study(folder)
    about = {"PatientName": "Phantom^Coronary", "PatientID": "DEMO-0001"}
    write_cine(folder / "run3.dcm", 3, "Short", about, frames=6)
    return folder


@pytest.fixture
def in_dialog(qtbot: QtBot, drive: Drive, study: Path, out: Path) -> Compare:
    """Fill viewports with series, open the dialog with its key, and let a script act."""

    def run(script: Script, *names: str, prepare: Callable[[MainWindow], object] = len) -> None:
        def act(window: MainWindow) -> None:
            wait_for_picture(qtbot, window)
            choose(qtbot, window, names[0])
            if len(names) > 1:
                window.commands["grid_2x2"].trigger()
            for place, name in enumerate(names):
                put(qtbot, window, name, place)
            if prepare is not len:
                prepare(window)
            both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
            qtbot.keyClick(window, Qt.Key.Key_E, both)
            dialog = window.desk.dialogs["compare"]
            assert isinstance(dialog, CompareDialog)
            script(window, dialog)

        drive(act, study)

    return run


def put(qtbot: QtBot, window: MainWindow, name: str, place: int) -> None:
    found = (s for s in window.browser.listed() if s.series_description == name)
    window.controller.put(next(found), place)
    qtbot.waitUntil(lambda: window.session.state.views[place].clip is not None, timeout=LONG)


def caption(qtbot: QtBot, dialog: CompareDialog, place: int, words: str) -> None:
    field = row_at(dialog, place).caption
    field.clear()
    qtbot.keyClicks(field, words)


def row_at(dialog: CompareDialog, place: int) -> Any:
    return dialog.clips.rows[dialog.chosen.entries[place].number]


def drag(qtbot: QtBot, dialog: CompareDialog, place: int, to: int) -> None:
    """Drag a clip by its handle until it lies at another place, and see the rows in order."""

    def tops() -> list[int]:
        return [row_at(dialog, n).y() for n in range(len(dialog.chosen.entries))]

    qtbot.waitUntil(lambda: tops() == sorted(set(tops())), timeout=LONG)
    grip, there = row_at(dialog, place).grip, row_at(dialog, to)
    beyond = there.mapToGlobal(QPoint(10, 1 if to < place else there.height() - 1))
    qtbot.mousePress(grip, Left)
    qtbot.mouseMove(grip, grip.mapFromGlobal(beyond))
    qtbot.mouseRelease(grip, Left)
    qtbot.waitUntil(lambda: tops() == sorted(set(tops())), timeout=LONG)


def add(qtbot: QtBot, dialog: CompareDialog, name: str) -> None:
    """Add a series by the menu, and see its row."""
    count = len(dialog.chosen.entries)
    studies = [menu.menu() for menu in dialog.clips.add_menu.actions()]
    offered = [action for menu in studies for action in menu.actions()]  # type: ignore[union-attr]  # all have one
    next(action for action in offered if name in action.text()).trigger()
    qtbot.waitUntil(lambda: len(dialog.chosen.entries) == count + 1, timeout=LONG)
    qtbot.waitUntil(lambda: row_at(dialog, count).isVisibleTo(dialog.clips), timeout=LONG)


def choose_row(qtbot: QtBot, dialog: CompareDialog, row: str, option: str) -> None:
    if row in dialog.form.rows:
        qtbot.mouseClick(dialog.pages.button("file"), Left)
        qtbot.mouseClick(dialog.form.rows[row].button(option), Left)
    else:
        qtbot.mouseClick(dialog.pages.button("clips"), Left)
        qtbot.mouseClick(getattr(dialog.clips, row).button(option), Left)


def write(qtbot: QtBot, dialog: CompareDialog) -> None:
    qtbot.mouseClick(dialog.export_button, Left)
    qtbot.waitUntil(dialog.progress.show_button.isVisible, timeout=LONG)


def frames_of(path: Path) -> Iterator[np.ndarray]:
    with av.open(str(path)) as file:
        for frame in file.decode(video=0):
            yield frame.to_ndarray(format="gray")


def manifest(path: Path) -> Any:
    return json.loads(path.with_name(f"{path.name}.json").read_text("utf-8"))


def order_of(dialog: CompareDialog) -> list[int]:
    return [entry.number for entry in dialog.chosen.entries]


@needs_ffmpeg
def test_two_viewports_become_one_file(qtbot: QtBot, in_dialog: Compare, out: Path) -> None:
    wanted: dict[str, Any] = {}

    def invert(window: MainWindow) -> None:
        window.session.update(active=1)
        window.session.update_presentation(invert=True, voi=Window(1500.0, 1000.0))

    def script(window: MainWindow, dialog: CompareDialog) -> None:
        assert dialog.target() == out / "comparison.mp4"
        assert dialog.clips.rows[0].caption.placeholderText() == "Run 1"
        caption(qtbot, dialog, 0, "Before")
        caption(qtbot, dialog, 1, "After")
        choose_row(qtbot, dialog, "format", "mkv")
        choose_row(qtbot, dialog, "quality", "lossless")
        choose_row(qtbot, dialog, "text", "none")
        views = window.session.state.views[:2]
        wanted["pictures"] = [render(v.clip, 5, v.presentation) for v in views if v.clip]
        write(qtbot, dialog)
        assert dialog.progress.words.text() == "comparison.mkv checked: 12 frames, 0.80 s"
        assert window.jobs.message.text() == "comparison.mkv checked: 12 frames, 0.80 s"
        wanted["preview"] = dialog.preview.box.image.size().toTuple()

    in_dialog(script, "LCA", "RCA", prepare=invert)
    assert probe(out / "comparison.mkv")["whole"] == pytest.approx(0.8, abs=0.002)
    found = list(frames_of(out / "comparison.mkv"))
    assert len(found) == 12
    assert wanted["preview"] == found[5].shape[::-1]
    for x, picture in zip((0, RIGHT), wanted["pictures"], strict=True):
        np.testing.assert_array_equal(found[5][STRIP : STRIP + 48, x : x + 64], picture)
        assert found[5][:STRIP, x : x + 64].max() > 150  # the caption
    assert found[5][:, 64:RIGHT].max() == 0
    told = manifest(out / "comparison.mkv")
    assert [one["modality"] for one in told["source"]["comparison"]["clips"]] == ["XA", "XA"]
    assert told["privacy"]["text_detector"] is not None


def test_clips_are_added_moved_and_removed(qtbot: QtBot, in_dialog: Compare, out: Path) -> None:
    def script(_window: MainWindow, dialog: CompareDialog) -> None:
        assert dialog.progress.words.text().startswith("Add another clip")
        assert not dialog.export_button.isEnabled()
        assert dialog.preview.box.sentence.startswith("Add another clip")
        add(qtbot, dialog, "RCA")
        add(qtbot, dialog, "Short")
        assert order_of(dialog) == [0, 1, 2]
        qtbot.keyClick(row_at(dialog, 2).caption, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
        assert order_of(dialog) == [0, 2, 1]
        row_at(dialog, 0).remove.setFocus()
        qtbot.keyClick(row_at(dialog, 0).remove, Qt.Key.Key_Tab)
        qtbot.waitUntil(lambda: dialog.focusWidget() is row_at(dialog, 1).caption)
        qtbot.mouseClick(row_at(dialog, 0).down, Left)
        assert order_of(dialog) == [2, 0, 1]
        drag(qtbot, dialog, 2, 0)
        assert order_of(dialog) == [1, 2, 0]
        drag(qtbot, dialog, 0, 1)
        assert order_of(dialog) == [2, 1, 0]
        qtbot.mouseClick(row_at(dialog, 0).down, Left)
        qtbot.mouseClick(row_at(dialog, 2).remove, Left)
        assert order_of(dialog) == [1, 2]
        choose_row(qtbot, dialog, "arrangement", "grid")
        choose_row(qtbot, dialog, "ending", "stop")
        assert dialog.progress.words.text().startswith("6 frames, 0.40 s")
        write(qtbot, dialog)

    in_dialog(script, "LCA")
    told = manifest(out / "comparison.mp4")["source"]["comparison"]
    assert (told["arrangement"], told["ending"]) == ("grid", "stop")
    assert [one["frames"] for one in told["clips"]] == [12, 6]


def test_the_original_stands_beside_what_was_made_of_it(
    qtbot: QtBot, in_dialog: Compare, out: Path
) -> None:
    def colours(window: MainWindow) -> None:
        window.commands["colour_map_hot_iron"].trigger()

    def script(_window: MainWindow, dialog: CompareDialog) -> None:
        assert [entry.stored for entry in dialog.chosen.entries] == [True, False]
        choose_row(qtbot, dialog, "text", "none")
        choose_row(qtbot, dialog, "frames", "one")
        write(qtbot, dialog)
        qtbot.mouseClick(dialog.pages.button("clips"), Left)
        qtbot.mouseClick(row_at(dialog, 0).look.button("shown"), Left)
        assert not any(entry.stored for entry in dialog.chosen.entries)

    in_dialog(script, "LCA", prepare=colours)
    found = np.asarray(Image.open(out / "comparison.png")).astype(int)
    stored, shown = found[STRIP:, :64], found[STRIP:, RIGHT:]
    assert np.ptp(stored, axis=2).max() == 0
    assert np.ptp(shown, axis=2).max() > 100


def test_the_slider_goes_through_the_common_clock(qtbot: QtBot, in_dialog: Compare) -> None:
    def script(_window: MainWindow, dialog: CompareDialog) -> None:
        qtbot.waitUntil(lambda: not dialog.preview.box.image.isNull(), timeout=LONG)
        before = dialog.preview.box.image
        dialog.preview.slider.setValue(9)
        assert dialog.preview.frame.text() == "0.60 s of 0.80 s"
        qtbot.waitUntil(lambda: dialog.preview.box.image != before, timeout=LONG)
        choose_row(qtbot, dialog, "ending", "hold")
        assert dialog.preview.slider.value() == 9

    in_dialog(script, "LCA", "Short")


def test_different_patients_need_a_word_and_nobody_is_named(
    qtbot: QtBot, in_dialog: Compare, out: Path
) -> None:
    def script(_window: MainWindow, dialog: CompareDialog) -> None:
        choose_row(qtbot, dialog, "text", "all")
        assert not dialog.clips.others.isVisibleTo(dialog.clips)
        add(qtbot, dialog, "Lung")
        assert "not surely of one patient" in dialog.progress.words.text()
        assert not dialog.export_button.isEnabled()
        qtbot.mouseClick(dialog.pages.button("clips"), Left)
        dialog.clips.others.click()
        assert dialog.form.choices().text == "anonymous"
        assert not dialog.form.rows["text"].button("all").isEnabled()
        caption(qtbot, dialog, 0, "Coronary before")
        qtbot.mouseClick(dialog.export_button, Left)
        gate = gate_of(qtbot, dialog)
        assert "a caption tells the patient" in gate.in_the_file.text()
        qtbot.mouseClick(gate.back_button, Left)
        qtbot.waitUntil(dialog.export_button.isVisible, timeout=LONG)
        caption(qtbot, dialog, 0, "Before")
        write(qtbot, dialog)

    in_dialog(script, "LCA")
    told = (out / "comparison.mp4.json").read_text("utf-8")
    assert not any(word in told for word in ("Phantom", "Coronary", "DEMO", "1.2.826"))


def gate_of(qtbot: QtBot, dialog: CompareDialog) -> PrivacyDialog:
    qtbot.waitUntil(lambda: dialog._passage.dialog is not None, timeout=LONG)
    gate = dialog._passage.dialog
    assert gate is not None
    return gate


def test_marks_stay_with_captions_and_go_with_order(qtbot: QtBot, in_dialog: Compare) -> None:
    def masked(dialog: CompareDialog) -> int:
        qtbot.mouseClick(dialog.export_button, Left)
        gate = gate_of(qtbot, dialog)
        count = len(gate.marks.all)
        qtbot.mouseClick(gate.back_button, Left)
        qtbot.waitUntil(dialog.export_button.isVisible, timeout=LONG)
        return count

    def script(_window: MainWindow, dialog: CompareDialog) -> None:
        qtbot.mouseClick(dialog.look_button, Left)
        gate = gate_of(qtbot, dialog)
        gate.regions.add.click()
        qtbot.mouseClick(gate.confirm_button, Left)
        qtbot.waitUntil(dialog.progress.show_button.isVisible, timeout=LONG)
        caption(qtbot, dialog, 0, "Before")
        assert masked(dialog) == 1
        qtbot.mouseClick(row_at(dialog, 0).down, Left)
        assert masked(dialog) == 0  # asked again, though nothing is found

    in_dialog(script, "LCA", "RCA")


def test_an_export_that_is_stopped_leaves_nothing(
    qtbot: QtBot, in_dialog: Compare, out: Path
) -> None:
    def script(window: MainWindow, dialog: CompareDialog) -> None:
        choose_row(qtbot, dialog, "format", "webm")  # the slowest
        choose_row(qtbot, dialog, "size", "custom")
        dialog.form.width_field.setText("3000")
        dialog.form.width_field.textEdited.emit("3000")
        qtbot.mouseClick(dialog.export_button, Left)
        qtbot.waitUntil(lambda: dialog.progress.bar.value() > 0, timeout=LONG)
        assert not dialog.clips.isEnabled()
        assert any("comparison.webm" in task.title for task in window.runner.tasks)
        qtbot.mouseClick(dialog.cancel_button, Left)
        qtbot.waitUntil(dialog.export_button.isVisible, timeout=LONG)
        assert dialog.progress.words.text() == "Stopped. Nothing was written."
        assert dialog.clips.isEnabled()

    in_dialog(script, "LCA", "RCA")
    assert list(out.iterdir()) == []


def test_a_recipe_of_the_dialog_is_replayed_by_the_command_line(
    qtbot: QtBot, in_dialog: Compare, out: Path, study: Path, capsys: Captured
) -> None:
    recipe = out / "both.toml"

    def script(_window: MainWindow, dialog: CompareDialog) -> None:
        choose_row(qtbot, dialog, "kind", "pictures")
        choose_row(qtbot, dialog, "arrangement", "grid")
        choose_row(qtbot, dialog, "ending", "stop")
        choose_row(qtbot, dialog, "text", "none")
        qtbot.mouseClick(dialog.pages.button("clips"), Left)
        qtbot.mouseClick(row_at(dialog, 1).look.button("stored"), Left)
        caption(qtbot, dialog, 1, "Run 3")
        dialog.recipes.save_chosen.emit(recipe)
        qtbot.waitUntil(recipe.is_file, timeout=LONG)
        write(qtbot, dialog)
        choose_row(qtbot, dialog, "arrangement", "row")
        dialog.recipes.load_chosen.emit(recipe)
        grid = dialog.clips.arrangement
        qtbot.waitUntil(lambda: grid.value() == "grid", timeout=LONG)

    in_dialog(script, "LCA", "Short")
    assert "as-stored = [2]" in recipe.read_text("utf-8")
    again = out / "again"
    given = ("--recipe", recipe, "--beside", f"{study / 'run3.dcm'}=Run 3", "-q")
    status, _, err = answer(capsys, "export", study / "run1.dcm", again, *given)
    assert (status, err) == (0, "")
    assert len(list(again.glob("*.png"))) == 6
    for path in again.glob("*.png"):
        before = out / "comparison" / path.name.replace("again", "comparison")
        np.testing.assert_array_equal(np.asarray(Image.open(path)), np.asarray(Image.open(before)))
