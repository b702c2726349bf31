"""Key images in the window: marked with K, seen, found again, saved as an object."""

from __future__ import annotations

from pathlib import Path

import pydicom
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from tests.dicom.write.validator import errors_of
from tests.ui.conftest import Drive
from tests.ui.keys import press
from tests.ui.waiting import LONG, choose
from xray_studio.services.documents.reading import read_document
from xray_studio.ui.main_window import MainWindow
from xray_studio.ui.viewer.corner_words import KEY


def mark_three(qtbot: QtBot, window: MainWindow) -> None:
    choose(qtbot, window, "LCA")
    for frame in (2, 7):
        window.session.update_view(frame=frame)
        press(window, "K")
    choose(qtbot, window, "RCA")
    press(window, "K")


def test_key_images_are_marked_seen_and_found(qtbot: QtBot, drive: Drive, study: Path) -> None:
    def script(window: MainWindow) -> None:
        choose(qtbot, window, "LCA")
        viewport = window.stage.viewport
        before = window.stage.cine.timeline.grab().toImage()
        window.session.update_view(frame=2)
        press(window, "K")
        qtbot.waitUntil(lambda: KEY in viewport.corners().text.badges, timeout=LONG)
        assert window.commands["key_image"].isChecked()
        spoken = viewport.accessibleDescription
        qtbot.waitUntil(lambda: "key image" in spoken(), timeout=LONG)
        assert window.stage.cine.timeline.grab().toImage() != before
        press(window, "Right")
        assert not window.commands["key_image"].isChecked()
        press(window, "Shift+K")
        assert window.session.view.frame == 2
        press(window, "K")
        assert window.session.state.key_frames == frozenset()
        assert not window.commands["next_key_image"].isEnabled()
        press(window, "K")
        window.commands["close_all"].trigger()
        assert window.session.state.key_frames == frozenset()

    drive(script, study)


def test_key_images_are_saved_as_an_object(
    qtbot: QtBot, drive: Drive, study: Path, tmp_path: Path
) -> None:
    target = tmp_path / "chosen.dcm"

    def script(window: MainWindow) -> None:
        assert not window.commands["save_key_images"].isEnabled()
        window.open([str(study)])
        mark_three(qtbot, window)
        window.commands["save_key_images"].trigger()
        dialog = window.desk.dialogs["save"]
        assert isinstance(dialog, QFileDialog)
        dialog.fileSelected.emit(str(target))
        dialog.reject()
        words = "3 key images saved as chosen.dcm."
        qtbot.waitUntil(lambda: window.jobs.message.text() == words, timeout=LONG)

    drive(script)
    made = pydicom.dcmread(target)
    assert made.Modality == "KO"
    assert made.PatientID == "DEMO-0001"
    images = [item for item in made.ContentSequence if item.ValueType == "IMAGE"]
    frames = [item.ReferencedSOPSequence[0].get("ReferencedFrameNumber") for item in images]
    assert sorted(str(found) for found in frames) == ["1", "[3, 8]"]
    evidence = made.CurrentRequestedProcedureEvidenceSequence[0]
    assert evidence.StudyInstanceUID == made.StudyInstanceUID
    assert len(evidence.ReferencedSeriesSequence) == 2
    assert read_document(target) is not None
    assert errors_of(target) == set()
