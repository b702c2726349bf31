"""Drafts beside reports in the window: one study after the other, by keys and buttons."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from tests.ui.conftest import Drive
from tests.ui.keys import press
from tests.ui.waiting import LONG, wait_for_picture
from xray_studio.core.reporting.side_by_side import (
    Column,
    ShownStudy,
    SideBySide,
    data_file,
    to_json,
)
from xray_studio.imaging.save import encoded
from xray_studio.ui.dialogs.drafts.dialog import NO_FILM
from xray_studio.ui.main_window import MainWindow

FILM = base64.b64encode(encoded(np.full((8, 8), 90, np.uint8), ".png")).decode()
WRITTEN = (Column("report", "The heart is large.", ""), Column("findings", "Normal.", "None."))
SHOWN = SideBySide(
    "films", "val", "ab" * 32,
    (ShownStudy("one", FILM, WRITTEN), ShownStudy("two", "", WRITTEN[:1])),
)  # fmt: skip

LAST = ["Report, as written", "The heart is large."]


def words(dialog: Any) -> list[str]:
    return [label.text() for one in dialog.columns for label in one.findChildren(QLabel)]


def test_studies_are_gone_through(qtbot: QtBot, drive: Drive, study: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    data_file(page).write_text(to_json(SHOWN), "utf-8")

    def script(window: MainWindow) -> None:
        wait_for_picture(qtbot, window)
        told: list[str] = []
        window.draft_pages.told.connect(lambda sentence, _role: told.append(sentence))
        window.draft_pages.open(tmp_path / "other.html")
        qtbot.waitUntil(lambda: bool(told), timeout=LONG)
        assert told.pop().startswith("other.drafts.json")
        window.commands["compare_drafts"].trigger()
        window.desk.dialogs["open drafts"].close()
        window.draft_pages.open(page)
        qtbot.waitUntil(lambda: "drafts" in window.desk.dialogs, timeout=LONG)
        dialog: Any = window.desk.dialogs["drafts"]
        assert words(dialog) == [
            "Report, as written", "The heart is large.", "Draft by findings", "Normal.", "None.",
        ]  # fmt: skip
        assert not dialog.film.pixmap().isNull()
        press(dialog, "Down")
        assert (words(dialog), dialog.film.text()) == (LAST, NO_FILM)
        assert not dialog.next.isEnabled()
        dialog.previous.click()
        assert dialog.place.text() == "1 of 2"

    drive(script, study)
