"""The light parser says what pydicom says, on real files and on data sets made at random."""

from __future__ import annotations

import math
import warnings
from pathlib import Path
from typing import Any

import pydicom
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydicom.dataset import Dataset
from pydicom.multival import MultiValue
from pydicom.sequence import Sequence

from tests.dicom.objects import make_object, save
from tests.dicom.raw_objects import BIG_ENDIAN, DEFLATED, EXPLICIT, IMPLICIT
from xray_studio.core.header import Header
from xray_studio.dicom.scan import headers
from xray_studio.dicom.scan.headers import Row, read_headers

TEXTS = {
    "patient_id": "PatientID",
    "patient_name": "PatientName",
    "issuer": "IssuerOfPatientID",
    "birth_date": "PatientBirthDate",
    "sex": "PatientSex",
    "study_instance_uid": "StudyInstanceUID",
    "study_date": "StudyDate",
    "study_time": "StudyTime",
    "study_description": "StudyDescription",
    "accession_number": "AccessionNumber",
    "series_instance_uid": "SeriesInstanceUID",
    "modality": "Modality",
    "series_description": "SeriesDescription",
    "body_part_examined": "BodyPartExamined",
    "sop_class_uid": "SOPClassUID",
}
NUMBERS = {
    "series_number": "SeriesNumber",
    "acquisition_number": "AcquisitionNumber",
    "rows": "Rows",
    "columns": "Columns",
    "samples": "SamplesPerPixel",
    "bits_allocated": "BitsAllocated",
}


def compare(dataset: Dataset, header: Header, row: Row) -> None:
    """Compare every field; a picture's plane can stand in functional groups, which is checked."""
    for name, keyword in TEXTS.items():
        assert getattr(header, name) == as_text(dataset.get(keyword)), keyword
    for name, keyword in NUMBERS.items():
        told = dataset.get(keyword)
        usual = {"samples": 1, "bits_allocated": 0}.get(name)
        assert getattr(header, name) == (int(told) if told is not None else usual), keyword
    assert header.image_type == as_text(dataset.get("ImageType"))
    _, _, uid, number, frames, position, acquired = row
    assert uid == dataset.get("SOPInstanceUID", "")
    assert number == (int(dataset.InstanceNumber) if dataset.get("InstanceNumber") else None)
    assert frames == int(dataset.get("NumberOfFrames", 1) or 1)
    assert_numbers(position, dataset.get("ImagePositionPatient"))
    assert_numbers(header.image_orientation, dataset.get("ImageOrientationPatient"))
    assert acquired == "" or (len(acquired) == 21 and acquired[:8].isdigit())


def as_text(told: Any) -> str:
    several = told if isinstance(told, MultiValue) else [told]
    return "\\".join("" if one is None else str(one) for one in several).strip()


def assert_numbers(found: tuple[float, ...] | None, told: Any) -> None:
    if not told:
        assert found is None
    else:
        assert found is not None
        assert all(math.isclose(a, float(b)) for a, b in zip(found, told, strict=True))


def test_real_files(shared_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(headers, "SECONDS_PER_BATCH", 60.0)
    folders = [shared_data / "dicom", shared_data / "dicomdir"]
    paths = [p for folder in folders for p in sorted(folder.rglob("*")) if p.is_file()]
    batch = read_headers([str(path) for path in paths])
    rows = {row[0]: row for row in batch.pictures}
    compared = 0
    for index, path in enumerate(paths):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            dataset = pydicom.dcmread(path, force=True)
            has_pixels = "PixelData" in dataset
            assert has_pixels == (index in rows), path.name
            if has_pixels:
                compare(dataset, batch.headers[rows[index][1]], rows[index])
                compared += 1
    assert batch.unsure == []
    assert compared >= 60


text = st.text(st.characters(codec="latin-1", categories=["L", "N"]), min_size=1, max_size=12)
code_string = st.text("ABCDEFG123 _", min_size=1, max_size=12)
CODE_STRINGS = {"Modality", "PatientSex", "BodyPartExamined"}
number = st.integers(-9999, 9999)
code = st.fixed_dictionaries({"CodeValue": text, "CodeMeaning": text, "Modality": code_string})


@st.composite
def data_sets(draw: st.DrawFn) -> Dataset:
    """Return an object with odd optional attributes, private tags and nested sequences."""
    dataset = make_object()
    dataset.SpecificCharacterSet = "ISO_IR 100"
    for keyword in draw(st.sets(st.sampled_from(sorted(TEXTS.values())))):
        if "UID" not in keyword and "Date" not in keyword and "Time" not in keyword:
            setattr(dataset, keyword, draw(code_string if keyword in CODE_STRINGS else text))
    for keyword in draw(st.sets(st.sampled_from(["SeriesNumber", "AcquisitionNumber"]))):
        setattr(dataset, keyword, draw(number))
    dataset.InstanceNumber = draw(st.integers(1, 9999))
    dataset.ImagePositionPatient = [draw(number), 0, draw(number)]
    codes = [Dataset() for _ in range(draw(st.integers(0, 4)))]
    for item in codes:
        item.update(draw(code))
        item.is_undefined_length_sequence_item = draw(st.booleans())
        item.ProcedureCodeSequence = Sequence([Dataset()])
    dataset.RequestAttributesSequence = Sequence(codes)
    dataset["RequestAttributesSequence"].is_undefined_length = draw(st.booleans())
    block = dataset.private_block(0x0029, "VENDOR", create=True)
    block.add_new(0x10, "OB", draw(st.binary(max_size=300)))
    block.add_new(0x11, "UN", draw(st.binary(max_size=30)))
    dataset.Rows, dataset.Columns = draw(st.integers(1, 40)), draw(st.integers(1, 40))
    dataset.SamplesPerPixel, dataset.BitsAllocated = 1, 16
    dataset.PhotometricInterpretation = "MONOCHROME2"
    dataset.PixelData = bytes(dataset.Rows * dataset.Columns * 2)
    dataset["PixelData"].VR = "OW"
    return dataset


@pytest.mark.parametrize("syntax", [EXPLICIT, IMPLICIT, BIG_ENDIAN, DEFLATED])
@given(dataset=data_sets())
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_random_data_sets(tmp_path: Path, syntax: str, dataset: Dataset) -> None:
    path = save(dataset, tmp_path / "random", syntax)
    batch = read_headers([path])
    assert (batch.unsure, batch.skipped, batch.others) == ([], [], [])
    compare(pydicom.dcmread(path), batch.headers[0], batch.pictures[0])
