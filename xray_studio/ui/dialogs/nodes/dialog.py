"""Nodes: archives by name, added, changed, tested and forgotten."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSignalBlocker, QSize, Qt
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from xray_studio.core.errors import UsageError
from xray_studio.core.pacs.node import Node
from xray_studio.ui.archives import Archives, Known
from xray_studio.ui.dialogs.nodes.form import NodeForm
from xray_studio.ui.dialogs.nodes.tested import TestedNode
from xray_studio.ui.dialogs.parts import (
    MARGIN,
    button,
    footer,
    framed,
    heading,
    scrolling,
    separator,
    sized,
)
from xray_studio.ui.in_the_window import in_the_window
from xray_studio.ui.look.icons import icon
from xray_studio.ui.look.theme import mark, px
from xray_studio.ui.widgets.asking import show_words

if TYPE_CHECKING:
    from xray_studio.core.pacs.tested import NodeTest

TITLE: Final = "Nodes"
ABOUT: Final = "Archives that objects are sent to and fetched from"
NEW: Final = "New node"
SIZE: Final = (880, 720)
LIST, ROW, RESULT = 200, 32, 232  # pixels: width of the list, a row, least height of a result


class NodesDialog(QDialog):
    """A list of nodes, and the form of the chosen one with what a test of it found.

    While something is typed the list rests, until that is saved or discarded.
    """

    def __init__(self, archives: Archives, parent: QWidget) -> None:
        super().__init__(parent)
        self._archives, self._known = archives, Known()
        self._shown = ""
        self.list = QListWidget(self)
        self.add, self.remove = button("Add", self), button("Remove", self)
        self.form, self.answers = NodeForm(self), TestedNode(self)
        self.broken = QLabel(self)
        self.message = QLabel(self)
        self.test = button("Test", self)
        self.discard, self.save = button("Discard", self), button("Save", self, "accent")
        self.close_button = button("Close", self)
        self._build()
        self._connect()
        self._choose(-1)
        self._body.setEnabled(False)  # until it is known what there is
        archives.look()

    def done(self, result: int) -> None:
        """Stop what is done for this dialog alone."""
        self._archives.leave()
        super().done(result)

    def _build(self) -> None:
        self.setWindowTitle(TITLE)
        self.list.setAccessibleName("Nodes")
        self.list.setIconSize(QSize(16, 16))
        self.save.setDefault(True)
        self.broken.setWordWrap(True)
        self.broken.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.broken.setMargin(MARGIN)
        mark(self.broken, role="danger")
        self.message.setWordWrap(True)
        self.message.setContentsMargins(MARGIN, 8, MARGIN, 8)
        self.stack = QStackedWidget(self)
        area = scrolling(self.form, self)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.stack.addWidget(area)
        self.stack.addWidget(self.broken)
        self._line = separator(self)
        self.answers.setMinimumHeight(px(RESULT))
        body, right = QWidget(self), QWidget(self)
        self._body = body
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part, share in ((self.stack, 3), (self._line, 0), (self.answers, 2), (self.message, 0)):
            column.addWidget(part, share)
        row = QHBoxLayout(body)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._left())
        row.addWidget(right, 1)
        foot = footer([self.test], [self.close_button, self.discard, self.save])
        framed(self, heading(TITLE, ABOUT, self), body, foot)
        sized(self, *SIZE)
        self._show_result(shown=False)

    def _left(self) -> QWidget:
        holder = QWidget(self)
        holder.setFixedWidth(px(LIST))
        mark(holder, area="background")
        holder.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.add, 1)
        buttons.addWidget(self.remove, 1)
        column = QVBoxLayout(holder)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(8)
        column.addWidget(self.list, 1)
        column.addLayout(buttons)
        return holder

    def _connect(self) -> None:
        self.list.currentRowChanged.connect(self._choose)
        self.form.changed.connect(lambda: self._show_changed(changed=True))
        for press, run in (
            (self.add, self._add), (self.remove, self._remove), (self.test, self._test),
            (self.discard, self._discard), (self.save, self._save), (self.close_button, self.close),
        ):  # fmt: skip
            press.clicked.connect(run)
        archives = self._archives
        archives.listed.connect(self._list)
        archives.kept.connect(self._kept)
        archives.refused.connect(self._refused)
        archives.answered.connect(self._answered)
        archives.tested.connect(self._tested)
        archives.silent.connect(self.answers.show_silence)

    # -- the list

    def _list(self, known: Known) -> None:
        before, self._known = self._shown, known
        self._body.setEnabled(True)
        with QSignalBlocker(self.list):
            self.list.clear()
            for node in known.nodes:
                self._item(node.name, node.address, "hard-drive", "secondary")
            for name, why in known.broken.items():
                self._item(name, why, "triangle-alert", "danger")
            found = self.list.findItems(self._shown, Qt.MatchFlag.MatchExactly)
            self.list.setCurrentRow(self.list.row(found[0]) if found and self._shown else 0)
        self._choose(self.list.currentRow())
        if before and before not in {*known.broken, *(node.name for node in known.nodes)}:
            self._say(f"{before} is forgotten; what waits for it in the queue stays there.")

    def _item(self, name: str, about: str, sign: str, token: str) -> None:
        item = QListWidgetItem(icon(sign, token, token), name, self.list)
        item.setToolTip(about)
        item.setSizeHint(QSize(0, px(ROW)))

    def _choose(self, row: int) -> None:
        """Show the node at a place in the list, a new one where there is none."""
        self._archives.leave()
        self._show_result(shown=False)
        names = [node.name for node in self._known.nodes]
        item = self.list.item(row)
        self._shown = "" if item is None or item.text() == NEW else item.text()
        why = self._known.broken.get(self._shown, "")
        self.broken.setText(in_the_window(f"{self._shown} cannot be used: {why}"))
        self.stack.setCurrentIndex(1 if why else 0)
        if not why:
            node = next((one for one in self._known.nodes if one.name == self._shown), Node())
            self.form.show_node(
                node, [name for name in names if name != self._shown],
                kept=bool(self._shown), no_keyring=self._known.no_keyring,
            )  # fmt: skip
        self._show_changed(changed=False)

    def _add(self) -> None:
        with QSignalBlocker(self.list):
            self._item(NEW, "", "plus", "secondary")
            self.list.setCurrentRow(self.list.count() - 1)
        self._choose(self.list.count() - 1)
        self._show_changed(changed=True)
        self.form.name.setFocus()

    def _remove(self) -> None:
        if self._shown:
            self._archives.forget(self._shown)

    # -- the form

    def _show_changed(self, *, changed: bool) -> None:
        """Let the list rest while something is typed."""
        new, usable = not self._shown, self.stack.currentIndex() == 0
        typing = changed and usable
        self.list.setEnabled(not typing)
        self.add.setEnabled(not typing)
        self.remove.setEnabled(not typing and not new)
        self.discard.setVisible(typing and self.list.count() > 0)
        self.save.setEnabled(typing)
        self.test.setEnabled(usable)
        if changed:
            self._say("")

    def _discard(self) -> None:
        if not self._shown:
            with QSignalBlocker(self.list):
                self.list.takeItem(self.list.count() - 1)
                self.list.setCurrentRow(0)
        self._say("")
        self._choose(self.list.currentRow())

    def _read(self) -> Node | None:
        """Return the node as it is typed, None where that does not fit, which is said."""
        try:
            node = self.form.node()
        except UsageError as error:
            self._say(in_the_window(str(error)), "danger")
            return None
        if not self._shown and any(one.name == node.name for one in self._known.nodes):
            self._say(f"There is a node {node.name} already; choose another name.", "danger")
            return None
        return node

    def _save(self) -> None:
        node = self._read()
        if node is not None:
            self._archives.keep(node, self.form.typed_password())

    def _kept(self, name: str) -> None:
        with QSignalBlocker(self.list):
            found = self.list.findItems(name, Qt.MatchFlag.MatchExactly)
            self.list.setCurrentItem(found[0])
        self._choose(self.list.currentRow())
        self._say(f"{name} is saved.", "done")

    # -- the test

    def _test(self) -> None:
        node = self._read()
        if node is not None:
            self._say("")
            self._show_result(shown=True)
            self.answers.begin(node.told)
            self._archives.test(node, self.form.typed_password())

    def _answered(self, found: NodeTest) -> None:
        self.answers.show_test(found, ended=False)

    def _tested(self, found: NodeTest) -> None:
        self.answers.show_test(found, ended=True)

    def _show_result(self, *, shown: bool) -> None:
        for part in (self._line, self.answers):
            part.setVisible(shown)

    def _refused(self, why: str) -> None:
        self._say(why, "danger")

    def _say(self, words: str, role: str = "secondary") -> None:
        mark(self.message, role=role)
        show_words(self.message, words)
