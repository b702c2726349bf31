"""Nothing new against the standard is written; what a source breaks is passed on."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydicom import Dataset, dcmread

from xray_studio.core.errors import WriteError
from xray_studio.dicom.conformance.before_write import refuse_errors
from xray_studio.dicom.conformance.read import check_file
from xray_studio.dicom.write.copy import plan_copy
from xray_studio.dicom.write.objects import save
from xray_studio.dicom.write.order import CopyOrder

SYNTAX = "1.2.840.10008.1.2.1"


def test_a_new_object_with_errors_is_refused_by_name(kinds: Path, tmp_path: Path) -> None:
    dataset = dcmread(kinds / "report.dcm")
    del dataset.CompletionFlag
    with pytest.raises(WriteError, match=r"CompletionFlag: .* missing. \(PS3.3 C.17.2"):
        save(dataset, tmp_path / "out.dcm")
    assert list(tmp_path.iterdir()) == []


def test_errors_of_the_source_are_no_reason(kinds: Path) -> None:
    source, made = dcmread(kinds / "xa.dcm"), dcmread(kinds / "xa.dcm")
    del source.PatientID, made.PatientID
    refuse_errors(made, SYNTAX, lambda: [(source, SYNTAX)])
    made.HighBit = 3
    with pytest.raises(WriteError, match="HighBit"):
        refuse_errors(made, SYNTAX, lambda: [(source, SYNTAX)])


def test_an_object_without_errors_never_asks_for_its_source(kinds: Path) -> None:
    def never() -> list[tuple[Dataset, str]]:
        raise AssertionError

    refuse_errors(dcmread(kinds / "xa.dcm"), SYNTAX, never)


def test_a_copy_of_a_bad_object_passes(kinds: Path, tmp_path: Path) -> None:
    dataset = dcmread(kinds / "xa.dcm")
    del dataset.PatientID, dataset.XRayTubeCurrent
    dataset.add_new("StudyID", "SH", "x\x01y")
    dataset.save_as(tmp_path / "bad.dcm")
    assert check_file(str(tmp_path / "bad.dcm")).has_errors
    assert plan_copy(CopyOrder(str(tmp_path / "bad.dcm"), "", (1, 2))).derived


def test_pixels_that_come_later_are_not_missed(kinds: Path) -> None:
    dataset = dcmread(kinds / "xa.dcm")
    del dataset.PixelData
    refuse_errors(dataset, SYNTAX, whole=False)
    with pytest.raises(WriteError, match="PixelData"):
        refuse_errors(dataset, SYNTAX)
