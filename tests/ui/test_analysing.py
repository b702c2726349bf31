"""Analysing the film in view: a button, a folder, a page that opens, a draft to review."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.services.analysis.conftest import at_once, frontal_models, tiny  # noqa: F401 - fixtures, which pytest finds here
from tests.ui.conftest import Drive
from tests.ui.waiting import LONG, choose
from xray_studio.services.learning.inference.findings import Models
from xray_studio.ui import analysing
from xray_studio.ui.main_window import MainWindow


def test_a_film_is_analysed_into_a_folder(
    qtbot: QtBot,
    drive: Drive,
    study: Path,
    tiny: Models,  # noqa: F811 - the fixture
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    del tiny
    opened: list[Path] = []
    monkeypatch.setattr(analysing, "open_file", opened.append)

    def script(window: MainWindow) -> None:
        choose(qtbot, window, "LCA")
        window.commands["show_report"].trigger()
        panel, told = window.report_panel, list[str]()
        window.analysing.saved.connect(lambda words, _page: told.append(words))
        panel.head.analyse.click()
        window.desk.dialogs["folder"].close()
        for name in ("analysis", "analysis-2"):  # what was written before stays
            window.analysing.start(tmp_path)
            qtbot.waitUntil(lambda: bool(told), timeout=LONG)
            assert told.pop() == f"The film is analysed into the folder {name}."
            page = opened.pop()
            assert page.parent == tmp_path / name
            assert "Phantom" in page.read_text("utf-8")
            report = window.session.state.reporting.report
            assert report is not None
            assert report.objects
            assert not panel.head.analyse.isVisible()
            assert panel.parts

    drive(script, study)
