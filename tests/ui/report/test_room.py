"""Room: nothing of the report is cut off where the window is small or letters are large."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.ui.conftest import Drive
from tests.ui.report.made_up import MadeUp, written
from tests.ui.waiting import LONG
from xray_studio.ui.main_window import SMALLEST, MainWindow
from xray_studio.ui.report.panel import ReportPanel


def fits(panel: ReportPanel) -> bool:
    """Tell whether nothing of the panel lies beyond its right edge."""
    page = panel.area.widget()
    return page is not None and page.width() <= panel.area.viewport().width()


@pytest.mark.parametrize("text", ["usual", "largest"])
def test_the_report_is_as_wide_as_its_panel(
    qtbot: QtBot, drive: Drive, study: Path, engine: type[MadeUp], text: str
) -> None:
    del engine

    def script(window: MainWindow) -> None:
        written(qtbot, window)
        window.session.change_settings("appearance", text=text)
        panel = window.report_panel
        panel.nearest.fold.click()
        for size in (SMALLEST, (1280, 720)):
            window.resize(*size)
            window.side.show()
            qtbot.waitUntil(lambda: fits(panel), timeout=LONG)
            edge = {one.editor.geometry().right() + one.x() for one in panel.parts}
            assert len(edge) == 1

    drive(script, study)
