"""Image pixels: what their attributes say together, and against transfer syntax and bytes.

PS3.3 C.7.6.3 and PS3.5 8.
"""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

from pydicom.uid import UID

from xray_studio.core.errors import UnreadableError
from xray_studio.core.video.syntaxes import VIDEO_SYNTAXES
from xray_studio.dicom.conformance.item import Item, numbers
from xray_studio.dicom.conformance.report import Report
from xray_studio.dicom.file import syntaxes
from xray_studio.dicom.pixels.encapsulated import walk_items

_SECTION = "PS3.3 C.7.6.3"
_ONE = frozenset({"MONOCHROME1", "MONOCHROME2", "PALETTE COLOR"})
_THREE = frozenset(
    {"RGB", "YBR_FULL", "YBR_FULL_422", "YBR_PARTIAL_422", "YBR_PARTIAL_420", "YBR_ICT", "YBR_RCT",
     "HSV", "XYB"}
)  # fmt: skip
_PIXEL = "PixelData"
# Colours that only some transfer syntaxes can carry (PS3.5 8.2).
_JPEG_2000 = frozenset(
    {syntaxes.JPEG_2000, syntaxes.JPEG_2000_LOSSLESS, syntaxes.JPEG_2000_PART2,
     syntaxes.JPEG_2000_PART2_LOSSLESS, syntaxes.HTJ2K, syntaxes.HTJ2K_LOSSLESS,
     syntaxes.HTJ2K_LOSSLESS_RPCL}
)  # fmt: skip
_LOSSLESS_2000 = frozenset(
    {syntaxes.JPEG_2000_LOSSLESS, syntaxes.HTJ2K_LOSSLESS, syntaxes.HTJ2K_LOSSLESS_RPCL,
     syntaxes.JPEG_2000_PART2_LOSSLESS}
)  # fmt: skip
_EIGHT_BITS = frozenset({syntaxes.JPEG_BASELINE})


@dataclass(frozen=True, slots=True)
class PixelFacts:
    """The pixel data element: bytes of native frames, or the count of fragments and table entries.

    `length` is None for encapsulated frames. `available` is how many bytes the file has.
    """

    length: int | None
    available: int
    fragments: int = 0
    entries: int = 0
    ended: bool = True
    words: bool = False
    floating: bool = False


def facts_of(data: bytes, vr: str, *, encapsulated: bool) -> PixelFacts:
    """Return what pixel data in memory tells of itself."""
    if not encapsulated:
        return PixelFacts(len(data), len(data), words="OW" in vr, floating=vr in {"OF", "OD"})
    try:
        items = walk_items(BytesIO(data), 0, len(data))
    except UnreadableError:
        return PixelFacts(None, len(data), ended=False)
    return PixelFacts(None, len(data), len(items.fragments), len(items.table))


def check_pixels(root: Item, syntax: str, facts: PixelFacts | None, report: Report) -> None:
    """Check an image; `facts` is None where its pixel data is not known."""
    if root.get("SamplesPerPixel") is None or root.get("Rows") is None:
        return
    _check_bits(root, report)
    _check_colour(root, report)
    _check_ratio(root, report)
    if syntax:
        _check_syntax(root, syntax, report)
    if facts is None:
        return
    if facts.length is None:
        _check_fragments(root, syntax, facts, report)
    else:
        _check_length(root, syntax, facts, report)


def _check_bits(root: Item, report: Report) -> None:
    allocated, stored = root.whole("BitsAllocated"), root.whole("BitsStored")
    high = root.whole("HighBit")
    if allocated is not None and allocated != 1 and (allocated % 8 or allocated < 8):
        report.error("BitsAllocated", "It is neither 1 nor a multiple of 8.", "PS3.5 8.1.1")
    if None in (allocated, stored):
        return
    assert stored is not None
    assert allocated is not None
    if not 0 < stored <= allocated:
        report.error("BitsStored", "It is not between 1 and Bits Allocated.", "PS3.5 8.1.1")
    if high is not None and high != stored - 1:
        report.error("HighBit", "It is not one less than Bits Stored.", "PS3.5 8.1.1")
    for keyword in ("Rows", "Columns"):
        if root.whole(keyword) == 0:
            report.error(keyword, "It is 0: the image has no size.", _SECTION)


def _check_colour(root: Item, report: Report) -> None:
    photometric, samples = root.text("PhotometricInterpretation"), root.whole("SamplesPerPixel")
    wanted = 1 if photometric in _ONE else 3 if photometric in _THREE else None
    if wanted is not None and samples is not None and samples != wanted:
        told = "It does not have the number of samples of its Photometric Interpretation."
        report.error("SamplesPerPixel", told, "PS3.3 C.7.6.3.1.2")
    if photometric == "PALETTE COLOR":
        _check_palette(root, report)
    if photometric in {"YBR_FULL_422", "YBR_PARTIAL_422", "YBR_PARTIAL_420"}:
        _check_planes(root, report, "This Photometric Interpretation asks for planes by pixel (0).")


def _check_ratio(root: Item, report: Report) -> None:
    ratio = numbers(root.get("PixelAspectRatio"))
    if len(ratio) == 2 and ratio[0] == ratio[1]:
        told = "It is 1:1, so it must not be present."
        report.error("PixelAspectRatio", told, "PS3.3 C.7.6.3, Table C.7-11a")


def _check_palette(root: Item, report: Report) -> None:
    for colour in ("Red", "Green", "Blue"):
        name = f"{colour}PaletteColorLookupTableData"
        if root.filled(name) is None and root.filled(f"Segmented{name}") is None:
            report.error(name, "A palette lacks this table.", "PS3.3 C.7.6.3.1.6")
    if root.whole("PixelRepresentation"):
        told = "Indices into a palette are unsigned (0)."
        report.error("PixelRepresentation", told, "PS3.3 C.7.6.3.1.2")


def _check_planes(root: Item, report: Report, told: str) -> None:
    if root.whole("PlanarConfiguration"):
        report.error("PlanarConfiguration", told, "PS3.3 C.7.6.3.1.3")


def _check_syntax(root: Item, syntax: str, report: Report) -> None:
    """Check what a transfer syntax asks of the attributes."""
    photometric, path = root.text("PhotometricInterpretation"), "PhotometricInterpretation"
    video = syntaxes.is_video(syntax)
    if photometric == "YBR_RCT" and syntax not in _JPEG_2000:
        report.error(path, "Only JPEG 2000 and HTJ2K carry YBR_RCT.", "PS3.5 8.2.4")
    if photometric == "YBR_ICT" and syntax not in _JPEG_2000 - _LOSSLESS_2000:
        report.error(path, "Only JPEG 2000 and HTJ2K with loss carry YBR_ICT.", "PS3.5 8.2.4")
    if photometric == "YBR_PARTIAL_420" and not video:
        report.error(path, "Only video carries YBR_PARTIAL_420.", "PS3.5 8.2.5")
    if photometric == "XYB" and syntax != syntaxes.JPEG_XL:
        report.error(path, "Only JPEG XL carries XYB.", "PS3.5 8.2")
    if syntax not in syntaxes.NATIVE and syntax != syntaxes.RLE:
        _check_compressed(root, syntax, report)
    if (syntax in syntaxes.LOSSY or video) and root.text("LossyImageCompression") != "01":
        told = "The transfer syntax loses detail, and it does not say 01."
        report.error("LossyImageCompression", told, "PS3.3 C.7.6.1.1.5")


def _check_compressed(root: Item, syntax: str, report: Report) -> None:
    if syntax != syntaxes.ENCAPSULATED_UNCOMPRESSED:
        planes = "Compressed colours are by pixel (0)."
        section = syntax in _JPEG_2000 or syntaxes.is_video(syntax)
        if section or root.text("PhotometricInterpretation").startswith("YBR"):
            _check_planes(root, report, planes)
    if (syntax in _EIGHT_BITS or syntaxes.is_video(syntax)) and root.whole("BitsStored") not in {
        8, 10, None,
    }:  # fmt: skip
        told = "The transfer syntax carries samples of 8 bits."
        report.error("BitsStored", told, "PS3.5 8.2.1")


def frame_count(root: Item) -> int:
    """Return Number of Frames, 1 where it is not told."""
    return max(1, root.whole("NumberOfFrames") or 1)


def _check_length(root: Item, syntax: str, facts: PixelFacts, report: Report) -> None:
    assert facts.length is not None
    if facts.available < facts.length:
        report.error(_PIXEL, "The file ends within it.", "PS3.5 7.1.1")
    if syntax not in {"", *syntaxes.NATIVE} and UID(syntax).is_transfer_syntax:
        report.error(_PIXEL, "The transfer syntax asks for compressed frames.", "PS3.5 A.4")
        return
    sizes = [root.whole(k) for k in ("Rows", "Columns", "SamplesPerPixel", "BitsAllocated")]
    if None in sizes:
        return
    rows, columns, samples, bits = (size or 0 for size in sizes)
    if root.text("PhotometricInterpretation") in {"YBR_FULL_422", "YBR_PARTIAL_422"}:
        samples = 2
    wanted = -(-rows * columns * samples * bits * frame_count(root) // 8)
    if facts.length != wanted + wanted % 2:
        longer = "more" if facts.length > wanted else "fewer"
        told = f"It has {longer} bytes than rows, columns, samples, bits and frames make."
        report.error(_PIXEL, told, "PS3.5 8.1.1")
    explicit = syntax not in syntaxes.IMPLICIT
    if explicit and bits > 8 and not facts.words and not facts.floating:
        told = "Its VR is not OW, as more than 8 bits ask for."
        report.error(_PIXEL, told, "PS3.5 A.2")


def _check_fragments(root: Item, syntax: str, facts: PixelFacts, report: Report) -> None:
    frames = frame_count(root)
    if not facts.ended:
        report.error(_PIXEL, "The file ends within it.", "PS3.5 A.4")
    if syntax in syntaxes.NATIVE:
        report.error(_PIXEL, "The transfer syntax does not compress, and it is.", "PS3.5 A.4")
        return
    if syntaxes.is_video(syntax):
        video = VIDEO_SYNTAXES.get(syntax)
        if facts.fragments > 1 and video is not None and not video.fragments:
            told = "A stream of this transfer syntax lies in one fragment, and it has several."
            report.error(_PIXEL, told, "PS3.5 A.4")
        return
    if facts.fragments < frames:
        report.error(_PIXEL, "It has fewer fragments than frames.", "PS3.5 A.4")
    if syntax == syntaxes.RLE and facts.fragments != frames:
        report.error(_PIXEL, "It does not have one fragment for each frame.", "PS3.5 A.4.2")
    if facts.entries not in {0, frames}:
        told = "Its Basic Offset Table does not have one entry for each frame."
        report.error(_PIXEL, told, "PS3.5 A.4")
    for keyword in ("ExtendedOffsetTable", "ExtendedOffsetTableLengths"):
        _check_table(root, keyword, frames, facts, report)


def _check_table(root: Item, keyword: str, frames: int, facts: PixelFacts, report: Report) -> None:
    found = root.filled(keyword)
    if found is None:
        return
    size = sum(len(value) for value in found.values if isinstance(value, bytes))
    if size and size != 8 * frames:
        report.error(keyword, "It does not have one entry for each frame.", "PS3.3 C.7.6.3.1.8")
    if facts.entries:
        told = "It stands beside a Basic Offset Table that is not empty."
        report.error(keyword, told, "PS3.3 C.7.6.3.1.8")
