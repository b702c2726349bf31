"""The pages about keys and settings say what the program does."""

from __future__ import annotations

from pathlib import Path

from keys_page import PAGE, renewed
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from xray_studio.ui.dialogs.about import AboutDialog
from xray_studio.ui.dialogs.settings.table import SECTIONS


def test_the_page_of_keys_agrees_with_the_actions(qtbot: QtBot) -> None:
    page = PAGE.read_text("utf-8")
    assert page == renewed(page), "run .venv/bin/python packaging/keys_page.py"


def test_about_tells_what_models_may_be_used_for(qtbot: QtBot) -> None:
    about = AboutDialog()
    qtbot.addWidget(about)
    shown = " ".join(label.text() for label in about.findChildren(QLabel))
    assert "IU X-Ray, CC BY-NC-ND 4.0" in shown
    assert "research and education, not for commercial use" in shown


def test_the_page_of_settings_names_every_setting() -> None:
    page = Path(__file__).parents[2].joinpath("docs", "settings.md").read_text("utf-8")
    for section in SECTIONS:
        assert f"## {section.title}" in page
        for item in section.items:
            assert f"**{item.title}**" in page
            assert f"`{item.group}.{item.name}`" in page
