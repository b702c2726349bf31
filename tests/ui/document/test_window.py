"""Documents in the window: opened from the list, their links, key images, saved, hidden."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from tests.dicom.documents.pdf import small_pdf
from tests.dicom.documents.reports import (
    coded,
    dose_report,
    encapsulated,
    event,
    image,
    key_objects,
    report,
    save,
)
from tests.services.test_dose_links import picture
from tests.ui.test_pictures import assert_looks_as_before
from xray_studio.core.study import Series
from xray_studio.imaging.pdf import read_pages
from xray_studio.services.privacy.log import log_file
from xray_studio.ui.document.view import DocumentView
from xray_studio.ui.main_window import MainWindow

LONG = 30_000
Drive = Callable[..., int]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A study of two pictures, a report, a dose report, a key object selection and a letter."""
    study = tmp_path / "study"
    study.mkdir()
    save(picture("1.21", "120000", "1.7.1"), study / "one")
    save(picture("1.22", "130000"), study / "other")
    text = image("1.22", 1, name=coded("121080", "Best illustration of finding"))
    save(report(coded("126000", "Report"), text, uid="1.31"), study / "report")
    save(dose_report(event("1.7.1", "Plane A", "0.1"), uid="1.32"), study / "dose")
    save(key_objects("1.22", uid="1.33"), study / "key")
    save(encapsulated(small_pdf(), "application/pdf", uid="1.34"), study / "letter")
    return study


def series(window: MainWindow, title: str) -> Series:
    return next(s for s in window.session.state.catalog.all_series() if s.title == title)


def reader(window: MainWindow, qtbot: QtBot, title: str) -> DocumentView:
    qtbot.waitUntil(lambda: not window.session.state.scanning, timeout=LONG)
    window.controller.choose(series(window, title))
    qtbot.waitUntil(lambda: isinstance(window.stage.grid.face, DocumentView), timeout=LONG)
    face = window.stage.grid.face
    assert isinstance(face, DocumentView)
    return face


def test_a_picture_comes_first_and_a_link_leads_beside(
    drive: Drive, qtbot: QtBot, folder: Path
) -> None:
    def script(window: MainWindow) -> None:
        qtbot.waitUntil(lambda: window.session.view.clip is not None, timeout=LONG)
        face = reader(window, qtbot, "Report")
        assert face.head.title.words == "Report"
        assert window.session.view.clip is None
        assert not window.commands["export"].isEnabled()
        (target,) = face.document.references()  # type: ignore[union-attr]
        face.link_asked.emit(target)
        qtbot.waitUntil(lambda: window.session.view.clip is not None, timeout=LONG)
        assert window.session.state.layout.count == 2
        assert window.session.state.views[0].document is not None
        assert window.session.view.clip.acquisition.sop_instance_uid == "1.22"  # type: ignore[union-attr]

    assert drive(script, folder) == 0


def test_runs_of_a_dose_report_are_joined_and_lead_there(
    drive: Drive, qtbot: QtBot, folder: Path
) -> None:
    def script(window: MainWindow) -> None:
        face = reader(window, qtbot, "X-Ray Radiation Dose Report")
        (target,) = face.document.references()  # type: ignore[union-attr]
        assert target.sop_instance_uid == "1.21"

    assert drive(script, folder) == 0


def test_key_images_alone_are_listed(drive: Drive, qtbot: QtBot, folder: Path) -> None:
    def script(window: MainWindow) -> None:
        reader(window, qtbot, "Of Interest")
        assert len(window.browser.listed()) == 6
        window.commands["only_key_images"].trigger()
        qtbot.waitUntil(lambda: len(window.browser.listed()) == 1, timeout=LONG)
        (only,) = window.browser.listed()
        assert only.instances[0].sop_instance_uid == "1.22"
        qtbot.mouseClick(window.browser.keys, Qt.MouseButton.LeftButton)
        assert len(window.browser.listed()) == 6

    assert drive(script, folder) == 0


def test_a_lost_link_says_so(drive: Drive, qtbot: QtBot, folder: Path) -> None:
    (folder / "other").unlink()

    def script(window: MainWindow) -> None:
        face = reader(window, qtbot, "Report")
        (target,) = face.document.references()  # type: ignore[union-attr]
        with qtbot.waitSignal(window.controller.failed) as told:
            face.link_asked.emit(target)
        assert told.args is not None
        assert "not among the opened files" in told.args[0]

    assert drive(script, folder) == 0


def test_a_document_alone_opens_is_searched_and_saved(
    drive: Drive, qtbot: QtBot, folder: Path, tmp_path: Path
) -> None:
    def script(window: MainWindow) -> None:
        qtbot.waitUntil(lambda: isinstance(window.stage.grid.face, DocumentView), timeout=LONG)
        window.commands["find_text"].trigger()
        assert window.stage.grid.face.head.finder.isVisible()  # type: ignore[union-attr]
        window.commands["hide_identity"].trigger()
        assert "Doe" not in window.stage.grid.face.head.who.words  # type: ignore[union-attr]
        window.commands["save_document"].trigger()
        dialog = window.desk.dialogs["save"]
        assert isinstance(dialog, QFileDialog)
        assert Path(dialog.selectedFiles()[0]).name == "structured-report.pdf"
        with qtbot.waitSignal(window.exports.saved, timeout=LONG):
            dialog.filesSelected.emit([str(tmp_path / "saved.pdf")])
        dialog.close()
        (text,) = read_pages((tmp_path / "saved.pdf").read_bytes()).texts
        assert "Best illustration of finding" in text
        assert "Doe" not in text

    assert drive(script, folder / "report") == 0


def test_a_letter_is_saved_as_it_is(
    drive: Drive, qtbot: QtBot, folder: Path, tmp_path: Path
) -> None:
    def script(window: MainWindow) -> None:
        qtbot.waitUntil(lambda: isinstance(window.stage.grid.face, DocumentView), timeout=LONG)
        window.commands["save_document"].trigger()
        dialog = window.desk.dialogs["save"]
        with qtbot.waitSignal(window.exports.saved, timeout=LONG):
            dialog.filesSelected.emit([str(tmp_path / "saved.pdf")])  # type: ignore[attr-defined]
        dialog.close()
        assert (tmp_path / "saved.pdf").read_bytes() == small_pdf()
        assert window.document_saving.gate is None

    assert drive(script, folder / "letter") == 0


def test_a_report_that_names_the_patient_needs_a_word(
    drive: Drive, qtbot: QtBot, folder: Path, tmp_path: Path
) -> None:
    target = tmp_path / "saved.pdf"

    def script(window: MainWindow) -> None:
        qtbot.waitUntil(lambda: isinstance(window.stage.grid.face, DocumentView), timeout=LONG)
        saving = window.document_saving
        for accepted in (False, True):
            window.commands["save_document"].trigger()
            dialog = window.desk.dialogs["save"]
            dialog.filesSelected.emit([str(target)])  # type: ignore[attr-defined]
            dialog.close()
            qtbot.waitUntil(lambda: saving.gate is not None, timeout=LONG)
            assert saving.gate is not None
            assert saving.gate.confirm_button.text() == "Save with identity"
            assert not target.exists()
            if not accepted:
                assert_looks_as_before(saving.gate, "document-gate", tmp_path)
                saving.gate.back_button.click()
                continue
            with qtbot.waitSignal(window.exports.saved, timeout=LONG):
                saving.gate.confirm_button.click()
        assert "Doe" in read_pages(target.read_bytes()).texts[0]

    assert drive(script, folder / "report") == 0
    assert json.loads(log_file().read_text("ascii").splitlines()[-1])["told"] == ["document"]
