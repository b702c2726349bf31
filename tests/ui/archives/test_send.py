"""Sending from the window: what was chosen arrives once, also when the window is closed between."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from tests.peers import Orthanc, make_orthanc, running
from tests.sent_objects import several
from tests.ui.conftest import Drive
from tests.ui.waiting import scanned, wait_for_picture
from xray_studio.core.pacs.entry import State
from xray_studio.services.pacs.nodes import keep_node
from xray_studio.services.pacs.shown import shown
from xray_studio.services.privacy.log import log_file
from xray_studio.ui.dialogs.send.dialog import KNOWN_ALL, NO_NODE, SendDialog
from xray_studio.ui.main_window import MainWindow

Left = Qt.MouseButton.LeftButton


def send_dialog(qtbot: QtBot, window: MainWindow) -> SendDialog:
    """Open the dialog and wait until it knows what goes and where to."""
    window.commands["send"].trigger()
    dialog = window.desk.dialogs["send"]
    assert isinstance(dialog, SendDialog)
    qtbot.waitUntil(lambda: dialog.amount.text().startswith(tuple("123456789")))
    return dialog


def choose(qtbot: QtBot, dialog: SendDialog, words: str) -> None:
    number = next(n for n in range(dialog.scope.count()) if words in dialog.scope.itemText(n))
    dialog.scope.setCurrentIndex(number)
    dialog.scope.activated.emit(number)
    qtbot.waitUntil(lambda: dialog._found is not None)


def said(qtbot: QtBot, window: MainWindow, words: str) -> None:
    qtbot.waitUntil(lambda: window.jobs.message.isVisible() and words in window.jobs.message.text())


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """Three objects of one series."""
    several(tmp_path / "files", 3)
    return tmp_path / "files"


def uids(window: MainWindow) -> set[str]:
    series = window.session.state.catalog.all_series()
    return {one.sop_instance_uid for found in series for one in found.instances}


def times(orthanc: Orthanc, window: MainWindow) -> set[int | None]:
    """Return how often objects were stored; Orthanc notes it a moment after it has answered."""
    return set(map(orthanc.times_stored().get, uids(window)))


def test_what_is_open_arrives_once(
    qtbot: QtBot, drive: Drive, orthanc: Orthanc, files: Path
) -> None:
    keep_node(orthanc.node())

    def script(window: MainWindow) -> None:
        wait_for_picture(qtbot, window)
        dialog = send_dialog(qtbot, window)
        assert dialog.scope.currentText().startswith("Series: ")
        assert dialog.amount.text().startswith("3 objects, ")
        qtbot.waitUntil(dialog.send_button.isEnabled)
        assert dialog.send_button.text() == "Send with identity"
        qtbot.mouseClick(dialog.send_button, Left)
        said(qtbot, window, "3 objects sent.")
        assert "send" not in window.desk.dialogs
        qtbot.waitUntil(lambda: times(orthanc, window) == {1})
        again = send_dialog(qtbot, window)
        qtbot.waitUntil(again.send_button.isEnabled)
        qtbot.mouseClick(again.send_button, Left)
        qtbot.waitUntil(lambda: again.message.text() == KNOWN_ALL)
        again.again.setChecked(True)
        qtbot.mouseClick(again.send_button, Left)
        qtbot.waitUntil(lambda: times(orthanc, window) == {2})
        said(qtbot, window, "3 objects sent.")

    drive(script, files)
    line = json.loads(log_file().read_text().splitlines()[-1])
    assert (line["output"], line["told"]) == ("sent objects", ["tags"])


def test_wider_parts_are_offered(qtbot: QtBot, drive: Drive, study: Path) -> None:
    def script(window: MainWindow) -> None:
        wait_for_picture(qtbot, window)
        dialog = send_dialog(qtbot, window)
        words = [dialog.scope.itemText(number) for number in range(dialog.scope.count())]
        assert words == [
            "Series: Run 1 · LCA", "Study: Coronary angiography · 2026-11-20",
            "Everything that is open",
        ]  # fmt: skip
        qtbot.waitUntil(lambda: dialog.message.text() == NO_NODE)
        assert not dialog.send_button.isEnabled()
        choose(qtbot, dialog, "Everything")
        assert dialog.amount.text().startswith("7 objects, ")
        dialog.close()
        window.commands["hide_identity"].trigger()
        dialog = send_dialog(qtbot, window)
        assert dialog.scope.itemText(1) == "Study: XA study"

    drive(script, study)


@pytest.mark.parametrize(
    ("row", "words"),
    [(0, "patient"), (1, "study"), (3, "series")],
    ids=["patient", "study", "series"],
)
def test_rows_of_the_browser_have_a_menu(
    qtbot: QtBot, drive: Drive, study: Path, row: int, words: str
) -> None:
    def script(window: MainWindow) -> None:
        wait_for_picture(qtbot, window)
        view = window.browser.view
        qtbot.waitUntil(lambda: window.browser.model.rowCount() > 3)
        place = view.visualRect(view.model().index(row, 0)).center()
        reason = QContextMenuEvent.Reason.Mouse
        event = QContextMenuEvent(reason, place, view.viewport().mapToGlobal(place))
        QApplication.sendEvent(view.viewport(), event)
        menu = next(one for one in window.findChildren(QMenu) if one.isVisible())
        (send,) = (action for action in menu.actions() if action.text())
        assert send.text() == f"Send this {words}…"
        send.trigger()
        menu.close()
        dialog = window.desk.dialogs["send"]
        assert isinstance(dialog, SendDialog)
        title = {"patient": "Study", "study": "Study", "series": "Series"}[words]
        found = dialog.scope.itemText(0)
        assert found.startswith(("Patient: ", title))
        if words == "series":
            assert found == "Series: Run 2 · RCA"

    drive(script, study)


def test_a_key_opens_the_menu_of_the_current_row(qtbot: QtBot, drive: Drive, study: Path) -> None:
    def script(window: MainWindow) -> None:
        wait_for_picture(qtbot, window)
        view = window.browser.view
        view.setFocus()
        told: list[object] = []
        window.browser.menu_asked.disconnect()
        window.browser.menu_asked.connect(lambda row, _place: told.append(row.series))
        reason = QContextMenuEvent.Reason.Keyboard
        QApplication.sendEvent(view.viewport(), QContextMenuEvent(reason, QPoint(1, 1), QPoint()))
        assert told == [window.session.view.series]

    drive(script, study)


def test_what_waits_goes_on_when_the_window_is_opened_again(
    qtbot: QtBot, drive: Drive, files: Path, tmp_path: Path
) -> None:
    server = make_orthanc(tmp_path / "orthanc", plugins=False)
    keep_node(server.node())

    def add(window: MainWindow) -> None:
        wait_for_picture(qtbot, window)
        dialog = send_dialog(qtbot, window)
        qtbot.waitUntil(dialog.send_button.isEnabled)
        qtbot.mouseClick(dialog.send_button, Left)
        qtbot.waitUntil(lambda: shown().counts[State.FAILED] == 3)

    def go_on(window: MainWindow) -> None:
        qtbot.waitUntil(lambda: shown().counts[State.SENT] == 3)
        qtbot.waitUntil(lambda: sorted(server.times_stored().values()) == [1, 1, 1])

    drive(add, files)
    with running(server):
        drive(go_on)


def test_who_stops_the_sending_is_obeyed(
    qtbot: QtBot, drive: Drive, orthanc: Orthanc, files: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    keep_node(orthanc.node())

    def script(window: MainWindow) -> None:
        wait_for_picture(qtbot, window)
        sending = window.archive_work.sending
        with qtbot.waitSignal(window.runner.added):
            sending.go_on()
        dialog = send_dialog(qtbot, window)
        qtbot.waitUntil(dialog.send_button.isEnabled)
        stops = [lambda task: window.runner.cancel(task) if task.title == "Sending" else None]
        window.runner.added.connect(stops[0])
        qtbot.mouseClick(dialog.send_button, Left)
        qtbot.waitUntil(lambda: sending.stopped and not sending.running)
        window.runner.added.disconnect(stops[0])
        assert sum(shown().counts.values()) == 3
        sending.go_on()
        qtbot.waitUntil(lambda: not any(one.lane == "send look" for one in window.runner.tasks))
        assert not sending.running
        sending.begin_again()
        qtbot.waitUntil(lambda: shown().counts[State.SENT] == 3)

    drive(script, files)


def test_pictures_are_not_sent(qtbot: QtBot, drive: Drive, tmp_path: Path) -> None:
    from PIL import Image

    Image.new("L", (64, 64), 90).save(tmp_path / "picture.png")

    def script(window: MainWindow) -> None:
        qtbot.waitUntil(lambda: scanned(window) and bool(window.browser.model.rows))
        assert not window.commands["send"].isEnabled()
        assert window.commands.why_not("send").startswith("Open DICOM objects first")
        window.archive_work.send(window.browser.model.rows[0])
        dialog = window.desk.dialogs["send"]
        assert isinstance(dialog, SendDialog)
        qtbot.waitUntil(lambda: dialog.amount.text() == "Nothing")
        assert dialog.message.text().startswith("There is nothing to send; picture.png: ")

    drive(script, tmp_path)
