"""DICOMDIR: the files it names, whatever is wrong with it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.dicom.raw_objects import BIG_ENDIAN, EXPLICIT, IMPLICIT, WRITERS, dicom_file
from xray_studio.core.errors import UnreadableError
from xray_studio.dicom.scan.dicomdir import read_directory

DIRECTORY = "1.2.840.10008.1.3.10"


def directory(*file_ids: str, syntax: str = EXPLICIT, undefined: bool = False) -> bytes:
    writer = WRITERS[syntax]
    records = [
        writer.element(0x00041400, "UL", 99_999)  # an offset that leads nowhere
        + writer.element(0x00041430, "CS", "IMAGE")
        + writer.element(0x00041500, "CS", file_id)
        + writer.element(0x00080018, "UI", "1.2.3")
        for file_id in file_ids
    ]
    body = writer.element(0x00041130, "CS", "DISC")
    body += writer.sequence(0x00041220, records, undefined=undefined)
    return dicom_file(body, syntax, DIRECTORY)


def make(folder: Path, *names: str) -> list[str]:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"x")
    return [str(folder / name) for name in names]


@pytest.mark.parametrize("syntax", [EXPLICIT, IMPLICIT, BIG_ENDIAN])
@pytest.mark.parametrize("undefined", [True, False])
def test_every_encoding(tmp_path: Path, syntax: str, undefined: bool) -> None:
    files = make(tmp_path, "A/IM1", "A/IM2")
    path = tmp_path / "DICOMDIR"
    path.write_bytes(directory("A\\IM1", "A\\IM2", "A\\IM1", syntax=syntax, undefined=undefined))
    assert read_directory(str(path)).files == tuple(files)


def test_copies_with_other_letters_suffixes_and_versions(tmp_path: Path) -> None:
    files = make(tmp_path, "images/im0001.dcm", "images/IM0002;1", "images/Im0003")
    path = tmp_path / "DICOMDIR"
    names = [f"IMAGES\\IM000{n}" for n in (1, 2, 3)]
    path.write_bytes(directory(*names))
    assert read_directory(str(path)).files == tuple(files)


def test_what_is_missing_is_named(tmp_path: Path) -> None:
    path = tmp_path / "DICOMDIR"
    path.write_bytes(directory("A\\IM1"))
    found = read_directory(str(path))
    assert (found.files, found.missing) == ((), (str(tmp_path / "A/IM1"),))


@pytest.mark.parametrize("name", ["..\\secret", "A\\..\\..\\secret", "/etc\\passwd", "\\x", ""])
def test_names_cannot_lead_out_of_the_medium(tmp_path: Path, name: str) -> None:
    make(tmp_path, "secret", "medium/x")
    path = tmp_path / "medium" / "DICOMDIR"
    path.write_bytes(directory(name))
    found = read_directory(str(path))
    assert (found.files, found.missing) == ((), ())


@pytest.mark.parametrize("variant", ["", "-bigEnd", "-implicit", "-nooffset", "-nopatient",
                                     "-reordered"])  # fmt: skip
def test_damaged_directories_still_name_their_files(shared_data: Path, variant: str) -> None:
    found = read_directory(str(shared_data / "dicomdir" / f"DICOMDIR{variant}"))
    assert (len(found.files), found.missing) == (31, ())


def test_an_empty_directory(shared_data: Path) -> None:
    assert read_directory(str(shared_data / "dicomdir" / "DICOMDIR-empty.dcm")).files == ()


def test_a_directory_that_cannot_be_opened(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError):
        read_directory(str(tmp_path / "DICOMDIR"))


@given(st.data())
@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_damage_ends_soon(tmp_path: Path, data: st.DataObject) -> None:
    whole = bytearray(directory("A\\IM1", "A\\IM2", undefined=data.draw(st.booleans())))
    for place in data.draw(st.lists(st.integers(0, len(whole) - 1), max_size=4)):
        whole[place] = data.draw(st.integers(0, 255))
    path = tmp_path / "DICOMDIR"
    path.write_bytes(whole[: data.draw(st.integers(0, len(whole)))])
    try:
        read_directory(str(path))
    except UnreadableError:
        return
