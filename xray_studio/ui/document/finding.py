"""Finding words in the parts of a document: in its texts, and in the text of its pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QWidget

from xray_studio.core.document import Pages
from xray_studio.services.documents.pages import Page
from xray_studio.ui.document.pages_part import PagesPart
from xray_studio.ui.document.text_part import TextPart


class Place(NamedTuple):
    """One place: the part it is in, and where in its text, or else on which page (from 0)."""

    part: QWidget
    cursor: QTextCursor | None
    page: int = 0


def find_places(parts: Sequence[QWidget], words: str) -> list[Place]:
    """Return every place where words stand, in order, and mark those in texts."""
    found: list[Place] = []
    for part in parts:
        if isinstance(part, TextPart):
            found.extend(Place(part, cursor) for cursor in part.find_all(words))
        elif isinstance(part, PagesPart) and words:
            found.extend(Place(part, None, index) for index in _pages_with(part, words))
    return found


def _pages_with(part: PagesPart, words: str) -> list[int]:
    wanted = words.casefold()
    return [place for place, page in enumerate(part.pages) if wanted in _text_of(page).casefold()]


def _text_of(page: Page) -> str:
    block = page.block
    known = isinstance(block, Pages) and page.index < len(block.texts)
    return block.texts[page.index] if known and isinstance(block, Pages) else ""


def mark_place(places: Sequence[Place], here: int) -> None:
    """Mark one place more strongly than the others."""
    current = places[here].cursor
    for part in {place.part for place in places}:
        if isinstance(part, TextPart):
            cursors = [p.cursor for p in places if p.part is part and p.cursor is not None]
            part.mark(cursors, current)
