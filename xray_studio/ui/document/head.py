"""Head of a document: what it is, whose it is, and what can be done with it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from xray_studio.core.corner_text import format_age, format_date, format_name
from xray_studio.core.document import Document, Pages
from xray_studio.core.document_kinds import icon, name
from xray_studio.ui.document.find_bar import FindBar
from xray_studio.ui.look.theme import mark
from xray_studio.ui.widgets.elided import Elided
from xray_studio.ui.widgets.icon_button import IconButton
from xray_studio.ui.widgets.icon_label import IconLabel

HIDDEN = "Identity hidden here; the document itself may still name the patient"


class DocumentHead(QWidget):
    """Tells what is asked: `find_asked`, `copy_asked`, `save_asked`, `zoomed` (1 or -1)."""

    find_asked = Signal()
    copy_asked = Signal()
    save_asked = Signal()
    zoomed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        mark(self, area="panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._icon = IconLabel(20, "secondary", self)
        self.title, self.kind, self.who = Elided(self), Elided(self), Elided(self)
        mark(self.title, role="title")
        for label in (self.kind, self.who):
            mark(label, role="caption")
        for label in (self.title, self.kind):
            label.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
            label.setMinimumWidth(24)
        self.finder = FindBar(self)
        self.finder.hide()
        self.smaller = IconButton("minus", "Smaller", "Ctrl+-", side=30, parent=self)
        self.larger = IconButton("plus", "Larger", "Ctrl++", side=30, parent=self)
        self.search = IconButton("search", "Find in this document", "Ctrl+F", side=30, parent=self)
        self.copy = IconButton("copy", "Copy the text", side=30, parent=self)
        self.save = IconButton("save", "Save as PDF", "Ctrl+S", side=30, parent=self)
        self._lay_out()
        self.search.clicked.connect(self.find_asked)
        self.copy.clicked.connect(self.copy_asked)
        self.save.clicked.connect(self.save_asked)
        self.larger.clicked.connect(lambda: self.zoomed.emit(1))
        self.smaller.clicked.connect(lambda: self.zoomed.emit(-1))

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(2)
        first = QHBoxLayout()
        first.setSpacing(12)
        first.addWidget(self.title)
        first.addWidget(self.kind)
        first.addStretch(1)
        words.addLayout(first)
        words.addWidget(self.who)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 12, 8)
        row.setSpacing(4)
        row.addWidget(self._icon)
        row.addSpacing(8)
        row.addLayout(words, 1)
        for part in (self.finder, self.smaller, self.larger, self.search, self.copy, self.save):
            row.addWidget(part)

    def show_document(self, document: Document, *, hidden: bool, pages: int) -> None:
        """Say what is shown; while identity is hidden not whose it is."""
        self._icon.show_icon(icon(document.sop_class_uid))
        what = name(document.sop_class_uid)
        count = f"{pages} page{'' if pages == 1 else 's'}" if document.media_type and pages else ""
        title = what if hidden else document.title
        known = title.lower() in what.lower()
        kind = "  ·  ".join(filter(None, ("" if known else what, count)))
        _say(self.title, title)
        _say(self.kind, kind)
        _say(self.who, HIDDEN if hidden else identity_line(document))
        drawn = [block for block in document.blocks if isinstance(block, Pages)]
        self.copy.setVisible(not drawn or any(any(block.texts) for block in drawn))


def _say(label: Elided, words: str) -> None:
    """Show words; the tooltip says all of them."""
    label.set_words(words, words)


def identity_line(document: Document) -> str:
    """Return name, ID, birth date, sex, age, study and date, as far as the document tells them."""
    who = document.identity
    parts = (
        format_name(who.patient_name),
        who.patient_id,
        format_date(who.birth_date),
        who.sex,
        format_age(who.birth_date, who.date),
        who.study_description,
        format_date(who.date),
    )
    return "  ·  ".join(filter(None, parts))
