"""The send queue on screen: states and reasons in words, and what a person does about them."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.peers import Orthanc, free_port, make_orthanc, running
from tests.sent_objects import several
from tests.ui.conftest import Drive
from tests.ui.keys import press
from xray_studio.core.job import run
from xray_studio.core.pacs.entry import Entry, State, gave_up
from xray_studio.core.pacs.node import Node
from xray_studio.services.pacs.nodes import keep_node
from xray_studio.services.pacs.runner import CANNOT_ASK
from xray_studio.services.pacs.sending import enqueue
from xray_studio.services.pacs.shown import pause
from xray_studio.services.pacs.store import Queue
from xray_studio.ui.dialogs.queue.dialog import NOTHING, QueueDialog
from xray_studio.ui.main_window import MainWindow

Left = Qt.MouseButton.LeftButton
Script = Callable[[MainWindow, QueueDialog], None]


def entries() -> list[Entry]:
    with Queue() as base:
        return base.all()


def states() -> list[State]:
    return [one.state for one in entries()]


@pytest.fixture
def in_queue(qtbot: QtBot, drive: Drive) -> Callable[[Script], None]:
    """Run a script with the dialog of the queue."""

    def run_script(script: Script) -> None:
        def begin(window: MainWindow) -> None:
            press(window, "Ctrl+Shift+U")
            dialog = window.desk.dialogs["queue"]
            assert isinstance(dialog, QueueDialog)
            script(window, dialog)
            dialog.close()

        drive(begin)

    return run_script


def put(folder: Path, count: int = 3, **values: object) -> None:
    """Put objects into the queue for a node at which nobody listens, unless it is told."""
    usual = {"name": "gone", "host": "127.0.0.1", "port": free_port(), "called_ae_title": "A"}
    keep_node(Node(**usual | values))  # type: ignore[arg-type]  # plain values
    several(folder, count)
    run(enqueue([str(folder)], "gone"))


def cells(dialog: QueueDialog) -> list[tuple[str, ...]]:
    return [dialog.model.cells(row) for row in dialog.model.rows]


def test_an_empty_queue_says_what_puts_something_there(
    qtbot: QtBot, in_queue: Callable[[Script], None]
) -> None:
    def script(window: MainWindow, dialog: QueueDialog) -> None:
        for key in ("going", "stopped", "sent"):
            qtbot.mouseClick(dialog.which.button(key), Left)
            qtbot.waitUntil(lambda key=key: dialog.nothing.text() == NOTHING[key])  # type: ignore[misc]  # bound early
        assert dialog.nothing.isVisible()
        assert not dialog.send_now.isEnabled()
        assert not dialog.remove.isEnabled()
        assert not window.jobs.queue.isVisible()

    in_queue(script)


def test_reasons_stand_in_words_and_entries_are_paused_and_removed(
    qtbot: QtBot, in_queue: Callable[[Script], None], tmp_path: Path
) -> None:
    put(tmp_path)

    def script(window: MainWindow, dialog: QueueDialog) -> None:
        qtbot.waitUntil(lambda: [one[2] for one in cells(dialog)] == ["Failed"] * 3)
        name, node, _, tries, soon, why = cells(dialog)[0]
        assert name.endswith(".dcm")
        assert (node, tries) == ("gone", "1")
        assert soon == "now" or soon.startswith("in ")
        assert why.startswith("Nothing listens at 127.0.0.1")
        qtbot.waitUntil(lambda: window.jobs.queue.text() == "3 to send")
        assert not dialog.pause.isEnabled()
        dialog.view.selectAll()
        assert dialog.message.text() == cells(dialog)[0][5]
        dialog.view.clearSelection()
        assert not dialog.message.isVisible()
        dialog.view.selectAll()
        qtbot.mouseClick(dialog.pause, Left)
        qtbot.waitUntil(lambda: set(states()) == {State.PAUSED})
        qtbot.waitUntil(lambda: window.jobs.queue.text() == "3 stopped")
        qtbot.mouseClick(dialog.which.button("stopped"), Left)
        qtbot.waitUntil(lambda: len(cells(dialog)) == 3)
        dialog.view.selectAll()
        dialog.view.setFocus()
        qtbot.keyClick(dialog.view, Qt.Key.Key_Delete)
        assert dialog.message.text().startswith("3 objects have not arrived and would not be sent")
        assert len(entries()) == 3
        qtbot.waitUntil(lambda: not window.runner.tasks)
        assert len(dialog._selected()) == 3, "reading the queue again selects nothing else"
        qtbot.keyClick(dialog.view, Qt.Key.Key_Delete)
        qtbot.waitUntil(lambda: not entries())
        qtbot.waitUntil(lambda: not window.jobs.queue.isVisible())

    in_queue(script)


def test_what_failed_is_sent_now(
    qtbot: QtBot, in_queue: Callable[[Script], None], tmp_path: Path
) -> None:
    server = make_orthanc(tmp_path / "orthanc", plugins=False)
    put(tmp_path / "files", host="127.0.0.1", port=server.port)
    with Queue() as base:
        late = time.time() + 7200.0
        base.save([replace(one, state=State.FAILED, due=late) for one in base.all()])

    def script(window: MainWindow, dialog: QueueDialog) -> None:
        qtbot.waitUntil(lambda: len(cells(dialog)) == 3)
        assert all(one[4].startswith(("in 1 h", "in 2 h")) for one in cells(dialog))
        assert not window.archive_work.sending.running
        qtbot.waitUntil(dialog.send_now.isEnabled)
        qtbot.mouseClick(dialog.send_now, Left)
        qtbot.waitUntil(lambda: set(states()) == {State.SENT})
        qtbot.mouseClick(dialog.which.button("sent"), Left)
        qtbot.waitUntil(lambda: [one[2] for one in cells(dialog)] == ["Sent"] * 3)
        qtbot.waitUntil(lambda: dialog.which.button("sent").text() == "Sent 3")
        qtbot.waitUntil(lambda: sorted(server.times_stored().values()) == [1, 1, 1])

    with running(server):
        in_queue(script)


def test_an_entry_that_is_paused_goes_on_when_it_is_retried(
    qtbot: QtBot, in_queue: Callable[[Script], None], orthanc: Orthanc, tmp_path: Path
) -> None:
    put(tmp_path, 2, port=orthanc.port)
    pause()

    def script(window: MainWindow, dialog: QueueDialog) -> None:
        qtbot.mouseClick(dialog.which.button("stopped"), Left)
        qtbot.waitUntil(lambda: len(cells(dialog)) == 2)
        dialog.view.setCurrentIndex(dialog.model.index(0, 0))
        qtbot.mouseClick(dialog.retry, Left)
        qtbot.waitUntil(lambda: sorted(states()) == [State.PAUSED, State.SENT])
        qtbot.waitUntil(lambda: len(cells(dialog)) == 1)

    in_queue(script)


def test_who_looked_there_sends_unasked(
    qtbot: QtBot, in_queue: Callable[[Script], None], tmp_path: Path
) -> None:
    put(tmp_path, 1)
    with Queue() as base:
        why = CANNOT_ASK.format(node="gone")
        lost = [gave_up(replace(one, unsure=True, at="gone"), why, 0.0) for one in base.all()]
        base.save(lost)

    def script(window: MainWindow, dialog: QueueDialog) -> None:
        qtbot.mouseClick(dialog.which.button("stopped"), Left)
        qtbot.waitUntil(lambda: len(cells(dialog)) == 1)
        assert not dialog.unasked.isVisible()
        assert cells(dialog)[0][5].endswith("then remove it here or retry it unasked")
        dialog.view.selectAll()
        assert dialog.unasked.isVisible()
        qtbot.mouseClick(dialog.unasked, Left)
        qtbot.waitUntil(lambda: states() == [State.FAILED])
        assert not entries()[0].unsure

    in_queue(script)


def test_names_of_files_are_hidden_with_identity(
    qtbot: QtBot, drive: Drive, tmp_path: Path
) -> None:
    put(tmp_path, 1)

    def script(window: MainWindow) -> None:
        window.commands["hide_identity"].trigger()
        window.commands["send_queue"].trigger()
        dialog = window.desk.dialogs["queue"]
        assert isinstance(dialog, QueueDialog)
        qtbot.waitUntil(lambda: len(cells(dialog)) == 1)
        assert cells(dialog)[0][0] == "Object 1"
        tip = dialog.model.index(0, 0).data(Qt.ItemDataRole.ToolTipRole)
        assert ".dcm" not in tip

    drive(script)
