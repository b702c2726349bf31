"""Reports saved for others from the window."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image
from pydicom import dcmread
from pytestqt.qtbot import QtBot

from tests.ui.conftest import Drive
from tests.ui.report.made_up import (
    HEART,
    MadeUp,
    report_of,
    written,
)
from tests.ui.waiting import LONG
from xray_studio.services.report.files import Form
from xray_studio.ui.main_window import MainWindow


def test_a_report_is_saved_for_others(
    qtbot: QtBot, drive: Drive, study: Path, engine: type[MadeUp], tmp_path: Path
) -> None:
    del engine

    def script(window: MainWindow) -> None:
        written(qtbot, window)
        told: list[str] = []
        window.report_saving.told.connect(lambda words, _role: told.append(words))

        def save(form: Form, name: str) -> Path:
            window.report_saving.save(report_of(window), form, tmp_path / name)
            qtbot.waitUntil(lambda: bool(told), timeout=LONG)
            assert told.pop() == f"The report is saved as {name}."
            return tmp_path / name

        words = save(Form.TEXT, "report.txt").read_text("utf-8")
        assert f"[AI] {HEART}" in words
        assert "Phantom" in words
        made = dcmread(save(Form.SR, "report.dcm"))
        assert (made.CompletionFlag, made.VerificationFlag) == ("PARTIAL", "UNVERIFIED")
        assert [one.sop_instance_uid for one in report_of(window).objects] == [made.SOPInstanceUID]
        window.commands["hide_identity"].trigger()
        assert "Phantom" not in save(Form.TEXT, "hidden.txt").read_text("utf-8")
        assert len(window.report_panel.foot.save.menu().actions()) == len(Form)

    drive(script, study)


def test_a_png_is_reported_on_signed_and_sent(
    qtbot: QtBot, drive: Drive, engine: type[MadeUp], tmp_path: Path
) -> None:
    del engine
    film = tmp_path / "film.png"
    Image.fromarray(np.arange(6400, dtype=np.uint16).reshape(80, 80) // 26).save(film)

    def script(window: MainWindow) -> None:
        now = window.session
        qtbot.waitUntil(lambda: now.view.clip is not None, timeout=LONG)
        window.commands["show_report"].trigger()
        qtbot.waitUntil(lambda: bool(now.state.reporting.engines), timeout=LONG)
        window.report_panel.head.write.click()
        qtbot.waitUntil(lambda: now.state.reporting.report is not None, timeout=LONG)
        for part in (*window.report_panel.parts, window.report_panel.summary):
            part.accept_all.click()
        window.report_work.sign(report_of(window), "A. Reader", "")
        told: list[str] = []
        window.report_saving.told.connect(lambda words, _role: told.append(words))
        for form, name in ((Form.PDF, "film.pdf"), (Form.SR, "film.dcm")):
            window.report_saving.save(report_of(window), form, tmp_path / name)
            qtbot.waitUntil(lambda: bool(told), timeout=LONG)
            assert told.pop().startswith(f"The report is saved as {name}.")
        made = dcmread(tmp_path / "film.dcm")
        assert (made.VerificationFlag, made.PatientID) == ("VERIFIED", "")
        assert (tmp_path / "film.pdf").read_bytes().startswith(b"%PDF")
        assert report_of(window).objects[0].sop_instance_uid == made.SOPInstanceUID

    drive(script, film)
