"""Objects without pixel data in a catalogue: what they are called, and that headers tell it."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydicom.data import get_testdata_file
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
)

from xray_studio.core import document_kinds, reasons
from xray_studio.core.job import run
from xray_studio.core.study import Catalog, Series
from xray_studio.dicom.scan.headers import read_headers
from xray_studio.dicom.scan.judge import judge
from xray_studio.services.open import scan

SYNTAXES = (
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    ExplicitVRBigEndian,
    DeflatedExplicitVRLittleEndian,
)


def small_report(title: str = "Befund über Wände") -> Dataset:
    data = Dataset()
    data.file_meta = FileMetaDataset()
    data.SpecificCharacterSet = "ISO_IR 100"
    data.SOPClassUID = data.file_meta.MediaStorageSOPClassUID = "1.2.840.10008.5.1.4.1.1.88.11"
    data.SOPInstanceUID = data.file_meta.MediaStorageSOPInstanceUID = "1.2.3.4"
    data.StudyInstanceUID, data.SeriesInstanceUID = "1.2.3", "1.2.3.1"
    data.PatientID, data.PatientName, data.Modality = "D1", "Doe^Jane", "SR"
    data.SeriesNumber, data.InstanceNumber = 7, 1
    data.ContentDate, data.ContentTime = "20261120", "094107"
    code = Dataset()
    code.CodeValue, code.CodingSchemeDesignator, code.CodeMeaning = "1", "99X", title
    data.ConceptNameCodeSequence = [code]
    data.ValueType, data.ContentSequence = "CONTAINER", []
    return data


def save(data: Dataset, path: Path, syntax: str = ExplicitVRLittleEndian) -> Path:
    data.file_meta.TransferSyntaxUID = syntax
    data.save_as(path, enforce_file_format=True)
    return path


def only_series(catalog: Catalog) -> Series:
    (series,) = catalog.all_series()
    return series


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_a_report_is_a_document_with_its_title(tmp_path: Path, syntax: str) -> None:
    catalog = run(scan(save(small_report(), tmp_path / "report", syntax)))
    series = only_series(catalog)
    assert (series.title, series.modality, series.series_number) == ("Befund über Wände", "SR", 7)
    assert (series.kind, series.frames, len(series.instances)) == ("document", 0, 1)
    assert series.instances[0].acquisition == "20261120094107.000000"
    assert catalog.patients[0].patient_name == "Doe^Jane"
    assert not catalog.pictures()
    assert catalog.skipped == ()


def test_each_document_of_a_series_stands_alone(tmp_path: Path) -> None:
    for number in (1, 2):
        data = small_report(f"Report {number}")
        data.SOPInstanceUID = data.file_meta.MediaStorageSOPInstanceUID = f"1.2.3.{number}"
        data.InstanceNumber = number
        save(data, tmp_path / f"{number}")
    (tmp_path / "copy").write_bytes((tmp_path / "1").read_bytes())
    catalog = run(scan(tmp_path))
    assert [series.title for series in catalog.all_series()] == ["Report 1", "Report 2"]
    assert [skipped.reason for skipped in catalog.skipped] == [reasons.DUPLICATE_DOCUMENT]


def test_a_report_cut_short_is_damaged(tmp_path: Path) -> None:
    whole = save(small_report(), tmp_path / "report").read_bytes()
    (tmp_path / "report").write_bytes(whole[:-20])
    catalog = run(scan(tmp_path))
    assert [skipped.reason for skipped in catalog.skipped] == [reasons.CUT_SHORT]


def test_an_irregular_report_is_read_by_pydicom(tmp_path: Path) -> None:
    path = str(save(small_report(), tmp_path / "report"))
    batch = judge(path, reasons.DAMAGED)
    assert batch.headers[0].kind == "document"
    assert batch.headers[0].patient_id == read_headers([path]).headers[0].patient_id == "D1"


@pytest.mark.parametrize(
    ("name", "title", "kind"),
    [
        ("test-SR.dcm", "Diagnosis", "structured report"),
        ("waveform_ecg.dcm", "", "12-lead ECG"),
    ],
)
def test_files_of_others(name: str, title: str, kind: str) -> None:
    path = get_testdata_file(name)
    assert isinstance(path, str)
    series = only_series(run(scan(path)))
    assert series.title == title
    assert document_kinds.noun(series.instances[0].sop_class_uid) == kind


@pytest.mark.parametrize(
    ("sop_class", "words"),
    [
        ("88.11", "a structured report"),
        ("88.59", "a selection of key images"),
        ("88.67", "a radiation dose report"),
        ("9.1.1", "a 12-lead ECG"),
        ("9.1.2", "an ECG"),
        ("9.4.2", "an audio recording"),
        ("104.1", "a PDF document"),
    ],
)
def test_documents_are_called_by_what_they_are(sop_class: str, words: str) -> None:
    uid = f"1.2.840.10008.5.1.4.1.1.{sop_class}"
    assert document_kinds.is_document(uid)
    assert document_kinds.with_article(document_kinds.noun(uid)) == words


@pytest.mark.parametrize("sop_class", ["104.3", "11", "2", "88", "66.4", "481.3"])
def test_what_is_no_document(sop_class: str) -> None:
    assert not document_kinds.is_document(f"1.2.840.10008.5.1.4.1.1.{sop_class}")
