"""Which transfer syntaxes a stream may be kept in bit for bit, and why not the others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from xray_studio.core.video.facts import PICTURES, VideoFacts
from xray_studio.core.video.syntaxes import (
    H264_41,
    H264_42,
    H264_42_3D,
    H264_42_STEREO,
    HEVC_MAIN,
    HEVC_MAIN_10,
    MPEG2_HIGH,
    MPEG2_MAIN,
    VIDEO_SYNTAXES,
    Format,
    VideoSyntax,
)
from xray_studio.core.video.words import codec_words, rate_words

# In this order: what most PACS take comes first. The Blu-ray form says more of a stream than its
# header tells, so it is never chosen by itself.
_PREFERRED: Final = (
    MPEG2_MAIN, MPEG2_HIGH, H264_41, H264_42, H264_42_3D, H264_42_STEREO, HEVC_MAIN, HEVC_MAIN_10,
)  # fmt: skip
_SAME_RATE = Fraction(1, 1000)  # of a rate, that containers round it by


@dataclass(frozen=True, slots=True)
class Legality:
    """The syntaxes that a stream may be kept in, the preferred first, else sentences why not."""

    syntaxes: tuple[VideoSyntax, ...]
    reasons: tuple[str, ...] = ()


def legality(facts: VideoFacts, wanted: str = "") -> Legality:
    """Return where a stream may be kept; `wanted` is the UID of the only syntax that counts."""
    if wanted and facts.container != PICTURES:
        reasons = tuple(why_not(facts, VIDEO_SYNTAXES[wanted]))
        return Legality(() if reasons else (VIDEO_SYNTAXES[wanted],), reasons)
    of_codec = [
        VIDEO_SYNTAXES[uid] for uid in _PREFERRED if VIDEO_SYNTAXES[uid].codec == facts.codec
    ]
    if facts.container == PICTURES:
        return Legality((), ("Single pictures are no stream that could be kept.",))
    if not of_codec:
        return Legality(
            (), (f"DICOM has no transfer syntax for {codec_words(facts.codec)} streams.",)
        )
    verdicts = [(one, tuple(why_not(facts, one))) for one in of_codec]
    legal = tuple(one for one, reasons in verdicts if not reasons)
    # The one that it misses by least is what is told.
    fewest = min((reasons for _, reasons in verdicts), key=len)
    return Legality(legal, () if legal else fewest)


def why_not(facts: VideoFacts, syntax: VideoSyntax) -> Iterator[str]:
    """Yield a sentence for each thing in which a stream breaks a syntax; nothing where it fits."""
    if facts.codec != syntax.codec:
        wanted, found = codec_words(syntax.codec), codec_words(facts.codec)
        yield f"{syntax.name} takes {wanted}, and this is {found}."
        return
    if facts.profile not in syntax.profiles:
        found = facts.profile or "unknown"
        yield f"The profile is {found}, and {syntax.name} takes {_listed(syntax.profiles)}."
    elif facts.level not in syntax.levels:
        found = facts.level or "unknown"
        yield f"The level is {found}, and {syntax.name} ends at {syntax.levels[-1]}."
    yield from _samples(facts, syntax)
    yield from _pictures(facts, syntax)
    yield from _size(facts, syntax)


def _samples(facts: VideoFacts, syntax: VideoSyntax) -> Iterator[str]:
    if facts.chroma != "4:2:0":
        yield f"The colours are stored as {facts.chroma}, and DICOM video takes 4:2:0."
    if facts.bits > syntax.bits:
        yield f"The samples have {facts.bits} bits, and {syntax.name} takes {syntax.bits}."
    if facts.stereo != syntax.stereo:
        yield (
            "The video holds two views, and this syntax takes one."
            if facts.stereo
            else "The video holds one view, and this syntax takes two."
        )


def _pictures(facts: VideoFacts, syntax: VideoSyntax) -> Iterator[str]:
    if syntax.square and facts.pixel_aspect != 1:
        aspect = facts.pixel_aspect
        yield (
            f"The pixels are not square ({aspect.numerator}:{aspect.denominator}), which"
            f" {codec_words(syntax.codec)} in DICOM must be."
        )
    if facts.rotation % 360:
        yield (
            f"The container turns the pictures by {facts.rotation} degrees, which DICOM cannot"
            " tell; they must be turned themselves."
        )
    if facts.hidden:
        yield (
            "Some frames of the stream are not shown, being damaged or cut out by the container;"
            " DICOM shows all."
        )
    if facts.variable:
        yield "The frames are unequally far apart, and a video in DICOM has one frame time."
    elif not facts.rate:
        yield "Nobody tells the frame rate."


def _size(facts: VideoFacts, syntax: VideoSyntax) -> Iterator[str]:
    if not facts.columns or not facts.rows:
        yield "Nobody tells the size of the pictures."
        return
    size = f"{facts.columns} x {facts.rows}"
    if syntax.formats:
        if not any(_fits(facts, one) for one in syntax.formats):
            scan = ", interlaced" if facts.interlaced else ""
            yield (
                f"{size} at {rate_words(facts.rate)} frames per second{scan} is none of the formats"
                f" of {syntax.name}."
            )
        return
    samples = _coded(facts.columns) * _coded(facts.rows)
    if syntax.frame_samples is not None and samples > syntax.frame_samples:
        yield f"{size} is larger than {syntax.name} takes."
    elif syntax.samples_per_second is not None and (
        samples * facts.rate > syntax.samples_per_second * (1 + _SAME_RATE)
    ):
        yield f"{size} at {rate_words(facts.rate)} frames per second is too fast for {syntax.name}."


def _fits(facts: VideoFacts, one: Format) -> bool:
    fits = facts.columns <= one.columns and facts.rows <= one.rows
    if not one.smaller:
        fits = (facts.columns, facts.rows) == (one.columns, one.rows)
    scan = one.interlaced is None or one.interlaced == facts.interlaced
    near = any(abs(facts.rate / rate - 1) <= _SAME_RATE / 2 for rate in one.rates)
    return fits and scan and near


def _coded(size: int) -> int:
    """Return a size in whole macroblocks, in which streams are coded."""
    return -(-size // 16) * 16


def _listed(words: tuple[str, ...]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"
