"""A document as a PDF file: its text set on A4, its sheets of recording paper one a page."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMarginsF, QPoint, QRect, QSize, QSizeF, Qt
from PySide6.QtGui import QFont, QPageLayout, QPageSize, QPainter, QPdfWriter, QTextDocument

from xray_studio.core.document import Document, Plot
from xray_studio.core.files import replacing
from xray_studio.core.job import Job, Progress
from xray_studio.services.documents.pages import page_picture, pages_of
from xray_studio.ui.document.head import identity_line
from xray_studio.ui.document.html import has_wide_table, printed
from xray_studio.ui.frame_worker import to_qimage
from xray_studio.ui.look.theme import BODY, FAMILY

MARGIN_MM, SHEET_MARGIN_MM = 18.0, 13.0
PIXELS_PER_MM = 8.0
DOTS_PER_INCH = 96


def print_document(document: Document, target: Path, *, hidden: bool) -> Job[Path]:
    """Write a document as a PDF file; while identity is hidden without what tells who.

    Runs in any thread. Raises WriteError. What was there is replaced as a whole.
    """
    with replacing(target) as temporary:
        writer = _writer(temporary, "" if hidden else document.title)
        if has_wide_table(document):
            writer.setPageOrientation(QPageLayout.Orientation.Landscape)
        text = QTextDocument()
        text.setDefaultFont(_letters())
        text.setHtml(printed(document, identity_line(document), hidden=hidden))
        painter = QPainter(writer)
        try:
            yield from _print_text(writer, painter, text)
            yield from _print_sheets(writer, painter, document)
        finally:
            painter.end()
    return target


def _letters() -> QFont:
    """Return the type family with its usual figures: others cannot be copied out of a PDF."""
    letters = QFont(FAMILY)
    letters.setPixelSize(BODY)
    return letters


def _writer(path: Path, title: str) -> QPdfWriter:
    writer = QPdfWriter(str(path))
    writer.setTitle(title)
    writer.setCreator("X-Ray Studio")
    writer.setResolution(DOTS_PER_INCH)
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    _set_margins(writer, MARGIN_MM)
    return writer


def _set_margins(writer: QPdfWriter, margin: float) -> None:
    margins = QMarginsF(margin, margin, margin, margin)
    writer.setPageMargins(margins, QPageLayout.Unit.Millimeter)


def _print_text(writer: QPdfWriter, painter: QPainter, text: QTextDocument) -> Job[None]:
    """Print a text page by page."""
    room = QSizeF(writer.width(), writer.height())
    text.documentLayout().setPaintDevice(writer)
    text.setPageSize(room)
    for page in range(text.pageCount()):
        yield Progress(page, text.pageCount(), "Writing pages")
        if page:
            writer.newPage()
        top = page * round(room.height())
        painter.save()
        painter.translate(0, -top)
        text.drawContents(painter, QRect(0, top, round(room.width()), round(room.height())))
        painter.restore()


def _print_sheets(writer: QPdfWriter, painter: QPainter, document: Document) -> Job[None]:
    """Print sheets of recording paper in their true size, smaller only where one is too high."""
    sheets = [page for page in pages_of(document) if isinstance(page.block, Plot)]
    for number, page in enumerate(sheets):
        yield Progress(number, len(sheets), "Drawing sheets")
        writer.setPageOrientation(QPageLayout.Orientation.Landscape)
        _set_margins(writer, SHEET_MARGIN_MM)
        writer.newPage()
        image = to_qimage(page_picture(document.path, page, PIXELS_PER_MM))
        true = QSize(
            *(round(s / PIXELS_PER_MM * DOTS_PER_INCH / 25.4) for s in image.size().toTuple())
        )
        room = QSize(writer.width(), writer.height())
        fits = true.width() <= room.width() and true.height() <= room.height()
        size = true if fits else true.scaled(room, Qt.AspectRatioMode.KeepAspectRatio)
        painter.drawImage(QRect(QPoint(0, 0), size), image)
