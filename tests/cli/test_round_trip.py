"""`scan` and `info` tell what this program has exported."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pydicom import dcmread

from tests.cli.test_contract import Captured, answer
from tests.ui.studies import write_cine


@pytest.fixture
def folder(capsys: Captured, tmp_path: Path) -> Path:
    """A study and an export of frames 3 to 6 of it."""
    about = {"PatientName": "Doe^Jane", "PatientID": "1", "StudyInstanceUID": "1.2.3"}
    write_cine(tmp_path / "run.dcm", 1, "LCA", about)
    target = tmp_path / "out.mp4"
    assert answer(capsys, "export", tmp_path / "run.dcm", target, "--frames", "3-6")[0] == 0
    return tmp_path


def test_scan_tells_and_finds_the_source(capsys: Captured, folder: Path) -> None:
    status, out, _ = answer(capsys, "scan", folder, "--json", "-q")
    (told,) = json.loads(out)["exports"]
    (source,) = told["sources"]
    assert (status, told["status"]) == (0, "unchanged")
    assert source["files"] == [str(folder / "run.dcm")]
    assert (source["first"], source["last"]) == (3, 6)
    _, out, _ = answer(capsys, "scan", folder, "-q")
    uid = dcmread(folder / "run.dcm").SOPInstanceUID
    assert f"from SOP Instance UID {uid}, frames 3 to 6." in out
    assert f"Source: {folder / 'run.dcm'}" in out


def test_info_tells_of_one_file(capsys: Captured, folder: Path) -> None:
    _, out, _ = answer(capsys, "info", folder / "out.mp4", "-q")
    assert "Exported by X-Ray Studio" in out
    with (folder / "out.mp4").open("ab") as file:
        file.write(b"\0" * 8)
    _, out, _ = answer(capsys, "info", folder / "out.mp4", "-q")
    assert "changed since" in out
    _, out, _ = answer(capsys, "info", folder / "run.dcm", "--json", "-q")
    assert json.loads(out)["exported"] is None
