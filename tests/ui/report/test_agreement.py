"""Agreement with drafts: counted, shown, written out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from pytestqt.qtbot import QtBot

from tests.core.report.reports import FILM, MODEL, NOW
from tests.ui.conftest import Drive
from tests.ui.report.made_up import (
    FLUID,
    HEART,
)
from tests.ui.waiting import LONG
from xray_studio.core.learning.assessment import ModelMark
from xray_studio.core.report import edit
from xray_studio.core.report.engine import Draft, begun
from xray_studio.core.report.report import FINDINGS, IMPRESSION, Report, Where
from xray_studio.core.report.sentence import Sentence, Source
from xray_studio.core.report.signing import sign
from xray_studio.services.report.store import keep
from xray_studio.ui.main_window import MainWindow


def test_agreement_is_shown_by_finding_and_month_and_saved(
    qtbot: QtBot, drive: Drive, tmp_path: Path
) -> None:
    def script(window: MainWindow) -> None:
        window.commands["show_agreement"].trigger()
        qtbot.waitUntil(lambda: "agreement" in window.desk.dialogs, timeout=LONG)
        empty: Any = window.desk.dialogs["agreement"]
        assert empty.nothing.isVisible()
        assert not empty.export_button.isEnabled()
        empty.accept()
        for n, model in enumerate((MODEL, replace(MODEL, sha256="ef" * 32))):
            keep(_signed(n, model))
        qtbot.waitUntil(lambda: "agreement" not in window.desk.dialogs, timeout=LONG)
        window.commands["show_agreement"].trigger()
        qtbot.waitUntil(lambda: "agreement" in window.desk.dialogs, timeout=LONG)
        dialog: Any = window.desk.dialogs["agreement"]
        rows = [dialog.table.topLevelItem(n) for n in range(dialog.table.topLevelItemCount())]
        told = [[row.text(n) for n in range(6)] for row in rows]
        assert told[0] == ["All sentences", "2", "2", "2", "2", "33 %"]
        assert ["Effusion", "0", "0", "0", "2", ""] in told
        assert ["Cardiomegaly", "2", "0", "2", "0", "50 %"] in told
        assert [one.other for one in dialog.chart.months] == [False, True]
        assert "another model" in dialog.chart.accessibleDescription()
        assert len(dialog.models.text().splitlines()) == 2
        window.agreeing.write(tmp_path / "drafts.jsonl")
        qtbot.waitUntil((tmp_path / "drafts.jsonl").is_file, timeout=LONG)
        assert len((tmp_path / "drafts.jsonl").read_text("utf-8").splitlines()) == 2

    drive(script)


def _signed(number: int, model: ModelMark) -> Report:
    """Return a report, signed in a month of its own, with an accepted, a changed, a new line."""
    source = Source("findings", model)
    draft = (
        Draft(source)
        .with_sentence(FINDINGS, Sentence(HEART, source, 0.8, "cardiomegaly"))
        .with_sentence(FINDINGS, Sentence(FLUID, source))
        .with_sentence(IMPRESSION, Sentence("Cardiomegaly.", source, 0.8, "cardiomegaly"))
    )
    time = NOW.replace(month=1 + number)
    report = begun(draft, f"1.2.{number}", (FILM,), time)
    report = edit.remove(edit.accept(report, Where(0, 0)), Where(1, 0))
    report = edit.change(report, Where(0, 1), "Costophrenic angles are sharp.")
    report = edit.insert(report, Where(0, 2), "There is a small pleural effusion.")
    return sign(report, "A. Reader", time)
