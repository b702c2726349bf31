"""Section editor: one line a sentence, edited as text, with a bar where AI waits for a review.

Below a sentence stands whose probability is behind it, since one that denies a finding has a low
one: "The heart is normal in size." and "cardiomegaly 2 %".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtCore import QEvent, QKeyCombination, QPointF, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextBlock,
    QTextBlockFormat,
    QTextCursor,
    QTextOption,
)
from PySide6.QtWidgets import QSizePolicy, QTextEdit, QToolTip, QWidget

from xray_studio.core.report.sentence import Sentence, chance_words
from xray_studio.ui.look.theme import BODY, font, px
from xray_studio.ui.report.lines import known_again
from xray_studio.ui.report.sentence_paint import paint_ground, paint_probability
from xray_studio.ui.report.sentence_words import rests_words, spoken
from xray_studio.ui.report.slips import Slips, offer, paint_slips

INDENT, BELOW, LINE, ROOM, EDGE = 8, 18, 8, 3, 4  # logical pixels
NEW_LINE, SOFT = "\n", "\N{LINE SEPARATOR}"
UNDO, REDO, ACCEPT = "undo", "redo", "accept"
# Each desktop knows one of them; people know both.
_CTRL, _SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
REDOS = (QKeyCombination(_CTRL, Qt.Key.Key_Y), QKeyCombination(_CTRL | _SHIFT, Qt.Key.Key_Z))


class SectionEditor(QTextEdit):
    """The sentences of a section, a line each.

    `edited` tells the lines: which sentence each was (-1: a new one) and its words. `entered` tells
    the sentence that has the cursor, `pressed` a key that is a step, `heat_asked` a sentence whose
    probability was clicked, `word_kept` a word that is to be taken for known.
    """

    edited = Signal(object)
    entered = Signal(int)
    pressed = Signal(str)
    heat_asked = Signal(int)
    word_kept = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sentences: tuple[Sentence, ...] = ()
        self._showing = False
        self._slips: Slips = {}
        self.setAcceptRichText(False)
        self.setUndoRedoEnabled(False)
        self.setTabChangesFocus(True)
        self.setWordWrapMode(QTextOption.WrapMode.WordWrap)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.viewport().setMouseTracking(True)
        self.document().setDocumentMargin(EDGE)
        self.document().documentLayout().documentSizeChanged.connect(self._fit)
        self.textChanged.connect(self._tell)
        self.cursorPositionChanged.connect(self._enter)
        self.follow_look()

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """The sentences on screen."""
        return self._sentences

    def follow_look(self) -> None:
        """Take the sizes for the size of letters in use."""
        self.document().setDefaultFont(font(BODY))
        self._mark_up()
        self._fit(self.document().size())

    def show_sentences(self, sentences: Sequence[Sentence], *, editable: bool) -> None:
        """Show sentences; the cursor stays where it is while the words are the same."""
        self.setReadOnly(not editable)
        before, self._sentences = self._sentences, tuple(sentences)
        if [line for _, line in self._lines()] != [one.text.strip() for one in sentences]:
            self._write()
        elif before != self._sentences:
            self._number()
            self._mark_up()
        self.viewport().update()
        self._describe()

    def show_slips(self, slips: Slips) -> None:
        """Underline the words that no list knows."""
        self._slips = slips
        self.viewport().update()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer what may be meant before what is usual in a text."""
        by_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
        cursor = self.cursorForPosition(event.pos()) if by_mouse else self.textCursor()
        cursor.select(QTextCursor.SelectionType.WordUnderCursor)
        menu = self.createStandardContextMenu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if not self.isReadOnly():
            offer(menu, cursor, self._slips, self.word_kept.emit)
        menu.popup(event.globalPos())

    def place_cursor(self, sentence: int) -> None:
        """Put the cursor at the end of a sentence (from 0)."""
        block = next((b for b, n in self._numbered() if n == sentence), None)
        if block is not None and self.textCursor().block().blockNumber() != block.blockNumber():
            cursor = QTextCursor(block)
            cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock)
            self._showing = True
            self.setTextCursor(cursor)
            self._showing = False
            self._describe()

    def current(self) -> int:
        """Return the sentence that has the cursor, -1 for a line that is none yet."""
        return max(-1, self.textCursor().block().userState())

    # -- events

    def event(self, event: QEvent) -> bool:
        """Take the keys of steps, which mean something else elsewhere."""
        key = event if isinstance(event, QKeyEvent) else None
        if key and event.type() == QEvent.Type.ShortcutOverride and _step(key):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Tell steps; Esc leaves to the window."""
        step = _step(event)
        if step:
            self.pressed.emit(step)
        elif event.key() == Qt.Key.Key_Escape:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Tell which sentence keys mean now."""
        super().focusInEvent(event)
        self._enter()
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Paint the sentence as one that keys do not mean."""
        super().focusOutEvent(event)
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take the height that the words need at this width."""
        super().resizeEvent(event)
        self._fit(self.document().size())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Ask for the heat map where a probability is clicked."""
        super().mousePressEvent(event)
        number = self._probability_at(event.position())
        if number >= 0:
            self.heat_asked.emit(number)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show a hand over what can be clicked."""
        super().mouseMoveEvent(event)
        hand = self._probability_at(event.position()) >= 0
        shape = Qt.CursorShape.PointingHandCursor if hand else Qt.CursorShape.IBeamCursor
        self.viewport().setCursor(shape)

    def viewportEvent(self, event: QEvent) -> bool:
        """Say what a probability means."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            number = self._probability_at(QPointF(event.pos()))
            words = "" if number < 0 else rests_words(self._sentences[number])
            QToolTip.showText(event.globalPos(), words, self)
            return True
        return super().viewportEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint what is behind the words, the words, and probabilities below them."""
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for block, number in self._numbered():
            here = self.hasFocus() and block == self.textCursor().block()
            is_cursor = here and not self.isReadOnly()
            paint_ground(painter, self._area(block), self._sentence(number), here=is_cursor)
        painter.end()
        super().paintEvent(event)
        painter.begin(self.viewport())
        for block, number in self._numbered():
            sentence = self._sentence(number)
            if sentence is not None:
                paint_probability(painter, self._below(block), sentence)
            top = self.document().documentLayout().blockBoundingRect(block).topLeft()
            paint_slips(painter, block, top, self._slips)
        painter.end()

    # -- lines and sentences

    def _sentence(self, number: int) -> Sentence | None:
        return self._sentences[number] if 0 <= number < len(self._sentences) else None

    def _blocks(self) -> Iterator[QTextBlock]:
        block = self.document().begin()
        while block.isValid():
            yield block
            block = block.next()

    def _numbered(self) -> Iterator[tuple[QTextBlock, int]]:
        return ((block, block.userState()) for block in self._blocks())

    def _lines(self) -> list[tuple[int, str]]:
        """Return the lines with words: which sentence each was, and the words."""
        found = [(number, block.text().replace(SOFT, NEW_LINE).strip())
            for block, number in self._numbered()]  # fmt: skip
        return known_again([(number, words) for number, words in found if words], self._sentences)

    def _tell(self) -> None:
        if not self._showing:
            self._mark_up()
            self.edited.emit(self._lines())
            self._describe()

    def _enter(self) -> None:
        if not self._showing and self.hasFocus():
            self.entered.emit(self.current())
            self._describe()
            self.viewport().update()

    def _write(self) -> None:
        """Write all lines anew, with the cursor in the line and column where it was."""
        cursor = self.textCursor()
        line, column = cursor.blockNumber(), cursor.positionInBlock()
        self._showing = True
        texts = (one.text.strip().replace(NEW_LINE, SOFT) for one in self._sentences)
        self.setPlainText("\n".join(texts))
        self._number()
        block = self.document().findBlockByNumber(min(line, self.document().blockCount() - 1))
        cursor = QTextCursor(block)
        cursor.movePosition(
            QTextCursor.MoveOperation.Right, QTextCursor.MoveMode.MoveAnchor,
            min(column, max(0, block.length() - 1)),
        )  # fmt: skip
        self.setTextCursor(cursor)
        self._showing = False
        self._mark_up()

    def _number(self) -> None:
        """Tell every line with words which sentence it is."""
        number = 0
        for block in self._blocks():
            has_words = bool(block.text().strip())
            block.setUserState(number if has_words else -1)
            number += has_words

    def _mark_up(self) -> None:
        """Give every line room for its bar, and for a probability below it."""
        was, self._showing = self._showing, True
        for block, number in self._numbered():
            wanted = QTextBlockFormat()
            wanted.setLeftMargin(INDENT)
            wanted.setRightMargin(INDENT)
            wanted.setTopMargin(LINE)
            wanted.setBottomMargin(LINE + self._room_below(number))
            if block.blockFormat() != wanted:
                QTextCursor(block).setBlockFormat(wanted)
        self._showing = was

    def _room_below(self, number: int) -> int:
        """Return how high the line with the probability of a sentence is, 0 without one."""
        sentence = self._sentence(number)
        return px(BELOW) if sentence is not None and chance_words(sentence) else 0

    # -- places

    def _area(self, block: QTextBlock) -> QRectF:
        """Return where a line lies, its margins and the probability below it included."""
        rect = self.document().documentLayout().blockBoundingRect(block)
        width = float(self.viewport().width())
        below = self._room_below(block.userState())
        return QRectF(0, rect.top() - ROOM, width, rect.height() + 2 * ROOM + below)

    def _below(self, block: QTextBlock) -> QRectF:
        """Return where the probability of a sentence stands."""
        area, left = self._area(block), INDENT + EDGE
        high = px(BELOW)
        return QRectF(left, area.bottom() - high, area.width() - left - INDENT, high)

    def _probability_at(self, place: QPointF) -> int:
        """Return the sentence whose probability is at a place, -1 for none."""
        for block, number in self._numbered():
            if self._room_below(number) and self._below(block).contains(place):
                return number if self._sentences[number].finding else -1
        return -1

    def _fit(self, size: QSizeF) -> None:
        least = px(26) + LINE
        below = self._room_below(
            len(self._sentences) - 1
        )  # Qt counts no margin below the last line
        high = max(least, round(size.height() + 0.5) + below)
        self.setFixedHeight(high + 2 * self.frameWidth())

    def _describe(self) -> None:
        sentence = self._sentence(self.current())
        self.setAccessibleDescription("" if sentence is None else spoken(sentence))


def _step(event: QKeyEvent) -> str:
    """Return the step that a key is, "" for none."""
    ctrl = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    if event.matches(QKeySequence.StandardKey.Undo):
        return UNDO
    if event.matches(QKeySequence.StandardKey.Redo) or event.keyCombination() in REDOS:
        return REDO
    enter = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
    return ACCEPT if enter and ctrl == Qt.KeyboardModifier.ControlModifier else ""
