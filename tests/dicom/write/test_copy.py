"""Copies of objects: other transfer syntaxes and ranges of frames, judged by other programs."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import numpy as np
import pydicom
import pytest
from pydicom.dataset import Dataset
from pydicom.encaps import parse_basic_offsets
from pydicom.filebase import DicomBytesIO

from tests.dicom.objects import XA, make_object, picture, save
from tests.dicom.write.judges import judged
from tests.dicom.write.validator import errors_of
from xray_studio import open as xs_open
from xray_studio.core.errors import UnsupportedError, UsageError, WriteError
from xray_studio.core.job import run
from xray_studio.core.output import Quality
from xray_studio.core.playback import Loop
from xray_studio.dicom.file import syntaxes
from xray_studio.dicom.pixels.encoders import ENCODERS, NAMES, syntax_of
from xray_studio.dicom.write import stream
from xray_studio.services.export.options import ExportOptions
from xray_studio.services.export.run import export

LOSSLESS = [name for name, uid in NAMES.items() if uid not in ENCODERS or not ENCODERS[uid].lossy]
PRIVATE = 0x00291010


def copied(source: Path, target: Path, **options: Any) -> Dataset:
    run(export(xs_open(source), target, ExportOptions(**options)))
    return pydicom.dcmread(target)


def waves(bits: int, signed: bool, count: int = 3) -> np.ndarray:
    low, high = (-(1 << (bits - 1)), (1 << (bits - 1)) - 1) if signed else (0, (1 << bits) - 1)
    kind = f"{'i' if signed else 'u'}{1 if bits <= 8 else 2}"
    return np.stack([picture(low, high, seed=n) for n in range(count)]).astype(kind)


def grey(path: Path, bits: int, signed: bool = False, **more: Any) -> np.ndarray:
    pixels = waves(bits, signed)
    if signed:  # which a secondary capture may not be, says GDCM
        more["SOPClassUID"] = "1.2.840.10008.5.1.4.1.1.4.1"
    save(make_object(pixels, BitsStored=bits, HighBit=bits - 1, **more), path)
    return pixels


@pytest.mark.parametrize("name", LOSSLESS)
@pytest.mark.parametrize(("bits", "signed"), [(8, False), (12, False), (12, True), (16, False),
                                              (16, True)])  # fmt: skip
def test_other_programs_decode_the_same_pixels(
    tmp_path: Path, name: str, bits: int, signed: bool
) -> None:
    pixels = grey(tmp_path / "in.dcm", bits, signed)
    before = pydicom.dcmread(tmp_path / "in.dcm")
    after = copied(tmp_path / "in.dcm", tmp_path / "out.dcm", syntax=NAMES[name])
    assert after.file_meta.TransferSyntaxUID == NAMES[name]
    assert after.SOPInstanceUID == before.SOPInstanceUID
    assert after.file_meta.MediaStorageSOPInstanceUID == before.SOPInstanceUID
    found = judged(tmp_path / "out.dcm", NAMES[name])
    if signed and found.dtype.kind == "u":  # judges that leave the sign to others
        shift = found.dtype.itemsize * 8 - bits
        found = (found << shift).view(found.dtype.str.replace("u", "i")) >> shift
    np.testing.assert_array_equal(found, pixels)


@pytest.mark.parametrize("name", LOSSLESS)
def test_colours_stay_as_they_are(tmp_path: Path, name: str) -> None:
    pixels = np.stack([picture(0, 255, (20, 30, 3), n) for n in range(2)]).astype(np.uint8)
    save(make_object(pixels), tmp_path / "in.dcm")
    after = copied(tmp_path / "in.dcm", tmp_path / "out.dcm", syntax=NAMES[name])
    transformed = NAMES[name] in {syntaxes.JPEG_2000_LOSSLESS, syntaxes.HTJ2K_LOSSLESS}
    assert after.PhotometricInterpretation == ("YBR_RCT" if transformed else "RGB")
    np.testing.assert_array_equal(judged(tmp_path / "out.dcm", NAMES[name]), pixels)
    np.testing.assert_array_equal([*xs_open(tmp_path / "out.dcm")], pixels)


@pytest.mark.parametrize("name", ["jpeg-ls", "rle", "explicit"])
def test_everything_else_is_kept(tmp_path: Path, name: str) -> None:
    dataset = make_object(waves(12, signed=False), BitsStored=12, HighBit=11, SOPClassUID=XA)
    dataset.SpecificCharacterSet = "ISO_IR 100"
    dataset.PatientName = "Müller^Jürgen"
    block = dataset.private_block(0x0029, "ACME", create=True)
    block.add_new(0x10, "LO", "private")
    block.add_new(0x11, "UN", b"\1\2\3\4")
    dataset.add_new(0x7FE10010, "LO", "ACME")  # behind the pixels
    dataset.add_new(0x7FE11001, "OB", b"\5\6")
    dataset.add_new(0xFFFCFFFC, "OB", b"\0\0")  # padding, which is nobody's
    save(dataset, tmp_path / "in.dcm")
    before = pydicom.dcmread(tmp_path / "in.dcm")
    after = copied(tmp_path / "in.dcm", tmp_path / "out.dcm", syntax=NAMES[name])
    del before[0xFFFCFFFC], before["PixelData"], after["PixelData"]
    assert after == before
    assert after[0x00291010].value == "private"
    raw = (tmp_path / "out.dcm").read_bytes()
    assert "Müller^Jürgen".encode("latin-1") in raw


@pytest.mark.parametrize("target", ["implicit", "explicit", "deflated", "jpeg-ls"])
@pytest.mark.parametrize("source", ["1.2.840.10008.1.2", "1.2.840.10008.1.2.2"])
def test_values_survive_other_encodings(tmp_path: Path, source: str, target: str) -> None:
    """Implicit and big-endian objects: ambiguous and binary values mean the same afterwards."""
    table = Dataset()
    table.LUTDescriptor = [3, 0, 16]
    table.add_new(
        0x00283006, "OW", struct.pack(">3H" if source.endswith("2.2") else "<3H", 1, 2, 3)
    )
    pixels = waves(16, signed=True)
    big = source == "1.2.840.10008.1.2.2"
    dataset = make_object(pixels, SmallestImagePixelValue=-5, VOILUTSequence=[table])
    if big:
        dataset.PixelData = pixels.astype(">i2").tobytes()
    save(dataset, tmp_path / "in.dcm", source)
    after = copied(tmp_path / "in.dcm", tmp_path / "out.dcm", syntax=NAMES[target])
    assert after.SmallestImagePixelValue == -5
    assert after.VOILUTSequence[0]["LUTData"].value in (struct.pack("<3H", 1, 2, 3), [1, 2, 3])
    np.testing.assert_array_equal(judged(tmp_path / "out.dcm", NAMES[target]), pixels)


def test_compressed_frames_stay_byte_for_byte(tmp_path: Path) -> None:
    grey(tmp_path / "in.dcm", 12)
    copied(tmp_path / "in.dcm", tmp_path / "one.dcm", syntax=syntaxes.JPEG_LS)
    one = pydicom.dcmread(tmp_path / "one.dcm")
    two = copied(tmp_path / "one.dcm", tmp_path / "two.dcm", frames=(1, 2))
    first = parse_basic_offsets(one.PixelData)
    assert len(first) == 3
    assert two.PixelData.endswith(one.PixelData[8 + 12 + first[1] :])


def loop(path: Path) -> np.ndarray:
    """Write a cine of 20 frames with everything that counts frames."""
    pixels = np.concatenate([waves(12, signed=False)] * 7)[:20].copy()
    pixels[:, 0, 0] = np.arange(20)
    mask, other, off = Dataset(), Dataset(), Dataset()
    mask.MaskOperation, mask.MaskFrameNumbers = "AVG_SUB", [6, 7]
    mask.ApplicableFrameRange = [1, 4, 8, 20]
    other.MaskOperation, other.MaskFrameNumbers = "AVG_SUB", [1, 2]
    off.MaskOperation = "NONE"
    dataset = make_object(
        pixels, BitsStored=12, HighBit=11, SOPClassUID=XA, Modality="XA",
        ImageType=["ORIGINAL", "PRIMARY", "SINGLE PLANE"],
        FrameIncrementPointer=0x00181065, FrameTimeVector=[0, *range(31, 50)],
        PositionerPrimaryAngleIncrement=[float(n) for n in range(20)],
        RWavePointer=[2, 8, 12, 19], RepresentativeFrameNumber=9, StartTrim=3, StopTrim=18,
        MaskSubtractionSequence=[mask, other, off], SmallestImagePixelValue=0,
        LargestImagePixelValue=4095, EffectiveDuration=1.0,
    )  # fmt: skip
    bits = np.zeros((4, 37, 53), bool)
    bits[np.arange(4), np.arange(4), 5] = True
    for element, vr, value in (
        (0x0010, "US", 37), (0x0011, "US", 53), (0x0015, "IS", 4), (0x0040, "CS", "G"),
        (0x0050, "SS", [1, 1]), (0x0051, "US", 5), (0x0100, "US", 1), (0x0102, "US", 0),
        (0x3000, "OW", np.packbits(bits, bitorder="little").tobytes().ljust(982, b"\0")),
    ):  # fmt: skip
        dataset.add_new(0x60000000 | element, vr, value)
    save(dataset, path)
    return pixels


def test_a_range_of_frames_takes_its_attributes_along(tmp_path: Path) -> None:
    pixels = loop(tmp_path / "in.dcm")
    before = pydicom.dcmread(tmp_path / "in.dcm")
    after = copied(tmp_path / "in.dcm", tmp_path / "out.dcm", frames=(5, 14))
    np.testing.assert_array_equal(after.pixel_array, pixels[5:15])
    assert after.NumberOfFrames == 10
    assert after.FrameTimeVector == [0, *before.FrameTimeVector[6:15]]
    assert after.FrameDelay == sum(before.FrameTimeVector[1:6])
    assert after.PositionerPrimaryAngleIncrement == [float(n) for n in range(5, 15)]
    assert after.RWavePointer == [3, 7]
    assert after.RepresentativeFrameNumber == 4
    assert (after.StartTrim, after.StopTrim) == (1, 10)
    assert "SmallestImagePixelValue" not in after
    assert [item.MaskOperation for item in after.MaskSubtractionSequence] == ["AVG_SUB", "NONE"]
    assert after.MaskSubtractionSequence[0].MaskFrameNumbers == [1, 2]
    assert after.MaskSubtractionSequence[0].ApplicableFrameRange == [3, 10]
    assert (after[0x60000015].value, after[0x60000051].value) == (3, 1)
    bits = after.overlay_array(0x6000)
    assert np.argwhere(bits).tolist() == [[0, 1, 5], [1, 2, 5], [2, 3, 5]]


def test_a_range_is_a_new_object_that_tells_its_source(tmp_path: Path) -> None:
    loop(tmp_path / "in.dcm")
    before = pydicom.dcmread(tmp_path / "in.dcm")
    after = copied(tmp_path / "in.dcm", tmp_path / "out.dcm", frames=(5, 7))
    assert after.SOPInstanceUID != before.SOPInstanceUID
    assert after.SeriesInstanceUID != before.SeriesInstanceUID
    assert after.StudyInstanceUID == before.StudyInstanceUID
    assert after.PatientID == before.PatientID
    assert after.ImageType == ["DERIVED", "PRIMARY", "SINGLE PLANE"]
    source = after.SourceImageSequence[0]
    assert source.ReferencedSOPInstanceUID == before.SOPInstanceUID
    assert source.ReferencedFrameNumber == [6, 7, 8]
    assert after.DerivationDescription == "Frames 6 to 8 of the source"
    assert errors_of(tmp_path / "out.dcm") <= errors_of(tmp_path / "in.dcm")


def test_the_moments_of_a_range_are_those_of_the_source(tmp_path: Path) -> None:
    loop(tmp_path / "in.dcm")
    clip = xs_open(tmp_path / "in.dcm")
    copied(tmp_path / "in.dcm", tmp_path / "out.dcm", frames=(5, 7))
    cut = xs_open(tmp_path / "out.dcm")
    told = [cut.timing.told_moment(n) for n in range(3)]
    assert told == pytest.approx(clip.timing.times[5:8])


def test_an_overlay_that_is_cut_off_goes(tmp_path: Path) -> None:
    loop(tmp_path / "in.dcm")
    after = copied(tmp_path / "in.dcm", tmp_path / "out.dcm", frames=(10, 14))
    assert not [tag for tag in after.keys() if tag.group == 0x6000]  # noqa: SIM118 - tags, not elements


@pytest.mark.parametrize("name", ["jpeg-ls", "explicit"])
def test_overlays_within_the_pixels(tmp_path: Path, name: str) -> None:
    """Compressed frames have no room for them; plain ones keep them where they are."""
    pixels = waves(12, signed=False)
    drawn = np.zeros(pixels.shape, np.uint16)
    drawn[:, 4:9, 7] = 1
    dataset = make_object(pixels | drawn << 13, BitsStored=12, HighBit=11)
    for element, vr, value in (
        (0x0010, "US", 37), (0x0011, "US", 53), (0x0040, "CS", "G"), (0x0050, "SS", [1, 1]),
        (0x0100, "US", 16), (0x0102, "US", 13),
    ):  # fmt: skip
        dataset.add_new(0x60000000 | element, vr, value)
    save(dataset, tmp_path / "in.dcm")
    after = copied(tmp_path / "in.dcm", tmp_path / "out.dcm", syntax=NAMES[name])
    if name == "explicit":
        assert after.PixelData == (pixels | drawn << 13).tobytes().ljust(
            len(after.PixelData), b"\0"
        )
        assert after[0x60000102].value == 13
    else:
        np.testing.assert_array_equal(judged(tmp_path / "out.dcm", NAMES[name]), pixels)
        np.testing.assert_array_equal(after.overlay_array(0x6000), drawn)
    planes = xs_open(tmp_path / "out.dcm").overlays
    assert len(planes) == 1


def test_functional_groups_are_cut(tmp_path: Path) -> None:
    groups = []
    for number in range(3):
        group, content = Dataset(), Dataset()
        content.FrameAcquisitionNumber = number + 1
        group.FrameContentSequence = [content]
        groups.append(group)
    dataset = make_object(waves(12, signed=False), BitsStored=12, HighBit=11,
                          SOPClassUID="1.2.840.10008.5.1.4.1.1.2.1",
                          ImageType=["ORIGINAL", "PRIMARY", "VOLUME", "NONE"],
                          SharedFunctionalGroupsSequence=[Dataset()],
                          PerFrameFunctionalGroupsSequence=groups)  # fmt: skip
    save(dataset, tmp_path / "in.dcm")
    after = copied(tmp_path / "in.dcm", tmp_path / "out.dcm", frames=(1, 2))
    left = after.PerFrameFunctionalGroupsSequence
    assert [g.FrameContentSequence[0].FrameAcquisitionNumber for g in left] == [2, 3]
    assert after.ImageType[0] == "ORIGINAL"  # its pixels are as acquired


def test_jpeg_baseline_says_what_is_lost(tmp_path: Path) -> None:
    pixels = grey(tmp_path / "in.dcm", 8)
    before = pydicom.dcmread(tmp_path / "in.dcm")
    after = copied(tmp_path / "in.dcm", tmp_path / "out.dcm", syntax=syntaxes.JPEG_BASELINE)
    found = judged(tmp_path / "out.dcm", syntaxes.JPEG_BASELINE)
    assert np.abs(found.astype(int) - pixels).mean() < 6
    assert after.SOPInstanceUID != before.SOPInstanceUID
    assert after.LossyImageCompression == "01"
    assert after.LossyImageCompressionMethod == "ISO_10918_1"
    real = pixels.nbytes / (len(after.PixelData) - 60)
    assert float(after.LossyImageCompressionRatio) == pytest.approx(real, rel=0.05)
    assert after.DerivationCodeSequence[0].CodeValue == "113040"
    purpose = after.SourceImageSequence[0].PurposeOfReferenceCodeSequence[0]
    assert purpose.CodeValue == "121320"
    assert "ReferencedFrameNumber" not in after.SourceImageSequence[0]
    # Lost once and stored without loss from now on: the same object, which still says so.
    again = copied(tmp_path / "out.dcm", tmp_path / "again.dcm", syntax=syntaxes.JPEG_LS)
    assert again.SOPInstanceUID == after.SOPInstanceUID
    assert again.LossyImageCompression == "01"


def test_colours_in_jpeg_baseline(tmp_path: Path) -> None:
    pixels = picture(40, 200, (32, 48, 3)).astype(np.uint8)
    save(make_object(pixels), tmp_path / "in.dcm")
    after = copied(tmp_path / "in.dcm", tmp_path / "out.dcm", syntax=syntaxes.JPEG_BASELINE)
    assert after.PhotometricInterpretation == "YBR_FULL_422"
    found = xs_open(tmp_path / "out.dcm")[0]
    assert np.abs(found.astype(int) - pixels).mean() < 12


def luma_and_chroma(path: Path) -> np.ndarray:
    """Write two frames of YBR_FULL as they are stored, and return what they are in RGB."""
    smooth = np.linspace(60, 190, 32 * 48, dtype=np.uint8).reshape(32, 48)
    stored = np.stack([smooth, np.full_like(smooth, 100), smooth[::-1]], -1)[None].repeat(2, 0)
    save(make_object(stored, PhotometricInterpretation="YBR_FULL"), path)
    return pydicom.pixels.convert_color_space(stored, "YBR_FULL", "RGB")


@pytest.mark.parametrize("name", LOSSLESS)
def test_luma_and_chroma_stay_as_they_are(tmp_path: Path, name: str) -> None:
    wanted = luma_and_chroma(tmp_path / "in.dcm")
    after = copied(tmp_path / "in.dcm", tmp_path / "out.dcm", syntax=NAMES[name])
    assert after.PhotometricInterpretation == "YBR_FULL"
    stored = pydicom.dcmread(tmp_path / "in.dcm").pixel_array
    if name == "jpeg-lossless":
        judge = tmp_path / "out.dcm"
        np.testing.assert_array_equal(judged(judge, NAMES[name]), stored)
    found = np.stack(list(xs_open(tmp_path / "out.dcm")))
    assert np.abs(found.astype(int) - wanted).max() <= 1


def test_luma_and_chroma_in_jpeg_baseline(tmp_path: Path) -> None:
    wanted = luma_and_chroma(tmp_path / "in.dcm")
    after = copied(tmp_path / "in.dcm", tmp_path / "out.dcm", syntax=syntaxes.JPEG_BASELINE)
    assert after.PhotometricInterpretation == "YBR_FULL_422"
    found = np.stack(list(xs_open(tmp_path / "out.dcm")))
    assert np.abs(found.astype(int) - wanted).mean() < 4


@pytest.mark.parametrize("name", ["", "rle"])
def test_an_object_whose_end_is_gone_has_no_whole_copy(tmp_path: Path, name: str) -> None:
    source = make_object(waves(8, signed=False), FrameTimeVector=[0, 40, 50, 60, 70])
    source.NumberOfFrames = 5
    save(source, tmp_path / "in.dcm")
    syntax = {"syntax": NAMES[name]} if name else {}
    with pytest.raises(UsageError, match=r"3 of 5 frames are there.*--frames 1-3"):
        copied(tmp_path / "in.dcm", tmp_path / "out.dcm", **syntax)
    after = copied(tmp_path / "in.dcm", tmp_path / "out.dcm", frames=(0, 2), **syntax)
    assert after.NumberOfFrames == 3
    assert after.SOPInstanceUID != source.SOPInstanceUID
    assert list(after.FrameTimeVector) == [0, 40, 50]
    np.testing.assert_array_equal(after.pixel_array, waves(8, signed=False))


@pytest.mark.parametrize("name", ["rle", "jpeg-lossless", "jpeg-ls"])
def test_what_was_assumed_of_pixels_is_told_with_them(tmp_path: Path, name: str) -> None:
    source = make_object(waves(8, signed=False))
    del source.PixelRepresentation
    save(source, tmp_path / "in.dcm")
    copied(tmp_path / "in.dcm", tmp_path / "out.dcm", syntax=NAMES[name])
    np.testing.assert_array_equal(judged(tmp_path / "out.dcm", NAMES[name]), waves(8, signed=False))


@pytest.mark.parametrize(
    ("bits", "signed", "options", "words"),
    [
        (12, False, {"syntax": syntaxes.JPEG_BASELINE}, "at most 8 bits"),
        (8, True, {"syntax": syntaxes.JPEG_BASELINE}, "not compressed with loss"),
        (8, False, {"syntax": syntaxes.JPEG_BASELINE, "quality": Quality.LOSSLESS}, "never loss"),
        (8, False, {"frames": (1, 3)}, "no frames 2-4; the object has frames 1 to 3"),
        (8, False, {"speed": 2.0}, "cannot have a speed"),
        (8, False, {"loop": Loop.PING_PONG}, "cannot have an order"),
        (8, False, {"rate": 5.0}, "cannot have a rate"),
        (8, False, {"size": (5, 5)}, "cannot have another size"),
    ],
)
def test_what_does_not_fit_is_refused(
    tmp_path: Path, bits: int, signed: bool, options: dict[str, Any], words: str
) -> None:
    grey(tmp_path / "in.dcm", bits, signed)
    with pytest.raises(UsageError, match=words):
        copied(tmp_path / "in.dcm", tmp_path / "out.dcm", **options)
    assert [path.name for path in tmp_path.iterdir()] == ["in.dcm"]


def test_other_syntaxes_are_named() -> None:
    assert syntax_of("JPEG-LS") == syntaxes.JPEG_LS
    assert syntax_of("1.2.840.10008.1.2.5") == syntaxes.RLE
    with pytest.raises(UsageError, match="choose one of explicit, implicit"):
        syntax_of("jpeg-xl")


def test_an_object_without_identity_of_its_own(tmp_path: Path) -> None:
    dataset = make_object(waves(8, signed=False))
    buffer = DicomBytesIO()
    buffer.is_little_endian = buffer.is_implicit_VR = True
    del dataset.SOPInstanceUID
    pydicom.filewriter.write_dataset(buffer, dataset)
    (tmp_path / "in.dcm").write_bytes(buffer.getvalue())
    with pytest.raises(UnsupportedError, match="does not say what it is"):
        copied(tmp_path / "in.dcm", tmp_path / "out.dcm")


@pytest.mark.parametrize("count", [1, 2, 3, 9])
def test_single_bits_are_packed_without_gaps(tmp_path: Path, count: int) -> None:
    bits = np.random.default_rng(3).integers(0, 2, (9, 5, 7)).astype(np.uint8)
    dataset = make_object(bits)
    dataset.BitsAllocated = dataset.BitsStored = 1
    dataset.HighBit = 0
    data = np.packbits(bits, bitorder="little").tobytes()
    dataset.PixelData = data + b"\0" * (len(data) % 2)
    save(dataset, tmp_path / "in.dcm")
    after = copied(tmp_path / "in.dcm", tmp_path / "out.dcm", frames=(4, 3 + count) if count < 6
                   else (0, 8))  # fmt: skip
    found = after.pixel_array.reshape(count, 5, 7)
    np.testing.assert_array_equal(found, bits[4 : 4 + count] if count < 6 else bits)


def test_far_frames_get_an_extended_offset_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pixels = grey(tmp_path / "in.dcm", 12)
    monkeypatch.setattr(stream, "FARTHEST", 1000)
    after = copied(tmp_path / "in.dcm", tmp_path / "out.dcm", syntax=syntaxes.JPEG_LS)
    offsets = struct.unpack("<3Q", after.ExtendedOffsetTable)
    lengths = struct.unpack("<3Q", after.ExtendedOffsetTableLengths)
    assert offsets[0] == 0
    assert offsets[2] - offsets[1] == lengths[1] + 8
    assert parse_basic_offsets(after.PixelData) == []
    np.testing.assert_array_equal(after.pixel_array, pixels)
    np.testing.assert_array_equal([*xs_open(tmp_path / "out.dcm")], pixels)


def test_a_basic_offset_table_points_to_each_frame(tmp_path: Path) -> None:
    grey(tmp_path / "in.dcm", 12)
    after = copied(tmp_path / "in.dcm", tmp_path / "out.dcm", syntax=syntaxes.RLE)
    offsets = parse_basic_offsets(after.PixelData)
    begin = 8 + 4 * len(offsets)
    assert [after.PixelData[begin + at : begin + at + 4] for at in offsets] == [
        b"\xfe\xff\0\xe0"
    ] * 3


def test_a_frame_that_came_out_wrong_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = stream.ObjectWriter.write

    def spoiled(self: Any, data: bytes) -> None:
        real(self, bytes(reversed(data)))

    monkeypatch.setattr(stream.ObjectWriter, "write", spoiled)
    grey(tmp_path / "in.dcm", 12)
    for syntax, words in (("", "holds another frame 1"), (syntaxes.JPEG_LS, "opened again|decode")):
        with pytest.raises(WriteError, match=words):
            copied(tmp_path / "in.dcm", tmp_path / "out.dcm", syntax=syntax)
    assert [path.name for path in tmp_path.iterdir()] == ["in.dcm"]


def test_stopped_anywhere_nothing_stays(tmp_path: Path) -> None:
    grey(tmp_path / "in.dcm", 12)
    clip, options = xs_open(tmp_path / "in.dcm"), ExportOptions(syntax=syntaxes.RLE)
    steps = sum(1 for _ in export(clip, tmp_path / "count.dcm", options))
    for stop in range(1, min(steps, 12)):
        job = export(clip, tmp_path / "out.dcm", options)
        done = [next(job, None) for _ in range(stop)]
        job.close()
        if None in done:  # a faster machine than a moment ago: it waited less often and is through
            (tmp_path / "out.dcm").unlink()
            (tmp_path / "out.dcm.json").unlink()
            break
    left = sorted(path.name for path in tmp_path.iterdir())
    assert left == ["count.dcm", "count.dcm.json", "in.dcm"]


@pytest.mark.parametrize("name", LOSSLESS)
def test_real_objects(shared_data: Path, tmp_path: Path, name: str) -> None:
    """Every frame is what the source shows, and dciodvfy finds no error that was not there."""
    for path in sorted((shared_data / "dicom").iterdir()):
        if path.stat().st_size > (1_500_000 if name == "jpeg-ls" else 300_000):
            continue
        clip, target = xs_open(path), tmp_path / f"{path.stem}.dcm"
        try:
            run(export(clip, target, ExportOptions(syntax=NAMES[name])))
        except UnsupportedError as error:
            assert "does not say what it is" in str(error)  # noqa: PT017 - most objects raise nothing
            continue
        again = xs_open(target)
        for index in {0, len(clip) // 2, len(clip) - 1}:
            np.testing.assert_array_equal(again.stored(index), clip.stored(index))
        if name in {"explicit", "jpeg-ls", "jpeg-2000", "rle", "jpeg-lossless"}:
            assert _new_errors(path, target) == set(), path.name


def _new_errors(source: Path, target: Path) -> set[str]:
    """Return errors that are new; those of a UID that the source has as well are told twice."""
    found = errors_of(target) - errors_of(source)
    deflated = "image_dfl" in source.name  # which the validator cannot read
    return {e for e in found if "(0x0002,0x0003)" not in e and not (deflated and "Laterality" in e)
            and "Illegal root for UID" not in e}  # fmt: skip
