"""Decoders: every syntax gives the right pixels, and damage is an error, not a wrong picture."""

from __future__ import annotations

import io
import struct
import zlib
from dataclasses import replace

import imagecodecs
import numpy as np
import pytest
from PIL import Image

from tests.dicom.objects import picture
from xray_studio.core.errors import UnreadableError, UnsupportedError
from xray_studio.dicom.file import syntaxes
from xray_studio.dicom.pixels import decoders
from xray_studio.dicom.pixels.colour import full_to_rgb, to_rgb
from xray_studio.dicom.pixels.decoders import decode
from xray_studio.dicom.pixels.jpeg_xl import read_size
from xray_studio.dicom.pixels.pixel_format import PixelFormat, pixel_values

ROWS, COLUMNS = 37, 53
DEPTHS = [(2, 8), (7, 8), (8, 8), (10, 16), (12, 16), (13, 16), (16, 16)]


def layout(bits: int, allocated: int, *, signed: bool = False) -> PixelFormat:
    return PixelFormat(
        ROWS, COLUMNS, bits_allocated=allocated, bits_stored=bits, high_bit=bits - 1, signed=signed
    )


def grey(bits: int, *, signed: bool) -> np.ndarray:
    low = -(1 << (bits - 1)) if signed else 0
    return picture(low, low + (1 << bits) - 1, (ROWS, COLUMNS))


def as_words(values: np.ndarray, bits: int, allocated: int) -> np.ndarray:
    return (values & ((1 << bits) - 1)).astype(f"<u{allocated // 8}")


def rle_frame(planes: list[np.ndarray], padding: bytes = b"") -> bytes:
    segments = [bytes(imagecodecs.packbits_encode(plane.tobytes())) + padding for plane in planes]
    segments = [segment + b"\0" * (len(segment) % 2) for segment in segments]
    offsets = [64 + sum(map(len, segments[:i])) for i in range(len(segments))]
    header = struct.pack(f"<I{len(offsets)}I", len(segments), *offsets).ljust(64, b"\0")
    return header + b"".join(segments)


def rle_of_words(words: np.ndarray) -> bytes:
    size = words.dtype.itemsize
    return rle_frame([((words >> (8 * i)) & 255).astype(np.uint8) for i in reversed(range(size))])


def deflated(words: np.ndarray) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(words.tobytes()) + packer.flush()


LOSSLESS = {
    "JPEG lossless, predictor 1": (
        syntaxes.JPEG_LOSSLESS_SV1,
        lambda words, bits: imagecodecs.jpeg8_encode(words, lossless=True, bitspersample=bits),
    ),
    "JPEG lossless, predictor 6": (
        syntaxes.JPEG_LOSSLESS,
        lambda words, bits: imagecodecs.jpeg8_encode(
            words, lossless=True, predictor=6, bitspersample=bits
        ),
    ),
    "JPEG lossless, all bits allocated": (
        syntaxes.JPEG_LOSSLESS_SV1,
        lambda words, bits: imagecodecs.jpeg8_encode(
            words, lossless=True, bitspersample=8 * words.itemsize
        ),
    ),
    "JPEG-LS": (syntaxes.JPEG_LS, lambda words, bits: imagecodecs.jpegls_encode(words)),
    "JPEG 2000": (
        syntaxes.JPEG_2000_LOSSLESS,
        lambda words, bits: imagecodecs.jpeg2k_encode(
            words, level=0, reversible=True, codecformat="J2K", bitspersample=bits
        ),
    ),
    "JPEG 2000 in a JP2 file": (
        syntaxes.JPEG_2000_LOSSLESS,
        lambda words, bits: imagecodecs.jpeg2k_encode(words, level=0, reversible=True),
    ),
    "HTJ2K": (
        syntaxes.HTJ2K_LOSSLESS,
        lambda words, bits: imagecodecs.htj2k_encode(words, reversible=True),
    ),
    "HTJ2K, RPCL": (
        syntaxes.HTJ2K_LOSSLESS_RPCL,
        lambda words, bits: imagecodecs.htj2k_encode(words, reversible=True, tlm=True),
    ),
    "JPEG XL": (
        syntaxes.JPEG_XL_LOSSLESS,
        lambda words, bits: imagecodecs.jpegxl_encode(words, lossless=True, bitspersample=bits),
    ),
    "JPEG XL in a container": (
        syntaxes.JPEG_XL_LOSSLESS,
        lambda words, bits: imagecodecs.jpegxl_encode(
            words, lossless=True, bitspersample=bits, usecontainer=True
        ),
    ),
    "RLE": (syntaxes.RLE, lambda words, bits: rle_of_words(words)),
    "deflated frames": (syntaxes.DEFLATED_FRAMES, lambda words, bits: deflated(words)),
    "encapsulated uncompressed": (
        syntaxes.ENCAPSULATED_UNCOMPRESSED,
        lambda words, bits: words.tobytes(),
    ),
}


@pytest.mark.parametrize("signed", [False, True])
@pytest.mark.parametrize(("bits", "allocated"), DEPTHS)
@pytest.mark.parametrize("name", LOSSLESS)
def test_lossless_frames_come_back_exactly(
    name: str, bits: int, allocated: int, signed: bool
) -> None:
    uid, encode = LOSSLESS[name]
    form = layout(bits, allocated, signed=signed)
    values = grey(bits, signed=signed)
    decoded = decode(bytes(encode(as_words(values, bits, allocated), bits)), uid, form)
    found = pixel_values(decoded.samples, decoded.precision, form)
    assert found.dtype == form.dtype
    np.testing.assert_array_equal(found, values)


@pytest.mark.parametrize(("bits", "allocated"), DEPTHS)
@pytest.mark.parametrize("codec", ["jpeg2k", "htj2k"])
def test_signed_codestreams_come_back_exactly(codec: str, bits: int, allocated: int) -> None:
    form = layout(bits, allocated, signed=True)
    values = grey(bits, signed=True)
    words = values.astype(f"i{allocated // 8}")
    if codec == "jpeg2k":
        uid, data = syntaxes.JPEG_2000, imagecodecs.jpeg2k_encode(words, reversible=True)
    else:
        uid, data = syntaxes.HTJ2K, imagecodecs.htj2k_encode(words, reversible=True)
    decoded = decode(bytes(data), uid, form)
    np.testing.assert_array_equal(pixel_values(decoded.samples, decoded.precision, form), values)


def test_overlay_bits_above_and_below_the_value_are_cut_off() -> None:
    values = grey(10, signed=True)
    form = replace(layout(10, 16, signed=True), high_bit=12)
    junk = np.random.default_rng(3).integers(0, 1 << 16, values.shape, dtype=np.uint16)
    words = ((values & 0x3FF) << 3).astype(np.uint16) | (junk & 0b1110_0000_0000_0111)
    for uid, data in (
        (syntaxes.ENCAPSULATED_UNCOMPRESSED, words.tobytes()),
        (syntaxes.RLE, rle_of_words(words)),
        (syntaxes.JPEG_LS, bytes(imagecodecs.jpegls_encode(words))),
    ):
        decoded = decode(data, uid, form)
        np.testing.assert_array_equal(
            pixel_values(decoded.samples, decoded.precision, form), values
        )


@pytest.mark.parametrize("bits", [8, 12])
def test_jpeg_keeps_its_depth(bits: int) -> None:
    values = picture(0, (1 << bits) - 1, (64, 96))
    words = as_words(values, bits, 8 if bits == 8 else 16)
    data = bytes(imagecodecs.jpeg8_encode(words, level=99, bitspersample=bits))
    uid = syntaxes.JPEG_BASELINE if bits == 8 else syntaxes.JPEG_EXTENDED
    form = replace(layout(bits, 8 if bits == 8 else 16), rows=64, columns=96)
    decoded = decode(data, uid, form)
    assert decoded.precision == bits
    far = np.abs(pixel_values(decoded.samples, bits, form).astype(int) - values)
    assert far.max() <= (1 << bits) // 64


COLOUR = PixelFormat(
    ROWS, COLUMNS, samples=3, bits_allocated=8, bits_stored=8, high_bit=7, photometric="RGB"
)
RGB = picture(0, 255, (ROWS, COLUMNS, 3)).astype(np.uint8)


def shown(data: bytes, uid: str, photometric: str) -> np.ndarray:
    decoded = decode(bytes(data), uid, replace(COLOUR, photometric=photometric))
    return to_rgb(decoded.samples, decoded.photometric, decoded.precision)


def jpeg(stored: str, **options: object) -> bytes:
    return bytes(
        imagecodecs.jpeg8_encode(
            RGB, colorspace="RGB", outcolorspace=stored, subsampling="444", **options
        )
    )


def jfif(subsampling: int = 0) -> bytes:
    out = io.BytesIO()
    Image.fromarray(RGB).save(out, "JPEG", quality=98, subsampling=subsampling)
    return out.getvalue()


@pytest.mark.parametrize("photometric", ["RGB", "YBR_FULL", "YBR_FULL_422"])
def test_markers_of_a_jpeg_tell_its_colours_whatever_the_object_says(photometric: str) -> None:
    # libjpeg writes an Adobe marker for RGB and a JFIF marker for YCbCr; PIL a JFIF marker.
    for data in (jpeg("RGB", level=98), jpeg("YCBCR", level=98), jfif()):
        found = shown(data, syntaxes.JPEG_BASELINE, photometric)
        assert np.abs(found.astype(int) - RGB).max() <= 16


def test_without_markers_the_object_tells_the_colours_of_a_jpeg() -> None:
    data = without_segments(jpeg("YCBCR", level=98))
    ybr = shown(data, syntaxes.JPEG_BASELINE, "YBR_FULL")
    assert np.abs(ybr.astype(int) - RGB).max() <= 16
    raw = shown(data, syntaxes.JPEG_BASELINE, "RGB")
    np.testing.assert_allclose(full_to_rgb(raw).astype(int), ybr, atol=2)


def without_segments(data: bytes) -> bytes:
    """Return a JPEG without APP0 and APP14."""
    kept, position = data[:2], 2
    while data[position + 1] != 0xDA:
        length = int.from_bytes(data[position + 2 : position + 4], "big") + 2
        if data[position + 1] not in {0xE0, 0xEE}:
            kept += data[position : position + length]
        position += length
    return kept + data[position:]


def test_subsampled_colours_are_ycbcr_without_any_marker() -> None:
    data = without_segments(jfif(subsampling=2))
    found = shown(data, syntaxes.JPEG_BASELINE, "RGB")
    assert np.abs(found.astype(int) - RGB).mean() < 8


@pytest.mark.parametrize(
    ("uid", "photometric", "data"),
    [
        (syntaxes.JPEG_LOSSLESS_SV1, "RGB", jpeg("RGB", lossless=True)),
        (syntaxes.JPEG_LS, "RGB", imagecodecs.jpegls_encode(RGB)),
        (syntaxes.JPEG_XL_LOSSLESS, "RGB", imagecodecs.jpegxl_encode(RGB, lossless=True)),
        (syntaxes.RLE, "RGB", rle_frame([RGB[..., i] for i in range(3)])),
        (syntaxes.ENCAPSULATED_UNCOMPRESSED, "RGB", RGB.tobytes()),
        *(
            (
                syntaxes.JPEG_2000_LOSSLESS,
                photometric,
                imagecodecs.jpeg2k_encode(RGB, reversible=True, codecformat="J2K", mct=mct),
            )
            for photometric, mct in [("YBR_RCT", True), ("RGB", True), ("RGB", False)]
        ),
        (syntaxes.HTJ2K_LOSSLESS, "YBR_RCT", imagecodecs.htj2k_encode(RGB, rgb=True)),
        (syntaxes.HTJ2K_LOSSLESS, "RGB", imagecodecs.htj2k_encode(RGB, rgb=False)),
    ],
)
def test_lossless_colours_come_back_exactly(uid: str, photometric: str, data: bytes) -> None:
    np.testing.assert_array_equal(shown(data, uid, photometric), RGB)


def test_codestreams_without_a_transform_keep_the_colour_model_of_the_object() -> None:
    data = imagecodecs.jpeg2k_encode(RGB, reversible=True, codecformat="J2K", mct=False)
    found = shown(data, syntaxes.JPEG_2000_LOSSLESS, "YBR_FULL")
    np.testing.assert_array_equal(found, full_to_rgb(RGB))


def test_colours_of_twelve_bits_are_shown_with_eight() -> None:
    deep = picture(0, 4095, (ROWS, COLUMNS, 3)).astype(np.uint16)
    form = replace(COLOUR, bits_allocated=16, bits_stored=12, high_bit=11)
    decoded = decode(bytes(imagecodecs.jpegls_encode(deep)), syntaxes.JPEG_LS, form)
    bits = min(decoded.precision, 12)
    np.testing.assert_array_equal(to_rgb(decoded.samples, "RGB", bits), deep >> 4)


def frames_of_every_codec() -> dict[str, tuple[str, bytes]]:
    values = picture(0, 4095, (ROWS, COLUMNS)).astype(np.uint16)
    made = {name: (uid, bytes(encode(values, 12))) for name, (uid, encode) in LOSSLESS.items()}
    lossy = bytes(imagecodecs.jpeg8_encode(values, level=90, bitspersample=12))
    return made | {"JPEG 12 bit": (syntaxes.JPEG_EXTENDED, lossy)}


CUT = frames_of_every_codec()


@pytest.mark.parametrize("name", CUT)
def test_a_frame_cut_short_anywhere_is_an_error(name: str) -> None:
    uid, data = CUT[name]
    for length in {*range(0, len(data) - 2, max(1, len(data) // 40)), len(data) - 40}:
        with pytest.raises((UnreadableError, UnsupportedError)):
            decode(data[:length], uid, layout(12, 16))


def test_a_jpeg_that_lacks_only_its_end_mark_is_shown() -> None:
    _, data = CUT["JPEG 12 bit"]
    whole = decode(data, syntaxes.JPEG_EXTENDED, layout(12, 16))
    open_ended = decode(data.removesuffix(b"\xff\xd9"), syntaxes.JPEG_EXTENDED, layout(12, 16))
    np.testing.assert_array_equal(open_ended.samples, whole.samples)


@pytest.mark.parametrize("name", CUT)
def test_a_frame_of_another_size_is_an_error_that_names_both(name: str) -> None:
    uid, data = CUT[name]
    other = replace(layout(12, 16), rows=ROWS + 40)
    with pytest.raises(UnreadableError):
        decode(data, uid, other)


@pytest.mark.parametrize("name", ["JPEG-LS", "JPEG 2000", "HTJ2K", "JPEG 12 bit"])
def test_a_frame_of_another_depth_or_colour_is_an_error(name: str) -> None:
    uid, data = CUT[name]
    with pytest.raises(UnreadableError, match=r"1[26] bits a sample, but the object says 8"):
        decode(data, uid, layout(8, 8))
    with pytest.raises(UnreadableError, match="samples a pixel, but the object says 3"):
        decode(data, uid, replace(COLOUR, bits_allocated=16))


def test_an_enormous_size_in_a_frame_is_never_believed() -> None:
    _, data = CUT["JPEG 2000"]
    insane = data[:8] + struct.pack(">II", 1 << 31, 1 << 31) + data[16:]
    with pytest.raises(UnreadableError, match="2147483648 x 2147483648"):
        decode(insane, syntaxes.JPEG_2000, layout(12, 16))


def test_a_recompressed_jpeg_is_shown_as_the_jpeg() -> None:
    data = bytes(imagecodecs.jpegxl_encode_jpeg(jpeg("YCBCR", level=98)))
    found = shown(data, syntaxes.JPEG_XL_RECOMPRESSED, "YBR_FULL_422")
    assert np.abs(found.astype(int) - RGB).max() <= 16


@pytest.mark.parametrize("shape", [(8, 8), (64, 256), (33, 1), (600, 800), (513, 70_000 // 64)])
def test_sizes_of_jpeg_xl(shape: tuple[int, int]) -> None:
    for container in (False, True):
        data = imagecodecs.jpegxl_encode(
            np.zeros(shape, np.uint8), lossless=True, usecontainer=container
        )
        assert read_size(bytes(data)) == shape


def test_rle_segments_that_lie_outside_are_an_error() -> None:
    _, data = CUT["RLE"]
    outside = data[:8] + struct.pack("<I", 1 << 30) + data[12:]
    with pytest.raises(UnreadableError, match="byte planes"):
        decode(outside, syntaxes.RLE, layout(12, 16))
    with pytest.raises(UnreadableError, match="2 byte planes where 1 belong"):
        decode(data, syntaxes.RLE, layout(8, 8))


def test_padding_behind_an_rle_segment_is_no_picture() -> None:
    values = picture(0, 255, (ROWS, COLUMNS)).astype(np.uint8)
    decoded = decode(rle_frame([values], b"\0\x07\0\x07"), syntaxes.RLE, layout(8, 8))
    np.testing.assert_array_equal(decoded.samples, values)


def test_errors_that_openjph_only_prints_are_raised() -> None:
    _, data = CUT["HTJ2K"]
    errors = 0
    for position in range(200, len(data) - 2, 29):
        damaged = bytearray(data)
        damaged[position : position + 8] = b"\xff" * 8
        try:
            decode(bytes(damaged), syntaxes.HTJ2K, layout(12, 16))
        except UnreadableError:
            errors += 1
    assert errors > 0


@pytest.mark.parametrize(
    "uid",
    [
        "1.2.840.10008.1.2.4.100",
        "1.2.840.10008.1.2.4.102.1",
        "1.2.840.10008.1.2.4.107",
    ],
)
def test_video_says_that_it_is_not_played_yet(uid: str) -> None:
    with pytest.raises(UnsupportedError, match="video stream"):
        decode(b"", uid, layout(8, 8))


def test_unknown_syntaxes_are_named() -> None:
    with pytest.raises(UnsupportedError, match=r"1\.2\.3\.4"):
        decode(b"", "1.2.3.4", layout(8, 8))
    with pytest.raises(UnsupportedError, match="does not say how"):
        decode(b"", "", layout(8, 8))


def test_hierarchical_jpeg_is_not_supported() -> None:
    data = b"\xff\xd8\xff\xc5" + struct.pack(">HBHHB", 11, 8, ROWS, COLUMNS, 1) + b"\x01\x11\0"
    with pytest.raises(UnsupportedError, match="Hierarchical"):
        decode(data, syntaxes.JPEG_BASELINE, layout(8, 8))


def test_every_registered_decoder_loads_and_can_say_what_it_lacks() -> None:
    for uid, entry in decoders.DECODERS.entries().items():
        assert entry.missing() is None
        assert callable(decoders.DECODERS.load(uid))


def test_a_missing_library_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert "imagecodecs" in (decoders.missing_decoder(syntaxes.JPEG_LS) or "")
