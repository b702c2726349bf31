"""Text part: some blocks of text, as high as they need."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, Qt, QUrl, Signal
from PySide6.QtGui import QResizeEvent, QTextCursor, QTextDocument, QWheelEvent
from PySide6.QtWidgets import QFrame, QTextBrowser, QTextEdit, QWidget

from xray_studio.core.content import Reference
from xray_studio.core.document import Block
from xray_studio.ui.document.html import LINK, Writer, is_wide
from xray_studio.ui.look.theme import colour, tokens

WIDEST = 2400
_STYLE = "QTextBrowser { background: transparent; border: none; padding: 0px; }"


class TextPart(QTextBrowser):
    """Blocks of text; `link_asked` tells the object that a link leads to."""

    link_asked = Signal(object)

    def __init__(
        self,
        blocks: Sequence[Block],
        facts: Sequence[tuple[str, str]] = (),
        *,
        hidden: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._blocks, self._facts, self._hidden = tuple(blocks), tuple(facts), hidden
        self._targets: list[Reference] = []
        self._scale = 1.0
        self.setOpenLinks(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setStyleSheet(_STYLE)
        self.document().setDocumentMargin(0)
        for way in (self.setVerticalScrollBarPolicy, self.setHorizontalScrollBarPolicy):
            way(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("Text of the document")
        self.anchorClicked.connect(self._clicked)
        self.follow_look()

    def follow_look(self) -> None:
        """Write the text in the colours and sizes in use now."""
        writer = Writer(tokens(), hidden=self._hidden, scale=self._scale)
        parts = [writer.facts(self._facts), *writer.blocks(self._blocks)]
        self._targets = writer.targets
        self.setHtml(writer.page(parts))
        self._fit()

    def set_scale(self, scale: float) -> None:
        """Write letters so many times as large; cursors into the text hold no more."""
        if scale != self._scale:
            self._scale = scale
            self.follow_look()

    def find_all(self, words: str) -> list[QTextCursor]:
        """Return every place where words stand, and mark them all."""
        found: list[QTextCursor] = []
        cursor = QTextCursor(self.document())
        while words:
            cursor = self.document().find(words, cursor, QTextDocument.FindFlag(0))
            if cursor.isNull():
                break
            found.append(cursor)
        self.mark(found)
        return found

    def mark(self, found: Sequence[QTextCursor], current: QTextCursor | None = None) -> None:
        """Mark places in the text, one of them more strongly."""
        selections = []
        for cursor in found:
            selection = QTextEdit.ExtraSelection()
            strong = current is not None and cursor == current
            selection.format.setBackground(colour("accent_fill" if strong else "selected"))
            selection.format.setForeground(colour("on_accent" if strong else "text"))
            selection.cursor = cursor
            selections.append(selection)
        self.setExtraSelections(selections)

    def natural_width(self) -> int:
        """Return the room that a wide table needs to break no line, 0 for other text."""
        if not any(map(is_wide, self._blocks)):
            return 0
        free = self.document().clone()
        free.setTextWidth(-1)
        return min(WIDEST, round(free.idealWidth()) + 4)

    def place_of(self, cursor: QTextCursor) -> QPoint:
        """Return where a place in the text is, in this widget."""
        return self.cursorRect(cursor).topLeft()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Become as high as the text is at this width."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._fit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Let the view scroll."""
        event.ignore()

    def changeEvent(self, event: QEvent) -> None:
        """Fit again when letters change."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()

    def _fit(self) -> None:
        self.document().setTextWidth(max(1, self.viewport().width()))
        self.setFixedHeight(max(1, round(self.document().size().height()) + 2))

    def _clicked(self, url: QUrl) -> None:
        number = url.toString().removeprefix(LINK)
        if number.isdigit() and int(number) < len(self._targets):
            self.link_asked.emit(self._targets[int(number)])
