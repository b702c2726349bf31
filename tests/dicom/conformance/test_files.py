"""What only bytes tell: preamble, File Meta Information, order, lengths, cut files."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest
from pydicom import dcmread

from tests.dicom.write.validator import errors_of
from xray_studio.core.conformance import Checked, Severity
from xray_studio.dicom.conformance.check import check_dataset
from xray_studio.dicom.conformance.read import check_file


def paths(checked: Checked) -> set[str]:
    return {f.path for f in checked.findings if f.severity is Severity.ERROR}


def rules(checked: Checked) -> str:
    return " ".join(f.rule for f in checked.findings if f.severity is Severity.ERROR)


def changed(kinds: Path, folder: Path, old: bytes, new: bytes) -> Checked:
    data = (kinds / "xa.dcm").read_bytes()
    assert data.count(old) >= 1
    (folder / "out.dcm").write_bytes(data.replace(old, new, 1))
    return check_file(str(folder / "out.dcm"))


def test_identity_in_the_head_is_that_of_the_object(kinds: Path, tmp_path: Path) -> None:
    uid = dcmread(kinds / "xa.dcm").SOPInstanceUID.encode()
    found = changed(kinds, tmp_path, uid, uid[:-1] + (b"1" if uid[-1:] != b"1" else b"2"))
    assert paths(found) == {"MediaStorageSOPInstanceUID"}


def test_head_of_another_length(kinds: Path, tmp_path: Path) -> None:
    data = (kinds / "xa.dcm").read_bytes()
    told = struct.unpack("<I", data[140:144])[0]
    head = data[132:140]
    found = changed(kinds, tmp_path, head + struct.pack("<I", told), head + b"\1\0\0\0")
    assert paths(found) == {"FileMetaInformationGroupLength"}


def test_an_unknown_transfer_syntax(kinds: Path, tmp_path: Path) -> None:
    found = changed(kinds, tmp_path, b"UI\x14\x001.2.840.10008.1.2.1\0",
                    b"UI\x14\x001.2.840.10008.1.2.7\0")  # fmt: skip
    assert paths(found) == {"TransferSyntaxUID"}


def test_without_preamble(kinds: Path, tmp_path: Path) -> None:
    (tmp_path / "bare.dcm").write_bytes((kinds / "xa.dcm").read_bytes()[132:])
    assert "no preamble" in rules(check_file(str(tmp_path / "bare.dcm")))


def test_tags_in_disorder(kinds: Path, tmp_path: Path) -> None:
    data = (kinds / "xa.dcm").read_bytes()
    rows, columns = b"\x28\0\x10\0US\x02\0", b"\x28\0\x11\0US\x02\0"
    at, other = data.index(rows), data.index(columns)
    swapped = data[:at] + data[other : other + 10] + data[at : at + 10] + data[other + 10 :]
    (tmp_path / "out.dcm").write_bytes(swapped)
    assert "order of their tags" in rules(check_file(str(tmp_path / "out.dcm")))


def test_an_odd_length(kinds: Path, tmp_path: Path) -> None:
    found = changed(kinds, tmp_path, b"CS\x02\0XA", b"CS\x01\0X")
    assert "Modality" in paths(found)
    assert "length is odd" in rules(found)


@pytest.mark.parametrize("kind", ["xa", "us"])
def test_cut_within_pixels(kinds: Path, tmp_path: Path, kind: str) -> None:
    data = (kinds / f"{kind}.dcm").read_bytes()
    (tmp_path / "cut.dcm").write_bytes(data[: -len(data) // 4])
    found = check_file(str(tmp_path / "cut.dcm"))
    assert ("PixelData" in paths(found), found.problem) == (True, "")


def test_no_end_of_a_file_raises(kinds: Path, tmp_path: Path) -> None:
    data = (kinds / "seg.dcm").read_bytes()
    for end in range(0, len(data), 61):
        (tmp_path / "cut.dcm").write_bytes(data[:end])
        assert check_file(str(tmp_path / "cut.dcm")).has_errors, end


def test_group_lengths_are_one_warning(kinds: Path) -> None:
    dataset = dcmread(kinds / "dx.dcm")
    dataset.add_new(0x00080000, "UL", 10)
    dataset.add_new(0x00100000, "UL", 10)
    found = check_dataset(dataset, str(dataset.file_meta.TransferSyntaxUID))
    (warning,) = [finding for finding in found if finding.severity is Severity.WARNING]
    assert "group lengths" in warning.rule


def test_real_objects_beside_dciodvfy(shared_data: Path) -> None:
    """Where dciodvfy finds a missing attribute we do too, but for the cases that docs explain."""
    known = {"Laterality", "PerFrameFunctionalGroupsSequence", "PixelData", "RepetitionTime"}
    for path in sorted((shared_data / "dicom").iterdir()):
        lines = [line for line in errors_of(path) if "Missing attribute" in line]
        theirs = {line.partition("Element=<")[2].partition(">")[0] for line in lines} - {""}
        ours = {p.rpartition(".")[2] for p in paths(check_file(str(path)))}
        assert theirs - known <= ours, path.name


def test_directories_of_media(shared_data: Path) -> None:
    """A DICOMDIR says in its head alone what it is; its records are checked as those of one."""
    folder = shared_data / "dicomdir"
    checked = check_file(str(folder / "DICOMDIR"))
    assert (checked.kind, checked.has_errors) == ("Basic Directory", False)
    damaged = check_file(str(folder / "DICOMDIR-nopatient"))
    assert "enumerated" in rules(damaged)
