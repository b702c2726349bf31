"""The form of one node: where it is, who asks, how it is talked to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QLabel, QLineEdit, QWidget

from xray_studio.core.errors import UsageError
from xray_studio.core.pacs.node import LONGEST_TITLE, Kind, Node, Tls, checked
from xray_studio.ui.dialogs.nodes.fields import (
    FileLine,
    line,
    number,
    number_line,
    seconds,
    worded,
)
from xray_studio.ui.dialogs.parts import MARGIN, captioned
from xray_studio.ui.look.theme import mark
from xray_studio.ui.widgets.segmented import Segmented
from xray_studio.ui.widgets.switch import Switch

KINDS: Final = ((Kind.DIMSE.value, "DIMSE"), (Kind.DICOMWEB.value, "DICOMweb"))
IN_KEYRING: Final = "In the keyring"
KEYRING: Final = "Passwords, tokens and passphrases go to the keyring of this system alone."
BEARER: Final = "A token is asked for in place of a user"
UNASKED: Final = "Send again where nobody can tell whether it arrived"
NAME_STAYS: Final = "The queue knows a node by its name; add another one for another name."


class NodeForm(QWidget):
    """Shows a node and reads it from what is typed. `changed` tells that something was."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = line("Name", self, "archive")
        self.kind = Segmented("Protocol", KINDS, self)
        self.host, self.port = line("Host", self, "pacs.local"), number_line("Port", self)
        self.title = line("AE title of the node", self, "ARCHIVE")
        self.own_title = line("AE title of this program", self)
        self.url = line("URL", self, "https://pacs.local/dicom-web")
        self.tls = Switch("TLS", self)
        self.authority = FileLine("Trusted certificates", "Those of the system", self)
        self.certificate = FileLine("Own certificate", "None", self)
        self.key = FileLine("Key of the own certificate", "None", self)
        self.passphrase = line("Passphrase of the key", self, "Only for a key that is locked")
        self.user, self.password = line("User", self, "Nobody"), line("Password", self)
        self.bearer = Switch(BEARER, self)
        self.keyring = QLabel(self)
        self.backup = QComboBox(self)
        self.connect_timeout = number_line("Time-out of connecting", self)
        self.answer_timeout = number_line("Time-out of answers", self)
        self.associations = number_line("Associations", self)
        self.maximum_length = number_line("Largest PDU", self)
        self.unasked = Switch(UNASKED, self)
        self._kept: Node | None = None
        self._no_keyring = ""
        self._rows: dict[str, tuple[QLabel, QWidget]] = {}
        self._build()
        self._connect()

    def show_node(
        self, node: Node, others: Sequence[str], *, kept: bool, no_keyring: str = ""
    ) -> None:
        """Show a node, `kept` or new; `others` are the names of nodes that can stand in for it."""
        self._kept, self._no_keyring = node if kept else None, no_keyring
        self.name.setText(node.name)
        self.name.setReadOnly(kept)
        self.name.setToolTip(NAME_STAYS if kept else "")
        self.kind.set_value(node.kind.value)
        for field, text in self._texts(node):
            field.setText(text)
        self.tls.setChecked(node.tls.on)
        self.unasked.setChecked(node.send_unasked)
        self.bearer.setChecked(node.bearer)
        self.password.clear()
        self.passphrase.clear()
        self.backup.clear()
        self.backup.addItem("None", "")
        for name in others:
            self.backup.addItem(name, name)
        if node.backup and node.backup not in others:
            self.backup.addItem(f"{node.backup} (not known)", node.backup)
        self.backup.setCurrentIndex(max(0, self.backup.findData(node.backup)))
        self._arrange()

    def node(self) -> Node:
        """Return the node as it is typed. Raises UsageError with what does not fit."""
        if not self.name.text().strip():
            raise UsageError("A node needs a name, by which the queue knows it.")
        web = self.kind.value() == Kind.DICOMWEB.value
        url = self.url.text().strip().rstrip("/")
        on = url.startswith("https://") if web else self.tls.isChecked()
        files = (self.authority, self.certificate, self.key)
        authority, own, key = (one.path.text().strip() if on else "" for one in files)
        secure = Tls(on, authority, own, key, self.passphrase.text() if key else "")
        user = "" if self._is_bearer() else self.user.text().strip()
        common = Node(
            name=self.name.text().strip(), user=user, tls=secure, bearer=self._is_bearer(),
            connect_timeout=seconds(self.connect_timeout),
            answer_timeout=seconds(self.answer_timeout), associations=number(self.associations),
            backup=str(self.backup.currentData() or ""), send_unasked=self.unasked.isChecked(),
        )  # fmt: skip
        if web:
            return checked(replace(common, kind=Kind.DICOMWEB, url=url))
        return checked(replace(
            common, host=self.host.text().strip(), port=number(self.port),
            called_ae_title=self.title.text().strip(),
            calling_ae_title=self.own_title.text().strip(),
            maximum_length=number(self.maximum_length),
        ))  # fmt: skip

    def typed_password(self) -> str | None:
        """Return the password that is typed, None where it stays as it is."""
        return self.password.text() or None if self.password.isEnabled() else None

    def _is_bearer(self) -> bool:
        return self.kind.value() == Kind.DICOMWEB.value and self.bearer.isChecked()

    def _texts(self, node: Node) -> tuple[tuple[QLineEdit, str], ...]:
        return (
            (self.host, node.host), (self.port, str(node.port)),
            (self.title, node.called_ae_title), (self.own_title, node.calling_ae_title),
            (self.url, node.url), (self.user, node.user),
            (self.authority.path, node.tls.authority),
            (self.certificate.path, node.tls.certificate), (self.key.path, node.tls.key),
            (self.connect_timeout, f"{node.connect_timeout:g}"),
            (self.answer_timeout, f"{node.answer_timeout:g}"),
            (self.associations, str(node.associations)),
            (self.maximum_length, str(node.maximum_length)),
        )  # fmt: skip

    def _build(self) -> None:
        for secret in (self.password, self.passphrase):
            secret.setEchoMode(QLineEdit.EchoMode.Password)
        self.backup.setAccessibleName("Backup")
        for field in (self.title, self.own_title):
            field.setMaxLength(LONGEST_TITLE)
        mark(self.keyring, role="caption")
        self.keyring.setWordWrap(True)
        grid = QGridLayout(self)
        grid.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        self.connect_timeout.setAccessibleDescription("seconds")
        self.answer_timeout.setAccessibleDescription("seconds")
        place = worded(self, "Port", self.port)
        self._host = QWidget(self)
        row = QGridLayout(self._host)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.host, 0, 0)
        row.addWidget(place, 0, 1)
        row.setColumnStretch(0, 1)
        times = worded(self, self.connect_timeout, "s to connect", self.answer_timeout,
            "s to answer")  # fmt: skip
        for caption, content in (
            ("Name", self.name), ("Protocol", self.kind), ("Host", self._host),
            ("AE title", self.title), ("Own AE title", self.own_title), ("URL", self.url),
            ("TLS", worded(self, self.tls, "Certificate and host name are checked")),
            ("Trusted", self.authority), ("Certificate", self.certificate), ("Key", self.key),
            ("Passphrase", self.passphrase), ("Bearer", worded(self, self.bearer, BEARER)),
            ("User", self.user), ("Password", self.password), ("", self.keyring),
            ("Backup", self.backup), ("Time-outs", times),
            ("Associations", worded(self, self.associations, "send at the same time")),
            ("Largest PDU", worded(self, self.maximum_length, "bytes; 0 for no limit")),
            ("In doubt", worded(self, self.unasked, UNASKED)),
        ):  # fmt: skip
            self._rows[caption or "keyring"] = captioned(grid, caption, content), content
        grid.setRowStretch(grid.rowCount(), 1)

    def _connect(self) -> None:
        for field in self.findChildren(QLineEdit):
            field.textEdited.connect(self._edited)
        for file in (self.authority, self.certificate, self.key):
            file.edited.connect(self._edited)
        switches = (self.tls.chosen, self.unasked.chosen, self.bearer.chosen)
        for signal in (self.kind.chosen, *switches):
            signal.connect(self._edited)
        self.backup.activated.connect(self._edited)

    def _edited(self) -> None:
        self._arrange()
        self.changed.emit()

    def _arrange(self) -> None:
        """Show the fields that this kind of node has."""
        web = self.kind.value() == Kind.DICOMWEB.value
        private = self.url.text().startswith("https://") if web else self.tls.isChecked()
        shown = {
            **dict.fromkeys(("Host", "AE title", "Own AE title", "TLS", "Largest PDU"), not web),
            "URL": web, "Bearer": web, "User": not self._is_bearer(),
            **dict.fromkeys(("Trusted", "Certificate", "Key", "Passphrase"), private),
        }  # fmt: skip
        for name, visible in shown.items():
            for part in self._rows[name]:
                part.setVisible(visible)
        self._arrange_secrets()

    def _arrange_secrets(self) -> None:
        """Show what can be typed that goes to the keyring, and what lies there."""
        bearer, before = self._is_bearer(), self._kept
        user = "" if bearer else self.user.text().strip()
        asks, locked = bearer or bool(user), bool(self.key.path.text().strip())
        self.password.setEnabled(asks and not self._no_keyring)
        self.passphrase.setEnabled(locked and not self._no_keyring)
        kept = asks and before is not None and (before.bearer, before.user) == (bearer, user)
        self.password.setPlaceholderText(IN_KEYRING if kept and not self._no_keyring else "")
        what = "Token" if bearer else "Password"
        self._rows["Password"][0].setText(what)
        self.password.setAccessibleName(what)
        self.keyring.setText(self._no_keyring or KEYRING)
        for part in self._rows["keyring"]:
            part.setVisible(asks or locked)
