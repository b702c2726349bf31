"""Slips: words that no list knows, with a wave below, and a menu of what may be meant."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from PySide6.QtCore import QPointF
from PySide6.QtGui import QAction, QPainter, QPen, QTextBlock, QTextCursor, QTextLine
from PySide6.QtWidgets import QMenu

from xray_studio.ui.look.theme import colour

STEP, HIGH = 2.0, 1.5  # logical pixels of a wave
Slips = Mapping[str, tuple[str, ...]]
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")


def slips_in(text: str, slips: Slips) -> Iterator[tuple[int, int]]:
    """Yield where slips begin in a text, and where they end."""
    for found in _WORD.finditer(text if slips else ""):
        if _known_as(found.group()) in slips:
            yield found.span()


def paint_slips(painter: QPainter, block: QTextBlock, top: QPointF, slips: Slips) -> None:
    """Draw a wave below the slips of a block whose layout begins at a place."""
    painter.setPen(QPen(colour("danger"), 1.2))
    for start, end in slips_in(block.text(), slips):
        line = block.layout().lineForTextPosition(start)
        left, right = (_across(line, place) for place in (start, min(end, _end(line))))
        _wave(painter, top + QPointF(left, line.y() + line.height()), right - left)


def offer(menu: QMenu, cursor: QTextCursor, slips: Slips, keep: Callable[[str], object]) -> None:
    """Put what may be meant by the word of a cursor at the top of a menu, and keeping the word."""
    word = cursor.selectedText()
    if _known_as(word) not in slips:
        return
    first = menu.actions()[0] if menu.actions() else menu.addSeparator()
    for meant in slips[_known_as(word)]:
        written = meant.capitalize() if word[:1].isupper() else meant
        _insert(menu, first, written, partial(cursor.insertText, written))
    _insert(menu, first, f"Keep the word {word}", partial(keep, _known_as(word)))
    menu.insertSeparator(first)


def _insert(menu: QMenu, before: QAction, text: str, run: Callable[[], object]) -> None:
    action = QAction(text, menu)
    action.triggered.connect(lambda _checked=False: run())
    menu.insertAction(before, action)


def _across(line: QTextLine, place: int) -> float:
    found: Any = line.cursorToX(place)  # the place across, and the letter that it is at
    return float(found[0] if isinstance(found, tuple) else found)


def _end(line: QTextLine) -> int:
    return line.textStart() + line.textLength()


def _wave(painter: QPainter, start: QPointF, width: float) -> None:
    steps = max(2, round(width / STEP))
    points = [
        QPointF(start.x() + n * width / steps, start.y() - HIGH * (n % 2)) for n in range(steps + 1)
    ]
    painter.drawPolyline(points)


def _known_as(word: str) -> str:
    """Return a word as lists of words have it."""
    return word.casefold().removesuffix("'s")
