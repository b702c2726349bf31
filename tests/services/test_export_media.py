"""Media folders: objects unchanged, and a DICOMDIR that pydicom, DCMTK and the scan can read."""

from __future__ import annotations

import gc
import json
import re
import shutil
import subprocess
import warnings
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
import pydicom
import pytest
from pydicom.dataset import Dataset
from pydicom.filebase import DicomBytesIO
from pydicom.fileset import FileSet

from tests.dicom.objects import make_object, save
from xray_studio import scan as xs_scan
from xray_studio.core.errors import UsageError, WriteError
from xray_studio.core.job import run
from xray_studio.core.study import Catalog
from xray_studio.services.export.media import MediaResult, export_media

GREY = np.arange(48, dtype=np.uint8).reshape(6, 8)


def study(folder: Path, patients: int = 2, series: int = 2, files: int = 3) -> Catalog:
    folder.mkdir()
    for patient in range(patients):
        for number in range(series):
            for file in range(files):
                dataset = make_object(
                    GREY + file,
                    PatientID=f"P{patient}",
                    PatientName=f"Name{patient}^Ä",
                    SpecificCharacterSet="ISO_IR 100",
                    StudyInstanceUID=f"1.2.3.{patient}",
                    SeriesInstanceUID=f"1.2.3.{patient}.{number}",
                    SeriesNumber=number + 1,
                    InstanceNumber=files - file,
                    StudyDate="20260101",
                    StudyTime="120000",
                    StudyID="7",
                )
                save(dataset, folder / f"a long name {patient}-{number}-{file}.dcm")
    return xs_scan(folder)


def contents(folder: Path) -> set[bytes]:
    return {p.read_bytes() for p in folder.rglob("*") if p.is_file() and p.name != "DICOMDIR"}


def as_pydicom_lists(folder: Path) -> list[Dataset]:
    """Return what pydicom's file-set loads; it leaves temporary folders, which are ended here."""

    def loaded() -> list[Dataset]:
        media = FileSet(pydicom.dcmread(folder / "DICOMDIR"))
        found = [instance.load() for instance in media]
        assert [d.SOPInstanceUID for d in found] == [i.SOPInstanceUID for i in media]
        return found

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = loaded()
        gc.collect()
    return found


def written(catalog: Catalog, target: Path, **options: Any) -> MediaResult:
    return run(export_media(catalog, target, **options))


def test_objects_are_copied_byte_for_byte_under_short_names(tmp_path: Path) -> None:
    result = written(study(tmp_path / "in"), tmp_path / "out")
    assert (result.objects, result.left_out, result.profile) == (12, (), "STD-GEN-CD")
    assert contents(tmp_path / "out") == contents(tmp_path / "in")
    for path in (tmp_path / "out").rglob("*"):
        assert re.fullmatch(r"[A-Z0-9_]{1,8}", path.name)
    told = json.loads((tmp_path / "out.json").read_text("utf-8"))
    assert len(told["files"]) == 13
    assert told["output"]["application_profile"] == "STD-GEN-CD"
    assert "Name0" not in json.dumps(told)
    assert not (tmp_path / "out" / "README").exists()


def test_pydicom_reads_the_directory(tmp_path: Path) -> None:
    written(study(tmp_path / "in"), tmp_path / "out")
    found = as_pydicom_lists(tmp_path / "out")
    assert len(found) == 12
    assert [d.PatientID for d in found] == ["P0"] * 6 + ["P1"] * 6
    last = found[9:]
    assert [d.SeriesNumber for d in last] == [2, 2, 2]
    assert [d.InstanceNumber for d in last] == [1, 2, 3]
    assert str(last[0].PatientName) == "Name1^Ä"


def test_the_links_lead_from_record_to_record(tmp_path: Path) -> None:
    """Followed as PS3.3 F.2 says: by offsets, not in the order of the records."""
    written(study(tmp_path / "in"), tmp_path / "out")
    data = pydicom.dcmread(tmp_path / "out" / "DICOMDIR")
    by_place = {item.seq_item_tell: item for item in data.DirectoryRecordSequence}

    def walk(place: int) -> list[Any]:
        found = []
        while place:
            item = by_place[place]
            below = walk(item.OffsetOfReferencedLowerLevelDirectoryEntity)
            found.append((item.DirectoryRecordType, below))
            place = item.OffsetOfTheNextDirectoryRecord
        return found

    series = ("SERIES", [("IMAGE", [])] * 3)
    patient = ("PATIENT", [("STUDY", [series] * 2)])
    first = data.OffsetOfTheFirstDirectoryRecordOfTheRootDirectoryEntity
    assert walk(first) == [patient] * 2
    last = data.OffsetOfTheLastDirectoryRecordOfTheRootDirectoryEntity
    assert by_place[last].PatientID == "P1"


def test_the_scan_and_dcmtk_read_it(tmp_path: Path) -> None:
    written(study(tmp_path / "in"), tmp_path / "out")
    catalog = xs_scan(tmp_path / "out" / "DICOMDIR")
    assert catalog.instances == 12
    assert catalog.skipped == ()
    if shutil.which("dcmdump"):
        command = ["dcmdump", str(tmp_path / "out" / "DICOMDIR")]
        said = subprocess.run(command, capture_output=True, encoding="latin-1", check=True)
        assert said.stderr == ""
        assert said.stdout.count("ReferencedFileID") == 12


def test_what_records_need_is_made_up_and_objects_stay(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    dataset = make_object(GREY)
    for keyword in ("PatientID", "PatientName", "Modality"):
        delattr(dataset, keyword)
    save(dataset, tmp_path / "in" / "a.dcm")
    written(xs_scan(tmp_path / "in"), tmp_path / "out")
    assert contents(tmp_path / "out") == contents(tmp_path / "in")
    records = pydicom.dcmread(tmp_path / "out" / "DICOMDIR").DirectoryRecordSequence
    assert records[0].PatientID.startswith("NONE-")
    assert records[0].PatientName == ""
    assert (records[1].StudyDate, records[2].Modality) == ("19000101", "OT")


def test_a_bare_data_set_gets_file_meta_information(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    stream = DicomBytesIO()
    stream.is_little_endian = stream.is_implicit_VR = True
    dataset = make_object(GREY)
    pydicom.filewriter.write_dataset(stream, dataset)
    (tmp_path / "in" / "bare").write_bytes(stream.getvalue())
    written(xs_scan(tmp_path / "in"), tmp_path / "out")
    (made,) = contents(tmp_path / "out")
    assert made[128:132] == b"DICM"
    assert made.endswith(stream.getvalue())
    path = next((tmp_path / "out" / "DICOM").rglob("I*"))
    assert pydicom.dcmread(path).file_meta.TransferSyntaxUID == "1.2.840.10008.1.2"


def test_real_files_and_what_is_no_object(shared_data: Path, tmp_path: Path) -> None:
    catalog = xs_scan(shared_data / "dicom", shared_data / "video")
    result = written(catalog, tmp_path / "out")
    assert result.objects == 28
    assert [reason for _, reason in result.left_out] == [
        "Objects of its kind are not listed in a DICOMDIR."
    ]
    assert result.profile == ""  # there is a bit of everything
    assert contents(tmp_path / "out") <= contents(shared_data / "dicom")
    assert len(as_pydicom_lists(tmp_path / "out")) == 28


def test_an_archive_holds_the_same(tmp_path: Path) -> None:
    catalog = study(tmp_path / "in")
    written(catalog, tmp_path / "out.zip")
    shutil.unpack_archive(tmp_path / "out.zip", tmp_path / "out")
    assert contents(tmp_path / "out") == contents(tmp_path / "in")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["in", "out", "out.zip", "out.zip.json"]
    assert xs_scan(tmp_path / "out.zip").instances == 12


@pytest.mark.parametrize("name", ["out", "out.zip"])
def test_stopped_anywhere_nothing_stays(tmp_path: Path, name: str) -> None:
    catalog = study(tmp_path / "in", 1, 1, 2)
    for stop in count(1):
        job = export_media(catalog, tmp_path / name)
        try:
            for _ in range(stop):
                next(job)
        except StopIteration:
            break
        job.close()
        assert [p.name for p in tmp_path.iterdir()] == ["in"]
    assert {p.name for p in tmp_path.iterdir()} == {"in", name, f"{name}.json"}


def test_an_earlier_folder_is_replaced_and_one_of_others_is_not(tmp_path: Path) -> None:
    catalog = study(tmp_path / "in", 1, 1, 2)
    written(catalog, tmp_path / "out")
    written(catalog, tmp_path / "out")
    (tmp_path / "out" / "DICOM" / "mine.txt").write_text("mine")
    with pytest.raises(WriteError, match="holds other files, which stay"):
        written(catalog, tmp_path / "out", overwrite=True)


def test_without_objects_there_is_no_medium(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    with pytest.raises(UsageError, match="no DICOM objects"):
        written(xs_scan(tmp_path / "in"), tmp_path / "out")
