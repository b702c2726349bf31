"""Documents inside DICOM objects: bytes as they were, clinical documents as text, nothing run."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from pydicom.dataset import Dataset

from tests.dicom.documents.reports import encapsulated, save
from xray_studio.core.document import Document, Heading, Paragraph, Table
from xray_studio.core.errors import UnreadableError
from xray_studio.dicom.documents.encapsulated import read_inside
from xray_studio.dicom.documents.read import read_document

CDA = """<?xml version="1.0" encoding="utf-8"?>
<ClinicalDocument xmlns="urn:hl7-org:v3"><title>Discharge letter</title><component>
<structuredBody><component><section><title>Findings</title><text>Running text<br/>next line
<paragraph>A <content styleCode="Bold">bold</content> word &amp; more</paragraph>
<list><caption>Drugs</caption><item>Aspirin</item><item>Ramipril<list><item>5 mg</item></list>
</item></list>
<table><thead><tr><th>Vessel</th><th>Grade</th></tr></thead>
<tbody><tr><td>LAD</td><td>70 %</td></tr><tr><td>RCA</td></tr></tbody></table>
</text><component><section><title>Below</title><text>Deep</text></section></component>
</section></component></structuredBody></component></ClinicalDocument>"""


def read(data: Dataset, tmp_path: Path) -> Document:
    return read_document(str(save(data, tmp_path / "inside.dcm")))


def test_a_clinical_document_reads_as_text(tmp_path: Path) -> None:
    document = read(encapsulated(CDA.encode(), "text/XML"), tmp_path)
    assert document.title == "Letter"
    assert document.blocks == (
        Heading("Discharge letter"),
        Heading("Findings"),
        Paragraph("Running text\nnext line"),
        Paragraph("A bold word & more"),
        Paragraph("Drugs"),
        Paragraph("Aspirin", indent=1),
        Paragraph("Ramipril", indent=1),
        Paragraph("5 mg", indent=2),
        Table(("Vessel", "Grade"), (("LAD", "70 %"), ("RCA", ""))),
        Heading("Below", 2),
        Paragraph("Deep"),
    )


def test_entities_are_refused_and_damage_is_told(tmp_path: Path) -> None:
    bomb = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "cc">]><a>&b;</a>'
    with pytest.raises(UnreadableError, match="entities"):
        read(encapsulated(bomb, "text/XML"), tmp_path)
    with pytest.raises(UnreadableError, match="no valid XML"):
        read(encapsulated(CDA.encode()[:-30], "text/XML"), tmp_path)
    with pytest.raises(UnreadableError, match="no document"):
        read(encapsulated(b"", "text/XML"), tmp_path)


def test_plain_text_and_html_without_scripts(tmp_path: Path) -> None:
    text = "Grüße\r\nzweite Zeile\r\n\r\nAbsatz".encode("latin-1")
    assert read(encapsulated(text, "text/plain"), tmp_path).blocks == (
        Paragraph("Grüße\nzweite Zeile"),
        Paragraph("Absatz"),
    )
    page = b"<html><script>alert(1)</script><style>p{}</style><p>One</p><p>Two &lt; 3</p></html>"
    assert read(encapsulated(page, "text/html"), tmp_path).blocks == (
        Paragraph("One"),
        Paragraph("Two < 3"),
    )
    other = read(encapsulated(b"\x01\x02", "model/obj"), tmp_path)
    assert "export it" in other.blocks[0].text  # type: ignore[union-attr]


@pytest.mark.skipif(shutil.which("dcm2pdf") is None, reason="dcm2pdf (DCMTK) is not installed")
@pytest.mark.parametrize("size", [10_001, 10_002])
def test_the_bytes_of_a_pdf_are_those_of_dcm2pdf(tmp_path: Path, size: int) -> None:
    content = (b"%PDF-1.4\n" + bytes(range(256)) * 40)[: size - 6] + b"%%EOF\n"
    path = save(encapsulated(content, "application/pdf"), tmp_path / "pdf.dcm")
    subprocess.run(["dcm2pdf", path, tmp_path / "theirs.pdf"], check=True)
    assert read_inside(str(path)) == content == (tmp_path / "theirs.pdf").read_bytes()
