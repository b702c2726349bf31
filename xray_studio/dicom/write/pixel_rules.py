"""Which transfer syntax takes which pixels, and what an object then says of them."""

from __future__ import annotations

from dataclasses import replace

from pydicom.dataset import Dataset

from xray_studio.core.errors import UsageError
from xray_studio.core.video.syntaxes import VIDEO_SYNTAXES
from xray_studio.dicom.attributes.values import text
from xray_studio.dicom.file import syntaxes
from xray_studio.dicom.pixels.encoders import ENCODERS, PLAIN, Coding
from xray_studio.dicom.pixels.frames import EncapsulatedSource
from xray_studio.dicom.pixels.pixel_format import PALETTE, PixelFormat
from xray_studio.dicom.pixels.stored import PixelSource, layout_of, stored_samples
from xray_studio.dicom.pixels.video_stream import VideoStream
from xray_studio.dicom.write.plan import FrameWay, Way

_METHODS = {
    syntaxes.JPEG_BASELINE: "ISO_10918_1",
    syntaxes.JPEG_EXTENDED: "ISO_10918_1",
    syntaxes.JPEG_LS_NEAR: "ISO_14495_1",
    syntaxes.JPEG_XL_RECOMPRESSED: "ISO_10918_1",  # which it holds bit for bit
}
_LARGEST = (1 << 32) - 2  # bytes of a native pixel data element


def frame_way(
    source: PixelSource, kept: str, asked: str, quality: int, *, changed: bool = False
) -> FrameWay:
    """Return how frames stored with `kept` come into a copy, whose transfer syntax it tells.

    `asked` is "" to keep what can be kept: big-endian objects become little endian, and frames
    that are `changed` lose nothing more. Frames that have the syntax already and are not changed
    stay byte for byte. Raises UsageError for pixels that do not fit.
    """
    layout = layout_of(source)
    packed = isinstance(source, EncapsulatedSource)
    keeps = kept in PLAIN or (packed and not (changed and _loses(kept, layout)))
    syntax = asked or (kept if keeps else syntaxes.EXPLICIT_LITTLE)
    if not changed and (kept == syntax or (not packed and syntax in PLAIN)):
        way = Way.KEPT
    else:
        way = Way.NATIVE if syntax in PLAIN else Way.ENCODED
    if way is Way.ENCODED:
        check_pixels(layout, syntax)
    return FrameWay(way, syntax, layout.bits_stored, quality)


def lossless_way(asked: str, layout: PixelFormat, what: str) -> FrameWay:
    """Return how frames that are made anew are stored, without loss; "" is explicit little endian.

    Raises UsageError, beginning with `what`, for a syntax that does not fit.
    """
    syntax = asked or syntaxes.EXPLICIT_LITTLE
    if syntax in PLAIN:
        return FrameWay(Way.NATIVE, syntax, layout.bits_stored)
    if ENCODERS[syntax].lossy:
        raise UsageError(f"{what} are stored without loss; choose another syntax.")
    check_pixels(layout, syntax)
    return FrameWay(Way.ENCODED, syntax, layout.bits_stored)


def _loses(syntax: str, layout: PixelFormat) -> bool:
    """Tell whether frames cannot be encoded anew with a syntax without loss."""
    coding = ENCODERS.get(syntax)
    return coding is None or coding.lossy or bool(_cannot(layout, coding))


def check_pixels(layout: PixelFormat, syntax: str) -> None:
    """Raise UsageError for pixels that a compressed transfer syntax does not take."""
    if reason := _cannot(layout, ENCODERS[syntax]):
        raise UsageError(f"{reason}; choose another transfer syntax, for example explicit.")


def _cannot(layout: PixelFormat, coding: Coding) -> str:
    if layout.floating or layout.bits_allocated in {1, 32}:
        return "Pixels of 1 or 32 bits and floating-point ones are not compressed"
    if layout.bits_allocated > coding.deepest:
        return f"This transfer syntax takes at most {coding.deepest} bits a pixel"
    if layout.bits_stored < coding.fewest:
        return f"This transfer syntax takes no fewer than {coding.fewest} stored bits"
    if coding.lossy and (layout.signed or layout.photometric == PALETTE):
        return "Signed pixels and palettes are not compressed with loss"
    return ""


def check_native_size(layout: PixelFormat, frames: int, how: FrameWay) -> None:
    """Raise UsageError for native pixel data that no element can hold."""
    if how.syntax in PLAIN and -(-layout.native_bits // 8) * frames > _LARGEST:
        raise UsageError(
            "Uncompressed pixel data beyond 4 GB has no place in a DICOM object; choose fewer"
            " frames, or a compressed transfer syntax such as jpeg-ls."
        )


def new_layout(source: PixelSource, how: FrameWay) -> PixelFormat:
    """Return the format of the native frames of a copy, or of those that are encoded."""
    layout = layout_of(source)
    if how.way is Way.KEPT:
        return layout
    photometric = layout.photometric
    if layout.samples == 3:
        photometric = stored_samples(source, 0)[1]
    return replace(layout, planar=False, photometric=photometric, high_bit=layout.bits_stored - 1)


def describe_pixels(dataset: Dataset, layout: PixelFormat, how: FrameWay) -> None:
    """Say how the frames of a copy are stored (PS3.3 C.7.6.3)."""
    if how.way is Way.KEPT:
        return
    if not layout.floating:
        dataset.HighBit = layout.high_bit
        # What the object leaves open was assumed, and the frames are now stored by it.
        assumed = {"SamplesPerPixel": layout.samples, "PixelRepresentation": int(layout.signed)}
        for keyword, meant in assumed.items():
            if keyword not in dataset:
                setattr(dataset, keyword, meant)
    if layout.samples == 3:
        dataset.PhotometricInterpretation = _colours(layout.photometric, how)
        # RLE keeps colours plane by plane (PS3.5 8.2.2).
        dataset.PlanarConfiguration = int(how.syntax == syntaxes.RLE)


def describe_new(dataset: Dataset, layout: PixelFormat, how: FrameWay) -> None:
    """Say how the frames of an object that is made anew are stored (PS3.3 C.7.6.3)."""
    dataset.Rows, dataset.Columns = layout.rows, layout.columns
    dataset.SamplesPerPixel = layout.samples
    dataset.PhotometricInterpretation = layout.photometric
    dataset.BitsAllocated, dataset.BitsStored = layout.bits_allocated, layout.bits_stored
    dataset.HighBit = layout.high_bit
    dataset.PixelRepresentation = int(layout.signed)
    if layout.samples == 3:
        dataset.PlanarConfiguration = int(layout.planar)
    describe_pixels(dataset, layout, how)


def _colours(photometric: str, how: FrameWay) -> str:
    """Return what encoded colours are: encoders of JPEG and JPEG 2000 transform them."""
    if how.way is not Way.ENCODED:
        return photometric
    return ENCODERS[how.syntax].become.get(photometric, photometric)


def describe_earlier_loss(dataset: Dataset, source: PixelSource, kept: str) -> None:
    """Let frames that were compressed with loss say so, whatever they are stored as now."""
    method = _METHODS.get(kept) or (VIDEO_SYNTAXES[kept].method if kept in VIDEO_SYNTAXES else "")
    if not method or text(dataset, "LossyImageCompression") == "01":
        return
    dataset.LossyImageCompression = "01"
    ratio = native_size(layout_of(source)) * source.shape[0] / max(1, _packed(source))
    dataset.LossyImageCompressionRatio = f"{ratio:.4g}"
    dataset.LossyImageCompressionMethod = method


def _packed(source: PixelSource) -> int:
    """Return the bytes of compressed frames."""
    if isinstance(source, VideoStream):
        return source.extents.length
    assert isinstance(source, EncapsulatedSource)
    return sum(length for frame in source.fragments for _, length in frame)


def native_size(layout: PixelFormat) -> int:
    """Return the bytes of an uncompressed frame."""
    return layout.pixels * layout.samples * layout.bits_allocated // 8
