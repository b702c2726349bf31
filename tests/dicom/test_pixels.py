"""Native pixels of every kind, byte order and depth; palettes; colour models."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom.dataset import Dataset
from pydicom.pixels import convert_color_space

from tests.dicom.objects import make_object, picture, save
from xray_studio.core.clip import Clip, Frame
from xray_studio.core.errors import UnreadableError, UnsupportedError
from xray_studio.dicom.attributes.palette import expand_segments
from xray_studio.dicom.describe import describe
from xray_studio.dicom.file import syntaxes
from xray_studio.dicom.pixels.pixel_format import PixelFormat, pixel_values
from xray_studio.dicom.pixels.sequence import attempt
from xray_studio.dicom.scan.headers import read_headers

pytestmark = pytest.mark.usefixtures("inside")

NATIVE = [
    syntaxes.IMPLICIT_LITTLE,
    syntaxes.EXPLICIT_LITTLE,
    syntaxes.EXPLICIT_BIG,
    syntaxes.DEFLATED,
]
KINDS = ["uint8", "int8", "uint16", "int16", "uint32", "int32"]


def stored(dataset: Dataset, folder: Path, syntax: str) -> str:
    """Write an object; pixels of `dataset` are little endian."""
    if syntax == syntaxes.EXPLICIT_BIG:
        word = max(2, dataset.BitsAllocated // 8)
        data = np.frombuffer(dataset.PixelData, f"<u{word}")
        dataset.PixelData = data.astype(f">u{word}").tobytes()
        dataset["PixelData"].VR = "OW"
    return save(dataset, folder / "object.dcm", syntax)


def every_frame(clip: Clip) -> np.ndarray:
    return np.stack([clip.stored(index) for index in range(len(clip))])


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("syntax", NATIVE)
def test_whole_numbers(tmp_path: Path, syntax: str, kind: str) -> None:
    limits = np.iinfo(kind)
    values = np.stack([picture(limits.min, limits.max, (11, 13), s) for s in range(3)]).astype(kind)
    clip = describe(stored(make_object(values), tmp_path, syntax))
    found = every_frame(clip)
    assert found.dtype == kind
    np.testing.assert_array_equal(found, values)
    assert not clip.stored(0).flags.writeable


@pytest.mark.parametrize("syntax", NATIVE)
@pytest.mark.parametrize("planar", [0, 1])
def test_rgb(tmp_path: Path, syntax: str, planar: int) -> None:
    values = np.stack([picture(0, 255, (12, 14, 3), s) for s in range(2)]).astype(np.uint8)
    dataset = make_object(values, PlanarConfiguration=planar)
    if planar:
        dataset.PixelData = np.moveaxis(values, 3, 1).tobytes()
    clip = describe(stored(dataset, tmp_path, syntax))
    np.testing.assert_array_equal(every_frame(clip), values)


@pytest.mark.parametrize("signed", [False, True])
@pytest.mark.parametrize(("bits", "high"), [(12, 11), (10, 12), (8, 15), (1, 4)])
def test_bits_round_a_value_are_overlays(
    tmp_path: Path, bits: int, high: int, signed: bool
) -> None:
    low = -(1 << (bits - 1)) if signed else 0
    values = picture(low, low + (1 << bits) - 1, (9, 12))
    below = high + 1 - bits
    mask = ((1 << bits) - 1) << below
    junk = np.random.default_rng(1).integers(0, 1 << 16, values.shape)
    words = (((values << below) & mask) | (junk & ~mask & 0xFFFF)).astype(np.uint16)
    dataset = make_object(words, BitsStored=bits, HighBit=high, PixelRepresentation=int(signed))
    found = describe(stored(dataset, tmp_path, syntaxes.EXPLICIT_LITTLE)).stored(0)
    np.testing.assert_array_equal(found, values)


def test_single_bits_are_packed_across_frames(tmp_path: Path) -> None:
    values = np.random.default_rng(0).integers(0, 2, (5, 7, 9)).astype(np.uint8)
    dataset = make_object(values, BitsAllocated=1, BitsStored=1, HighBit=0)
    dataset.PixelData = np.packbits(values.ravel(), bitorder="little").tobytes()
    clip = describe(save(dataset, tmp_path / "seg.dcm"))
    np.testing.assert_array_equal(every_frame(clip), values)
    assert clip.pixels.highest == 1


@pytest.mark.parametrize(
    ("keyword", "kind"), [("FloatPixelData", "float32"), ("DoubleFloatPixelData", "float64")]
)
def test_floating_pixels(tmp_path: Path, keyword: str, kind: str) -> None:
    values = np.random.default_rng(0).normal(0, 5, (2, 8, 9)).astype(kind)
    dataset = make_object(values.astype(kind), BitsAllocated=values.itemsize * 8)
    del dataset.PixelData
    for unused in ("BitsStored", "HighBit", "PixelRepresentation"):
        delattr(dataset, unused)
    setattr(dataset, keyword, values.tobytes())
    clip = describe(save(dataset, tmp_path / "map.dcm"))
    np.testing.assert_array_equal(every_frame(clip), values)
    assert clip[0].dtype == np.float32


def test_frames_of_an_odd_number_of_bytes(tmp_path: Path) -> None:
    values = picture(0, 255, (5, 7)).astype(np.uint8)
    stack = np.stack([values, 255 - values, values // 2])
    for syntax in NATIVE:
        padded = make_object(stack)
        clip = describe(stored(padded, tmp_path, syntax))
        np.testing.assert_array_equal(every_frame(clip), stack)


def test_ybr_full_is_converted_as_others_do(tmp_path: Path) -> None:
    rgb = picture(0, 255, (10, 12, 3)).astype(np.uint8)
    ybr = convert_color_space(rgb, "RGB", "YBR_FULL")
    dataset = make_object(ybr, PhotometricInterpretation="YBR_FULL")
    found = describe(save(dataset, tmp_path / "ybr.dcm")).stored(0)
    np.testing.assert_array_equal(found, convert_color_space(ybr, "YBR_FULL", "RGB"))


@pytest.mark.parametrize("photometric", ["YBR_FULL_422", "YBR_PARTIAL_422"])
def test_halved_chroma_is_spread(tmp_path: Path, photometric: str) -> None:
    grey = picture(16, 235, (6, 8)).astype(np.uint8)
    pairs = np.full((6, 4, 4), 128, np.uint8)
    pairs[..., :2] = grey.reshape(6, 4, 2)
    dataset = make_object(np.zeros((6, 8, 3), np.uint8), PhotometricInterpretation=photometric)
    dataset.PixelData = pairs.tobytes()
    found = describe(save(dataset, tmp_path / "ybr.dcm")).stored(0).astype(int)
    expected = grey if photometric == "YBR_FULL_422" else (grey.astype(int) - 16) * 255 / 219
    assert np.abs(found - np.asarray(expected)[..., None]).max() <= 1


def test_sixteen_bit_colours_are_shown_with_eight(tmp_path: Path) -> None:
    deep = picture(0, 65535, (6, 8, 3)).astype(np.uint16)
    found = describe(save(make_object(deep), tmp_path / "deep.dcm")).stored(0)
    np.testing.assert_array_equal(found, deep >> 8)


def with_palette(values: np.ndarray, first: int, red: list[int], bits: int = 16) -> Dataset:
    dataset = make_object(values, PhotometricInterpretation="PALETTE COLOR")
    count = len(red) % 65536
    for name, table in (("Red", red), ("Green", red[::-1]), ("Blue", [0] * len(red))):
        packed = struct.pack(f"<{len(table)}{'B' if bits == 8 else 'H'}", *table)
        setattr(dataset, f"{name}PaletteColorLookupTableDescriptor", [count, first, bits])
        setattr(dataset, f"{name}PaletteColorLookupTableData", packed)
    return dataset


@pytest.mark.parametrize("bits", [8, 16])
def test_a_palette_gives_colours_and_holds_at_its_ends(tmp_path: Path, bits: int) -> None:
    values = np.arange(12, dtype=np.uint8).reshape(3, 4)
    red = [10, 20, 30, 40] if bits == 8 else [10 << 8, 20 << 8, 30 << 8, 40 << 8]
    clip = describe(save(with_palette(values, 4, red, bits), tmp_path / "palette.dcm"))
    found = clip.stored(0)
    index = np.clip(values.astype(int) - 4, 0, 3)
    np.testing.assert_array_equal(found[..., 0], np.array([10, 20, 30, 40])[index])
    np.testing.assert_array_equal(found[..., 1], np.array([40, 30, 20, 10])[index])
    assert clip.is_colour


def test_a_palette_of_65536_entries(tmp_path: Path) -> None:
    values = np.array([[0, 255], [256, 65535]], np.uint16)
    dataset = with_palette(values, 0, list(range(65536)))
    found = describe(save(dataset, tmp_path / "palette.dcm")).stored(0)
    np.testing.assert_array_equal(found[..., 0], values >> 8)


def test_a_palette_with_words_that_use_only_their_low_byte(tmp_path: Path) -> None:
    values = np.arange(4, dtype=np.uint8).reshape(2, 2)
    found = describe(save(with_palette(values, 0, [0, 85, 170, 255]), tmp_path / "p.dcm")).stored(0)
    np.testing.assert_array_equal(found[..., 0].ravel(), [0, 85, 170, 255])


def test_a_dark_colour_is_read_like_the_others(tmp_path: Path) -> None:
    values = np.arange(2, dtype=np.uint8).reshape(1, 2)
    dataset = with_palette(values, 0, [0, 0xFF00])
    dataset.GreenPaletteColorLookupTableData = struct.pack("<2H", 0, 200)
    found = describe(save(dataset, tmp_path / "p.dcm")).stored(0)
    assert (found[0, 1, 0], found[0, 1, 1]) == (255, 0)


def test_colours_of_one_bit_are_refused(tmp_path: Path) -> None:
    made = make_object(np.zeros((4, 8, 3), np.uint8), BitsAllocated=1, BitsStored=1, HighBit=0)
    with pytest.raises(UnsupportedError, match="3 samples a pixel, 1 bits each"):
        describe(save(made, tmp_path / "bits.dcm"))


def test_every_error_of_a_frame_is_in_its_future() -> None:
    def broken(index: int) -> Frame:
        raise IndexError(index)

    with pytest.raises(UnreadableError, match="damaged"):
        attempt(broken, 0).result()


def test_segmented_palettes_are_expanded() -> None:
    # discrete 3 entries, linear to 10 in 4 steps, indirect: the first segment once more
    words = [0, 3, 1, 2, 3, 1, 4, 11, 2, 1, 0, 0]
    entries = expand_segments(struct.pack("<12H", *words), 16, little=True)
    assert entries.tolist() == [1, 2, 3, 5, 7, 9, 11, 1, 2, 3]
    eight = [0, 2, 7, 9, 1, 2, 11, 2, 1, 0, 0, 0, 0]
    assert expand_segments(bytes(eight), 8, little=True).tolist() == [7, 9, 10, 11, 7, 9]


@pytest.mark.parametrize("words", [[1, 4, 11], [2, 1, 200, 0], [9, 1, 1], [2, 2, 0, 0, 2, 1, 0, 0]])
def test_broken_segments_are_an_error(words: list[int]) -> None:
    with pytest.raises(UnreadableError, match="palette"):
        expand_segments(struct.pack(f"<{len(words)}H", *words), 16, little=True)


def test_a_missing_palette_is_an_error(tmp_path: Path) -> None:
    dataset = make_object(np.zeros((2, 2), np.uint8), PhotometricInterpretation="PALETTE COLOR")
    with pytest.raises(UnreadableError, match="palette"):
        describe(save(dataset, tmp_path / "p.dcm"))


@pytest.mark.parametrize(
    ("attributes", "warning"),
    [
        ({"PhotometricInterpretation": "RGB"}, "RGB with one sample a pixel; it is shown as grey"),
        ({"PhotometricInterpretation": "FUZZ"}, "FUZZ with one sample"),
        ({"PhotometricInterpretation": ""}, "no Photometric Interpretation"),
        ({"BitsStored": 17}, "Bits Stored 17 does not fit Bits Allocated 16"),
        ({"HighBit": 3}, "High Bit 3 does not fit"),
        ({"HighBit": 99}, "High Bit 99 does not fit"),
    ],
)
def test_odd_attributes_are_made_safe_and_said(
    tmp_path: Path, attributes: dict[str, object], warning: str
) -> None:
    values = picture(0, 4095, (4, 6)).astype(np.uint16)
    clip = describe(save(make_object(values, **attributes), tmp_path / "odd.dcm"))
    np.testing.assert_array_equal(clip.stored(0), values)
    assert any(warning in said for said in clip.acquisition.warnings)


def test_an_unknown_planar_configuration_is_said(tmp_path: Path) -> None:
    colours = picture(0, 255, (4, 6, 3)).astype(np.uint8)
    odd = make_object(colours, PhotometricInterpretation="RGB", PlanarConfiguration=77)
    clip = describe(save(odd, tmp_path / "odd.dcm"))
    np.testing.assert_array_equal(clip[0], colours)
    assert any("Planar Configuration 77" in said for said in clip.acquisition.warnings)


def test_three_samples_of_grey_are_rgb(tmp_path: Path) -> None:
    values = picture(0, 255, (4, 6, 3)).astype(np.uint8)
    dataset = make_object(values, PhotometricInterpretation="MONOCHROME2")
    clip = describe(save(dataset, tmp_path / "odd.dcm"))
    np.testing.assert_array_equal(clip.stored(0), values)
    assert "shown as RGB" in clip.acquisition.warnings[0]


@pytest.mark.parametrize(
    ("attributes", "error"),
    [
        ({"Rows": 0}, UnreadableError),
        ({"Columns": 0}, UnreadableError),
        ({"BitsAllocated": 12}, UnsupportedError),
        ({"SamplesPerPixel": 4, "PhotometricInterpretation": "CMYK"}, UnsupportedError),
        ({"Rows": 65535, "Columns": 65535}, UnsupportedError),
    ],
)
def test_impossible_formats_are_errors(
    tmp_path: Path, attributes: dict[str, object], error: type[Exception]
) -> None:
    dataset = make_object(np.zeros((4, 6), np.uint16), **attributes)
    with pytest.raises(error):
        describe(save(dataset, tmp_path / "odd.dcm"))


def test_half_a_frame_is_shown_with_a_warning(tmp_path: Path) -> None:
    values = picture(1, 4095, (10, 12)).astype(np.uint16)
    path = Path(save(make_object(np.stack([values, values])), tmp_path / "cut.dcm"))
    path.write_bytes(path.read_bytes()[: -values.nbytes // 2])
    clip = describe(str(path))
    np.testing.assert_array_equal(clip.stored(0), values)
    np.testing.assert_array_equal(clip.stored(1)[:5], values[:5])
    assert not clip.stored(1)[5:].any()
    assert "frame 2 of 2 is the last and incomplete" in clip.acquisition.warnings[0]


def test_missing_frames_are_counted(tmp_path: Path) -> None:
    values = picture(1, 4095, (10, 12)).astype(np.uint16)
    clip = describe(save(make_object(values, NumberOfFrames=3), tmp_path / "few.dcm"))
    assert len(clip) == 1
    assert clip.acquisition.warnings == ("The pixel data is cut short: 1 of 3 frames are there.",)
    stack = np.stack([values, values // 2])
    clip = describe(save(make_object(stack, NumberOfFrames=1), tmp_path / "many.dcm"))
    assert len(clip) == 1
    said = "The object says 1 frame but has room for 2; the rest is not shown."
    assert clip.acquisition.warnings == (said,)


@pytest.mark.parametrize("stated", [None, 1, 2, 3, 9])
@pytest.mark.parametrize("kept", [1.0, 0.98, 0.7, 0.4])
def test_scan_and_opening_count_the_same_frames(
    tmp_path: Path, stated: int | None, kept: float
) -> None:
    made = make_object(np.ones((3, 10, 12), np.uint16))
    del made.NumberOfFrames
    if stated:
        made.NumberOfFrames = stated
    path = Path(save(made, tmp_path / "some.dcm"))
    path.write_bytes(path.read_bytes()[: -round(720 * (1 - kept)) or None])
    assert read_headers([str(path)]).pictures[0][4] == len(describe(str(path)))


@pytest.mark.parametrize("stated", [{}, {"NumberOfFrames": 1}])
def test_a_byte_of_padding_is_no_frame(tmp_path: Path, stated: dict[str, int]) -> None:
    path = save(make_object(np.ones((1, 1), np.uint8), **stated), tmp_path / "tiny.dcm")
    clip = describe(path)
    assert (len(clip), clip.acquisition.warnings) == (1, ())
    assert read_headers([path]).pictures[0][4] == 1


def test_a_small_file_does_not_claim_a_large_picture(tmp_path: Path) -> None:
    made = make_object(np.ones((1, 8192), np.uint32), Rows=8192)
    path = save(made, tmp_path / "claim.dcm")
    with pytest.raises(UnreadableError, match="next to nothing"):
        describe(path)
    assert read_headers([path]).skipped


def test_frames_are_read_without_the_rest(tmp_path: Path) -> None:
    """Only the wanted frame of a large file is touched: the rest is a hole that does not exist."""
    values = picture(0, 4095, (16, 16)).astype(np.uint16)
    frames = 2_000_000
    path = Path(save(make_object(values, NumberOfFrames=frames), tmp_path / "large.dcm"))
    head = path.read_bytes()[: -values.nbytes]
    length = min(0xFFFFFFFE, frames * values.nbytes)
    with path.open("wb") as file:
        file.write(head[:-4] + struct.pack("<I", length))
        file.seek(700_000 * values.nbytes, 1)
        file.write(values.tobytes())
        file.truncate(len(head) + length)
    clip = describe(str(path))
    np.testing.assert_array_equal(clip.stored(700_000), values)


def test_deflated_frames_in_any_order(tmp_path: Path) -> None:
    stack = np.stack([picture(0, 65535, (64, 64), s) for s in range(40)]).astype(np.uint16)
    clip = describe(save(make_object(stack), tmp_path / "deflated.dcm", syntaxes.DEFLATED))
    for index in (0, 39, 3, 20, 21, 5):
        np.testing.assert_array_equal(clip.stored(index), stack[index])


def test_a_deflated_object_cut_short_is_an_error(tmp_path: Path) -> None:
    stack = np.stack([picture(0, 65535, (64, 64), s) for s in range(20)]).astype(np.uint16)
    path = Path(save(make_object(stack), tmp_path / "deflated.dcm", syntaxes.DEFLATED))
    path.write_bytes(path.read_bytes()[:-20_000])
    clip = describe(str(path))
    np.testing.assert_array_equal(clip.stored(0), stack[0])
    with pytest.raises(UnreadableError, match="cut short"):
        clip.stored(19)


@given(bits=st.integers(1, 16), below=st.integers(0, 15), signed=st.booleans(), word=st.integers(0))
def test_a_value_is_its_bits_and_nothing_else(
    bits: int, below: int, signed: bool, word: int
) -> None:
    below = min(below, 16 - bits)
    form = PixelFormat(
        1, 1, bits_allocated=16, bits_stored=bits, high_bit=below + bits - 1, signed=signed
    )
    raw = np.array([[word & 0xFFFF]], "<u2")
    value = int(pixel_values(raw, 16, form)[0, 0])
    expected = ((word & 0xFFFF) >> below) & ((1 << bits) - 1)
    if signed and expected >> (bits - 1):
        expected -= 1 << bits
    assert value == expected
