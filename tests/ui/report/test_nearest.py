"""Cases like the film in view, for comparison."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from tests.ui.conftest import Drive
from tests.ui.waiting import LONG, choose
from xray_studio.core.job import Job, Progress
from xray_studio.core.learning.cases import ReportText
from xray_studio.services.report.library import Entry
from xray_studio.services.report.nearest import Near
from xray_studio.ui import nearest_work
from xray_studio.ui.main_window import MainWindow


def test_cases_of_a_library_are_shown_for_comparison(
    qtbot: QtBot, drive: Drive, study: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    near = Near(Entry("a.png", "", ("effusion",), ReportText(findings="Fluid.")), 0.5)

    def indexing(_folder: Path) -> Job[str]:
        yield Progress(1, 2, "Reading films")
        return "The library holds 1 cases."

    def like(*_asked: object) -> Job[tuple[Near, ...]]:
        yield Progress(message="Comparing films")
        return (near,)

    monkeypatch.setattr(nearest_work, "indexing", indexing)
    monkeypatch.setattr(nearest_work, "cases_like", like)

    def script(window: MainWindow) -> None:
        choose(qtbot, window, "LCA")
        window.commands["show_report"].trigger()
        part, now = window.report_panel.nearest, window.session
        assert part.isVisible()
        assert not part.body.isVisible()
        part.fold.click()
        assert part.choose.isVisible()
        assert not part.look.isVisible()
        window.nearest_work.use(tmp_path)
        qtbot.waitUntil(lambda: now.state.reporting.nearest.cases == (near,), timeout=LONG)
        assert now.state.settings.reports.library == str(tmp_path)
        assert part.marked.isVisible()
        told = [one.text() for one in part.body.findChildren(QLabel)]
        assert {"1. Effusion", "Fluid.", "Not there"} <= set(told)
        assert now.state.reporting.report is None
        choose(qtbot, window, "Lung")
        assert now.state.reporting.nearest.cases is None

    drive(script, study)
