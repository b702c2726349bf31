"""What a test of a node found: whether it answers, stores video, and what it takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QLabel,
    QProgressBar,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from xray_studio.ui.dialogs.parts import MARGIN
from xray_studio.ui.look.theme import mark, px
from xray_studio.ui.widgets.asking import show_words

if TYPE_CHECKING:
    from xray_studio.core.pacs.tested import NodeTest

ROW: Final = 26
ALL: Final = "All SOP classes that it stores"


class TestedNode(QWidget):
    """Sentences, and below them SOP classes with the transfer syntaxes that are taken."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bar = QProgressBar(self)
        self.answer, self.video, self.asked = (QLabel(self) for _ in range(3))
        self.tree = QTreeWidget(self)
        self._build()
        self.clear()

    def clear(self) -> None:
        """Show nothing."""
        self.bar.hide()
        for label in (self.answer, self.video, self.asked):
            show_words(label, "")
        self.tree.clear()
        self.tree.hide()

    def begin(self, name: str) -> None:
        """Say that a node is called."""
        self.clear()
        self.bar.show()
        mark(self.answer, role="secondary")
        show_words(self.answer, f"Calling {name}")

    def show_silence(self, why: str) -> None:
        """Say why there is no answer."""
        self.clear()
        mark(self.answer, role="danger")
        show_words(self.answer, why)

    def show_test(self, found: NodeTest, *, ended: bool) -> None:
        """Show what was found, so far or in the end."""
        self.bar.setVisible(not ended)
        mark(self.answer, role="done")
        show_words(self.answer, _answer_words(found))
        if not ended:
            show_words(self.asked, "Asking what it takes")
            return
        mark(self.video, role="danger" if found.stores_video is False else "")
        show_words(self.video, _video_words(found))
        show_words(self.asked, _asked_words(found))
        self._fill(found)

    def _build(self) -> None:
        self.bar.setRange(0, 0)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("Progress of the test")
        for label in (self.answer, self.video, self.asked):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        mark(self.asked, role="secondary")
        self.tree.setHeaderHidden(True)
        self.tree.setUniformRowHeights(True)
        self.tree.setAccessibleName("SOP classes and transfer syntaxes that are taken")
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, 12, MARGIN, 8)
        column.setSpacing(4)
        for part in (self.bar, self.answer, self.video, self.asked):
            column.addWidget(part)
        column.addWidget(self.tree, 1)
        column.addStretch(0)

    def _fill(self, found: NodeTest) -> None:
        for kind, taken in found.syntaxes.items():
            count = f"{len(taken)} transfer syntax{'' if len(taken) == 1 else 'es'}"
            name = found.names.get(kind, kind)
            top = _item(f"{name}: {count if taken else 'not stored'}")
            top.addChildren([_item(found.names.get(uid, uid)) for uid in taken])
            self.tree.addTopLevelItem(top)
        if found.classes:
            every = _item(f"{ALL} ({len(found.classes)})")
            every.addChildren([_item(name) for name in found.classes.values()])
            self.tree.addTopLevelItem(every)
        self.tree.setVisible(self.tree.topLevelItemCount() > 0)


def _item(text: str) -> QTreeWidgetItem:
    made = QTreeWidgetItem([text])
    made.setSizeHint(0, QSize(0, px(ROW)))
    return made


def _answer_words(found: NodeTest) -> str:
    by = f" ({found.implementation})" if found.implementation else ""
    if found.seconds is None:
        return f"{found.node} answers{by}."
    return f"{found.node} answers in {found.seconds * 1000.0:.0f} ms{by}."


def _video_words(found: NodeTest) -> str:
    """Return whether it stores video; the syntaxes stand in the tree."""
    if not found.video or not found.stores_video:
        return found.video_words()
    kinds = [kind for kind, taken in found.video.items() if taken]
    count = len({uid for kind in kinds for uid in found.video[kind]})
    where = "" if len(kinds) == len(found.video) else " as " + ", ".join(
        found.names.get(kind, kind) for kind in kinds)  # fmt: skip
    return f"It can store video{where}, in {count} transfer syntax{'' if count == 1 else 'es'}."


def _asked_words(found: NodeTest) -> str:
    parts = [found.note]
    if found.classes_asked:
        parts.append(f"It stores {len(found.classes)} of {found.classes_asked} SOP classes.")
    asked = (("queries", found.answers_queries), ("the worklist", found.answers_worklist))
    for answers, verb, joint in ((True, "answers", " and "), (False, "does not answer", " or ")):
        named = [what for what, one in asked if one is answers]
        parts.append(f"It {verb} {joint.join(named)}." if named else "")
    return " ".join(filter(None, parts))
