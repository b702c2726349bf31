"""Checking files and folders: in order, apart, and past bad files."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from pydicom import dcmread

import xray_studio as xs
from tests.dicom.conformance.conftest import kinds
from tests.dicom.write.validator import errors_of
from xray_studio.core.conformance import Severity, as_lines, how_many
from xray_studio.core.job import Progress, run
from xray_studio.services import demonstration as module
from xray_studio.services.validate import validate

__all__ = ["kinds"]


@pytest.fixture
def folder(kinds: Path, tmp_path: Path) -> Path:
    """A clean object, a bad one, a damaged one and a text."""
    shutil.copy(kinds / "ct.dcm", tmp_path / "a-clean.dcm")
    dataset = dcmread(kinds / "ct.dcm")
    del dataset.PatientID
    dataset.save_as(tmp_path / "b-bad.dcm")
    (tmp_path / "c-damaged.dcm").write_bytes((kinds / "ct.dcm").read_bytes()[:136])
    (tmp_path / "d.txt").write_text("no object")
    return tmp_path


def test_a_folder(folder: Path) -> None:
    clean, bad, damaged = xs.validate(folder)
    assert (clean.kind, clean.has_errors) == ("CT Image", False)
    assert [f.path for f in bad.findings if f.severity is Severity.ERROR] == ["PatientID"]
    assert (damaged.findings, bool(damaged.problem)) == ((), True)


def test_what_is_named_is_told(folder: Path) -> None:
    text, missing = sorted(xs.validate(folder / "d.txt", folder / "e.dcm"), key=lambda c: c.path)
    assert "not a DICOM file" in text.problem
    assert "no such file" in missing.problem


def test_progress_grows_and_stops(folder: Path) -> None:
    job = validate([str(folder)])
    seen: list[Progress] = []
    for progress in job:
        seen.append(progress)
        if progress.done == 2:
            job.close()
    assert [len(p.partial) for p in seen if p.partial] == [1, 2]


def test_words(folder: Path) -> None:
    checked = xs.validate(folder)
    lines = as_lines(checked)
    assert lines[0].endswith("(CT Image): nothing found")
    assert any(line.startswith("  error: PatientID: ") for line in lines)
    assert how_many(checked) == "1 error, 1 file not readable"


@pytest.mark.usefixtures("small_demonstration")
def test_the_demonstration_is_clean() -> None:
    study = run(module.demonstration())
    serious = [
        (
            one.path,
            one.problem,
            [f.words() for f in one.findings if f.severity is not Severity.NOTE],
        )
        for one in xs.validate(study)
    ]
    assert len(serious) > 80
    assert [told for told in serious if told[1] or told[2]] == []


def test_a_directory_of_documents_is_clean(kinds: Path, tmp_path: Path) -> None:
    xs.export_media([kinds / "ko.dcm", kinds / "report.dcm", kinds / "xa.dcm"], tmp_path / "disc")
    (checked,) = xs.validate(tmp_path / "disc" / "DICOMDIR")
    assert (checked.kind, checked.has_errors) == ("Basic Directory", False)
    assert errors_of(tmp_path / "disc" / "DICOMDIR") == set()
