"""Letters of every size: nothing is cut off, everything follows at once."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.conftest import Drive
from tests.ui.waiting import choose
from xray_studio.services.setting_groups import Appearance, Place
from xray_studio.services.settings import Settings, load_settings, save_settings
from xray_studio.ui.browser.delegate import LOOKS
from xray_studio.ui.browser.model import PATIENT_HEIGHT
from xray_studio.ui.dialogs.parts import LEAST, sized
from xray_studio.ui.dialogs.settings.dialog import SettingsDialog
from xray_studio.ui.look.theme import TEXT_SCALES, font, px
from xray_studio.ui.main_window import MainWindow
from xray_studio.ui.narrow import Narrow
from xray_studio.ui.viewer.stamps import Stamps, line_height

SIZES = [*TEXT_SCALES]


def cut_off(inside: QWidget) -> list[str]:
    """Return the words that have less room than they need, across or down."""
    found = []
    for widget in inside.findChildren(QWidget):
        if not widget.isVisible() or not isinstance(widget, (QLabel, QAbstractButton)):
            continue
        words, metrics = widget.text(), QFontMetrics(widget.font())
        if not words or (isinstance(widget, QLabel) and (widget.wordWrap() or "<" in words)):
            continue
        high = metrics.height() <= widget.height()
        wide = metrics.horizontalAdvance(words.replace("&", "")) <= widget.width() + 2
        if not (high and wide) and "\N{HORIZONTAL ELLIPSIS}" not in words:
            found.append(f"{type(widget).__name__} {words!r}")
    return found


def settled(qtbot: QtBot, window: MainWindow) -> None:
    """Wait until everything is laid out, and find nothing that is cut off."""
    with contextlib.suppress(qtbot.TimeoutError):
        qtbot.waitUntil(lambda: not cut_off(window))
    assert cut_off(window) == []


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("place", [(0, 0, 1366, 768), (0, 0, 960, 540)])
def test_nothing_is_cut_off(
    qtbot: QtBot, drive: Drive, study: Path, size: str, place: tuple[int, ...]
) -> None:
    save_settings(Settings(appearance=Appearance(text=size), place=Place(window=place)))

    def script(window: MainWindow) -> None:
        assert cut_off(window) == []
        window.open([str(study)])
        choose(qtbot, window, "LCA")
        window.session.update_cine(first=2)
        settled(qtbot, window)
        for field in window.findChildren(QLineEdit):
            assert QFontMetrics(field.font()).height() <= field.height()

    drive(script)


def test_letters_grow_at_once(qtbot: QtBot, drive: Drive, study: Path) -> None:
    def script(window: MainWindow) -> None:
        choose(qtbot, window, "LCA")
        field, row = window.browser.search, window.window_panel.rows[0]
        before = field.font().pixelSize(), row.sizeHint().height()
        window.commands["settings"].trigger()
        dialog = window.desk.dialogs["settings"]
        assert isinstance(dialog, SettingsDialog)
        window.session.change_settings("appearance", text="largest")
        assert field.font().pixelSize() == round(before[0] * 1.5)
        assert row.sizeHint().height() == round(before[1] * 1.5)
        assert window.browser.model.heights()[0] == round(PATIENT_HEIGHT * 1.5)
        assert LOOKS["strong"].letters().pixelSize() == round(13 * 1.5)
        settled(qtbot, window)
        window.session.change_settings("appearance", text="usual")
        assert (field.font().pixelSize(), row.sizeHint().height()) == before

    drive(script, study)
    assert load_settings()[0].appearance == Appearance()


def test_corner_text_grows(qtbot: QtBot, drive: Drive) -> None:
    def script(window: MainWindow) -> None:
        stamps = Stamps()
        before = stamps.words("Frame 1", "#FFFFFF", 1.0, 200).height()
        window.session.change_settings("appearance", text="larger")
        assert stamps.words("Frame 1", "#FFFFFF", 1.0, 200).height() == line_height()
        assert line_height() == round(before * 1.3)
        assert font(10).pixelSize() == px(10) == 13

    drive(script)


def test_a_dialog_is_never_larger_than_its_window(qtbot: QtBot) -> None:
    from PySide6.QtWidgets import QDialog

    window = QWidget()
    qtbot.addWidget(window)
    window.resize(700, 500)
    dialog = QDialog(window)
    sized(dialog, 900, 600)
    assert dialog.size() == QSize(668, 468)
    window.resize(100, 100)
    sized(dialog, 900, 600)
    assert dialog.size() == LEAST


def test_a_narrow_window_leaves_its_room_to_the_picture(qtbot: QtBot) -> None:
    holder, panel = QWidget(), QWidget()
    panel.setParent(holder)
    qtbot.addWidget(holder)
    narrow = Narrow(panel)
    for width, hidden in ((1400, False), (980, True), (1100, False)):
        narrow.fit(width)
        assert panel.isHidden() is hidden
    narrow.fit(980)
    panel.show()  # a person wants it all the same
    narrow.fit(960)
    assert not panel.isHidden()


def test_a_small_screen_begins_without_the_side_panel(qtbot: QtBot) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    for screen, hidden in ((QSize(960, 540), True), (QSize(1366, 768), False)):
        panel = QWidget(holder)
        Narrow(panel).begin(screen)
        assert panel.isHidden() is hidden


def test_the_window_fits_small_screens(drive: Drive) -> None:
    def script(window: MainWindow) -> None:
        least = window.minimumSize()
        assert least.width() <= 960
        assert least.height() <= 540 - 32  # a task bar

    drive(script)
