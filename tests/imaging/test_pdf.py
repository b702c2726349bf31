"""Pages of PDF documents: size, text, where things are drawn, and what cannot be opened."""

from __future__ import annotations

import numpy as np
import pytest

from tests.dicom.documents.pdf import small_pdf
from xray_studio.core.errors import UnreadableError, UsageError
from xray_studio.imaging import pdf


def test_pages_tell_size_and_text() -> None:
    pages = pdf.read_pages(small_pdf(3))
    assert pages.sizes == ((100.0, 200.0),) * 3
    assert pages.texts == ("Page 1", "Page 2", "Page 3")


@pytest.mark.parametrize("points", [1, 3])
def test_a_page_is_drawn_where_it_says(points: int) -> None:
    picture = pdf.page_picture(small_pdf(), 1, points * pdf.POINTS_PER_MM)
    assert picture.shape == (200 * points, 100 * points, 3)
    square = np.zeros(picture.shape[:2], bool)
    square[40 * points : 50 * points, 20 * points : 30 * points] = True
    assert (picture[square] == 0).all()
    assert (picture[: 40 * points] == 255).all()


def test_a_large_page_comes_smaller(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "MOST_PIXELS", 5000)
    rows, columns, _ = pdf.page_picture(small_pdf(), 0, 50.0).shape
    assert (rows, columns) == (100, 50)


def test_what_cannot_be_drawn_says_why() -> None:
    with pytest.raises(UsageError, match="no page 3; the PDF has 2"):
        pdf.page_picture(small_pdf(), 2, 1.0)
    for data in (b"%PDF-1.4\nnothing", b"", small_pdf()[:60]):
        with pytest.raises(UnreadableError, match="damaged"):
            pdf.read_pages(data)
