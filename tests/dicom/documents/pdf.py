"""A small PDF written by hand: pages of 100 x 200 points with a black square and their number."""

from __future__ import annotations


def small_pdf(pages: int = 2) -> bytes:
    """Return a PDF; page N has the text "Page N" and a square of 10 points at (20, 150)."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>"]
    kids = " ".join(f"{4 + 2 * page} 0 R" for page in range(pages))
    objects.append(f"<< /Type /Pages /Kids [{kids}] /Count {pages} >>".encode())
    objects.append(b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
    for page in range(pages):
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 100 200] /Contents {5 + 2 * page} 0 R"
            " /Resources << /Font << /F1 3 0 R >> >> >>".encode()
        )
        drawn = f"20 150 10 10 re f BT /F1 12 Tf 20 100 Td (Page {page + 1}) Tj ET".encode()
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn))
    return _file(objects)


def letter_pdf(words: str, author: str = "", note: str = "") -> bytes:
    """Return a page that says some words, with an author in its properties and a note on it."""
    drawn = f"BT /F1 12 Tf 20 100 Td ({words}) Tj ET".encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [4 0 R] /Count 1 >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        (
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 200] /Contents 5 0 R"
            b" /Annots [7 0 R] /Resources << /Font << /F1 3 0 R >> >> >>"
        ),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn),
        f"<< /Author ({author}) >>".encode(),
        f"<< /Type /Annot /Subtype /Text /Rect [9 9 19 19] /Contents ({note}) >>".encode(),
    ]
    return _file(objects, "/Info 6 0 R")


def _file(objects: list[bytes], more: str = "") -> bytes:
    data, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    count = len(objects) + 1
    head = b"xref\n0 %d\n0000000000 65535 f \n%s" % (count, table)
    start = f"trailer << /Size {count} /Root 1 0 R {more} >>".encode()
    return data + head + start + b"\nstartxref\n%d\n%%%%EOF\n" % len(data)
