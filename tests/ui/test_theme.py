"""Themes: letters can be read on every ground, and everything changes at once."""

from __future__ import annotations

from dataclasses import fields
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests.ui.conftest import Drive
from tests.ui.waiting import choose
from xray_studio.services.setting_groups import Appearance
from xray_studio.services.settings import Settings, load_settings, save_settings
from xray_studio.ui.look.theme import tokens
from xray_studio.ui.look.tokens import DARK, GROUNDS, INKS, LIGHT, Tokens, contrast
from xray_studio.ui.main_window import MainWindow

READABLE = 4.5  # WCAG 2.2, 1.4.3
SEEN = 3.0  # WCAG 2.2, 1.4.11: what tells a control or its state
themes = pytest.mark.parametrize("theme", [DARK, LIGHT], ids=["dark", "light"])


@themes
@pytest.mark.parametrize(("ink", "ground"), list(product(INKS, GROUNDS)))
def test_letters_can_be_read_on_every_ground(theme: Tokens, ink: str, ground: str) -> None:
    assert contrast(getattr(theme, ink), getattr(theme, ground)) >= READABLE


@themes
@pytest.mark.parametrize("ground", ["accent_fill", "accent_hover", "accent_pressed"])
def test_letters_can_be_read_on_the_accent(theme: Tokens, ground: str) -> None:
    assert contrast(theme.on_accent, getattr(theme, ground)) >= READABLE


@themes
def test_notes_can_be_read(theme: Tokens) -> None:
    assert contrast(theme.note_ink, theme.note_fill) >= READABLE


@themes
@pytest.mark.parametrize("ground", GROUNDS[:3])
def test_the_mark_of_the_focus_is_seen(theme: Tokens, ground: str) -> None:
    assert contrast(theme.accent, getattr(theme, ground)) >= SEEN
    assert contrast(theme.accent_ring, theme.accent_fill) >= 2.0


def test_contrast_is_that_of_the_guideline() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21.0)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)
    assert contrast("#123456", "#123456") == 1.0


def test_both_sets_tell_every_colour_in_full() -> None:
    for theme, field in product((DARK, LIGHT), fields(Tokens)):
        assert QColor(getattr(theme, field.name)).isValid()
        assert len(getattr(theme, field.name)) == 7


def colour_at(window: QWidget, widget: QWidget, place: QPoint) -> str:
    return window.grab().toImage().pixelColor(widget.mapTo(window, place)).name().upper()


def ground(window: MainWindow, widget: QWidget) -> str:
    """Return the colour between the things in a panel: in its lower left corner."""
    return colour_at(window, widget, widget.rect().bottomLeft() + QPoint(3, -3))


def test_a_theme_is_taken_at_once_and_remembered(qtbot: QtBot, drive: Drive, study: Path) -> None:
    def script(window: MainWindow) -> None:
        choose(qtbot, window, "LCA")
        assert ground(window, window.side) == DARK.panel
        window.commands["theme_light"].trigger()
        for panel in (window.side, window.jobs):
            assert ground(window, panel) == LIGHT.panel
        viewport = window.stage.viewport
        assert colour_at(window, viewport, QPoint(2, 2)) == "#000000"
        assert window.commands["theme_light"].isChecked()
        assert not window.commands["theme_dark"].isChecked()

    drive(script, study)
    assert load_settings()[0].appearance.theme == "light"


def inks(widget: QWidget) -> set[str]:
    """Return the colours in the picture of a widget."""
    image = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.frombuffer(image.constBits(), np.uint32) & 0xFFFFFF
    return {f"#{number:06X}" for number in np.unique(pixels)}


def test_icons_and_painted_widgets_follow(qtbot: QtBot, drive: Drive, study: Path) -> None:
    def script(window: MainWindow) -> None:
        assert DARK.faint in inks(window.stage.empty.mark)
        window.commands["theme_light"].trigger()
        assert LIGHT.faint in inks(window.stage.empty.mark)
        window.open([str(study)])
        choose(qtbot, window, "LCA")
        for widget in (window.header.tools["fit"], window.stage.cine.timeline):
            assert LIGHT.accent in inks(widget)
        assert LIGHT.background in inks(window.window_panel.histogram)
        assert LIGHT.text in inks(window.window_panel.rows[0])
        assert not {DARK.panel, DARK.raised, DARK.background} & inks(window.browser)

    drive(script)


def test_the_theme_of_the_system(
    qtbot: QtBot, drive: Drive, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_settings(Settings(appearance=Appearance(theme="system")))

    def script(window: MainWindow) -> None:
        hints = window.appearance._app.styleHints()
        assert tokens() is DARK  # a system that tells nothing
        hints.setColorScheme(Qt.ColorScheme.Light)
        told = hints.colorScheme() is Qt.ColorScheme.Light
        assert tokens() is (LIGHT if told else DARK)

    drive(script)


def test_a_start_in_light_dresses_what_is_shown_first(drive: Drive) -> None:
    save_settings(Settings(appearance=Appearance(theme="light")))

    def script(window: MainWindow) -> None:
        assert ground(window, window.side) == LIGHT.panel

    drive(script)
