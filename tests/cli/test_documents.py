"""Documents from the command line and from Python."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pydicom.data import get_testdata_file

import xray_studio as xs
from tests.dicom.documents.pdf import small_pdf
from tests.dicom.documents.reports import dose_report, encapsulated, event, save, totals
from xray_studio.cli.main import main
from xray_studio.core.errors import NoPixelsError, UnsupportedError


def run(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, str, str]:
    status = main([str(word) for word in words])
    out = capsys.readouterr()
    return status, out.out, out.err


def test_info_reads_a_report_aloud(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run(capsys, "info", get_testdata_file("test-SR.dcm"), "--quiet")
    assert status == 0
    assert out.startswith("Diagnosis\nKind          structured report\n")
    assert "CT Image, frames 5 and 2 [1.2.3.4.5.0]\n" in out


def test_info_tells_dose_as_numbers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = dose_report(
        totals("Plane A", "0.00123", "0.5", "60"), event("1.7", "Plane A", "0.00123")
    )
    path = save(data, tmp_path / "dose.dcm")
    status, out, _ = run(capsys, "info", path, "--json", "--quiet")
    assert status == 0
    told = json.loads(out)
    dose = told["document"]["dose"]
    assert dose["planes"][0]["kap"] == dose["events"][0]["kap"] == 12.3
    assert told["document"]["content"]["children"]
    assert told["tags"]
    _, out, _ = run(capsys, "info", path, "--quiet")
    assert "Kerma area product                12.3 Gy·cm²" in out
    assert "1  09:41:07  Fluoroscopy  A      12.3" in out


def test_a_document_is_no_picture(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = save(encapsulated(b"Text", "text/plain"), tmp_path / "letter.dcm")
    status, _, err = run(capsys, "export", path, tmp_path / "out.mp4", "--quiet")
    assert status == 1
    assert "This is a clinical document, not a picture" in err
    with pytest.raises(NoPixelsError, match="read_document"):
        xs.open(path)
    assert xs.read_document(path).title == "Letter"
    with pytest.raises(UnsupportedError, match="not a document"):
        xs.read_document(str(get_testdata_file("CT_small.dcm")))


def test_scan_lists_documents(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    save(encapsulated(b"Text", "text/plain"), tmp_path / "letter.dcm")
    status, out, _ = run(capsys, "scan", tmp_path, "--quiet")
    assert status == 0
    assert "    9 DOC Letter: clinical document\n" in out
    _, out, _ = run(capsys, "scan", tmp_path, "--json", "--quiet")
    (series,) = json.loads(out)["patients"][0]["studies"][0]["series"]
    assert (series["kind"], series["title"], series["frames"]) == ("document", "Letter", 0)


def test_pages_are_drawn_and_the_document_inside_is_saved(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = save(encapsulated(small_pdf(), "application/pdf"), tmp_path / "letter.dcm")
    out = tmp_path / "page.png"
    status, told, _ = run(capsys, "render", path, out, "--frame", 2, "--json", "--quiet")
    assert (status, json.loads(told)["page"]) == (0, 2)
    assert out.stat().st_size > 100
    assert run(capsys, "render", path, out, "--frame", 3, "--overwrite", "--quiet")[0] == 2
    status, told, _ = run(capsys, "export", path, tmp_path / "letter.pdf", "--quiet")
    assert status == 0
    assert (tmp_path / "letter.pdf").read_bytes() == small_pdf()
    status, _, err = run(capsys, "export", path, tmp_path / "letter.pdf", "--quiet")
    assert (status, "would be lost" in err) == (1, True)
    status, _, err = run(capsys, "export", path, tmp_path / "letter.txt", "--quiet")
    assert (status, "is a .pdf file" in err) == (2, True)
    _, told, _ = run(capsys, "info", path, "--quiet")
    assert "\nPage 2 of 2\nPage 2\n" in told


def test_ecg_is_drawn_and_text_has_no_pages(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ecg = get_testdata_file("waveform_ecg.dcm")
    out = tmp_path / "ecg.png"
    assert run(capsys, "render", ecg, out, "--quiet")[0] == 0
    picture = xs.open(out)
    assert (picture.columns, picture.rows) == (2160, 1160)
    status, _, err = run(capsys, "render", get_testdata_file("test-SR.dcm"), out, "--quiet")
    assert (status, "no pages to draw" in err) == (2, True)
    status, _, err = run(capsys, "export", ecg, tmp_path / "ecg.pdf", "--quiet")
    assert (status, "holds no document" in err) == (2, True)
    status, _, err = run(capsys, "export", out, tmp_path / "ecg.pdf", "--quiet")
    assert (status, "made from one document" in err) == (2, True)
