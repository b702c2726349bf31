"""A page of lines is a PDF that a library reads."""

from __future__ import annotations

import pypdfium2

from xray_studio.core.plain_pdf import plain_pdf

LINES = ["Heading", "", "Brackets (and) a \\ backslash", "Grüße", "Ω is not in Latin-1"]


def test_text_can_be_read_back() -> None:
    document = pypdfium2.PdfDocument(plain_pdf(LINES))
    try:
        page = document[0]
        words = page.get_textpage().get_text_range()
        assert len(document) == 1
        assert (round(page.get_width()), round(page.get_height())) == (595, 842)
    finally:
        document.close()
    assert words.split("\r\n")[:2] == ["Heading", "Brackets (and) a \\ backslash"]
    assert "Grüße" in words
    assert "? is not in Latin-1" in words


def test_same_lines_same_bytes() -> None:
    assert plain_pdf(LINES) == plain_pdf(LINES)
