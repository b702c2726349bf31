"""Section part: heading, what waits for a review, and the sentences of one section."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from xray_studio.core.report.report import Section
from xray_studio.ui.look.theme import mark
from xray_studio.ui.report.links import at_right, link
from xray_studio.ui.report.section_editor import SectionEditor
from xray_studio.ui.report.words import ACCEPT_ALL, EMPTY
from xray_studio.ui.widgets.hint import hint


class SectionPart(QWidget):
    """One section. `accepted` tells that all of it is to be accepted."""

    accepted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.heading = QLabel(self)
        mark(self.heading, role="strong")
        self.accept_all = link(ACCEPT_ALL, self)
        self.accept_all.clicked.connect(self.accepted)
        self.editor = SectionEditor(self)
        self.editor.setPlaceholderText(EMPTY)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(at_right(self.heading, self.accept_all))
        column.addWidget(self.editor)

    def show_section(self, section: Section, *, editable: bool) -> None:
        """Show a section."""
        self.heading.setText(section.heading)
        self.editor.setAccessibleName(f"{section.heading}, section of the report")
        self.editor.show_sentences(section.sentences, editable=editable)
        left = sum(one.is_open for one in section.sentences)
        self.accept_all.setVisible(editable and left > 0)
        self.accept_all.setText(f"{ACCEPT_ALL} {left}" if left > 1 else ACCEPT_ALL)
        name = f"{ACCEPT_ALL} of {section.heading}"
        self.accept_all.setAccessibleName(name)
        hint(self.accept_all, f"{name}, once you have read it", "accept_section")
