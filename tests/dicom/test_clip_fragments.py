"""Frames of encapsulated pixel data: tables right, empty and wrong, fragments of every kind."""

from __future__ import annotations

import struct
from io import BytesIO
from pathlib import Path

import imagecodecs
import numpy as np
import pytest
from pydicom.encaps import encapsulate_extended

from tests.dicom.objects import make_object, picture, save, save_frames
from tests.dicom.test_decoders import rle_of_words
from xray_studio.core.errors import UnreadableError
from xray_studio.dicom.describe import describe
from xray_studio.dicom.file import syntaxes
from xray_studio.dicom.pixels.encapsulated import index_frames, walk_items

pytestmark = pytest.mark.usefixtures("inside")

FRAMES = np.stack([picture(0, 4095, (41, 60), seed) for seed in range(5)]).astype(np.uint16)
JPEGS = [bytes(imagecodecs.jpeg8_encode(f, lossless=True, bitspersample=12)) for f in FRAMES]
RLES = [rle_of_words(f) for f in FRAMES]
END = b"\xfe\xff\xdd\xe0\0\0\0\0"


def twelve_bits():
    return make_object(FRAMES, BitsStored=12, HighBit=11)


def item(data: bytes) -> bytes:
    even = data + b"\0" * (len(data) % 2)
    return b"\xfe\xff\x00\xe0" + struct.pack("<I", len(even)) + even


def pieces(frame: bytes, count: int) -> list[bytes]:
    step = -(-len(frame) // count) // 2 * 2
    cut = [frame[i : i + step] for i in range(0, len(frame), step)]
    return [piece + b"\0" * (len(piece) % 2) for piece in cut]


def build(
    folder: Path, table: bytes, fragments: list[bytes], end: bytes = END, **options: object
) -> str:
    """Write an object with exactly these items."""
    dataset = twelve_bits()
    dataset.PixelData = item(table) + b"".join(map(item, fragments)) + END
    dataset["PixelData"].VR = "OB"
    dataset["PixelData"].is_undefined_length = True
    for keyword, value in options.items():
        setattr(dataset, keyword, value)
    path = folder / "object.dcm"
    save(dataset, path, syntaxes.JPEG_LOSSLESS_SV1)
    whole = path.read_bytes()
    # pydicom adds an end mark of its own
    path.write_bytes(whole[: whole.rindex(END)].removesuffix(END) + end)
    return str(path)


def check(path: str, expected: np.ndarray = FRAMES) -> tuple[str, ...]:
    clip = describe(path)
    assert len(clip) == len(expected)
    for index, frame in enumerate(expected):
        np.testing.assert_array_equal(clip.stored(index), frame)
    return clip.acquisition.warnings


@pytest.mark.parametrize("table", [True, False])
@pytest.mark.parametrize("fragments", [1, 2, 3])
@pytest.mark.parametrize(
    ("frames", "syntax"), [(JPEGS, syntaxes.JPEG_LOSSLESS_SV1), (RLES, syntaxes.RLE)]
)
def test_frames_with_and_without_a_table(
    tmp_path: Path, frames: list[bytes], syntax: str, fragments: int, table: bool
) -> None:
    path = save_frames(
        twelve_bits(), tmp_path / "a.dcm", frames, syntax,
        fragments_per_frame=fragments, has_bot=table,
    )  # fmt: skip
    assert check(path) == ()


def test_extended_offset_table(tmp_path: Path) -> None:
    dataset = twelve_bits()
    values = encapsulate_extended(JPEGS)
    dataset.PixelData, dataset.ExtendedOffsetTable, dataset.ExtendedOffsetTableLengths = values
    dataset["PixelData"].VR = "OB"
    dataset["PixelData"].is_undefined_length = True
    assert check(save(dataset, tmp_path / "a.dcm", syntaxes.JPEG_LOSSLESS_SV1)) == ()


@pytest.mark.parametrize(
    "offsets",
    [[0, 0, 0, 0, 0], [0, 7, 9, 11, 13], [8, 100, 200, 300, 400], [0, 1 << 31, 4, 5, 6], [0, 20]],
)
@pytest.mark.parametrize("count", [1, 3])
def test_wrong_tables_are_not_believed(tmp_path: Path, offsets: list[int], count: int) -> None:
    table = struct.pack(f"<{len(offsets)}I", *offsets)
    fragments = [piece for frame in JPEGS for piece in pieces(frame, count)]
    assert check(build(tmp_path, table, fragments)) == ()


def test_a_last_fragment_of_no_bytes_is_no_frame(tmp_path: Path) -> None:
    assert check(build(tmp_path, b"", [*JPEGS, b""])) == ()
    assert check(build(tmp_path, b"", [p for f in JPEGS for p in (*pieces(f, 2), b"")])) == ()


def test_a_missing_end_mark_does_no_harm(tmp_path: Path) -> None:
    assert check(build(tmp_path, b"", JPEGS, end=b"")) == ()


@pytest.mark.parametrize("said", [1, 3, 9])
def test_number_of_frames_gives_way_to_the_data(tmp_path: Path, said: int) -> None:
    warnings = check(build(tmp_path, b"", JPEGS, NumberOfFrames=said))
    assert warnings == (f"The object says {said} frames but holds 5.",)


def test_a_stream_cut_within_a_frame_keeps_the_whole_frames(tmp_path: Path) -> None:
    path = Path(build(tmp_path, b"", JPEGS))
    whole = path.read_bytes()
    path.write_bytes(whole[: whole.index(JPEGS[3]) + 100])
    warnings = check(str(path), FRAMES[:3])
    assert warnings == ("The file is cut short: 3 of 5 frames are whole.",)


def test_a_stream_cut_by_its_table_keeps_the_whole_frames(tmp_path: Path) -> None:
    path = Path(
        save_frames(
            twelve_bits(), tmp_path / "a.dcm", JPEGS, syntaxes.JPEG_LOSSLESS_SV1,
            fragments_per_frame=2,
        )
    )  # fmt: skip
    whole = path.read_bytes()
    path.write_bytes(whole[: whole.index(JPEGS[2][-40:])])
    assert "2 of 5 frames" in check(str(path), FRAMES[:2])[0]


def test_a_stream_without_any_whole_frame_is_an_error(tmp_path: Path) -> None:
    path = Path(build(tmp_path, b"", JPEGS))
    whole = path.read_bytes()
    for kept in (20, 8, 0):
        path.write_bytes(whole[: whole.index(JPEGS[0]) + kept])
        with pytest.raises(UnreadableError, match=r"cut short|no frames"):
            describe(str(path))


def test_garbage_between_items_ends_the_clip_there(tmp_path: Path) -> None:
    path = Path(build(tmp_path, b"", JPEGS))
    whole = bytearray(path.read_bytes())
    at = whole.index(JPEGS[3]) - 8
    whole[at : at + 4] = b"junk"
    path.write_bytes(whole)
    clip = describe(str(path))
    assert len(clip) == 3
    assert "3 of 5 frames" in clip.acquisition.warnings[0]


def test_a_stream_beyond_two_gigabytes(tmp_path: Path) -> None:
    path = Path(build(tmp_path, b"", JPEGS[:1], end=b"", NumberOfFrames=3))
    hole = 3 << 30
    with path.open("r+b") as file:
        file.seek(0, 2)
        file.write(b"\xfe\xff\x00\xe0" + struct.pack("<I", hole))
        file.seek(hole, 1)
        file.write(item(JPEGS[2]) + END)
    clip = describe(str(path))
    np.testing.assert_array_equal(clip.stored(0), FRAMES[0])
    np.testing.assert_array_equal(clip.stored(2), FRAMES[2])


def test_many_fragments_are_found_in_one_pass() -> None:
    data = item(b"") + item(b"\xff\xd8\xff\xe0") * 20_000 + END
    file = BytesIO(data)
    items = walk_items(file, 0, len(data))
    assert items.ended
    index = index_frames(file, items, 20_000, syntaxes.JPEG_BASELINE)
    assert len(index.frames) == 20_000
    assert index.warnings == []


def test_fragments_without_marks_are_shared_out_evenly() -> None:
    data = item(b"") + item(b"abcd") * 6 + END
    file = BytesIO(data)
    items = walk_items(file, 0, len(data))
    index = index_frames(file, items, 3, syntaxes.DEFLATED_FRAMES)
    assert [len(frame) for frame in index.frames] == [2, 2, 2]
