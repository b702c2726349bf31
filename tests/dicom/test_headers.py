"""The light header parser: every encoding, nesting, what is no picture and what is no DICOM."""

from __future__ import annotations

import os
import socket
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from tests.dicom.raw_objects import (
    BIG_ENDIAN,
    COLUMNS,
    DEFLATED,
    EXPLICIT,
    IMPLICIT,
    JPEG,
    ROWS,
    UNDEFINED,
    WRITERS,
    Writer,
    ct_slice,
    dicom_file,
    file_meta,
    fragments,
    head,
    native_pixels,
    pixel_description,
)
from xray_studio.core import reasons
from xray_studio.core.header import Header
from xray_studio.dicom.scan import headers
from xray_studio.dicom.scan.headers import Batch, read_headers

WRITER = Writer()
SYNTAXES = [EXPLICIT, IMPLICIT, BIG_ENDIAN, DEFLATED]


def read(folder: Path, data: bytes, name: str = "file") -> Batch:
    path = folder / name
    path.write_bytes(data)
    return read_headers([str(path)])


def the_header(batch: Batch) -> Header:
    assert (len(batch.pictures), batch.skipped, batch.unsure) == (1, [], [])
    return batch.headers[batch.pictures[0][1]]


def why_skipped(batch: Batch) -> str:
    assert not batch.pictures
    assert not batch.unsure
    return batch.skipped[0][1]


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_every_encoding_gives_the_same_facts(tmp_path: Path, syntax: str) -> None:
    batch = read(tmp_path, ct_slice(syntax))
    header = the_header(batch)
    assert header == Header(
        patient_id="ID-1",
        patient_name="Müller^Anna",
        study_instance_uid="1.2.3.4",
        study_date="20261120",
        study_time="094107",
        study_description="Study",
        series_instance_uid="1.2.3.4.5",
        modality="CT",
        series_description="Series",
        series_number=3,
        sop_class_uid="1.2.840.10008.5.1.4.1.1.2",
        image_type="ORIGINAL\\PRIMARY\\AXIAL",
        rows=ROWS,
        columns=COLUMNS,
        bits_allocated=16,
        image_orientation=(1.0, 0.0, 0.0, 0.0, 1.0, 0.0),
    )
    position = (-1.5, 2.0, 30.0)
    assert batch.pictures == [(0, 0, "1.2.3.7", 7, 1, position, "20261121101500.000000")]


@pytest.mark.parametrize("syntax", [EXPLICIT, IMPLICIT, BIG_ENDIAN])
def test_preamble_and_file_meta_can_be_missing(tmp_path: Path, syntax: str) -> None:
    whole = ct_slice(syntax)
    bare = whole[len(file_meta(syntax)) :]
    assert the_header(read(tmp_path, bare)) == the_header(read(tmp_path, whole))
    assert the_header(read(tmp_path, whole[128:])) == the_header(read(tmp_path, whole))


@pytest.mark.parametrize("declared", [EXPLICIT, IMPLICIT, BIG_ENDIAN])
@pytest.mark.parametrize("real", [EXPLICIT, IMPLICIT, BIG_ENDIAN])
def test_the_bytes_count_not_what_the_file_says_of_them(
    tmp_path: Path, declared: str, real: str
) -> None:
    data_set = ct_slice(real)[len(file_meta(real)) :]
    assert the_header(read(tmp_path, file_meta(declared) + data_set)).rows == ROWS


def test_a_wrong_length_of_the_file_meta_does_no_harm(tmp_path: Path) -> None:
    whole = bytearray(ct_slice())
    for length in (0, 1, 7, 100_000, UNDEFINED):
        whole[140:144] = struct.pack("<I", length)
        assert the_header(read(tmp_path, bytes(whole))).columns == COLUMNS


@pytest.mark.parametrize("syntax", SYNTAXES)
@pytest.mark.parametrize("undefined", [False, True])
def test_tags_inside_sequences_belong_to_others(
    tmp_path: Path, syntax: str, undefined: bool
) -> None:
    writer = WRITERS[syntax]
    inner = writer.element(0x00080060, "CS", "XX") + writer.element(0x00280010, "US", 999)
    nested = writer.sequence(0x00400275, [inner, inner], undefined=undefined)
    outer = writer.sequence(0x00400275, [inner + nested + inner], undefined=True)
    header = the_header(read(tmp_path, ct_slice(syntax, extra=outer)))
    assert (header.modality, header.rows) == ("CT", ROWS)


def test_the_length_of_an_item_can_look_like_a_vr(tmp_path: Path) -> None:
    size = int.from_bytes(b"UL\0\0", "little")
    item = WRITER.tag(0xFFFEE000) + struct.pack("<I", size) + bytes(size)
    end = WRITER.tag(0xFFFEE0DD) + bytes(4)
    sequence = WRITER.tag(0x00400275) + b"SQ\0\0" + struct.pack("<I", UNDEFINED) + item + end
    assert the_header(read(tmp_path, ct_slice(extra=sequence))).rows == ROWS


def test_unknown_vr_of_undefined_length_holds_implicit_elements(tmp_path: Path) -> None:
    implicit = Writer(explicit=False)
    items = implicit.sequence(0x00091001, [implicit.element(0x00080060, "CS", "XX")] * 2,
                              undefined=True)  # fmt: skip
    inner = items[8:]  # without its own head
    unknown = WRITER.tag(0x00211001) + b"UN\0\0" + struct.pack("<I", UNDEFINED) + inner
    nested = WRITER.sequence(0x00211002, [unknown], undefined=True)
    assert the_header(read(tmp_path, ct_slice(extra=unknown + nested))).modality == "CT"


def test_private_groups_group_lengths_and_odd_lengths_are_stepped_over(tmp_path: Path) -> None:
    extra = (
        WRITER.element(0x00210000, "UL", 8)
        + WRITER.element(0x00210010, "LO", "VENDOR")
        + WRITER.tag(0x00211001) + b"OB\0\0" + struct.pack("<I", 3) + b"abc"
        + WRITER.element(0x00211002, "UT", "long text")
    )  # fmt: skip
    assert the_header(read(tmp_path, ct_slice(extra=extra))).rows == ROWS


@pytest.mark.parametrize("size", [*range(15_500, 16_100, 2), 65_000, 200_000])
def test_a_header_longer_than_the_first_read(tmp_path: Path, size: int) -> None:
    extra = WRITER.element(0x00211001, "OB", bytes(size))
    assert the_header(read(tmp_path, ct_slice(extra=extra))).rows == ROWS


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_a_long_sequence_is_read_piece_by_piece(tmp_path: Path, syntax: str) -> None:
    writer = WRITERS[syntax]
    item = writer.element(0x00080104, "LO", "x" * 61) + writer.element(0x00080100, "SH", "y")
    long = writer.sequence(0x00400275, [item] * 4000, undefined=True)
    header = the_header(read(tmp_path, ct_slice(syntax, extra=long)))
    assert (header.modality, header.rows) == ("CT", ROWS)


@pytest.mark.parametrize("tag", [0x7FE00008, 0x7FE00009, 0x7FE00010])
def test_every_kind_of_pixel_data_counts(tmp_path: Path, tag: int) -> None:
    vr = {0x7FE00008: "OF", 0x7FE00009: "OD"}.get(tag, "OW")
    body = head() + pixel_description() + WRITER.element(tag, vr, bytes(48))
    assert the_header(read(tmp_path, dicom_file(body))).rows == ROWS


def test_compressed_pixel_data_counts_when_it_holds_a_frame(tmp_path: Path) -> None:
    body = head() + pixel_description(frames=5)
    batch = read(tmp_path, dicom_file(body + fragments(b"\xff\xd8" * 8), JPEG))
    assert batch.pictures[0][4] == 5
    assert why_skipped(read(tmp_path, dicom_file(body + fragments(), JPEG))).startswith(
        "no pixel data"
    )
    cut = dicom_file(body + fragments(b"1234")[:12], JPEG)
    assert why_skipped(read(tmp_path, cut)) == reasons.NO_PIXELS_LEFT


def test_pixel_data_that_is_cut_short_shows_what_is_there(tmp_path: Path) -> None:
    frame = ROWS * COLUMNS * 2
    body = head() + pixel_description(frames=10) + native_pixels(size=10 * frame)
    whole = dicom_file(body)
    assert read(tmp_path, whole).pictures[0][4] == 10
    assert read(tmp_path, whole[: -6 * frame]).pictures[0][4] == 4
    assert read(tmp_path, whole[: -6 * frame + 2]).pictures[0][4] == 4
    assert read(tmp_path, whole[: -6 * frame + 2 * COLUMNS]).pictures[0][4] == 5
    assert why_skipped(read(tmp_path, whole[: -10 * frame])) == reasons.NO_PIXELS_LEFT
    assert why_skipped(read(tmp_path, whole[: -10 * frame + 4])) == reasons.NO_PIXELS_LEFT


@pytest.mark.parametrize(("rows", "columns"), [(0, 6), (4, 0)])
def test_a_picture_without_size_is_damaged(tmp_path: Path, rows: int, columns: int) -> None:
    body = head() + pixel_description(rows=rows, columns=columns) + native_pixels()
    batch = read(tmp_path, dicom_file(body))
    assert batch.unsure == [(0, reasons.NO_SIZE)]


@pytest.mark.parametrize(
    ("sop_class", "words"),
    [
        ("1.2.840.10008.5.1.4.1.1.66.3", "a registration"),
        ("1.2.840.10008.5.1.4.1.1.66.1", "a registration"),
        ("1.2.840.10008.5.1.4.1.1.104.3", "a 3-D model"),
    ],
)
def test_no_pixel_data_says_what_it_is_instead(tmp_path: Path, sop_class: str, words: str) -> None:
    data = dicom_file(head(sop_class=sop_class), sop_class=sop_class)
    assert why_skipped(read(tmp_path, data)) == f"no pixel data: {words}"


def test_an_image_without_pixel_data_is_not_called_damaged(tmp_path: Path) -> None:
    assert why_skipped(read(tmp_path, dicom_file(head() + pixel_description()))) == "no pixel data"


def test_a_directory_is_told_apart(tmp_path: Path) -> None:
    body = WRITER.element(0x00041130, "CS", "DISC") + WRITER.sequence(0x00041220, [])
    batch = read(tmp_path, dicom_file(body, sop_class="1.2.840.10008.1.3.10"))
    assert (batch.others, batch.skipped) == ([(0, "directory")], [])


@pytest.mark.parametrize(
    "content",
    [b"just a text\n", b"\0", b"\0" * 4096, b"%PDF-1.7\n", b"PK", bytes(range(256)) * 8],
)
def test_what_is_no_dicom_file_is_called_so(tmp_path: Path, content: bytes) -> None:
    assert why_skipped(read(tmp_path, content, "name.dcm")) == reasons.NOT_A_PICTURE


def test_an_archive_is_to_be_unpacked_unless_it_is_a_preamble(tmp_path: Path) -> None:
    assert why_skipped(read(tmp_path, b"PK\3\4" + ct_slice(), "name.dcm")) == (
        "a ZIP archive; unpack it first"
    )
    whole = ct_slice()
    assert len(read(tmp_path, b"PK\3\4" + whole[4:], "name.dcm").pictures) == 1


def test_an_empty_file_and_a_mere_preamble(tmp_path: Path) -> None:
    assert why_skipped(read(tmp_path, b"")) == reasons.EMPTY
    assert why_skipped(read(tmp_path, bytes(128) + b"DICM")) == reasons.CUT_SHORT


def test_pictures_and_videos_are_left_to_others(tmp_path: Path) -> None:
    assert read(tmp_path, b"\x89PNG\r\n\x1a\n", "noname").others == [(0, "image")]
    assert read(tmp_path, bytes(4) + b"ftypisom", "noname").others == [(0, "video")]


def test_a_picture_in_the_preamble_does_not_hide_the_object(tmp_path: Path) -> None:
    whole = b"II*\0" + ct_slice()[4:]
    assert the_header(read(tmp_path, whole, "both.tif")).rows == ROWS


def test_pipes_sockets_and_folders_never_block(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "socket"))
        names = ["pipe", "socket", ".", "missing"]
        batch = read_headers([str(tmp_path / name) for name in names])
    assert batch.done == 4
    assert len(batch.skipped) == 4


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)
    assert why_skipped(read_headers([str(tmp_path / "x")])) == "no permission to read it"


def test_single_frames_take_their_plane_from_functional_groups(tmp_path: Path) -> None:
    for undefined in (False, True):
        position = WRITER.element(0x00200032, "DS", "1\\2\\3")
        orientation = WRITER.element(0x00200037, "DS", "0\\1\\0\\0\\0\\1")
        content = WRITER.sequence(0x00209113, [position], undefined=undefined)
        groups = WRITER.sequence(0x52009230, [content], undefined=undefined)
        shared = WRITER.sequence(
            0x52009229,
            [WRITER.sequence(0x00209116, [orientation], undefined=undefined)],
            undefined=undefined,
        )
        plain = head().partition(WRITER.tag(0x00200032))[0]
        body = plain + pixel_description() + shared + groups + native_pixels()
        batch = read(tmp_path, dicom_file(body))
        assert batch.pictures[0][5] == (1.0, 2.0, 3.0)
        assert the_header(batch).image_orientation == (0.0, 1.0, 0.0, 0.0, 0.0, 1.0)


def test_names_in_other_scripts(tmp_path: Path) -> None:
    names = {
        b"ISO_IR 192": ("山田^太郎".encode(), "山田^太郎"),
        b"GB18030": ("王^小东".encode("gb18030"), "王^小东"),
        b"ISO_IR 144": ("Люк^Иван".encode("iso8859_5"), "Люк^Иван"),
        b"\\ISO 2022 IR 87": (
            b"Yamada^Tarou=\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B",
            "Yamada^Tarou=山田^太郎",
        ),
        b"\\ISO 2022 IR 149": (
            b"Hong^Gildong=\x1b$)C\xfb\xf3^\x1b$)C\xd1\xce\xd4\xd7",
            "Hong^Gildong=洪^吉洞",
        ),
        b"": (b"M\xfcller", "Müller"),
    }
    for characters, (raw, name) in names.items():
        body = (
            WRITER.element(0x00080005, "CS", characters)
            + WRITER.element(0x00080016, "UI", "1.2")
            + WRITER.element(0x00100010, "PN", raw)
            + pixel_description()
            + native_pixels()
        )
        assert the_header(read(tmp_path, dicom_file(body))).patient_name == name


def test_control_characters_do_not_reach_the_screen(tmp_path: Path) -> None:
    body = WRITER.element(0x00100010, "PN", b"A\x1b[2J^B\r\n") + pixel_description()
    header = the_header(read(tmp_path, dicom_file(body + native_pixels())))
    assert header.patient_name.isprintable()


@pytest.mark.parametrize(
    ("elements", "rate"),
    [
        ([(0x00082144, "IS", "12"), (0x00180040, "IS", "30")], 12.0),
        ([(0x00180040, "IS", "30"), (0x00181063, "DS", "100")], 30.0),
        ([(0x00180040, "IS", "0"), (0x00181063, "DS", "40")], 25.0),
        ([(0x00181065, "DS", "0\\50\\50\\500"), (0x00280009, "AT", b"\x18\0\x65\x10")], 20.0),
        ([(0x00181063, "DS", "40"), (0x00280009, "AT", b"\x18\0\x99\x99")], 25.0),
        ([(0x00181063, "DS", "x")], None),
    ],
)
def test_the_rate_follows_the_one_rule(
    tmp_path: Path, elements: list[tuple[int, str, str | bytes]], rate: float | None
) -> None:
    body = b"".join(WRITER.element(*e) for e in elements) + pixel_description() + native_pixels()
    start = WRITER.element(0x00080016, "UI", "1.2")
    assert the_header(read(tmp_path, dicom_file(start + body))).frame_rate == rate


@pytest.mark.parametrize(("step", "angles"), [("0\\0", (-30.0, 20.0)), ("0\\1.5", None)])
def test_a_positioner_that_turns_has_no_angle(
    tmp_path: Path, step: str, angles: tuple[float, float] | None
) -> None:
    told = ((0x00181510, "-30"), (0x00181511, "20"), (0x00181520, step))
    body = b"".join(WRITER.element(tag, "DS", value) for tag, value in told)
    start = WRITER.element(0x00080016, "UI", "1.2")
    data = dicom_file(start + body + pixel_description() + native_pixels())
    assert the_header(read(tmp_path, data)).angles == angles


def test_slices_of_one_stack_share_one_header(tmp_path: Path) -> None:
    paths = []
    for number in range(20):
        path = tmp_path / f"{number}"
        path.write_bytes(ct_slice(number=number))
        paths.append(str(path))
    batch = read_headers(paths)
    assert len(batch.headers) == 1
    assert [row[3] for row in batch.pictures] == list(range(20))


def test_a_batch_ends_in_time_and_says_how_far_it_came(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(headers, "SECONDS_PER_BATCH", -1.0)
    path = tmp_path / "slice"
    path.write_bytes(ct_slice())
    batch = read_headers([str(path)] * 5)
    assert (batch.done, len(batch.pictures)) == (1, 1)


def test_a_deflate_bomb_ends(tmp_path: Path) -> None:
    bomb = WRITER.element(0x00211001, "OB", bytes(400 << 20))
    batch = read(tmp_path, dicom_file(head() + bomb + pixel_description(), DEFLATED))
    assert batch.unsure == [(0, reasons.CUT_SHORT)]


def test_workers_start_without_heavy_imports() -> None:
    code = (
        "import sys, xray_studio.dicom.scan.headers\n"
        "print([m for m in ('numpy', 'pydicom', 'dataclasses') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
