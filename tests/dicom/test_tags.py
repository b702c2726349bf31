"""Tags as rows of text."""

from __future__ import annotations

import contextlib
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.dicom.raw_objects import (
    BIG_ENDIAN,
    DEFLATED,
    EXPLICIT,
    IMPLICIT,
    JPEG,
    WRITERS,
    Writer,
    ct_slice,
    dicom_file,
    fragments,
    head,
    native_pixels,
    pixel_description,
)
from xray_studio.core.errors import StudioError, UnreadableError
from xray_studio.dicom.tags import MOST_ITEMS, MOST_ROWS, TagRow, read_tags, tag_rows

WRITER = Writer()
SECONDS = 20.0  # of processor time: far more than needed, and far less than what never ends


def rows(folder: Path, data: bytes) -> dict[str, TagRow]:
    path = folder / "file"
    path.write_bytes(data)
    return {row.tag: row for row in tag_rows(str(path))}


@pytest.mark.parametrize("syntax", [EXPLICIT, IMPLICIT, BIG_ENDIAN, DEFLATED])
def test_every_encoding(tmp_path: Path, syntax: str) -> None:
    found = rows(tmp_path, ct_slice(syntax))
    assert found["(0010,0010)"] == TagRow(
        "(0010,0010)", "Patient's Name", "PN", "Müller^Anna", 0, "PatientName"
    )
    assert found["(0028,0010)"].value == "4"
    assert found["(0002,0010)"].value.startswith(syntax)
    assert found["(7FE0,0010)"].value == "binary, 48 bytes"


def test_values_are_short_and_on_one_line(tmp_path: Path) -> None:
    extra = (
        WRITER.element(0x00204000, "LT", "line one\r\nline two\x1b[2J " + "x" * 900)
        + WRITER.element(0x00210000, "UL", 12)
        + WRITER.element(0x00210010, "LO", "VENDOR")
        + WRITER.element(0x00211001, "UN", b"readable")
        + WRITER.element(0x00211002, "UN", b"\x01\x02\xff\x00")
        + WRITER.element(0x00211003, "OB", bytes(1000))
        + WRITER.element(0x00211004, "DS", "\\".join(["1.5"] * 500))
    )
    found = rows(tmp_path, ct_slice(extra=extra))
    text = found["(0020,4000)"].value
    assert text.startswith("line one line two")
    assert len(text) < 450
    assert text.isprintable()
    assert found["(0021,0000)"].value == "12"
    assert found["(0021,1001)"].value == "readable"
    assert found["(0021,1002)"].value == "01 02 FF 00"
    assert found["(0021,1003)"].value == "binary, 1,000 bytes"
    assert found["(0021,1004)"].value.endswith("(500 values)")
    assert found["(0008,0016)"].value.endswith("(CT Image Storage)")


def test_sequences_hold_items_that_hold_tags(tmp_path: Path) -> None:
    code = WRITER.element(0x00080100, "SH", "R-1")
    inner = WRITER.sequence(0x00400440, [code], undefined=True)
    path = tmp_path / "file"
    path.write_bytes(ct_slice(extra=WRITER.sequence(0x00400275, [code + inner, code])))
    listed = [(row.depth, row.tag, row.value) for row in tag_rows(str(path))]
    start = listed.index((0, "(0040,0275)", "2 items"))
    assert listed[start + 1 : start + 9] == [
        (1, "(FFFE,E000)", ""),
        (2, "(0008,0100)", "R-1"),
        (2, "(0040,0440)", "1 item"),
        (3, "(FFFE,E000)", ""),
        (4, "(0008,0100)", "R-1"),
        (1, "(FFFE,E000)", ""),
        (2, "(0008,0100)", "R-1"),
        (0, "(7FE0,0010)", "binary, 48 bytes"),
    ]


def test_compressed_pixels_and_what_stands_behind_native_ones(tmp_path: Path) -> None:
    body = head() + pixel_description()
    found = rows(tmp_path, dicom_file(body + fragments(b"x" * 90), JPEG))
    assert found["(7FE0,0010)"].value == "compressed pixels"
    padding = WRITER.element(0xFFFCFFFC, "OB", bytes(64))
    assert "(FFFC,FFFC)" in rows(tmp_path, dicom_file(body + native_pixels() + padding))


def test_large_pixel_data_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "large"
    size = 1 << 31
    with path.open("wb") as file:
        file.write(dicom_file(head() + pixel_description()) + WRITER.tag(0x7FE00010) + b"OW\0\0")
        file.write(size.to_bytes(4, "little"))
        file.truncate(size)
    # The process that reads it would have no memory for the whole.
    assert read_tags(str(path))[-1].value == "binary, 2,147,483,648 bytes"


def test_long_lists_end_with_a_word(tmp_path: Path) -> None:
    code = WRITER.element(0x00080100, "SH", "R-1")
    many = WRITER.sequence(0x00400275, [code] * (MOST_ITEMS + 5))
    path = tmp_path / "file"
    path.write_bytes(ct_slice(extra=many))
    assert "5 more items are not listed" in [row.name for row in tag_rows(str(path))]
    wide = WRITER.sequence(0x00400275, [code * 150] * 150)
    path.write_bytes(dicom_file(head() + b"".join([many] + [wide.replace(
        WRITER.tag(0x00400275), WRITER.tag(0x00401000 + n)) for n in range(8)])))  # fmt: skip
    assert len(tag_rows(str(path))) <= MOST_ROWS


def test_what_is_no_dicom_file(tmp_path: Path) -> None:
    for content in (b"", b"text", b"\x89PNG\r\n\x1a\n" + bytes(300), bytes(128) + b"DICM"):
        path = tmp_path / "file"
        path.write_bytes(content)
        with pytest.raises(UnreadableError):
            read_tags(str(path))
    with pytest.raises(UnreadableError):
        read_tags(str(tmp_path / "missing"))


def test_every_real_and_malformed_file(shared_data: Path) -> None:
    for folder in ("dicom", "malformed", "dicomdir"):
        for path in sorted((shared_data / folder).rglob("*")):
            if path.is_file():
                started = time.process_time()
                with contextlib.suppress(StudioError):
                    assert tag_rows(str(path))
                assert time.process_time() - started < SECONDS, path.name


def test_a_cut_object_shows_what_is_left(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(dicom_file(head())[:-5])
    listed = tag_rows(str(path))
    assert "(0008,0060)" in [row.tag for row in listed]
    assert listed[-1].name == "The rest is damaged and cannot be read"


@pytest.mark.parametrize("syntax", [EXPLICIT, IMPLICIT, BIG_ENDIAN, DEFLATED])
@given(data=st.data())
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_damage_gives_rows_or_an_error(
    tmp_path: Path, syntax: str, data: st.DataObject
) -> None:
    writer = WRITERS[syntax]
    item = writer.element(0x00080100, "SH", "code")
    nested = writer.sequence(0x00400275, [item, item], undefined=True)
    whole = bytearray(ct_slice(syntax, extra=nested))
    for place in data.draw(st.lists(st.integers(0, len(whole) - 1), max_size=5)):
        whole[place] = data.draw(st.integers(0, 255))
    path = tmp_path / "file"
    path.write_bytes(whole[: data.draw(st.integers(0, len(whole)))])
    try:
        assert tag_rows(str(path))
    except UnreadableError:
        return
