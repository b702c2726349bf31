"""Pages of a document as pictures: those of a PDF, and sheets of recording paper."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from xray_studio.core.document import Document, Pages, Plot
from xray_studio.core.errors import UsageError
from xray_studio.core.job import Job, Progress
from xray_studio.core.output import Picture
from xray_studio.core.paper import sheet, sheet_count
from xray_studio.core.workers import Priority, run_apart
from xray_studio.services.export.picture_place import check_picture_place, write_picture

SECONDS = 20.0
PIXELS_PER_MM = 8.0
MM_PER_POINT = 25.4 / 72.0


@dataclass(frozen=True, slots=True, eq=False)
class Page:
    """One page: which block it belongs to, and its number (from 0) there."""

    block: Pages | Plot
    index: int


def pages_of(document: Document) -> list[Page]:
    """Return all pages of a document in order; text has none."""
    return list(_pages(document))


def _pages(document: Document) -> Iterator[Page]:
    for block in document.blocks:
        if isinstance(block, Pages):
            yield from (Page(block, index) for index in range(len(block.sizes)))
        elif isinstance(block, Plot):
            yield from (Page(block, index) for index in range(sheet_count(block)))


def size_mm(page: Page) -> tuple[float, float]:
    """Return width and height of a page in millimetres, at least 1."""
    if isinstance(page.block, Pages):
        width, height = page.block.sizes[page.index]
        return max(1.0, width * MM_PER_POINT), max(1.0, height * MM_PER_POINT)
    shown = sheet(page.block, page.index)
    return shown.width, shown.height


def page_picture(path: str, page: Page, pixels_per_mm: float) -> Picture:
    """Return a page as RGB uint8 (rows, columns, 3); `path` is that of its document.

    A PDF is drawn in a worker process. Raises UnreadableError or UnsupportedError.
    """
    if isinstance(page.block, Plot):
        from xray_studio.imaging.paper import draw_sheet

        return draw_sheet(page.block, sheet(page.block, page.index), pixels_per_mm)
    return run_apart(
        pdf_page,
        path,
        page.index,
        pixels_per_mm,
        priority=Priority.THUMBNAIL,
        time_limit=SECONDS,
    ).result()


def pdf_page(path: str, index: int, pixels_per_mm: float) -> Picture:
    """Return a page of the PDF inside a DICOM object; runs in a worker process."""
    from xray_studio.dicom.documents.encapsulated import read_inside
    from xray_studio.imaging.pdf import page_picture as drawn

    return drawn(read_inside(path), index, pixels_per_mm)


def draw_page(path: str, page: Page, pixels_per_mm: float) -> Job[Picture]:
    """Return what `page_picture` does, as a job."""
    yield Progress(message="Drawing a page")
    return page_picture(path, page, pixels_per_mm)


def write_page(
    document: Document, number: int, target: Path, *, overwrite: bool = False
) -> Job[Picture]:
    """Write page `number` (from 0) as a picture file of 8 pixels per millimetre and return it.

    Raises UsageError (no such page, a suffix that is no picture's) and WriteError.
    """
    pages = pages_of(document)
    if not pages:
        raise UsageError(
            f"This {document.kind} is text and has no pages to draw; read it with info."
        )
    if not 0 <= number < len(pages):
        raise UsageError(f"There is no page {number + 1}; the document has {len(pages)}.")
    check_picture_place(target, (document.path,), overwrite=overwrite)
    yield Progress(0, 1, "Drawing")
    picture = page_picture(document.path, pages[number], PIXELS_PER_MM)
    write_picture(target, picture)
    return picture
