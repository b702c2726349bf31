"""What a document inside a DICOM object tells of the patient: reported, refused, logged."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.test_contract import Captured, answer
from tests.dicom.documents.pdf import letter_pdf, small_pdf
from tests.dicom.documents.reports import encapsulated, save
from xray_studio.services.privacy.log import log_file

WHO = {"PatientName": "Doe^Jane", "PatientID": "PAT-4711", "PatientBirthDate": "19500131",
       "ReferringPhysicianName": "Kildare^James"}  # fmt: skip
CDA = (
    b'<?xml version="1.0"?><ClinicalDocument xmlns="urn:hl7-org:v3"><recordTarget><patientRole>'
    b'<id extension="PAT-4711"/><patient><birthTime value="19500131"/></patient></patientRole>'
    b"</recordTarget><component><structuredBody/></component></ClinicalDocument>"
)
PDF, XML, HTML = "application/pdf", "text/xml", "text/html"


@pytest.mark.parametrize(
    ("data", "kind", "name", "wanted"),
    [
        (letter_pdf("Dear Jane"), PDF, "a.pdf", ["Patient Name, on page 1"]),
        (letter_pdf("Nothing", "James Kildare"), PDF, "a.pdf",
         ["Referring Physician's Name, in its properties"]),
        (letter_pdf("Nothing", "", "born 31.01.1950"), PDF, "a.pdf",
         ["Patient's Birth Date, on page 1"]),
        (CDA, XML, "a.xml", ["Patient ID and Patient's Birth Date, in its text",
                             "names persons (recordTarget)"]),
        (b"<html><!-- PAT4711 --><p>D&#111;e</p></html>", HTML, "a.html",
         ["Patient Name and Patient ID, in its text"]),
        (small_pdf(), PDF, "jane.pdf", ["name of the file tells Patient Name"]),
    ],
)  # fmt: skip
def test_what_and_where_is_reported_and_refused(
    capsys: Captured, tmp_path: Path, data: bytes, kind: str, name: str, wanted: list[str]
) -> None:
    source = save(encapsulated(data, kind, **WHO), tmp_path / "letter.dcm")
    status, out, _ = answer(capsys, "export", source, tmp_path / name, "--privacy", "report")
    told = json.loads(out)
    sentences = " ".join(finding["sentence"] for finding in told["findings"])
    assert (status, told["identifying"]) == (0, True)
    status, _, err = answer(capsys, "export", source, tmp_path / name, "--deidentify", "-q")
    assert status == 2
    assert err.count("\n") == 1
    for words in wanted:
        assert words in sentences
        assert words in err
    assert not any(value in sentences + err for value in ("Doe", "4711", "1950", "Kildare"))
    assert [path.name for path in tmp_path.iterdir()] == ["letter.dcm"]


def test_pages_that_are_pictures_are_told(capsys: Captured, tmp_path: Path) -> None:
    source = save(encapsulated(letter_pdf(""), PDF, **WHO), tmp_path / "scan.dcm")
    _, out, _ = answer(capsys, "export", source, tmp_path / "a.pdf", "--privacy", "report")
    told = json.loads(out)
    assert not told["identifying"]
    assert "1 page of the document is a picture" in told["findings"][0]["sentence"]
    assert answer(capsys, "export", source, tmp_path / "a.pdf", "--deidentify")[0] == 2


def test_a_person_hears_of_it_and_the_log_knows(capsys: Captured, tmp_path: Path) -> None:
    source = save(encapsulated(letter_pdf("Dear Jane"), PDF, **WHO), tmp_path / "letter.dcm")
    status, _, err = answer(capsys, "export", source, tmp_path / "a.pdf", "--quiet")
    assert (status, err) == (0, "xray-studio: The document tells Patient Name, on page 1.\n")
    line = log_file().read_text("ascii").splitlines()[-1]
    told = json.loads(line)
    assert (told["output"], told["told"]) == (".pdf", ["document"])
    assert "Jane" not in line
