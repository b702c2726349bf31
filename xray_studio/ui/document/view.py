"""Document view: shows a document, leads to what it points at, finds, copies."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import cast

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QFocusEvent, QGuiApplication, QKeyEvent, QKeySequence, QWheelEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from xray_studio.core.content import Reference
from xray_studio.core.document import Block, Document, Images, Pages, Plot
from xray_studio.core.document_text import document_lines
from xray_studio.services.document_pages import Page, pages_of
from xray_studio.ui.document.drawings import Drawings
from xray_studio.ui.document.finding import Place, find_places, mark_place
from xray_studio.ui.document.head import DocumentHead
from xray_studio.ui.document.html import has_wide_table, is_wide, shown_facts
from xray_studio.ui.document.images_part import ImagesPart, Thumbnail
from xray_studio.ui.document.page_part import PagePart
from xray_studio.ui.document.text_part import TextPart
from xray_studio.ui.look.theme import mark, px

TEXT_WIDTH, TABLE_WIDTH, PAGE_WIDTH = 760, 1280, 1400
MARGIN, GAP = 32, 20
ZOOMS = (0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 3.0, 4.0)
LINE = 48


class DocumentView(QWidget):
    """Shows one document.

    `entered` tells that it is pressed or gets the focus, `link_asked` the object that a link leads
    to, `save_asked` that the document shall be saved. `thumbnail` gives the small picture of an
    object, None while there is none; `known` tells whether an object is among the opened files.
    """

    entered = Signal()
    link_asked = Signal(object)
    save_asked = Signal()

    def __init__(
        self,
        drawings: Drawings,
        thumbnail: Thumbnail,
        known: Callable[[Reference], bool],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._drawings, self._thumbnail, self._known = drawings, thumbnail, known
        self.document: Document | None = None
        self._hidden = False
        self._zoom = 1.0
        self.parts: list[QWidget] = []
        self._places: list[Place] = []
        self._here = 0
        mark(self, area="background")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.head = DocumentHead(self)
        self._area = QScrollArea(self)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setWidgetResizable(True)
        self._area.viewport().installEventFilter(self)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addWidget(self._area, 1)
        self._connect()

    def _connect(self) -> None:
        head = self.head
        head.find_asked.connect(self.open_search)
        head.copy_asked.connect(self.copy_text)
        head.save_asked.connect(self.save_asked)
        head.zoomed.connect(self.zoom)
        head.finder.sought.connect(self._seek)
        head.finder.stepped.connect(self._step)
        head.finder.closed.connect(self._close_find)

    # -- showing

    def show_document(self, document: Document | None, *, hidden: bool = False) -> None:
        """Show a document; while identity is hidden without what tells who."""
        if document is self.document and hidden == self._hidden:
            return
        if document is not self.document:
            self._drawings.clear()
            self._zoom = 1.0
        self.document, self._hidden = document, hidden
        self._close_find()
        self.parts = list(self._made()) if document is not None else []
        self._lay_out()
        if document is not None:
            pages = sum(isinstance(part, PagePart) for part in self.parts)
            self.head.show_document(document, hidden=hidden, pages=pages)
            self.setAccessibleName(self.head.title.words)
            self.setAccessibleDescription("" if hidden else self.head.who.words)

    def _made(self) -> Iterator[QWidget]:
        """Yield a widget for each run of text blocks and for each other block."""
        assert self.document is not None
        facts = shown_facts(self.document, hidden=self._hidden)
        pages = pages_of(self.document)
        run: list[Block] = []
        first = not isinstance(next(iter(self.document.blocks), None), Pages)
        if first and facts:
            yield self._text([], facts)
        for block in self.document.blocks:
            if is_wide(block):
                yield from ([self._text(run)] if run else [])
                run = []
                yield self._text([block])
            elif isinstance(block, Plot | Pages | Images):
                if run:
                    yield self._text(run)
                run = []
                yield from self._drawn(block, pages)
            else:
                run.append(block)
        if run or (facts and not first):
            yield self._text(run, [] if first else facts)

    def _text(self, blocks: list[Block], facts: list[tuple[str, str]] | None = None) -> TextPart:
        part = TextPart(blocks, facts or [], hidden=self._hidden)
        part.link_asked.connect(self.link_asked)
        return part

    def _drawn(self, block: Plot | Pages | Images, pages: list[Page]) -> Iterator[QWidget]:
        assert self.document is not None
        if isinstance(block, Images):
            images = ImagesPart(block, self._thumbnail, self._known)
            images.link_asked.connect(self.link_asked)
            yield images
            return
        own = [page for page in pages if page.block is block]
        for page in own:
            part = PagePart(self.document.path, page, self._drawings)
            part.setAccessibleName(f"Page {page.index + 1} of {len(own)}")
            yield part

    def _lay_out(self) -> None:
        inside = QWidget()
        mark(inside, area="background")
        row = QHBoxLayout(inside)
        row.setContentsMargins(MARGIN, 24, MARGIN, MARGIN)
        column = QVBoxLayout()
        row.addStretch(1)
        row.addLayout(column)
        row.addStretch(1)
        column.setSpacing(GAP)
        for part in self.parts:
            column.addWidget(part, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        for part in self.parts:
            for widget in (part, *part.findChildren(QWidget)):
                widget.installEventFilter(self)
        self._area.setWidget(inside)
        self._fit()

    def _fit(self) -> None:
        room = max(200, self._area.viewport().width() - 2 * MARGIN)
        for part in self.parts:
            if isinstance(part, PagePart):
                part.fit(round(min(room, px(PAGE_WIDTH)) * self._zoom))
            else:
                width = min(room, px(self._text_width()))
                needed = part.natural_width() if isinstance(part, TextPart) else 0
                part.setFixedWidth(max(width, needed))

    def _text_width(self) -> int:
        assert self.document is not None
        wide = has_wide_table(self.document)
        drawn = any(isinstance(part, PagePart) for part in self.parts)
        return PAGE_WIDTH if drawn else TABLE_WIDTH if wide else TEXT_WIDTH

    def follow_thumbnails(self) -> None:
        """Paint the small pictures that have been made since."""
        for part in self.parts:
            if isinstance(part, ImagesPart):
                for tile in part.tiles:
                    tile.update()

    # -- acting

    def zoom(self, step: int) -> None:
        """Show pages larger (1) or smaller (-1)."""
        above = [zoom for zoom in ZOOMS if zoom > self._zoom]
        below = [zoom for zoom in ZOOMS if zoom < self._zoom]
        self._zoom = min(above, default=self._zoom) if step > 0 else max(below, default=self._zoom)
        self._fit()

    def copy_text(self) -> None:
        """Put the whole text on the clipboard."""
        if self.document is not None:
            QGuiApplication.clipboard().setText("\n".join(document_lines(self.document)))

    def open_search(self) -> None:
        """Open the search."""
        self.head.finder.begin()

    def _seek(self, words: str) -> None:
        self._places, self._here = find_places(self.parts, words), 0
        self._show_place()

    def _step(self, by: int) -> None:
        if self._places:
            self._here = (self._here + by) % len(self._places)
        self._show_place()

    def _show_place(self) -> None:
        self.head.finder.tell(self._here + 1, len(self._places))
        if not self._places:
            return
        mark_place(self._places, self._here)
        part, cursor = self._places[self._here]
        point = QPoint(0, 0)
        if isinstance(part, TextPart) and cursor is not None:
            point = part.place_of(cursor)
        inside = cast("QWidget", self._area.widget())
        there = part.mapTo(inside, point)
        self._area.ensureVisible(there.x(), there.y(), 40, 120)

    def _close_find(self) -> None:
        self.head.finder.hide()
        find_places(self.parts, "")
        self._places = []
        self.setFocus()

    def event(self, event: QEvent) -> bool:
        """Keep Ctrl+F for the document while it has the focus."""
        asked = event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent)
        if asked and cast("QKeyEvent", event).matches(QKeySequence.StandardKey.Find):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Find with Ctrl+F; scroll with the arrows, Space, Home and End."""
        bar = self._area.verticalScrollBar()
        page = self._area.viewport().height() - LINE
        to = {
            Qt.Key.Key_Down: bar.value() + LINE,
            Qt.Key.Key_Up: bar.value() - LINE,
            Qt.Key.Key_Space: bar.value() + page,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: bar.maximum(),
        }
        if event.matches(QKeySequence.StandardKey.Find):
            self.open_search()
        elif event.key() in to:
            bar.setValue(to[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Tell it."""
        super().focusInEvent(event)
        self.entered.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Fit the parts to a new width; change the size of pages with Ctrl and the wheel."""
        if event.type() in {QEvent.Type.MouseButtonPress, QEvent.Type.FocusIn}:
            self.entered.emit()
        if event.type() == QEvent.Type.Resize and watched is self._area.viewport():
            self._fit()
        held = Qt.KeyboardModifier.ControlModifier
        if isinstance(event, QWheelEvent) and event.modifiers() & held:
            self.zoom(1 if event.angleDelta().y() > 0 else -1)
            return True
        return super().eventFilter(watched, event)
