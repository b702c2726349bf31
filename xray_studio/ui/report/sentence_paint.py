"""What is painted round a sentence: its ground, its bar, and the probability below it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter

from xray_studio.core.report.sentence import Review, Sentence, chance_words
from xray_studio.ui.look.theme import CAPTION, colour, font

BAR, ROUND = 3, 4  # logical pixels


def paint_ground(painter: QPainter, area: QRectF, sentence: Sentence | None, *, here: bool) -> None:
    """Paint ground and bar of a line: amber while AI waits, green once accepted.

    `here` tells that it has the cursor.
    """
    is_open = sentence is not None and sentence.is_open
    if is_open or here:
        painter.setPen(colour("accent") if here else Qt.PenStyle.NoPen)
        painter.setBrush(colour("note_fill" if is_open else "background"))
        painter.drawRoundedRect(area.adjusted(0.5, 0.5, -0.5, -0.5), ROUND, ROUND)
    ink = "" if sentence is None else bar_ink(sentence)
    if ink:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour(ink))
        bar = QRectF(area.left() + 1, area.top() + 2, BAR, area.height() - 4)
        painter.drawRoundedRect(bar, BAR / 2, BAR / 2)


def paint_probability(painter: QPainter, line: QRectF, sentence: Sentence) -> None:
    """Write whose probability stands behind a sentence, in few words where there is little room."""
    words = chance_words(sentence)
    if not words:
        return
    painter.setFont(font(CAPTION))
    painter.setPen(colour("ai" if sentence.is_open else "secondary"))
    if painter.fontMetrics().horizontalAdvance(words) > line.width():
        words = chance_words(sentence, short=True)
    painter.drawText(line, Qt.AlignmentFlag.AlignLeft, words)


def bar_ink(sentence: Sentence) -> str:
    """Return the token of the bar beside a sentence, "" for what a person wrote."""
    if sentence.is_open:
        return "ai"
    return "done" if sentence.is_ai and sentence.review is Review.ACCEPTED else ""
