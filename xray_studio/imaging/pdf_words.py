"""Every word that a PDF holds, on its pages and beside them. Call this in a worker process."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator

import pypdfium2
from pypdfium2 import raw

from xray_studio.imaging.pdf import opened_pdf, page_text

_XMP = re.compile(rb"<x:xmpmeta.*?</x:xmpmeta>", re.DOTALL)
_NOTE = (b"Contents", b"T", b"Subj", b"V")  # of an annotation or a form field (ISO 32000-1 12.5)
_LEAST = 3  # letters of a page that is more than a picture


def words_of_pdf(data: bytes) -> tuple[dict[str, str], int]:
    """Return words by where they stand, and the number of pages that are pictures without words.

    Raises as `read_pages`.
    """
    with opened_pdf(data) as document:
        found = {"in its properties": " ".join(_properties(document, data))}
        pictures = 0
        for index in range(len(document)):
            text = page_text(document, index)
            pictures += len(text) < _LEAST
            notes = " ".join(_notes(document[index]))
            found[f"on page {index + 1}"] = f"{text} {notes}"
        found["in its bookmarks"] = " ".join(_bookmarks(document))
        found["in files attached to it"] = " ".join(_attached(document))
    return {place: words for place, words in found.items() if words.strip()}, pictures


def _properties(document: pypdfium2.PdfDocument, data: bytes) -> Iterator[str]:
    yield from document.get_metadata_dict().values()
    yield from (part.decode("utf-8", "replace") for part in _XMP.findall(data))


def _bookmarks(document: pypdfium2.PdfDocument) -> Iterator[str]:
    yield from (mark.get_title() for mark in document.get_toc())


def _attached(document: pypdfium2.PdfDocument) -> Iterator[str]:
    for index in range(document.count_attachments()):
        attachment = document.get_attachment(index)
        yield attachment.get_name()
        yield bytes(attachment.get_data()).decode("latin-1")


def _notes(page: pypdfium2.PdfPage) -> Iterator[str]:
    """Yield the words of notes and form fields, which are no text of the page."""
    for index in range(raw.FPDFPage_GetAnnotCount(page)):
        note = raw.FPDFPage_GetAnnot(page, index)
        try:
            yield from (_value(note, key) for key in _NOTE)
        finally:
            raw.FPDFPage_CloseAnnot(note)


def _value(note: object, key: bytes) -> str:
    size = raw.FPDFAnnot_GetStringValue(note, key, None, 0)
    buffer = ctypes.create_string_buffer(size)
    pointer = ctypes.cast(buffer, ctypes.POINTER(raw.FPDF_WCHAR))
    raw.FPDFAnnot_GetStringValue(note, key, pointer, size)
    return buffer.raw[:size].decode("utf-16-le", "replace").rstrip("\0")
