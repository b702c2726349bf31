"""What readers make of regions in the window, by name, and what thresholds would do to them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from tests.services.anomaly.fakes import Telling
from tests.ui.conftest import Drive
from tests.ui.heatmap.looking import looked
from tests.ui.keys import press, type_in
from tests.ui.waiting import choose
from xray_studio.services.anomaly.feedback import kept as kept_acts
from xray_studio.ui.heatmap.feedback_part import DRAW, DRAWN
from xray_studio.ui.main_window import MainWindow
from xray_studio.ui.viewer.mark_commands import MarkCommands


def test_readers_judge_regions_and_see_what_thresholds_would_do(
    qtbot: QtBot, drive: Drive, study: Path, tmp_path: Path, telling: type[Telling],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """Accepted, rejected and redrawn by name, shown on the region, kept line by line."""
    monkeypatch.setenv("XRAY_STUDIO_DATA", str(tmp_path / "data"))
    telling.asked = 0

    def script(window: MainWindow) -> None:
        session, panel = window.session, window.heatmap_panel
        choose(qtbot, window, "LCA")
        press(window, "X")
        looked(qtbot, window)
        press(window, "Shift+N")
        assert not panel.feedback.buttons["accept_region"].isEnabled()
        panel.feedback.name.setFocus()
        type_in(window, "Anna")
        press(window, "Return")
        assert session.state.settings.unusual.reader == "Anna"
        panel.feedback.buttons["accept_region"].click()
        qtbot.waitUntil(lambda: len(session.state.looks.acts) == 1)
        assert panel.regions.list.listed()[2][0] == "Accepted by Anna"
        assert "1 of 1 that were meant" in panel.threshold.effect.text()
        panel.feedback.buttons["redraw_region"].click()
        assert session.state.tool == "outline"
        assert panel.feedback.note.text() == DRAW
        MarkCommands(session).add_here()
        assert panel.feedback.note.text() == DRAWN.format("outline")
        drawn = session.state.marks.each[-1].points
        panel.feedback.buttons["redraw_region"].click()
        qtbot.waitUntil(lambda: len(session.state.looks.acts) == 2)
        assert session.state.looks.acts[-1].outline == (pytest.approx(np.array(drawn), abs=0.01),)
        assert panel.regions.list.listed()[2][0] == "Redrawn by Anna"
        press(window, "Right")
        window.commands["next_region"].trigger()
        window.commands["reject_region"].trigger()
        qtbot.waitUntil(lambda: len(session.state.looks.acts) == 3)
        assert "1 of 1 that were rejected" in panel.threshold.effect.text()
        assert [one.verdict for one in kept_acts().acts] == ["accepted", "redrawn", "rejected"]
        window.feedback_work._export(tmp_path / "masks")
        qtbot.waitUntil((tmp_path / "masks" / "masks.jsonl").exists)

    drive(script, study)
