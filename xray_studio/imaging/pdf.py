"""Pages of PDF documents as pictures and text, by PDFium.

Documents of unknown origin: call this in a worker process. JavaScript is not part of this build of
PDFium, and forms are drawn, never filled.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pypdfium2

from xray_studio.core.document import Pages
from xray_studio.core.errors import UnreadableError, UnsupportedError, UsageError
from xray_studio.core.output import Picture

MOST_PAGES, MOST_TEXT = 5000, 2_000_000
MOST_PIXELS = 40_000_000
POINTS_PER_MM = 72.0 / 25.4


@contextmanager
def opened_pdf(data: bytes) -> Iterator[pypdfium2.PdfDocument]:
    """Open a document. Raises UnreadableError, and UnsupportedError for a locked one."""
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise UnsupportedError("The PDF is locked with a password; unlock it first.") from error
        raise UnreadableError("The PDF is damaged and cannot be opened.") from error
    with document:
        try:
            document.init_forms()
            yield document
        except pypdfium2.PdfiumError as error:
            raise UnreadableError("A page of the PDF is damaged.") from error


def read_pages(data: bytes) -> Pages:
    """Return the sizes of the pages in points, and their text as far as there is some.

    Raises UnreadableError (damaged) and UnsupportedError (locked).
    """
    with opened_pdf(data) as document:
        count = min(len(document), MOST_PAGES)
        sizes = tuple(document.get_page_size(index) for index in range(count))
        texts: list[str] = []
        for index in range(count):
            room = MOST_TEXT - sum(map(len, texts))
            texts.append(page_text(document, index)[:room])
        return Pages(sizes, tuple(texts))


def page_text(document: pypdfium2.PdfDocument, index: int) -> str:
    """Return the text of a page, line by line, "" where there is none or it is damaged."""
    try:
        page = document[index]
        text = page.get_textpage().get_text_bounded()
    except pypdfium2.PdfiumError:
        return ""
    lines = (_printable(line) for line in text.replace("\r\n", "\n").split("\n"))
    return "\n".join(line for line in lines if line)


def _printable(line: str) -> str:
    return "".join(letter for letter in line if letter.isprintable()).strip()


def page_picture(data: bytes, index: int, pixels_per_mm: float) -> Picture:
    """Return page `index` (from 0) on white: RGB uint8 (rows, columns, 3).

    A page beyond 40 million pixels comes smaller than asked for. Raises UsageError when there is
    no such page, and as `read_pages`.
    """
    with opened_pdf(data) as document:
        if not 0 <= index < len(document):
            raise UsageError(f"There is no page {index + 1}; the PDF has {len(document)}.")
        width, height = document.get_page_size(index)
        scale = _scale(width, height, pixels_per_mm)
        bitmap = document[index].render(scale, fill_color=(255,) * 4, rev_byteorder=True)
        picture = bitmap.to_numpy()[..., :3]
        return np.ascontiguousarray(np.broadcast_to(picture, (*picture.shape[:2], 3)))


def _scale(width: float, height: float, pixels_per_mm: float) -> float:
    """Return pixels per point."""
    wanted = pixels_per_mm / POINTS_PER_MM
    largest = (MOST_PIXELS / max(1.0, width * height)) ** 0.5
    return min(wanted, float(largest))
