"""Parts of a document on screen, made one after the other as they are asked for.

A report can have ten thousand lines, and a recording thousands of sheets: each part is small, so
that the window stays at hand while they are made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from PySide6.QtWidgets import QWidget

from xray_studio.core.content import Reference
from xray_studio.core.document import Block, Document, Images, Pages, Plot
from xray_studio.services.documents.pages import Page, pages_of
from xray_studio.ui.document.drawings import Drawings
from xray_studio.ui.document.html import is_wide, shown_facts
from xray_studio.ui.document.images_part import ImagesPart, Thumbnail
from xray_studio.ui.document.pages_part import PagesPart
from xray_studio.ui.document.text_part import TextPart

GAP = 20
LINES = 100  # blocks of text in one part


class Part(NamedTuple):
    """A widget, and the pixels above it."""

    widget: QWidget
    gap: int = GAP


@dataclass(frozen=True, slots=True, eq=False)
class PartMaker:
    """Makes the widgets; `follow` is told the object of a link."""

    drawings: Drawings
    thumbnail: Thumbnail
    known: Callable[[Reference], bool]
    follow: Callable[[Reference], object]

    def parts(self, document: Document, *, hidden: bool) -> Iterator[Part]:
        """Yield the parts of a document: its facts first, those of a PDF behind its pages."""
        facts = shown_facts(document, hidden=hidden)
        behind = any(isinstance(block, Pages) for block in document.blocks)
        if facts and not behind:
            yield Part(self._text([], facts, hidden=hidden))
        pages = pages_of(document)
        for run in _runs(document.blocks):
            if isinstance(run[0], Plot | Pages | Images):
                yield from self._drawn(document, run[0], pages)
            else:
                yield from self._texts(run, hidden=hidden)
        if facts and behind:
            yield Part(self._text([], facts, hidden=hidden))

    def _texts(self, run: Sequence[Block], *, hidden: bool) -> Iterator[Part]:
        for start in range(0, len(run), LINES):
            part = self._text(run[start : start + LINES], (), hidden=hidden)
            yield Part(part, 0 if start or is_wide(run[0]) else GAP)

    def _text(
        self, blocks: Sequence[Block], facts: Sequence[tuple[str, str]], *, hidden: bool
    ) -> TextPart:
        part = TextPart(blocks, facts, hidden=hidden)
        part.link_asked.connect(self.follow)
        return part

    def _drawn(
        self, document: Document, block: Plot | Pages | Images, pages: Sequence[Page]
    ) -> Iterator[Part]:
        if isinstance(block, Images):
            images = ImagesPart(block, self.thumbnail, self.known)
            images.link_asked.connect(self.follow)
            yield Part(images)
            return
        own = [page for page in pages if page.block is block]
        if own:
            part = PagesPart(document.path, own, self.drawings)
            part.setAccessibleName("1 page" if len(own) == 1 else f"{len(own)} pages")
            yield Part(part)


def _runs(blocks: Sequence[Block]) -> Iterator[list[Block]]:
    """Yield texts that follow one another together, anything else and wide tables alone."""
    run: list[Block] = []
    for block in blocks:
        if isinstance(block, Plot | Pages | Images) or is_wide(block):
            if run:
                yield run
            yield [block]
            run = []
        else:
            run.append(block)
    if run:
        yield run
