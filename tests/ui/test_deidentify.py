"""De-identification from the window: preview, pictures, masks, writing."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pydicom
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.dicom.objects import make_object, save
from tests.ui.conftest import Drive
from tests.ui.waiting import LONG, choose
from xray_studio.core.privacy import Marked
from xray_studio.core.region import Region
from xray_studio.ui.dialogs.deidentify.dialog import DeidentifyDialog
from xray_studio.ui.in_the_window import in_the_window
from xray_studio.ui.main_window import MainWindow


def opened(qtbot: QtBot, window: MainWindow) -> DeidentifyDialog:
    window.commands["deidentify"].trigger()
    dialog = window.desk.dialogs["deidentify"]
    assert isinstance(dialog, DeidentifyDialog)
    qtbot.waitUntil(lambda: dialog.tags.model.rowCount() > 0, timeout=LONG)
    return dialog


def rows(dialog: DeidentifyDialog) -> dict[str, tuple[str, str]]:
    model = dialog.tags.model
    return {
        model.item(row, 0).text(): (model.item(row, 1).text(), model.item(row, 2).text())
        for row in range(model.rowCount())
    }


def press(qtbot: QtBot, dialog: DeidentifyDialog, choice: str, row: object) -> None:
    button = row._buttons[choice]  # type: ignore[attr-defined]
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_a_study_is_previewed_masked_and_written(
    qtbot: QtBot, drive: Drive, study: Path, tmp_path: Path
) -> None:
    out = tmp_path / "given away"
    out.mkdir()
    seen: dict[str, object] = {}

    def script(window: MainWindow) -> None:
        choose(qtbot, window, "LCA")
        dialog = opened(qtbot, window)
        before = rows(dialog)
        assert before["PatientName"][0]
        assert before["PatientName"][1].startswith("replaced: P")
        press(qtbot, dialog, "retain-full-dates", dialog.form.dates)
        qtbot.waitUntil(lambda: rows(dialog).get("StudyDate", ("", ""))[1] == "kept", timeout=LONG)
        press(qtbot, dialog, "pictures", dialog.side)
        pictures = dialog.pictures
        qtbot.waitUntil(lambda: not pictures.canvas.image.isNull(), timeout=LONG)
        drawn = pictures.canvas.marks.add(Region(2, 3, 10, 8))
        pictures.canvas.changed.emit(drawn)
        assert Marked(Region(2, 3, 10, 8)) in pictures.regions.marks.all
        seen["series"] = pictures.chooser.currentText()
        dialog.folder_button.show_folder(out)
        qtbot.mouseClick(dialog.write_button, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(dialog.progress.show_button.isVisible, timeout=LONG)
        assert "de-identified" in dialog.progress.words.text()
        dialog.close()

    drive(script, study)
    made = [pydicom.dcmread(path) for path in (out / "deidentified").rglob("*.dcm")]
    assert made
    assert {one.PatientIdentityRemoved for one in made} == {"YES"}
    assert {one.LongitudinalTemporalInformationModified for one in made} == {"UNMODIFIED"}
    black = [one for one in made if not np.atleast_3d(one.pixel_array)[..., 3:11, 2:12].any()]
    assert black
    names = " ".join(str(path) for path in out.rglob("*"))
    originals = [pydicom.dcmread(path) for path in study.rglob("*.dcm")]
    uids = {str(one.SOPInstanceUID) for one in originals if "SOPInstanceUID" in one}
    assert not any(uid in names for uid in uids)
    assert not uids & {str(one.SOPInstanceUID) for one in made}


def test_values_go_while_identity_is_hidden(qtbot: QtBot, drive: Drive, study: Path) -> None:
    def script(window: MainWindow) -> None:
        choose(qtbot, window, "LCA")
        window.session.update(identity_hidden=True)
        dialog = opened(qtbot, window)
        assert {now for now, _ in rows(dialog).values()} == {""}
        assert all(":" not in after for _, after in rows(dialog).values())
        dialog.close()

    drive(script, study)


def test_what_fails_is_told_without_options_of_the_command_line(
    qtbot: QtBot, drive: Drive, tmp_path: Path
) -> None:
    folder, out = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    out.mkdir()
    echo = make_object(np.zeros((32, 32), np.uint8), Modality="US", BurnedInAnnotation="YES")
    save(echo, folder / "echo.dcm")

    def script(window: MainWindow) -> None:
        qtbot.waitUntil(lambda: window.session.state.view.clip is not None, timeout=LONG)
        dialog = opened(qtbot, window)
        dialog.folder_button.show_folder(out)
        qtbot.mouseClick(dialog.write_button, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: "none was found" in dialog.progress.words.text(), timeout=LONG)
        assert "--" not in dialog.progress.words.text()
        dialog.close()

    drive(script, folder)
    assert not list(out.iterdir())


def test_options_are_no_words_of_the_window() -> None:
    told = in_the_window("Find it (--pixels), or name it (--mask X,Y,WIDTH,HEIGHT).")
    assert told == "Find it, or name it."
