"""Exports in the window: a badge, a line about the source, and the way to it."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.ui.conftest import Drive
from tests.ui.studies import write_cine
from tests.ui.waiting import LONG, scanned, shown
from xray_studio.core.job import run
from xray_studio.services.api import open as open_clip
from xray_studio.services.export.options import ExportOptions
from xray_studio.services.export.run import export
from xray_studio.ui.main_window import MainWindow
from xray_studio.ui.viewer.corner_words import export_badge


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A run and an export of its frames 3 to 6."""
    about = {"PatientName": "Doe^Jane", "PatientID": "1", "StudyInstanceUID": "1.2.3"}
    write_cine(tmp_path / "run.dcm", 1, "LCA", about)
    clip = open_clip(tmp_path / "run.dcm")
    run(export(clip, tmp_path / "out.mp4", ExportOptions(frames=(2, 5))))
    return tmp_path


def show_export(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: scanned(window), timeout=LONG)
    videos = lambda: [s for s in window.browser.listed() if s.kind == "video"]  # noqa: E731
    qtbot.waitUntil(lambda: bool(videos()))  # they come a moment after the end of the scan
    window.controller.choose(videos()[0])
    qtbot.waitUntil(lambda: shown(window) and bool(window.session.state.exports), timeout=LONG)
    qtbot.waitUntil(lambda: window.session.view.clip is not None, timeout=LONG)


def test_an_export_leads_to_its_source(qtbot: QtBot, drive: Drive, folder: Path) -> None:
    def script(window: MainWindow) -> None:
        show_export(qtbot, window)
        assert export_badge(window.session.state) == ("EXPORT",)
        bar = window.stage.offers
        qtbot.waitUntil(bar.isVisible, timeout=LONG)
        assert "from Run 1" in bar.sentence.text()
        assert "frames 3 to 6" in bar.sentence.text()
        assert window.commands["open_source"].isEnabled()
        bar.accept.click()
        qtbot.waitUntil(
            lambda: (
                window.session.view.clip is not None
                and window.session.view.clip.paths == (str(folder / "run.dcm"),)
            ),
            timeout=LONG,
        )
        assert not window.commands["open_source"].isEnabled()

    drive(script, folder)


def test_without_the_source_there_is_a_sentence(qtbot: QtBot, drive: Drive, folder: Path) -> None:
    def script(window: MainWindow) -> None:
        show_export(qtbot, window)
        bar = window.stage.offers
        qtbot.waitUntil(bar.isVisible, timeout=LONG)
        assert "not among the opened files" in bar.sentence.text()
        assert bar.accept.isHidden()
        assert not window.commands["open_source"].isEnabled()

    drive(script, folder / "out.mp4")


def test_a_changed_file_says_so(qtbot: QtBot, drive: Drive, folder: Path) -> None:
    with (folder / "out.mp4").open("ab") as file:
        file.write(b"\0" * 16)

    def script(window: MainWindow) -> None:
        show_export(qtbot, window)
        assert export_badge(window.session.state) == ("CHANGED EXPORT",)
        assert not window.commands["open_source"].isEnabled()
        qtbot.waitUntil(window.stage.offers.isVisible, timeout=LONG)
        assert "changed since" in window.stage.offers.sentence.text()

    drive(script, folder)
