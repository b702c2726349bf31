"""A PDF of one page of plain lines, made without a library (ISO 32000-1)."""

from __future__ import annotations

from collections.abc import Sequence

A4 = (595, 842)  # points
MARGIN, SIZE, LEADING = 64, 11, 16  # points


def plain_pdf(lines: Sequence[str]) -> bytes:
    """Return a page of lines, the first one larger. Letters beyond Latin-1 become question marks.

    The same lines give the same bytes.
    """
    stream = _stream(lines)
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /Contents 4 0 R"
        b" /Resources << /Font << /F 5 0 R >> >> >>" % A4,
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    return _file(objects)


def _stream(lines: Sequence[str]) -> bytes:
    parts = [b"BT %d %d Td %d TL" % (MARGIN, A4[1] - MARGIN, LEADING)]
    for index, line in enumerate(lines):
        parts.append(b"/F %d Tf" % (SIZE + 5 if index == 0 else SIZE))
        parts.append(b"(%s) Tj T*" % _escaped(line))
    return b"\n".join([*parts, b"ET"])


def _escaped(line: str) -> bytes:
    safe = line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
    return safe.encode("latin-1", "replace")


def _file(objects: list[bytes]) -> bytes:
    out = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        table,
    )
    return bytes(out)
