"""What can be named as an input, and what is said of each."""

from __future__ import annotations

import gzip
import shutil
import tarfile
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.dicom.objects import make_object, save
from xray_studio.__main__ import main
from xray_studio.core.errors import UnreadableError
from xray_studio.dicom.file.part10 import find_start

Captured = pytest.CaptureFixture[str]


def answer(capsys: Captured, *arguments: object) -> tuple[int, str, str]:
    status = main([str(argument) for argument in arguments])
    shown = capsys.readouterr()
    return status, shown.out, shown.err


@pytest.fixture
def dicom(tmp_path: Path) -> Path:
    path = tmp_path / "two" / "1.dcm"
    path.parent.mkdir()
    save(make_object(np.arange(32 * 24, dtype=np.uint16).reshape(24, 32)), path)
    return path


def test_a_duplicate_that_is_left_out_is_never_replaced(capsys: Captured, dicom: Path) -> None:
    twin = dicom.with_name("x.mp4")
    shutil.copyfile(dicom, twin)
    before = twin.read_bytes()
    status, out, err = answer(capsys, "export", dicom.parent, twin, "--overwrite", "-q")
    assert (status, out) == (2, "")
    assert "originals are never changed" in err
    assert twin.read_bytes() == before


@pytest.mark.parametrize("variant", ["", "-bigEnd", "-implicit", "-nooffset", "-nopatient",
                                     "-reordered"])  # fmt: skip
def test_a_directory_of_any_name_leads_to_its_files(
    capsys: Captured, shared_data: Path, variant: str
) -> None:
    status, out, err = answer(capsys, "scan", shared_data / "dicomdir" / f"DICOMDIR{variant}", "-q")
    assert (status, err) == (0, "")
    assert "CT Scout" in out


def test_an_empty_directory_names_no_files(capsys: Captured, shared_data: Path) -> None:
    path = shared_data / "dicomdir" / "DICOMDIR-empty.dcm"
    for command in ("scan", "info"):
        status, _, err = answer(capsys, command, path, "-q")
        assert status == 1
        assert "a DICOMDIR that names no files; open its folder instead." in err


@pytest.mark.parametrize("command", ["scan", "info"])
def test_what_is_not_there_is_told_alike(capsys: Captured, tmp_path: Path, command: str) -> None:
    (tmp_path / "self").symlink_to(tmp_path / "self")
    (tmp_path / "broken").symlink_to(tmp_path / "nowhere")
    (tmp_path / "empty").touch()
    expected = {
        "nope": "there is no such file or folder.",
        "self": "a link that leads back to itself.",
        "broken": "a link that points nowhere.",
        "empty": "the file is empty.",
        "x" * 300: "its path is too long for the system.",
    }
    for name, words in expected.items():
        status, _, err = answer(capsys, command, tmp_path / name, "-q")
        assert (status, err.endswith(f": {words}\n")) == (1, True), err


def test_a_damaged_picture_has_one_full_stop(capsys: Captured, tmp_path: Path) -> None:
    (tmp_path / "cut.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(40))
    (tmp_path / "cut.mp4").write_bytes(b"\0\0\0\x18ftypisom" + bytes(40))
    for name in ("cut.png", "cut.mp4"):
        for command in ("scan", "info"):
            status, _, err = answer(capsys, command, tmp_path / name, "-q")
            assert (status, err.endswith("."), ".." in err) == (1, False, False), err
    _, out, _ = answer(capsys, "scan", tmp_path, "-q")
    reasons = [line.rpartition(": ")[2] for line in out.splitlines() if "cut." in line]
    assert len(reasons) == 2
    assert all(reason[0].islower() and not reason.endswith(".") for reason in reasons)


@pytest.mark.parametrize("kind", ["zip", "deflated", "tar", "gzip"])
def test_archives_are_never_taken_for_their_first_file(
    capsys: Captured, dicom: Path, kind: str
) -> None:
    packed = dicom.parent.parent / "packed.dcm"
    if kind == "tar":
        with tarfile.open(packed, "w") as archive:
            archive.add(dicom, "1.dcm")
    elif kind == "gzip":
        packed.write_bytes(gzip.compress(dicom.read_bytes()))
    else:
        method = zipfile.ZIP_STORED if kind == "zip" else zipfile.ZIP_DEFLATED
        with zipfile.ZipFile(packed, "w", method) as archive:
            archive.write(dicom, "1.dcm")
    for command in ("scan", "info", "export"):
        out = (packed.with_name("out.png"),) if command == "export" else ()
        status, _, err = answer(capsys, command, packed, *out, "-q")
        assert (status, "archive; unpack it first." in err) == (1, True), err
    with pytest.raises(UnreadableError, match=r"This is a.* archive; unpack it first"):
        find_start(packed.read_bytes())


def test_colour_and_grey_do_not_mix(capsys: Captured, tmp_path: Path) -> None:
    Image.fromarray(np.full((41, 37, 3), (200, 30, 60), np.uint8)).save(tmp_path / "c.jpg")
    Image.fromarray(np.zeros((41, 37), np.uint8)).save(tmp_path / "p.png")
    sources = (tmp_path / "c.jpg", tmp_path / "p.png")
    status, _, err = answer(capsys, "export", *sources, tmp_path / "out.mp4", "-q")
    assert status == 2
    assert "Some of the pictures are in colour and some are grey; choose" in err
