"""The video transfer syntaxes (PS3.5 A.4.5 to A.4.14, 8.2.5 to 8.2.11) and what streams they take.

Profiles and levels are those that decoders of a syntax must play: those named in the syntax, and
the lower ones that the codec's own standard requires of such a decoder (ITU-T H.262 table 8-15,
H.264 A.2.4, H.265 A.3).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

LARGEST_ITEM: Final = 2**32 - 2  # bytes, the even ones of which an item can tell (PS3.5 A.4)

_ROOT = "1.2.840.10008.1.2.4."
MPEG2_MAIN: Final = f"{_ROOT}100"
MPEG2_HIGH: Final = f"{_ROOT}101"
H264_41: Final = f"{_ROOT}102"
H264_41_BD: Final = f"{_ROOT}103"
H264_42: Final = f"{_ROOT}104"
H264_42_3D: Final = f"{_ROOT}105"
H264_42_STEREO: Final = f"{_ROOT}106"
HEVC_MAIN: Final = f"{_ROOT}107"
HEVC_MAIN_10: Final = f"{_ROOT}108"

_NTSC = Fraction(1000, 1001)
_25, _30, _50, _60 = map(Fraction, (25, 30, 50, 60))
_24 = (Fraction(24), 24 * _NTSC)
_30S, _60S = (_30, 30 * _NTSC), (_60, 60 * _NTSC)


@dataclass(frozen=True, slots=True)
class Format:
    """A size with the rates (frames per second) that a syntax takes it at.

    `interlaced` None takes both fields and whole frames. With `smaller` sizes below it do too.
    """

    columns: int
    rows: int
    rates: tuple[Fraction, ...]
    interlaced: bool | None = None
    smaller: bool = False


@dataclass(frozen=True, slots=True)
class VideoSyntax:
    """One video transfer syntax.

    `codec`, `profiles` and `levels` are spelled as in VideoFacts. `bits` is the deepest sample.
    `frame_samples` and `samples_per_second` are luma samples at most, None where `formats` are
    all there is. Non-square pixels are told beside the stream only where `square` is false.
    `fragments` allows several items for one stream. `stereo` is "", "packed" for two views in each
    picture, or "views" for two that are coded together.
    """

    uid: str
    name: str
    codec: str
    profiles: tuple[str, ...]
    levels: tuple[str, ...]
    containers: tuple[str, ...] = ("mp4", "mpegts")
    bits: int = 8
    frame_samples: int | None = None
    samples_per_second: int | None = None
    formats: tuple[Format, ...] = ()
    square: bool = True
    fragments: bool = False
    stereo: str = ""

    @property
    def method(self) -> str:
        """Lossy Image Compression Method (PS3.3 C.7.6.1.1.5.1)."""
        return METHODS[self.codec]


METHODS: Final = {"mpeg2video": "ISO_13818_2", "h264": "ISO_14496_10", "hevc": "ISO_23008_2"}
STILL_METHODS: Final = {"mjpeg": "ISO_10918_1", "jpegls": "ISO_14495_1", "jpeg2000": "ISO_15444_1"}
LOSSLESS: Final = frozenset(
    ("ffv1", "rawvideo", "huffyuv", "ffvhuff", "utvideo", "png", "qtrle", "magicyuv", "v210")
)

_MPEG2_LEVELS = ("Low", "Main", "High 1440", "High")
_H264_LEVELS = (
    "1", "1b", "1.1", "1.2", "1.3", "2", "2.1", "2.2", "3", "3.1", "3.2", "4", "4.1", "4.2",
)  # fmt: skip
_HEVC_LEVELS = ("1", "2", "2.1", "3", "3.1", "4", "4.1", "5", "5.1")
_H264_PROFILES = ("Constrained Baseline", "Main", "High")
_MPEG2_CONTAINERS = ("mpegts", "mpeg", "mpegvideo")
_BLOCK = 256  # luma samples of a macroblock, in which H.264 counts (Table A-1)
_LEVEL_41 = (8_192 * _BLOCK, 245_760 * _BLOCK)
_LEVEL_42 = (8_704 * _BLOCK, 522_240 * _BLOCK)
_LEVEL_51 = (8_912_896, 534_773_760)  # H.265 Table A.8

_BLU_RAY = (  # PS3.5 8.2.7
    Format(1920, 1080, (_25, *_30S), interlaced=True),
    Format(1920, 1080, _24, interlaced=False),
    Format(1280, 720, (_50, *_60S, *_24), interlaced=False),
)
_HD_1080 = Format(1920, 1080, (_25, *_30S), smaller=True)
_HD_720 = Format(1280, 720, (_50, *_60S), interlaced=False, smaller=True)


def _h264(uid: str, name: str, limits: tuple[int, int], levels: tuple[str, ...]) -> VideoSyntax:
    return VideoSyntax(
        uid, name, "h264", _H264_PROFILES, levels, frame_samples=limits[0],
        samples_per_second=limits[1],
    )  # fmt: skip


def _hevc(uid: str, name: str, profiles: tuple[str, ...], bits: int) -> VideoSyntax:
    return VideoSyntax(
        uid, name, "hevc", profiles, _HEVC_LEVELS, bits=bits, frame_samples=_LEVEL_51[0],
        samples_per_second=_LEVEL_51[1], fragments=True,
    )  # fmt: skip


_42 = _h264(H264_42, "MPEG-4 AVC/H.264 High Profile / Level 4.2, 2D", _LEVEL_42, _H264_LEVELS)
_IN_ONE_ITEM = (
    VideoSyntax(
        MPEG2_MAIN, "MPEG2 Main Profile / Main Level", "mpeg2video", ("Main",),
        _MPEG2_LEVELS[:2], _MPEG2_CONTAINERS, square=False,
        formats=(Format(720, 480, _30S), Format(720, 576, (_25,))),
    ),
    VideoSyntax(
        MPEG2_HIGH, "MPEG2 Main Profile / High Level", "mpeg2video", ("Main",),
        _MPEG2_LEVELS, _MPEG2_CONTAINERS, square=False,
        formats=(_HD_1080, _HD_720),
    ),
    _h264(H264_41, "MPEG-4 AVC/H.264 High Profile / Level 4.1", _LEVEL_41, _H264_LEVELS[:-1]),
    replace(
        _h264(
            H264_41_BD, "MPEG-4 AVC/H.264 BD-compatible High Profile / Level 4.1", _LEVEL_41,
            _H264_LEVELS[:-1],
        ),
        formats=_BLU_RAY,
    ),
    _42,
    replace(
        _42, uid=H264_42_3D, name="MPEG-4 AVC/H.264 High Profile / Level 4.2, 3D",
        stereo="packed",
    ),
    replace(
        _42, uid=H264_42_STEREO, name="MPEG-4 AVC/H.264 Stereo High Profile / Level 4.2",
        profiles=("Stereo High",), stereo="views",
    ),
)  # fmt: skip
_IN_FRAGMENTS = tuple(
    replace(one, uid=f"{one.uid}.1", name=f"Fragmentable {one.name}", fragments=True)
    for one in _IN_ONE_ITEM
)
_HEVC = (
    _hevc(HEVC_MAIN, "HEVC/H.265 Main Profile / Level 5.1", ("Main",), 8),
    _hevc(HEVC_MAIN_10, "HEVC/H.265 Main 10 Profile / Level 5.1", ("Main", "Main 10"), 10),
)
VIDEO_SYNTAXES: Final = {one.uid: one for one in (*_IN_ONE_ITEM, *_HEVC, *_IN_FRAGMENTS)}


def fragmentable(syntax: VideoSyntax) -> VideoSyntax:
    """Return the form of a syntax whose stream may lie in several items."""
    return syntax if syntax.fragments else VIDEO_SYNTAXES[f"{syntax.uid}.1"]
