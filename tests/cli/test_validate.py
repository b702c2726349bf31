"""`validate`: exit status, plain lines and one JSON object."""

from __future__ import annotations

import json
from pathlib import Path

from pydicom import dcmread

from tests.cli.test_contract import Captured, answer
from tests.dicom.conformance.conftest import kinds

__all__ = ["kinds"]


def test_a_clean_object(capsys: Captured, kinds: Path) -> None:
    status, out, _ = answer(capsys, "validate", kinds / "xa.dcm", "--errors-only", "-q")
    assert status == 0
    assert out.strip().endswith("xa.dcm (X-Ray Angiographic Image): nothing found")


def test_json(capsys: Captured, kinds: Path, tmp_path: Path) -> None:
    dataset = dcmread(kinds / "xa.dcm")
    del dataset.PatientID
    dataset.ReasonForStudy = "Follow-up"
    dataset.save_as(tmp_path / "bad.dcm")
    paths = [tmp_path / "bad.dcm", kinds / "ct.dcm"]
    status, out, _ = answer(capsys, "validate", *paths, "--json", "-q")
    told = json.loads(out)
    assert status == 1
    assert (told["errors"], told["unreadable"]) == (1, 0)
    assert told["notes"] > 0
    assert "2020" in told["edition"]
    bad, clean = told["files"]
    assert (bad["kind"], bad["errors"], clean["errors"]) == ("X-Ray Angiographic Image", 1, 0)
    assert bad["findings"][0] == {
        "severity": "error",
        "path": "PatientID",
        "rule": "It is required, empty where unknown, and missing.",
        "section": "PS3.3 C.7, Table C.7-1",
    }
    _, out, _ = answer(capsys, "validate", *paths, "--json", "--errors-only", "-q")
    told = json.loads(out)
    assert (told["errors"], told["notes"]) == (1, 0)


def test_what_cannot_be_read(capsys: Captured, tmp_path: Path) -> None:
    (tmp_path / "a.dcm").write_bytes(b"nothing")
    status, out, _ = answer(capsys, "validate", tmp_path / "a.dcm", "-q")
    assert (status, "not a DICOM file" in out) == (1, True)
    (tmp_path / "empty").mkdir()
    status, _, err = answer(capsys, "validate", tmp_path / "empty", "-q")
    assert status == 1
    assert "no DICOM objects here" in err
