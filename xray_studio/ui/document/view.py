"""Document view: shows a document, leads to what it points at, finds, copies."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from typing import cast

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QGuiApplication, QKeyEvent, QKeySequence, QWheelEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from xray_studio.core.content import Reference
from xray_studio.core.document import Document, Pages, Plot
from xray_studio.core.document_text import document_lines
from xray_studio.services.documents.pages import pages_of
from xray_studio.ui.document.drawings import Drawings
from xray_studio.ui.document.finding import Place, find_places, mark_place
from xray_studio.ui.document.head import DocumentHead
from xray_studio.ui.document.html import has_wide_table
from xray_studio.ui.document.images_part import ImagesPart, Thumbnail
from xray_studio.ui.document.pages_part import PagesPart
from xray_studio.ui.document.parts import GAP, Part, PartMaker
from xray_studio.ui.document.text_part import TextPart
from xray_studio.ui.look.theme import mark, px

TEXT_WIDTH, TABLE_WIDTH, PAGE_WIDTH = 760, 1280, 1400
MARGIN = 32
MAKING = 0.03  # seconds for which parts are made before the window is asked again
ZOOMS = (0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 3.0, 4.0)
LINE = 48
_ZOOM_KEYS = {int(Qt.Key.Key_Plus): 1, int(Qt.Key.Key_Equal): 1, int(Qt.Key.Key_Minus): -1}


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
        self._drawings = drawings
        self._maker = PartMaker(drawings, thumbnail, known, self.link_asked.emit)
        self._coming: Iterator[Part] = iter(())
        self._later = QTimer(self, singleShot=True, interval=0)
        self._later.timeout.connect(self._more)
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
        self.parts.clear()
        self._close_find()
        self._begin()
        if document is not None:
            pages = len(pages_of(document))
            self.head.show_document(document, hidden=hidden, pages=pages)
            self.setAccessibleName(self.head.title.words)
            self.setAccessibleDescription("" if hidden else self.head.who.words)
            self._coming = self._maker.parts(document, hidden=hidden)
            self._more()

    def _begin(self) -> None:
        """Begin with an empty page."""
        self._coming = iter(())
        inside = QWidget()
        mark(inside, area="background")
        row = QHBoxLayout(inside)
        row.setContentsMargins(MARGIN, 24 - GAP, MARGIN, MARGIN)
        self._column = QVBoxLayout()
        self._column.setSpacing(0)
        self._column.addStretch(1)
        row.addStretch(1)
        row.addLayout(self._column)
        row.addStretch(1)
        self._area.setWidget(inside)

    def _more(self, seconds: float = MAKING) -> None:
        """Make parts for a moment; the window is at hand between such moments."""
        end = time.monotonic() + seconds
        for part in self._coming:
            self._add(part)
            if time.monotonic() > end:
                self._later.start()
                return

    def finish(self) -> None:
        """Make all parts that are still to come."""
        self._later.stop()
        self._more(math.inf)

    def _add(self, part: Part) -> None:
        place = self._column.count() - 1
        self._column.insertSpacing(place, part.gap)
        self._column.insertWidget(place + 1, part.widget, 0, Qt.AlignmentFlag.AlignLeft)
        for widget in (part.widget, *part.widget.findChildren(QWidget)):
            widget.installEventFilter(self)
        self.parts.append(part.widget)
        self._fit_part(part.widget, self._room())

    def _room(self) -> int:
        return max(200, self._area.viewport().width() - 2 * MARGIN)

    def _fit(self) -> None:
        room = self._room()
        for part in self.parts:
            self._fit_part(part, room)

    def _fit_part(self, part: QWidget, room: int) -> None:
        if isinstance(part, PagesPart):
            part.fit(round(min(room, px(PAGE_WIDTH)) * self._zoom))
            return
        width, needed = min(room, px(self._text_width())), 0
        if isinstance(part, TextPart):
            part.set_scale(self._zoom)
            width = min(room, round(width * max(1.0, self._zoom)))
            needed = part.natural_width()
        part.setFixedWidth(max(width, needed))

    def _text_width(self) -> int:
        assert self.document is not None
        wide = has_wide_table(self.document)
        drawn = any(isinstance(block, Plot | Pages) for block in self.document.blocks)
        return PAGE_WIDTH if drawn else TABLE_WIDTH if wide else TEXT_WIDTH

    def follow_thumbnails(self) -> None:
        """Paint the small pictures that have been made since."""
        for part in self.parts:
            if isinstance(part, ImagesPart):
                for tile in part.tiles:
                    tile.update()

    # -- acting

    def zoom(self, step: int) -> None:
        """Show letters and pages larger (1) or smaller (-1)."""
        above = [zoom for zoom in ZOOMS if zoom > self._zoom]
        below = [zoom for zoom in ZOOMS if zoom < self._zoom]
        self._zoom = min(above, default=self._zoom) if step > 0 else max(below, default=self._zoom)
        self._fit()
        if self._places:
            self._seek(self.head.finder.field.text())

    def copy_text(self) -> None:
        """Put the whole text on the clipboard, without who while identity is hidden."""
        if self.document is not None:
            lines = document_lines(self.document, hidden=self._hidden)
            QGuiApplication.clipboard().setText("\n".join(lines))

    def open_search(self) -> None:
        """Open the search."""
        self.head.finder.begin()

    def _seek(self, words: str) -> None:
        self.finish()
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
        part, cursor, page = self._places[self._here]
        point = QPoint(0, 0)
        if isinstance(part, TextPart) and cursor is not None:
            point = part.place_of(cursor)
        elif isinstance(part, PagesPart):
            point = part.box(page).topLeft()
        inside = cast("QWidget", self._area.widget())
        there = part.mapTo(inside, point)
        self._area.ensureVisible(there.x(), there.y(), 40, 120)

    def _close_find(self) -> None:
        self.head.finder.hide()
        find_places(self.parts, "")
        self._places = []
        self.setFocus()

    def event(self, event: QEvent) -> bool:
        """Keep Ctrl+F and the keys of zooming for the document while it has the focus."""
        asked = event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent)
        if asked and _is_own(cast("QKeyEvent", event)):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Find with Ctrl+F, zoom with Ctrl and + or -; scroll with arrows, Space, Home and End."""
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
        elif step := _zoom_step(event):
            self.zoom(step)
        elif event.key() in to:
            bar.setValue(to[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Tell it."""
        super().focusInEvent(event)
        self.entered.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Fit the parts to a new width; zoom with Ctrl and the wheel."""
        if event.type() in {QEvent.Type.MouseButtonPress, QEvent.Type.FocusIn}:
            self.entered.emit()
        if event.type() == QEvent.Type.Resize and watched is self._area.viewport():
            self._fit()
        held = Qt.KeyboardModifier.ControlModifier
        if isinstance(event, QWheelEvent) and event.modifiers() & held:
            self.zoom(1 if event.angleDelta().y() > 0 else -1)
            return True
        return super().eventFilter(watched, event)


def _is_own(event: QKeyEvent) -> bool:
    return event.matches(QKeySequence.StandardKey.Find) or bool(_zoom_step(event))


def _zoom_step(event: QKeyEvent) -> int:
    """Return 1 for Ctrl and +, -1 for Ctrl and -, 0 for other keys."""
    held = event.modifiers() & Qt.KeyboardModifier.ControlModifier
    return _ZOOM_KEYS.get(event.key(), 0) if held else 0
