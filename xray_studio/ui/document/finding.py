"""Finding words in the parts of a document: in its texts, and in the text of its pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QWidget

from xray_studio.core.document import Pages
from xray_studio.ui.document.page_part import PagePart
from xray_studio.ui.document.text_part import TextPart


class Place(NamedTuple):
    """One place: the part it is in, and where in its text; None stands for a page as a whole."""

    part: QWidget
    cursor: QTextCursor | None


def find_places(parts: Sequence[QWidget], words: str) -> list[Place]:
    """Return every place where words stand, in order, and mark those in texts."""
    found: list[Place] = []
    for part in parts:
        if isinstance(part, TextPart):
            found.extend(Place(part, cursor) for cursor in part.find_all(words))
        elif isinstance(part, PagePart) and words and _on_page(part, words):
            found.append(Place(part, None))
    return found


def _on_page(part: PagePart, words: str) -> bool:
    block, index = part.page.block, part.page.index
    if not isinstance(block, Pages) or index >= len(block.texts):
        return False
    return words.casefold() in block.texts[index].casefold()


def mark_place(places: Sequence[Place], here: int) -> None:
    """Mark one place more strongly than the others."""
    current = places[here].cursor
    for part in {place.part for place in places}:
        if isinstance(part, TextPart):
            cursors = [p.cursor for p in places if p.part is part and p.cursor is not None]
            part.mark(cursors, current)
