"""Processing in the window: what is shown is what is asked for, and never passed off as it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests.ui.conftest import Drive
from tests.ui.keys import press
from tests.ui.studies import write_cine
from tests.ui.waiting import LONG, choose, shown
from xray_studio.core.job import run
from xray_studio.core.pipeline import Pipeline
from xray_studio.services.export.options import ExportOptions
from xray_studio.services.export.run import export
from xray_studio.services.presets import initial_presentation
from xray_studio.services.processing.process import process
from xray_studio.services.processing.steps import pipeline_of
from xray_studio.ui.dialogs.find.entries import step_entries
from xray_studio.ui.frame_worker import FrameRequest
from xray_studio.ui.main_window import MainWindow
from xray_studio.ui.step_state import Compared, is_behind, is_processed, step_error, unprocessed
from xray_studio.ui.steps.add_menu import add_menu
from xray_studio.ui.viewer.geometry import Size
from xray_studio.ui.viewer.original import MORE, NONE, Original, difference_picture
from xray_studio.ui.widgets.value_slider import ValueSlider

SMOOTH = pipeline_of(["gaussian:sigma=2"])
TWO = pipeline_of(["gaussian:sigma=2", "median"])
Left = Qt.MouseButton.LeftButton


def settle(qtbot: QtBot, window: MainWindow) -> None:
    """Wait until the picture is the one that the pipeline asks for."""

    def there() -> bool:
        return shown(window) and not window.stage.viewport.waiting()

    qtbot.waitUntil(there, timeout=LONG)


def ask(qtbot: QtBot, window: MainWindow, pipeline: Pipeline) -> None:
    """Process the view and wait until that is on screen."""
    window.session.update_view(pipeline=pipeline, stage=0)
    settle(qtbot, window)


def begin(qtbot: QtBot, window: MainWindow) -> None:
    """Show a loop with the panel of steps."""
    choose(qtbot, window, "LCA")
    window.commands["show_steps"].trigger()
    qtbot.waitUntil(lambda: bool(window.session.state.steps), timeout=LONG)


def click(qtbot: QtBot, widget: QWidget) -> None:
    qtbot.mouseClick(widget, Left)


def test_what_is_shown_is_what_is_exported(
    drive: Drive, qtbot: QtBot, study: Path, tmp_path: Path
) -> None:
    def script(window: MainWindow) -> None:
        choose(qtbot, window, "LCA")
        window.session.update_view(frame=5)
        plain = window.session.view.clip
        assert plain is not None
        ask(qtbot, window, SMOOTH)
        view, answer = window.session.view, window.stage.viewport.answer
        assert answer is not None
        assert answer.stored is not None
        assert view.clip is not None
        expected = process(plain, SMOOTH)
        np.testing.assert_array_equal(answer.stored, expected.stored(5))
        assert view.clip.processed == ("DENOISED",)
        assert "DENOISED" in window.stage.viewport.corners().text.badges
        assert unprocessed(view).clip is plain
        run(export(view.clip, tmp_path / "shown.npz", ExportOptions(frames=(5, 5))))
        with np.load(tmp_path / "shown.npz") as kept:
            values = next(kept[name] for name in kept.files if kept[name].shape[-2:] == (48, 64))
        np.testing.assert_array_equal(values.squeeze(), expected[5])
        ask(qtbot, window, Pipeline())
        assert window.session.view.clip is plain

    drive(script, study)


def test_steps_are_added_changed_moved_switched_and_removed(
    drive: Drive, qtbot: QtBot, study: Path
) -> None:
    def script(window: MainWindow) -> None:
        begin(qtbot, window)
        panel, kinds = window.steps_panel, {one.name: one for one in window.session.state.steps}
        panel._commands.add(kinds["gaussian"])
        panel._commands.add(kinds["median"])
        settle(qtbot, window)
        assert panel.title.text() == "Median"
        click(qtbot, panel.up)
        names = [stage.step.name for stage in window.session.view.pipeline.stages]
        assert names == ["median", "gaussian"]
        panel.stages.setFocus()
        press(window, "Alt+Down")
        names = [stage.step.name for stage in window.session.view.pipeline.stages]
        assert names == ["gaussian", "median"]
        press(window, "Up")
        slider = panel.form.controls["sigma"]
        assert isinstance(slider, ValueSlider)
        slider.slider.setFocus()
        before = window.session.view.pipeline.stages[0].step.values()["sigma"]
        press(window, "Right")
        assert window.session.view.pipeline.stages[0].step.values()["sigma"] > before
        click(qtbot, panel.reset)
        assert window.session.view.pipeline.stages[0].step.values()["sigma"] == before
        panel.stages.setFocus()
        press(window, "Space")
        assert not window.session.view.pipeline.stages[0].on
        settle(qtbot, window)
        assert [step.name for step in window.session.view.pipeline.steps] == ["median"]
        press(window, "Del")
        panel.stages.setFocus()
        press(window, "Del")
        assert panel.add.hasFocus()  # the list is gone
        settle(qtbot, window)
        assert not is_processed(window.session.view)

    drive(script, study)


def test_a_typed_value_that_cannot_be_is_told_and_gives_way(
    drive: Drive, qtbot: QtBot, study: Path
) -> None:
    def script(window: MainWindow) -> None:
        begin(qtbot, window)
        ask(qtbot, window, SMOOTH)
        panel = window.steps_panel
        slider = panel.form.controls["sigma"]
        assert isinstance(slider, ValueSlider)
        for typed in ("99", "-1", "0"):
            slider.edit.setFocus()
            slider.edit.selectAll()
            qtbot.keyClicks(slider.edit, typed)
            press(window, "Return")
            told = panel.told.text()
            assert told.startswith("Gaussian: sigma is 0.2 to 10 pixels, not ")
            assert slider.edit.text() == "2"
            assert window.session.view.pipeline == SMOOTH
        slider.slider.setValue(slider.slider.maximum())
        assert window.session.view.pipeline.stages[0].step.values()["sigma"] == 10.0
        slider.slider.setValue(0)
        assert window.session.view.pipeline.stages[0].step.values()["sigma"] == 0.2
        assert panel.told.text() != told

    drive(script, study)


def test_steps_that_are_all_off_are_not_said_to_be_shown(
    drive: Drive, qtbot: QtBot, study: Path
) -> None:
    def script(window: MainWindow) -> None:
        begin(qtbot, window)
        ask(qtbot, window, SMOOTH)
        window.steps_panel.stages.setFocus()
        press(window, "Space")
        settle(qtbot, window)
        assert window.steps_panel.told.text().startswith("All steps are off")
        assert not is_processed(window.session.view)

    drive(script, study)


def test_recursive_steps_wait_to_be_run_and_are_marked_until_then(
    drive: Drive, qtbot: QtBot, study: Path
) -> None:
    def script(window: MainWindow) -> None:
        begin(qtbot, window)
        panel, plain = window.steps_panel, window.session.view.clip
        window.session.update_view(pipeline=pipeline_of(["recursive"]))
        assert panel.run.isVisible()
        assert window.commands["run_steps"].isEnabled()
        assert not window.commands["export"].isEnabled()
        assert window.session.view.clip is plain
        assert is_behind(window.session.view)
        click(qtbot, panel.run)
        qtbot.waitUntil(lambda: is_processed(window.session.view), timeout=LONG)
        settle(qtbot, window)
        assert plain is not None
        expected = process(plain, pipeline_of(["recursive"]))
        clip = window.session.view.clip
        assert clip is not None
        np.testing.assert_array_equal(clip.stored(7), expected.stored(7))
        assert window.commands["export"].isEnabled()
        assert not panel.run.isVisible()

    drive(script, study)


def test_a_step_that_cannot_be_done_says_so_in_place_of_the_picture(
    drive: Drive, qtbot: QtBot, tmp_path: Path
) -> None:
    about = {"PatientName": "Phantom^Still", "PatientID": "DEMO-0003", "StudyInstanceUID": "1.2.3"}
    write_cine(tmp_path / "one.dcm", 1, "One", about, frames=1)

    def script(window: MainWindow) -> None:
        choose(qtbot, window, "One")
        plain = window.session.view.clip
        window.session.update_view(pipeline=pipeline_of(["recursive"]))
        qtbot.waitUntil(lambda: bool(step_error(window.session.view)), timeout=LONG)
        assert step_error(window.session.view).startswith("Recursive needs at least 2 frames")
        assert window.session.view.clip is plain
        assert not is_processed(window.session.view)
        assert not window.commands["export"].isEnabled()
        inside = window.stage.viewport.grab().toImage()
        blank = [inside.pixelColor(x, inside.height() // 3).value() for x in range(0, 200, 7)]
        assert max(blank) < 40  # no picture stands behind the sentence
        ask(qtbot, window, SMOOTH)
        assert is_processed(window.session.view)

    drive(script, tmp_path)


def test_the_original_shows_while_its_key_is_held(drive: Drive, qtbot: QtBot, study: Path) -> None:
    def script(window: MainWindow) -> None:
        begin(qtbot, window)
        ask(qtbot, window, SMOOTH)
        window.commands["wipe"].trigger()
        window.stage.focus()
        now = [0.0]
        window.spring._clock = lambda: now[0]
        qtbot.keyPress(window.stage.viewport, Qt.Key.Key_Q)
        assert window.session.view.compared is Compared.ORIGINAL
        now[0] = 1.0
        qtbot.keyRelease(window.stage.viewport, Qt.Key.Key_Q)
        assert window.session.view.compared is Compared.WIPE
        press(window, "Q")
        assert window.session.view.compared is Compared.ORIGINAL
        viewport = window.stage.viewport
        qtbot.waitUntil(lambda: not viewport.corners().text.badges, timeout=LONG)
        assert window.steps_panel.told.text().startswith("The original is shown")
        press(window, "Q")
        assert "DENOISED" in viewport.corners().text.badges
        assert window.session.view.compared is Compared.WIPE

    drive(script, study)


def test_the_wipe_moves_with_mouse_and_keys_and_shows_both(
    drive: Drive, qtbot: QtBot, study: Path
) -> None:
    def script(window: MainWindow) -> None:
        begin(qtbot, window)
        window.session.update_view(frame=5)
        ask(qtbot, window, SMOOTH)
        window.commands["wipe"].trigger()
        viewport = window.stage.viewport

        def both() -> bool:
            return viewport.answer is not None and viewport.answer.original is not None

        qtbot.waitUntil(both, timeout=LONG)
        middle, level = viewport.width() // 2, viewport.height() // 3
        before = window.session.view.presentation
        qtbot.mousePress(viewport, Left, pos=QPoint(middle, level))
        qtbot.mouseMove(viewport, QPoint(middle + 60, level))
        qtbot.mouseRelease(viewport, Left, pos=QPoint(middle + 60, level))
        assert abs(window.session.view.wipe - (middle + 60) / viewport.width()) < 0.02
        assert window.session.view.presentation is before  # the window was not dragged
        window.stage.focus()
        moved = window.session.view.wipe
        press(window, "Shift+Left")
        assert window.session.view.wipe < moved
        answer = viewport.answer
        plain = unprocessed(window.session.view).clip
        assert answer is not None
        assert answer.original is not None
        assert plain is not None
        np.testing.assert_array_equal(answer.original.stored, plain.stored(5))

    drive(script, study)


def test_a_difference_has_a_scale_that_stays_from_frame_to_frame(
    drive: Drive, qtbot: QtBot, study: Path
) -> None:
    def script(window: MainWindow) -> None:
        begin(qtbot, window)
        ask(qtbot, window, SMOOTH)
        window.commands["difference"].trigger()
        viewport = window.stage.viewport

        def scaled(frame: int) -> bool:
            answer = viewport.answer
            right = answer is not None and answer.request.index == frame
            return right and answer is not None and bool(answer.original and answer.original.scale)

        qtbot.waitUntil(lambda: scaled(window.session.view.frame), timeout=LONG)
        answer = viewport.answer
        assert answer is not None
        assert answer.original is not None
        first = answer.original.scale
        window.session.update_view(frame=9)
        qtbot.waitUntil(lambda: scaled(9), timeout=LONG)
        assert viewport.answer is not None
        assert viewport.answer.original is not None
        assert viewport.answer.original.scale == first
        assert "DENOISED" in viewport.corners().text.badges

    drive(script, study)


def test_a_series_comes_back_processed_as_it_was_left(
    drive: Drive, qtbot: QtBot, study: Path
) -> None:
    def script(window: MainWindow) -> None:
        begin(qtbot, window)
        ask(qtbot, window, TWO)
        choose(qtbot, window, "RCA")
        settle(qtbot, window)
        assert not is_processed(window.session.view)
        choose(qtbot, window, "LCA")
        qtbot.waitUntil(lambda: is_processed(window.session.view), timeout=LONG)
        assert window.session.view.pipeline == TWO
        assert step_error(window.session.view) == ""

    drive(script, study)


def test_presets_are_kept_used_and_deleted(drive: Drive, qtbot: QtBot, study: Path) -> None:
    def script(window: MainWindow) -> None:
        begin(qtbot, window)
        ask(qtbot, window, TWO)
        window.commands["step_presets"].trigger()
        dialog = window.desk.dialogs["step presets"]
        qtbot.waitUntil(lambda: dialog.list.count() > 0, timeout=LONG)
        shipped = dialog.list.count()
        assert not dialog.delete.isEnabled()
        dialog.field.setText("My/loops")
        click(qtbot, dialog.save)
        qtbot.waitUntil(lambda: dialog.told.text().startswith("A preset has a name"), timeout=LONG)
        assert dialog.field.text() == "My/loops"  # there to be mended
        dialog.field.setText("Angiography")  # as one that the program brings
        click(qtbot, dialog.save)
        qtbot.waitUntil(lambda: dialog.list.count() == shipped + 1, timeout=LONG)
        assert dialog.told.text().startswith("Keep")
        assert dialog.field.text() == ""
        assert dialog.list.currentRow() == shipped
        dialog.field.setText("Angiography")
        assert dialog.save.text() == "Replace"
        preset = dialog.chosen()
        assert preset is not None
        assert preset.own
        window.session.update_view(pipeline=Pipeline())
        click(qtbot, dialog.use)
        assert window.session.view.pipeline == TWO
        window.commands["step_presets"].trigger()
        dialog = window.desk.dialogs["step presets"]
        qtbot.waitUntil(lambda: dialog.list.count() == shipped + 1, timeout=LONG)
        dialog.list.setCurrentRow(shipped)
        click(qtbot, dialog.delete)
        qtbot.waitUntil(lambda: dialog.list.count() == shipped, timeout=LONG)
        dialog.close()

    drive(script, study)


def test_the_scale_of_differences_grows_with_frames_that_need_it(
    drive: Drive, qtbot: QtBot, tmp_path: Path
) -> None:
    about = {"PatientName": "Phantom^Still", "PatientID": "DEMO-0003", "StudyInstanceUID": "1.2.3"}
    write_cine(tmp_path / "loop.dcm", 1, "Loop", about, frames=3)

    def script(window: MainWindow) -> None:
        choose(qtbot, window, "Loop")
        clip = window.session.view.clip
        assert clip is not None
        still, change = clip.stored(0), clip.stored(0).copy()
        change[:, 10:20] += 100
        shown = initial_presentation(clip)
        asked = FrameRequest(clip, shown, 0, Size(64, 48))
        same, _ = difference_picture(asked, Original(clip, shown, difference=True), still, still)
        assert same.limit == 0.0
        beside = Original(clip, shown, difference=True, limit=10.0)
        scale, picture = difference_picture(asked, beside, change, still)
        assert scale.limit == 100.0
        assert tuple(picture[0, 15]) == MORE
        assert tuple(picture[0, 5]) == NONE
        kept, _ = difference_picture(
            asked, Original(clip, shown, difference=True, limit=500.0), change, still
        )
        assert kept.limit == 500.0

    drive(script, tmp_path)


def test_steps_that_a_clip_is_too_short_for_are_not_offered(
    drive: Drive, qtbot: QtBot, tmp_path: Path
) -> None:
    about = {"PatientName": "Phantom^Still", "PatientID": "DEMO-0003", "StudyInstanceUID": "1.2.3"}
    write_cine(tmp_path / "one.dcm", 1, "One", about, frames=1)

    def script(window: MainWindow) -> None:
        choose(qtbot, window, "One")
        qtbot.waitUntil(lambda: bool(window.session.state.steps), timeout=LONG)
        menu = add_menu(window.session.state.steps, 1, lambda _step: None, window)
        offered = {action.text().split("\t")[0]: action.isEnabled() for action in menu.actions()}
        assert offered["Gaussian"]
        assert not offered["Recursive"]
        entries = step_entries(window.session.state, lambda _step: None)
        why = {entry.title: entry.why_not for entry in entries}
        assert why["Add step: Running mean"].startswith("Running mean needs at least 2 frames")
        assert why["Add step: Median"] == ""

    drive(script, tmp_path)


def test_a_run_that_was_left_for_another_patient_can_be_started_again(
    drive: Drive, qtbot: QtBot, study: Path
) -> None:
    def script(window: MainWindow) -> None:
        begin(qtbot, window)
        window.session.update_view(pipeline=pipeline_of(["recursive"]))
        click(qtbot, window.steps_panel.run)
        assert window.session.view.working
        choose(qtbot, window, "Lung")
        assert not window.session.view.working
        window.stage.tabs.setCurrentIndex(0)
        qtbot.waitUntil(lambda: bool(window.session.view.pipeline.stages), timeout=LONG)
        assert not window.session.view.working
        assert window.steps_panel.run.text() == "Run"
        click(qtbot, window.steps_panel.run)
        qtbot.waitUntil(lambda: is_processed(window.session.view), timeout=LONG)

    drive(script, study)


def test_values_that_mean_something_else_have_no_difference(
    drive: Drive, qtbot: QtBot, study: Path
) -> None:
    def script(window: MainWindow) -> None:
        begin(qtbot, window)
        ask(qtbot, window, SMOOTH)
        window.commands["difference"].trigger()
        qtbot.waitUntil(lambda: window.session.view.readings is not None, timeout=LONG)
        ask(qtbot, window, pipeline_of(["edges"]))
        assert window.session.view.compared is Compared.NOT
        assert not window.commands["difference"].isEnabled()
        assert window.commands["wipe"].isEnabled()
        assert not window.steps_panel.compared.button("difference").isEnabled()
        assert window.session.view.readings is None
        ask(qtbot, window, SMOOTH)
        assert window.commands["difference"].isEnabled()
        assert window.steps_panel.compared.button("difference").isEnabled()

    drive(script, study)


def test_readings_stand_in_the_panel(drive: Drive, qtbot: QtBot, study: Path) -> None:
    def script(window: MainWindow) -> None:
        begin(qtbot, window)
        ask(qtbot, window, SMOOTH)
        qtbot.waitUntil(lambda: window.session.view.readings is not None, timeout=LONG)
        rows = window.steps_panel.readings.rows()
        assert rows[0] == ("Read-outs, frame 1", "Before", "After")
        assert rows[1][0].startswith("Noise")
        assert [row[0] for row in rows[-2:]] == [
            "Change, peak signal to noise",
            "Change, structural similarity",
        ]  # the frames are too small for whiteness
        panel = window.steps_panel
        panel.setFixedWidth(352)
        assert panel.widget().minimumSizeHint().width() <= panel.viewport().width()
        ask(qtbot, window, Pipeline())
        qtbot.waitUntil(lambda: not panel.readings.rows(), timeout=LONG)

    drive(script, study)
