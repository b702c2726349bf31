"""Send dialog: what goes, to which node, and what that tells of the patient."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QComboBox, QDialog, QGridLayout, QLabel, QVBoxLayout, QWidget

from xray_studio.core.job import Progress
from xray_studio.core.pacs.node import Node
from xray_studio.core.privacy import Finding
from xray_studio.core.size_words import byte_words
from xray_studio.services.privacy.folder import of_objects
from xray_studio.ui.archives import Archives, Known
from xray_studio.ui.dialogs.parts import (
    MARGIN,
    beside,
    button,
    captioned,
    footer,
    framed,
    heading,
    separator,
    sized,
)
from xray_studio.ui.dialogs.privacy.list import FindingList
from xray_studio.ui.dialogs.send.scopes import Scope
from xray_studio.ui.look.theme import mark
from xray_studio.ui.sending import Sending
from xray_studio.ui.widgets.asking import show_words
from xray_studio.ui.widgets.switch import Switch

if TYPE_CHECKING:
    from xray_studio.services.pacs.sending import Found
    from xray_studio.services.pacs.store import Added

TITLE: Final = "Send"
ABOUT: Final = "Objects go as they are, each once, through a queue that survives a restart"
SIZE: Final = (600, 420)
AGAIN: Final = "What was sent there before, too"
LOOK: Final = (
    "Text in the pictures goes with them. De-identify first what should not tell the patient."
)
NO_NODE: Final = "No node is known yet; add the archive that objects go to."
KNOWN_ALL: Final = "All of it is there, or in the queue, already; turn on Again to send it anew."
_NAMED: Final = 3  # files left out that are named


class SendDialog(QDialog):
    """Puts objects into the queue, and closes when they are in it.

    `nodes` opens the list of nodes.
    """

    def __init__(
        self,
        scopes: Sequence[Scope],
        sending: Sending,
        archives: Archives,
        nodes: Callable[[], object],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._scopes, self._sending, self._archives = tuple(scopes), sending, archives
        self._found: Found | None = None
        self._nodes: tuple[Node, ...] = ()
        self._findings: tuple[Finding, ...] = ()
        self._adding, self._unfound = False, ""
        self.scope, self.node = QComboBox(self), QComboBox(self)
        self.amount, self.left_out = QLabel(self), QLabel(self)
        self.nodes_button = button("Nodes\N{HORIZONTAL ELLIPSIS}", self)
        self.again = Switch(AGAIN, self)
        self.message = QLabel(self)
        self.close_button = button("Cancel", self)
        self.send_button = button("Send with identity", self, "accent")
        self._build()
        self._connect(nodes)
        archives.look()
        self._choose(0)

    def done(self, result: int) -> None:
        """Stop what is done for this dialog alone."""
        self._sending.leave()
        super().done(result)

    def _build(self) -> None:
        self.setWindowTitle(TITLE)
        self.scope.setAccessibleName("What is sent")
        self.node.setAccessibleName("Node")
        for scope in self._scopes:
            self.scope.addItem(scope.words)
        for label, role in ((self.amount, "secondary"), (self.left_out, "secondary")):
            label.setWordWrap(True)
            mark(label, role=role)
        self.message.setWordWrap(True)
        self.message.setContentsMargins(MARGIN, 0, MARGIN, 12)
        form, body, holds = QWidget(self), QWidget(self), QWidget(self)
        lines = QVBoxLayout(holds)
        lines.setContentsMargins(0, 0, 0, 8)
        lines.setSpacing(4)
        lines.addWidget(self.amount)
        lines.addWidget(self.left_out)
        grid = QGridLayout(form)
        grid.setContentsMargins(MARGIN, MARGIN, MARGIN, 12)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        for caption, content in (
            ("Objects", self.scope), ("", holds),
            ("To", beside(form, (self.node, 1), (self.nodes_button, 0))),
            ("Again", beside(form, (self.again, 0), (QLabel(AGAIN, form), 1))),
        ):  # fmt: skip
            content.setParent(form)
            captioned(grid, caption, content)
        self._told = QVBoxLayout()
        self._told.setContentsMargins(MARGIN, 16, MARGIN, 12)
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(form)
        column.addWidget(separator(self))
        column.addLayout(self._told)
        column.addStretch(1)
        column.addWidget(self.message)
        self.send_button.setDefault(True)
        foot = footer([], [self.close_button, self.send_button])
        framed(self, heading(TITLE, ABOUT, self), body, foot)
        sized(self, *SIZE)

    def _connect(self, nodes: Callable[[], object]) -> None:
        self.scope.activated.connect(self._choose)
        self.nodes_button.clicked.connect(nodes)
        self.close_button.clicked.connect(self.reject)
        self.send_button.clicked.connect(self._send)
        self._archives.listed.connect(self._list)
        sending = self._sending
        sending.looking.connect(self._show_looking)
        sending.found.connect(self._show_found)
        sending.unfound.connect(self._show_unfound)
        sending.added.connect(self._added)
        sending.refused.connect(self._refused)

    def _list(self, known: Known) -> None:
        """Offer the nodes; the one that is chosen, or was last, stays."""
        wanted = self.node.currentData() or self._sending.last_node
        self._nodes = known.nodes
        with QSignalBlocker(self.node):
            self.node.clear()
            for node in known.nodes:
                self.node.addItem(f"{node.name}  ({node.address})", node.name)
            self.node.setCurrentIndex(max(0, self.node.findData(wanted)))
        self.node.setEnabled(bool(known.nodes))
        if not self._unfound:  # whoever has nothing to send needs no node
            self._say("" if known.nodes else NO_NODE)
        self._show_ready()

    def _choose(self, number: int) -> None:
        """Look what a part of what is open holds."""
        scope = self._scopes[number]
        self._found, self._unfound = None, ""
        self._say("")
        show_words(self.left_out, "")
        self.amount.setText("Reading headers")
        self._findings = tuple(of_objects(scope.catalog))
        while (item := self._told.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        self._told.addWidget(FindingList(self._findings, self, look=LOOK))
        self._show_ready()
        self._sending.find(scope.paths)

    def _show_looking(self, progress: Progress) -> None:
        if self._found is None and progress.total:
            self.amount.setText(f"Reading headers: {progress.done:,} of {progress.total:,} files")

    def _show_found(self, found: Found) -> None:
        self._found = found
        count = len(found.objects)
        self.amount.setText(f"{_objects(count)}, {byte_words(found.size)}")
        show_words(self.left_out, _left_out_words(found.left_out))
        self._show_ready()

    def _show_unfound(self, why: str) -> None:
        self.amount.setText("Nothing")
        self._unfound = why
        self._say(why, "danger")

    def _show_ready(self) -> None:
        ready = self._found is not None and self.node.count() > 0 and not self._adding
        self.send_button.setEnabled(ready)

    def _send(self) -> None:
        if self._found is None:
            return
        name = str(self.node.currentData())
        self._adding, self._sending.last_node = True, name
        self._show_ready()
        places = (finding.place for finding in self._findings)
        self._sending.add(self._found, name, again=self.again.isChecked(), told=places)

    def _added(self, added: Added) -> None:
        if not self._adding:
            return
        self._adding = False
        if added.numbers:
            self.accept()
        else:
            self._say(KNOWN_ALL)
            self._show_ready()

    def _refused(self, why: str) -> None:
        self._adding = False
        self._say(why, "danger")
        self._show_ready()

    def _say(self, words: str, role: str = "secondary") -> None:
        mark(self.message, role=role)
        show_words(self.message, words)


def _objects(count: int) -> str:
    return "1 object" if count == 1 else f"{count:,} objects"


def _left_out_words(left_out: Sequence[tuple[str, str]]) -> str:
    """Return how many files are left out and why, for each reason once."""
    if not left_out:
        return ""
    count = len(left_out)
    reasons = list(dict.fromkeys(why.rstrip(".") for _, why in left_out))
    more = f", and {len(reasons) - _NAMED:,} more reasons" if len(reasons) > _NAMED else ""
    files = "1 file is" if count == 1 else f"{count:,} files are"
    return f"{files} left out: {'; '.join(reasons[:_NAMED])}{more}."
