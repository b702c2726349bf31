"""Nodes from the window: added, changed, tested and forgotten, passwords in the keyring alone."""

from __future__ import annotations

import json
from collections.abc import Callable

import keyring
import pytest
from keyring.backends.fail import Keyring as NoKeyring
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from tests.peers import Orthanc, free_port
from tests.services.pacs.conftest import Remembering
from tests.ui.conftest import Drive
from tests.ui.keys import press
from xray_studio.core.pacs.node import Kind, Node
from xray_studio.services.pacs.nodes import keep_node, nodes
from xray_studio.services.pacs.secrets import NO_KEYRING, password_of
from xray_studio.services.settings import settings_file
from xray_studio.ui.dialogs.nodes.dialog import NodesDialog
from xray_studio.ui.dialogs.nodes.form import IN_KEYRING
from xray_studio.ui.main_window import MainWindow

Left = Qt.MouseButton.LeftButton
Script = Callable[[MainWindow, NodesDialog], None]
MAIN = Node("main", host="h", called_ae_title="A")


@pytest.fixture
def in_dialog(qtbot: QtBot, drive: Drive) -> Callable[[Script], None]:
    """Run a script with the dialog of nodes, when it knows them."""

    def run(script: Script) -> None:
        def begin(window: MainWindow) -> None:
            window.commands["nodes"].trigger()
            dialog = window.desk.dialogs["nodes"]
            assert isinstance(dialog, NodesDialog)
            qtbot.waitUntil(dialog.form.isEnabled)
            script(window, dialog)
            dialog.close()

        drive(begin)

    return run


def typed(qtbot: QtBot, field: QLineEdit, text: str) -> None:
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, text)


def saved(qtbot: QtBot, dialog: NodesDialog) -> str:
    """Save, and return what is said."""
    dialog._say("")
    qtbot.mouseClick(dialog.save, Left)
    qtbot.waitUntil(lambda: bool(dialog.message.text()))
    return dialog.message.text()


def test_a_node_is_added_changed_and_forgotten(
    qtbot: QtBot, in_dialog: Callable[[Script], None], own_keyring: Remembering
) -> None:
    def script(window: MainWindow, dialog: NodesDialog) -> None:
        form = dialog.form
        assert not dialog.save.isEnabled()
        for field, text in (
            (form.name, "archive"), (form.host, "pacs.local"), (form.title, "ARCHIVE"),
            (form.port, "11112"), (form.user, "doe"),
        ):  # fmt: skip
            typed(qtbot, field, text)
        typed(qtbot, form.password, "open sesame")
        assert form.password.echoMode() is QLineEdit.EchoMode.Password
        assert saved(qtbot, dialog) == "archive is saved."
        (node,) = nodes()
        assert node.address == "pacs.local:11112/ARCHIVE"
        assert password_of(node) == "open sesame"
        assert form.password.text() == ""
        assert form.password.placeholderText() == IN_KEYRING
        assert form.name.isReadOnly()
        typed(qtbot, form.answer_timeout, "90")
        assert saved(qtbot, dialog) == "archive is saved."
        assert nodes()[0].answer_timeout == 90.0
        assert password_of(node) == "open sesame"
        qtbot.mouseClick(dialog.remove, Left)
        qtbot.waitUntil(lambda: not nodes())
        qtbot.waitUntil(lambda: dialog.message.text().startswith("archive is forgotten"))
        assert dialog.list.count() == 0

    in_dialog(script)
    assert "sesame" not in settings_file().read_text()
    assert not own_keyring.kept


def test_a_token_and_a_passphrase_are_typed(
    qtbot: QtBot, in_dialog: Callable[[Script], None], own_keyring: Remembering
) -> None:
    def script(_window: MainWindow, dialog: NodesDialog) -> None:
        form = dialog.form
        typed(qtbot, form.name, "web")
        form.kind.set_value("dicomweb")
        form.kind.chosen.emit("dicomweb")
        for field, text in (
            (form.url, "https://pacs.local/web"), (form.certificate.path, "/own.pem"),
            (form.key.path, "/key.pem"), (form.passphrase, "open up"),
        ):  # fmt: skip
            typed(qtbot, field, text)
        assert not form.password.isEnabled()
        qtbot.mouseClick(form.bearer, Left)
        assert (form.user.isVisible(), form.password.isEnabled()) == (False, True)
        typed(qtbot, form.password, "t0ken")
        for field in (form.password, form.passphrase):
            assert field.echoMode() is QLineEdit.EchoMode.Password
        assert saved(qtbot, dialog) == "web is saved."
        (node,) = nodes()
        assert (node.bearer, node.user, node.tls.passphrase) == (True, "", "")
        assert sorted(own_keyring.kept.values()) == ["open up", "t0ken"]
        assert (form.password.text(), form.passphrase.text()) == ("", "")
        assert form.password.placeholderText() == IN_KEYRING

    in_dialog(script)


def test_the_list_rests_while_something_is_typed(
    qtbot: QtBot, in_dialog: Callable[[Script], None]
) -> None:
    keep_node(MAIN)

    def script(window: MainWindow, dialog: NodesDialog) -> None:
        assert dialog.form.host.text() == "h"
        qtbot.mouseClick(dialog.add, Left)
        assert dialog.form.host.text() == ""
        assert not dialog.list.isEnabled()
        typed(qtbot, dialog.form.name, "main")
        typed(qtbot, dialog.form.host, "h2")
        typed(qtbot, dialog.form.title, "A")
        assert saved(qtbot, dialog) == "There is a node main already; choose another name."
        qtbot.mouseClick(dialog.discard, Left)
        assert dialog.list.count() == 1
        assert dialog.list.isEnabled()
        assert dialog.form.host.text() == "h"

    in_dialog(script)
    assert nodes() == (MAIN,)


def test_what_does_not_fit_is_said(qtbot: QtBot, in_dialog: Callable[[Script], None]) -> None:
    def script(window: MainWindow, dialog: NodesDialog) -> None:
        form = dialog.form
        typed(qtbot, form.host, "h")
        assert saved(qtbot, dialog).startswith("A node needs a name")
        typed(qtbot, form.name, "web")
        typed(qtbot, form.port, "many")
        assert saved(qtbot, dialog) == "Port: type a whole number."
        qtbot.mouseClick(form.kind.button(Kind.DICOMWEB.value), Left)
        assert not form.port.isVisible()
        typed(qtbot, form.url, "https://doe:secret@pacs.local/dicom-web")
        assert "A URL holds no password" in saved(qtbot, dialog)
        typed(qtbot, form.url, "https://pacs.local/dicom-web/")
        assert saved(qtbot, dialog) == "web is saved."

    in_dialog(script)
    (node,) = nodes()
    assert (node.url, node.tls.on) == ("https://pacs.local/dicom-web", True)


@pytest.mark.usefixtures("own_keyring")
def test_a_system_without_a_keyring_is_told(
    qtbot: QtBot, in_dialog: Callable[[Script], None]
) -> None:
    keyring.set_keyring(NoKeyring())
    keep_node(MAIN)

    def script(window: MainWindow, dialog: NodesDialog) -> None:
        typed(qtbot, dialog.form.user, "doe")
        assert dialog.form.keyring.isVisible()
        assert dialog.form.keyring.text() == NO_KEYRING
        assert not dialog.form.password.isEnabled()

    in_dialog(script)


def test_a_test_tells_what_a_node_takes(
    qtbot: QtBot, in_dialog: Callable[[Script], None], orthanc: Orthanc
) -> None:
    keep_node(orthanc.node())

    def script(window: MainWindow, dialog: NodesDialog) -> None:
        result = dialog.answers
        assert not result.isVisible()
        qtbot.mouseClick(dialog.test, Left)
        qtbot.waitUntil(result.tree.isVisible)
        assert result.answer.text().startswith("orthanc answers in ")
        assert result.video.text().startswith("It can store video, in ")
        assert "of 170 SOP classes. It answers queries and the worklist." in result.asked.text()
        names = [result.tree.topLevelItem(row) for row in range(result.tree.topLevelItemCount())]
        assert any("Video Photographic" in item.text(0) for item in names if item is not None)
        assert not result.bar.isVisible()
        typed(qtbot, dialog.form.port, str(free_port()))
        qtbot.mouseClick(dialog.test, Left)
        qtbot.waitUntil(lambda: "Nothing listens at" in result.answer.text())
        assert not result.tree.isVisible()
        assert nodes() == (orthanc.node(),), "a test keeps nothing"

    in_dialog(script)


def test_a_node_that_cannot_be_used_tells_why(
    qtbot: QtBot, in_dialog: Callable[[Script], None]
) -> None:
    keep_node(MAIN)
    path = settings_file()
    found = json.loads(path.read_text())
    found["archives"]["nodes"]["odd"] = {"kind": "dimse", "port": "104"}
    path.write_text(json.dumps(found))

    def script(window: MainWindow, dialog: NodesDialog) -> None:
        dialog.list.setCurrentRow(1)
        assert dialog.broken.text().startswith("odd cannot be used: A value has a wrong type")
        assert not dialog.test.isEnabled()
        qtbot.mouseClick(dialog.remove, Left)
        qtbot.waitUntil(lambda: dialog.list.count() == 1)

    in_dialog(script)
    assert "odd" not in path.read_text()


def test_a_backup_stays_while_it_is_needed(
    qtbot: QtBot, in_dialog: Callable[[Script], None]
) -> None:
    keep_node(MAIN)
    keep_node(Node("other", host="h", called_ae_title="B", backup="main"))

    def script(window: MainWindow, dialog: NodesDialog) -> None:
        assert dialog.form.name.text() == "main"
        qtbot.mouseClick(dialog.remove, Left)
        qtbot.waitUntil(lambda: "stands in for other" in dialog.message.text())
        assert dialog.list.count() == 2

    in_dialog(script)


def test_settings_and_nodes_of_others_go_together(
    qtbot: QtBot, in_dialog: Callable[[Script], None]
) -> None:
    def script(window: MainWindow, dialog: NodesDialog) -> None:
        keep_node(MAIN)  # as the command line does meanwhile
        window.commands["theme_light"].trigger()
        qtbot.waitUntil(lambda: "light" in settings_file().read_text())
        assert nodes() == (MAIN,)

    in_dialog(script)
    assert nodes() == (MAIN,)


def test_settings_lead_to_the_nodes(drive: Drive) -> None:
    def script(window: MainWindow) -> None:
        press(window, "Ctrl+,")
        settings = window.desk.dialogs["settings"]
        settings.more["Archives"].click()  # type: ignore[attr-defined]  # of the settings dialog
        assert window.desk.dialogs["nodes"].parent() is settings

    drive(script)
