"""Videos become DICOM objects page by page: what is found, what is done, whose it is, confirmed."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from pydicom import Dataset, dcmread
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QLabel, QMenu
from pytestqt.qtbot import QtBot

from tests.network.test_find import plan
from tests.peers import Orthanc, orthanc
from tests.services.test_to_dicom import shots
from tests.ui.conftest import Drive
from tests.ui.waiting import LONG, wait_for_picture
from tests.video.hard_clips import FRAMES, Made, make
from xray_studio.services.api import export
from xray_studio.services.to_dicom.table import read_table
from xray_studio.ui.dialogs.send.dialog import SendDialog
from xray_studio.ui.dialogs.to_dicom.dialog import (
    DOING,
    NAME,
    NO_RATE,
    SHOWN,
    WHOSE,
    ToDicomDialog,
)
from xray_studio.ui.dialogs.to_dicom.words import in_the_window
from xray_studio.ui.main_window import MainWindow

__all__ = ["orthanc"]

Script = Callable[[MainWindow, ToDicomDialog], None]
Begin = Callable[..., None]
Left = Qt.MouseButton.LeftButton
TIMES = "\N{MULTIPLICATION SIGN}"
WHO = {"patient_id": "P-1", "family": "Mustermann", "given": "Erika", "birth_date": "1964-08-12"}


@pytest.fixture
def videos(hard_clips: Path, tmp_path: Path) -> Path:
    """A folder with a video that is kept, one that is encoded anew, and one that is none."""
    folder = tmp_path / "videos"
    folder.mkdir()
    for name in ("plain.mp4", "rotated.mp4", "text.mp4"):
        shutil.copy(hard_clips / name, folder / name)
    return folder


@pytest.fixture
def in_dialog(qtbot: QtBot, drive: Drive, tmp_path: Path) -> Begin:
    """Run a script with the dialog, which writes into a folder of its own."""

    def run(script: Script, *opened: Path) -> None:
        def begin(window: MainWindow) -> None:
            if opened:
                wait_for_picture(qtbot, window)
            script(window, begun(window, tmp_path))

        drive(begin, *opened)

    return run


def begun(window: MainWindow, tmp_path: Path) -> ToDicomDialog:
    window.commands["import_videos"].trigger()
    dialog = window.desk.dialogs["to_dicom"]
    assert isinstance(dialog, ToDicomDialog)
    (tmp_path / "out").mkdir(exist_ok=True)
    dialog.folder_button.show_folder(tmp_path / "out")
    return dialog


def add(qtbot: QtBot, dialog: ToDicomDialog, *paths: Path) -> None:
    """Add videos, and wait until each was looked at."""
    dialog.draft.add([str(path) for path in paths])
    qtbot.waitUntil(lambda: bool(dialog.draft.videos) and not dialog.draft.pending, timeout=LONG)


def go_to(dialog: ToDicomDialog, page: int) -> None:
    while dialog.pages.currentIndex() < page:
        assert dialog.next.isEnabled(), dialog.progress.words.text()
        dialog.next.click()


def type_identity(dialog: ToDicomDialog, **typed: str) -> None:
    for name, text in (WHO | typed).items():
        field = dialog.whose.form.fields[name]
        field.setText(text)
        field.textEdited.emit(text)


def write(qtbot: QtBot, dialog: ToDicomDialog) -> None:
    go_to(dialog, 3)
    qtbot.mouseClick(dialog.write_button, Left)
    qtbot.waitUntil(lambda: not dialog.open_button.isHidden(), timeout=LONG)


def made(tmp_path: Path) -> list[Dataset]:
    return [dcmread(path) for path in sorted((tmp_path / "out" / NAME).glob("*.dcm"))]


def shown(table: object) -> list[list[str]]:
    model = table.model()  # type: ignore[attr-defined]
    return [
        [model.index(row, column).data() or "" for column in range(model.columnCount())]
        for row in range(model.rowCount())
    ]


def states(dialog: ToDicomDialog) -> list[str]:
    model = dialog.confirm.model
    groups = [model.item(row) for row in range(model.rowCount())]
    return [group.child(row, 2).text() for group in groups for row in range(group.rowCount())]


def test_single_pictures_become_one_clip(
    qtbot: QtBot, in_dialog: Begin, videos: Path, tmp_path: Path
) -> None:
    shots(tmp_path / "shots")

    def script(_window: MainWindow, dialog: ToDicomDialog) -> None:
        add(qtbot, dialog, videos / "plain.mp4", tmp_path / "shots")
        row = shown(dialog.files.table)[1]
        assert row[:2] == ["shots (5 pictures)", "Single pictures"]
        assert row[3] == "5 at ?/s"
        assert (dialog.progress.words.text(), dialog.next.isEnabled()) == (NO_RATE, False)
        dialog.files.table.choose([0])
        assert not dialog.files.rate_row.isVisible()
        dialog.files.table.choose([1])
        dialog.files.rate.setFocus()
        qtbot.keyClicks(dialog.files.rate, "12,5")
        assert shown(dialog.files.table)[1][3:5] == ["5 at 12.5/s", "0.4 s"]
        dialog.files.table.choose([0, 1])
        go_to(dialog, DOING)
        assert [row[1] for row in shown(dialog.doing.table)] == ["Kept bit for bit", "Encoded anew"]
        go_to(dialog, WHOSE)
        dialog.whose.table.choose([0, 1])
        type_identity(dialog)
        write(qtbot, dialog)

    in_dialog(script)
    kept, sequence = made(tmp_path)
    assert (kept.NumberOfFrames, sequence.NumberOfFrames) == (12, 5)
    assert (sequence.FrameTime, sequence.PatientID) == (80, "P-1")


def test_from_files_to_objects(
    qtbot: QtBot, in_dialog: Begin, videos: Path, tmp_path: Path
) -> None:
    def script(window: MainWindow, dialog: ToDicomDialog) -> None:
        assert not dialog.next.isEnabled()
        add(qtbot, dialog, videos)
        plain, rotated, text = shown(dialog.files.table)
        assert plain[1:] == [
            "MP4 or QuickTime · H.264 High 1", f"64 {TIMES} 48 · 4:2:0 · 8 bits", "12 at 25/s",
            "0.48 s",
            "AAC",
        ]  # fmt: skip
        assert "turned 270°" in rotated[2]
        assert text[1].startswith("This is not a video")
        assert dialog.progress.words.text() == "1 video cannot be read and is left out."
        go_to(dialog, DOING)
        assert [row[:3] for row in shown(dialog.doing.table)] == [
            ["plain.mp4", "Kept bit for bit", "Video Photographic Image (XC)"],
            ["rotated.mp4", "Encoded anew", "Video Photographic Image (XC)"],
        ]
        assert "Left out: sound" in dialog.doing.doing.text()
        go_to(dialog, WHOSE)
        assert not dialog.next.isEnabled()
        assert "The patient ID and the patient name are missing" in dialog.progress.words.text()
        type_identity(dialog, study_description="Colonoscopy")
        go_to(dialog, 3)
        assert not (tmp_path / "out" / NAME).exists()
        assert dialog.confirm.words.text() == "2 videos of 1 patient into 1 study. Is this right?"
        assert dialog.confirm.model.item(0).text() == (
            "Mustermann, Erika · ID P-1 · born 1964-08-12\nNew study · Colonoscopy"
        )
        write(qtbot, dialog)
        assert states(dialog) == [f"video-{n}.dcm, {FRAMES} frames, checked" for n in (1, 2)]
        qtbot.mouseClick(dialog.open_button, Left)
        wait_for_picture(qtbot, window)
        assert window.session.state.catalog.patients[0].patient_id == "P-1"

    in_dialog(script)
    first, second = made(tmp_path)
    assert (first.PatientID, str(first.PatientName)) == ("P-1", "Mustermann^Erika")
    assert first.StudyInstanceUID == second.StudyInstanceUID
    assert (first.SeriesNumber, second.SeriesNumber) == (1, 2)
    assert first.file_meta.TransferSyntaxUID.endswith(".102")


def test_what_is_chosen_changes_what_is_done(
    qtbot: QtBot, in_dialog: Begin, videos: Path, tmp_path: Path
) -> None:
    def script(_window: MainWindow, dialog: ToDicomDialog) -> None:
        add(qtbot, dialog, videos / "plain.mp4", videos / "rotated.mp4")
        go_to(dialog, DOING)
        page = dialog.doing
        page.kind.setCurrentIndex(2)
        page.kind.activated.emit(2)
        assert shown(page.table)[0][2] == "Video Endoscopic Image (ES)"
        page.stream.setCurrentIndex(1)
        page.stream.activated.emit(1)
        kept, refused = shown(page.table)
        assert (kept[1], refused[1]) == ("Kept bit for bit", "Not written")
        assert "--" not in refused[2]
        page.region.setCurrentText("Colon")
        page.region.activated.emit(0)
        qtbot.mouseClick(page.sound, Left)
        assert "Kept: sound." in page.doing.text()
        page.series.setText("Ascending colon")
        go_to(dialog, WHOSE)
        type_identity(dialog)
        write(qtbot, dialog)
        assert dialog.progress.words.text().startswith("1 video written, 1 not: The stream cannot")

    in_dialog(script)
    (one,) = made(tmp_path)
    assert (one.Modality, one.SeriesDescription) == ("ES", "Ascending colon")
    assert one.AnatomicRegionSequence[0].CodeMeaning == "Colon"
    assert "MultiplexedAudioChannelsDescriptionCodeSequence" in one


def test_only_large_videos_need_a_choice_about_that(
    qtbot: QtBot, in_dialog: Begin, videos: Path
) -> None:
    def script(_window: MainWindow, dialog: ToDicomDialog) -> None:
        add(qtbot, dialog, videos / "plain.mp4")
        go_to(dialog, DOING)
        page = dialog.doing
        assert page.when_large.isHidden()
        (video,) = dialog.draft.readable
        assert video.facts is not None
        facts = replace(video.facts, size=5 * 10**9, stream_size=5 * 10**9)
        page.show_videos([replace(video, facts=facts)])
        assert not page.when_large.isHidden()
        assert "items of at most" in page.doing.text()
        page.large.setCurrentIndex(1)
        page.show_videos([replace(video, facts=facts)])
        assert "several objects" in page.doing.text()
        dialog.close()

    in_dialog(script)


def test_videos_of_two_people(
    qtbot: QtBot, in_dialog: Begin, videos: Path, study: Path, tmp_path: Path
) -> None:
    """One is typed, one joins a study that is open."""

    def script(_window: MainWindow, dialog: ToDicomDialog) -> None:
        add(qtbot, dialog, videos / "plain.mp4", videos / "rotated.mp4")
        go_to(dialog, WHOSE)
        type_identity(dialog)
        page = dialog.whose
        page.table.choose([1])
        qtbot.mouseClick(page.source.button("study"), Left)
        page.study.setCurrentIndex(0)
        page.study.activated.emit(0)
        qtbot.waitUntil(lambda: bool(dialog.draft.readable[1].identity.study_uid), timeout=LONG)
        assert page.summary.text().startswith("1 video: Phantom, Coronary · ID DEMO-0001")
        assert page.form.isHidden()
        page.table.choose([0, 1])
        assert "different patients" in page.summary.text()
        page.table.choose([0])
        assert page.source.value() == "typed"
        assert page.form.fields["family"].text() == "Mustermann"
        write(qtbot, dialog)

    in_dialog(script, study)
    typed, joined = made(tmp_path)
    assert (typed.PatientID, joined.PatientID) == ("P-1", "DEMO-0001")
    assert joined.StudyInstanceUID == dcmread(study / "run1.dcm").StudyInstanceUID
    assert joined.Modality == "XA"  # DICOM has no video class for it


def test_one_patient_id_with_two_names_is_refused(
    qtbot: QtBot, in_dialog: Begin, videos: Path
) -> None:
    def script(_window: MainWindow, dialog: ToDicomDialog) -> None:
        add(qtbot, dialog, videos / "plain.mp4", videos / "rotated.mp4")
        go_to(dialog, WHOSE)
        type_identity(dialog)
        dialog.whose.table.choose([1])
        type_identity(dialog, family="Musterfrau")
        assert not dialog.next.isEnabled()
        assert "two names" in dialog.progress.words.text()
        dialog.close()

    in_dialog(script)


def test_what_an_object_does_not_tell_is_asked_for(
    qtbot: QtBot, in_dialog: Begin, videos: Path, study: Path, tmp_path: Path
) -> None:
    other = dcmread(study / "run1.dcm")
    other.PatientName = ""
    other.save_as(tmp_path / "unnamed.dcm")

    def script(_window: MainWindow, dialog: ToDicomDialog) -> None:
        add(qtbot, dialog, videos / "plain.mp4")
        go_to(dialog, WHOSE)
        page, form = dialog.whose, dialog.whose.form
        qtbot.mouseClick(page.source.button("object"), Left)
        page.object_asked.emit([0], str(tmp_path / "unnamed.dcm"))
        qtbot.waitUntil(lambda: not form.isHidden(), timeout=LONG)
        assert form.fields["patient_id"].isReadOnly()
        assert not dialog.next.isEnabled()
        qtbot.keyClicks(form.fields["family"], "Roe")
        assert not form.isHidden()
        write(qtbot, dialog)

    in_dialog(script)
    (one,) = made(tmp_path)
    assert (str(one.PatientName), one.StudyInstanceUID) == ("Roe", other.StudyInstanceUID)


def test_a_table_tells_whose_each_is(
    qtbot: QtBot, in_dialog: Begin, videos: Path, tmp_path: Path
) -> None:
    table = tmp_path / "who.csv"
    table.write_text(
        "file,patient_id,patient_name\nplain.mp4,A,Doe^Jane\nrotated.mp4,B,Roe^Richard\n"
    )
    assert len(read_table(table)) == 2

    def script(_window: MainWindow, dialog: ToDicomDialog) -> None:
        add(qtbot, dialog, videos / "plain.mp4", videos / "rotated.mp4")
        go_to(dialog, WHOSE)
        qtbot.mouseClick(dialog.whose.source.button("table"), Left)
        dialog.whose.table_asked.emit([0, 1], str(tmp_path / "none.csv"))
        qtbot.waitUntil(lambda: "cannot be read" in dialog.whose.problem.text(), timeout=LONG)
        dialog.whose.table_asked.emit([0, 1], str(table))
        qtbot.waitUntil(dialog.next.isEnabled, timeout=LONG)
        write(qtbot, dialog)

    in_dialog(script)
    assert [one.PatientID for one in made(tmp_path)] == ["A", "B"]


def test_an_entry_of_the_worklist(
    qtbot: QtBot, in_dialog: Begin, videos: Path, orthanc: Orthanc, tmp_path: Path
) -> None:
    plan(orthanc.worklists, "Wizard^Wanda", ScheduledProcedureStepStartDate="20300101")
    plan(orthanc.worklists, "Wizard^Willy", ScheduledProcedureStepStartDate="20300102")

    def script(_window: MainWindow, dialog: ToDicomDialog) -> None:
        add(qtbot, dialog, videos / "plain.mp4")
        go_to(dialog, WHOSE)
        qtbot.mouseClick(dialog.whose.source.button("worklist"), Left)
        form = dialog.whose.worklist
        form.node.setEditText("nobody")
        form.ask()
        qtbot.waitUntil(lambda: "There is no node nobody" in form.words.text(), timeout=LONG)
        form.node.setEditText(orthanc.node().address)
        form.name.setText("Wizard*")
        qtbot.keyClick(form.name, Qt.Key.Key_Return)
        assert dialog.pages.currentIndex() == WHOSE  # Enter searches, and does not go on
        qtbot.waitUntil(lambda: "Nothing like this" in form.words.text(), timeout=LONG)
        qtbot.mouseClick(form.day.button("any"), Left)
        qtbot.mouseClick(form.search, Left)
        qtbot.waitUntil(lambda: len(shown(form.table)) == 2, timeout=LONG)
        assert dialog.draft.readable[0].identity.missing  # nobody is chosen by itself
        form.table.choose([0])
        assert "Wizard, Wanda" in dialog.whose.summary.text()
        assert dialog.whose.study_line.text().startswith("Planned study")
        write(qtbot, dialog)

    in_dialog(script)
    (one,) = made(tmp_path)
    assert (str(one.PatientName), one.AccessionNumber, one.Modality) == (
        "Wizard^Wanda",
        "A-1",
        "ES",
    )
    assert one.RequestAttributesSequence[0].ScheduledProcedureStepID == "S-1"


def test_what_is_stopped_leaves_nothing_half_written(
    qtbot: QtBot, in_dialog: Begin, tmp_path: Path
) -> None:
    slow = tmp_path / "slow.mkv"
    make(slow, Made("ffv1", "yuv444p", size=(1280, 720), frames=60))

    def script(_window: MainWindow, dialog: ToDicomDialog) -> None:
        add(qtbot, dialog, slow)
        go_to(dialog, WHOSE)
        type_identity(dialog)
        go_to(dialog, 3)
        qtbot.mouseClick(dialog.write_button, Left)
        qtbot.waitUntil(lambda: states(dialog)[0].startswith("Encoding"), timeout=LONG)
        qtbot.mouseClick(dialog.cancel_button, Left)
        qtbot.waitUntil(lambda: not dialog.write_button.isHidden(), timeout=LONG)
        assert dialog.progress.words.text() == ToDicomDialog.stopped
        assert states(dialog) == ["Not written, since it was stopped"]
        dialog.close()

    in_dialog(script)
    assert not list((tmp_path / "out").iterdir())


def test_one_that_went_away_leaves_the_rest_going(
    qtbot: QtBot, in_dialog: Begin, videos: Path, tmp_path: Path
) -> None:
    def script(_window: MainWindow, dialog: ToDicomDialog) -> None:
        add(qtbot, dialog, videos / "plain.mp4", videos / "rotated.mp4")
        go_to(dialog, WHOSE)
        type_identity(dialog)
        (videos / "plain.mp4").unlink()
        write(qtbot, dialog)
        gone, whole = states(dialog)
        assert "is no file" in gone
        assert whole == f"video-2.dcm, {FRAMES} frames, checked"

    in_dialog(script)
    assert len(made(tmp_path)) == 1


def test_a_folder_that_cannot_be_made(
    qtbot: QtBot, in_dialog: Begin, videos: Path, tmp_path: Path
) -> None:
    def script(_window: MainWindow, dialog: ToDicomDialog) -> None:
        add(qtbot, dialog, videos / "plain.mp4")
        go_to(dialog, WHOSE)
        type_identity(dialog)
        go_to(dialog, 3)
        dialog.folder_button.show_folder(tmp_path / "none" / "deeper")
        qtbot.mouseClick(dialog.write_button, Left)
        qtbot.waitUntil(lambda: not dialog.write_button.isHidden(), timeout=LONG)
        assert dialog.progress.words.property("role") == "danger"
        assert dialog.open_button.isHidden()
        dialog.folder_button.show_folder(tmp_path / "out")
        write(qtbot, dialog)

    in_dialog(script)
    assert len(made(tmp_path)) == 1


def test_an_exported_clip_refers_to_its_source_again(
    qtbot: QtBot, in_dialog: Begin, study: Path, tmp_path: Path
) -> None:
    clip = tmp_path / "clip.mp4"
    export(study / "run2.dcm", clip)

    def script(_window: MainWindow, dialog: ToDicomDialog) -> None:
        add(qtbot, dialog, clip)
        go_to(dialog, WHOSE)
        qtbot.mouseClick(dialog.whose.source.button("study"), Left)
        dialog.whose.study.setCurrentIndex(0)
        dialog.whose.study.activated.emit(0)
        qtbot.waitUntil(dialog.next.isEnabled, timeout=LONG)
        write(qtbot, dialog)
        assert "exported from the object" in states(dialog)[0]

    in_dialog(script, study)
    (one,) = made(tmp_path)
    source = dcmread(study / "run2.dcm")
    assert one.StudyInstanceUID == source.StudyInstanceUID
    assert one.SourceImageSequence[0].ReferencedSOPInstanceUID == source.SOPInstanceUID


def test_a_video_on_screen_is_offered(
    qtbot: QtBot, in_dialog: Begin, videos: Path, study: Path, tmp_path: Path
) -> None:
    def offered(window: MainWindow) -> list[str]:
        window._show_menu(QPoint(100, 100))
        menu = next(
            w for w in QApplication.topLevelWidgets() if isinstance(w, QMenu) and w.isVisible()
        )
        names = [action.objectName() for action in menu.actions()]
        menu.close()
        return names

    def with_video(window: MainWindow, dialog: ToDicomDialog) -> None:
        qtbot.waitUntil(lambda: len(dialog.draft.readable) == 1, timeout=LONG)
        assert dialog.draft.videos[0].path == videos / "plain.mp4"
        dialog.close()
        assert "import_videos" in offered(window)

    def with_study(window: MainWindow, dialog: ToDicomDialog) -> None:
        assert not dialog.draft.videos
        dialog.close()
        assert "import_videos" not in offered(window)

    in_dialog(with_video, videos / "plain.mp4")
    in_dialog(with_study, study)


def test_the_keyboard_alone(qtbot: QtBot, in_dialog: Begin, videos: Path, tmp_path: Path) -> None:
    def script(window: MainWindow, dialog: ToDicomDialog) -> None:
        def press(key: Qt.Key) -> None:
            target = QApplication.focusWidget()
            assert target is not None
            qtbot.keyClick(target, key)

        add(qtbot, dialog, videos)
        dialog.files.focus()
        press(Qt.Key.Key_End)
        press(Qt.Key.Key_Delete)
        assert [one.path.name for one in dialog.draft.videos] == ["plain.mp4", "rotated.mp4"]
        press(Qt.Key.Key_Return)
        press(Qt.Key.Key_Return)
        assert dialog.pages.currentIndex() == WHOSE
        for text in ("P-9", "Roe", "Richard"):
            target = QApplication.focusWidget()
            assert target is not None
            qtbot.keyClicks(target, text)
            press(Qt.Key.Key_Tab)
        press(Qt.Key.Key_Return)
        assert QApplication.focusWidget() is dialog.write_button
        press(Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: not dialog.open_button.isHidden(), timeout=LONG)
        assert QApplication.focusWidget() is dialog.open_button
        press(Qt.Key.Key_Escape)
        assert "to_dicom" not in window.desk.dialogs
        again = begun(window, tmp_path)
        add(qtbot, again, videos)
        assert again.target().name == f"{NAME}-2"
        again.close()

    in_dialog(script)
    assert [str(one.PatientName) for one in made(tmp_path)] == ["Roe^Richard"] * 2


def test_what_was_written_is_sent(
    qtbot: QtBot, in_dialog: Begin, videos: Path, tmp_path: Path
) -> None:
    def script(window: MainWindow, dialog: ToDicomDialog) -> None:
        add(qtbot, dialog, videos / "plain.mp4")
        go_to(dialog, WHOSE)
        type_identity(dialog)
        write(qtbot, dialog)
        qtbot.mouseClick(dialog.send_button, Left)
        assert "to_dicom" not in window.desk.dialogs
        sending = window.desk.dialogs["send"]
        assert isinstance(sending, SendDialog)
        assert sending.scope.currentText() == "1 object of videos"
        sending.close()

    in_dialog(script)
    assert len(made(tmp_path)) == 1


def test_hidden_identity_is_shown_where_it_is_confirmed_and_that_is_said(
    in_dialog: Begin, study: Path
) -> None:
    def script(window: MainWindow, dialog: ToDicomDialog) -> None:
        dialog.close()
        window.session.update(identity_hidden=True)
        window.commands["import_videos"].trigger()
        again = window.desk.dialogs["to_dicom"]
        assert isinstance(again, ToDicomDialog)
        about = again.findChild(QLabel, "about")
        assert about is not None
        assert about.text() == SHOWN
        assert "Phantom" not in again.whose.study.itemText(0)
        again.close()

    in_dialog(script, study)


def test_options_of_the_command_line_are_no_words_of_the_window() -> None:
    told = in_the_window("It exists; choose another name, or allow it (--overwrite).")
    assert told == "It exists; choose another name, or allow it."
    assert "--" not in in_the_window(
        "The stream cannot be kept as it is: No. Allow --transcode auto, or choose --sop-class"
        " multiframe."
    )
