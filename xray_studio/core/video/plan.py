"""What is done with one video on its way into DICOM, and why, before anything is written."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from xray_studio.core.errors import UnsupportedError, UsageError
from xray_studio.core.output import Quality
from xray_studio.core.video.classes import BYTES, WORDS, Kind, VideoClass, video_class
from xray_studio.core.video.facts import FASTEST, PICTURES, VideoFacts
from xray_studio.core.video.legal import legality, why_not
from xray_studio.core.video.room import CONTAINER_NAMES, container_for, room_for
from xray_studio.core.video.syntaxes import (
    H264_41,
    H264_42,
    HEVC_MAIN,
    HEVC_MAIN_10,
    LARGEST_ITEM,
    VIDEO_SYNTAXES,
    VideoSyntax,
    fragmentable,
)
from xray_studio.core.video.words import found_words, left_out, rate_words

JPEG_BASELINE: Final = "1.2.840.10008.1.2.4.50"
JPEG_LS: Final = "1.2.840.10008.1.2.4.80"
_SOUNDS: Final = frozenset(("aac", "mp2", "mp3", "ac3"))  # PS3.5 8.2.12
_ENCODED: Final = {"h264": ("High", ("4.1", "4.2")), "hevc": ("Main", ("5.1",))}


class Transcode(enum.Enum):
    """When a stream is encoded anew. The values are those of the command line."""

    AUTO = "auto"
    NEVER = "never"
    ALWAYS = "always"


class Way(enum.Enum):
    """What happens to the pictures."""

    KEPT = "kept"
    TRANSCODED = "transcoded"
    CAPTURED = "captured"


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for.

    `quality` is that of pictures that are encoded anew. `syntax` is a UID, "" to choose.
    `largest_item` are the bytes above which a stream lies in several items, or with `parts` in
    several objects.
    """

    kind: Kind = Kind.AUTO
    modality: str = ""
    transcode: Transcode = Transcode.AUTO
    quality: Quality = Quality.MEDIUM
    syntax: str = ""
    keep_sound: bool = False
    keep_metadata: bool = False
    parts: bool = False
    largest_item: int = LARGEST_ITEM


@dataclass(frozen=True, slots=True)
class VideoPlan:
    """What becomes of a video.

    `syntax` is the UID of the transfer syntax, `container` what the stream lies in, "" for frames
    on their own. `columns` and `rows` are those of the object, `rate` its frames per second; of
    frames at unequal distances a capture keeps the moments. `found`, `doing` and `reasons` are
    sentences for a person: what there is, what is done, why. `bits` are those of samples that are
    encoded anew.
    """

    way: Way
    what: VideoClass
    syntax: str
    container: str
    columns: int
    rows: int
    rate: Fraction
    quality: Quality
    found: tuple[str, ...]
    doing: tuple[str, ...]
    reasons: tuple[str, ...]
    bits: int = 8

    @property
    def video_syntax(self) -> VideoSyntax | None:
        """The syntax of a stream, None for frames on their own."""
        return VIDEO_SYNTAXES.get(self.syntax)


def planned(facts: VideoFacts, wish: Wish) -> VideoPlan:
    """Return what is done with a video.

    Raises UsageError for what does not go together, UnsupportedError where the stream would have to
    be encoded anew and that is forbidden.
    """
    what = video_class(wish.kind, wish.modality)
    if wish.keep_sound:
        _check_sound(facts)
    if _as_frames(wish):
        return _captured(facts, wish, what)
    if wish.quality is Quality.LOSSLESS:
        raise UsageError(
            "No video transfer syntax of DICOM is lossless; leave out --syntax, or choose one of"
            " single frames such as jpeg-ls."
        )
    found = legality(facts, wish.syntax)
    if found.syntaxes and wish.transcode is not Transcode.ALWAYS:
        return _kept(facts, wish, what, found.syntaxes[0])
    reasons = found.reasons or ("It is asked for.",)
    if wish.transcode is Transcode.NEVER:
        raise UnsupportedError(
            f"The stream cannot be kept as it is: {' '.join(reasons)} Allow --transcode auto, or"
            " choose --sop-class multiframe."
        )
    return _transcoded(facts, wish, what, reasons)


def _as_frames(wish: Wish) -> bool:
    """Tell whether frames are stored each on its own."""
    if wish.syntax:
        return wish.syntax not in VIDEO_SYNTAXES
    return wish.kind is Kind.MULTIFRAME or wish.quality is Quality.LOSSLESS


def _kept(facts: VideoFacts, wish: Wish, what: VideoClass, syntax: VideoSyntax) -> VideoPlan:
    container = container_for(facts.codec)
    chosen, large = spread(facts, wish, syntax)
    doing = (
        "The stream is kept bit for bit.",
        f"Its container is written anew as {CONTAINER_NAMES[container]}.",
        *large,
        *left_out(facts, sound=wish.keep_sound, metadata=wish.keep_metadata),
    )
    reasons = (f"The stream is legal as {chosen.name}.", what.why)
    return VideoPlan(
        Way.KEPT, what, chosen.uid, container, facts.columns, facts.rows, facts.rate,
        wish.quality, found_words(facts), doing, reasons,
    )  # fmt: skip


def spread(
    facts: VideoFacts, wish: Wish, syntax: VideoSyntax
) -> tuple[VideoSyntax, tuple[str, ...]]:
    """Return the form of a syntax that a stream needs, and what is said of a large one.

    Raises UsageError where the stream is larger than the syntax that was asked for takes.
    """
    if room_for(facts, sound=wish.keep_sound) <= wish.largest_item:
        return syntax, ()
    limit = f"{wish.largest_item:,} bytes"
    if wish.parts:
        return syntax, (f"It becomes several objects of at most {limit} that play alone.",)
    if wish.syntax and not syntax.fragments:
        raise UsageError(
            f"A stream above {limit} does not fit one item of {syntax.name}; choose --large parts,"
            " or leave out --syntax."
        )
    return fragmentable(syntax), (f"Its stream lies in items of at most {limit}.",)


def _transcoded(
    facts: VideoFacts, wish: Wish, what: VideoClass, reasons: tuple[str, ...]
) -> VideoPlan:
    rate = min(facts.even_rate or facts.rate, FASTEST)
    if not rate:
        raise UsageError("Nobody tells the frame rate; the video cannot be encoded anew.")
    columns, rows, changed = _encoded_size(facts)
    deep = facts.bits if facts.container != PICTURES else 8
    syntax = _encoded_syntax(wish, columns, rows, rate, deep)
    bits = min(deep, syntax.bits)
    name = _NAMES[syntax.codec] + " Main 10" * (bits > 8)
    doing = (
        f"The pictures are encoded anew with {name}, quality {wish.quality.value}.",
        *changed,
        *left_out(facts, sound=wish.keep_sound, metadata=wish.keep_metadata),
    )
    if facts.variable:
        evenly = f"Frames at unequal distances become {rate_words(rate)} per second"
        doing += (f"{evenly}: each moment shows the frame that stood there.",)
    if facts.fallen:
        lost = "1 frame falls" if facts.fallen == 1 else f"{facts.fallen:,} frames fall"
        doing += (
            f"{lost} away, closer to others than that; a multi-frame secondary capture keeps all.",
        )
    if facts.bits > bits:
        keeps = " (--syntax hevc-10 keeps 10)" if deep > bits == 8 else ""
        doing += (f"{facts.bits} bits become {bits}{keeps}.",)
    if facts.interlaced:
        doing += ("The two fields of a frame stay one picture.",)
    why = (*reasons, f"{syntax.name} is what most archives play of those that fit.", what.why)
    return VideoPlan(
        Way.TRANSCODED, what, syntax.uid, "mp4", columns, rows, rate, wish.quality,
        found_words(facts), doing, why, bits,
    )  # fmt: skip


_NAMES: Final = {"h264": "H.264", "hevc": "HEVC"}


def _encoded_size(facts: VideoFacts) -> tuple[int, int, tuple[str, ...]]:
    """Return the size of new pictures: turned as shown, square pixels, even."""
    columns, rows = facts.shown_size
    said: list[str] = []
    if facts.rotation:
        said.append(f"The pictures are turned by {facts.rotation} degrees.")
    aspect = facts.pixel_aspect if facts.rotation % 180 == 0 else 1 / facts.pixel_aspect
    if aspect != 1:
        if aspect > 1:
            columns = round(columns * aspect)
        else:
            rows = round(rows / aspect)
        said.append("The pixels are made square.")
    even = (columns + columns % 2, rows + rows % 2)
    if even != (columns, rows):
        said.append("An edge is repeated once, since video has even sizes.")
    return *even, tuple(said)


def _encoded_syntax(wish: Wish, columns: int, rows: int, rate: Fraction, bits: int) -> VideoSyntax:
    """Return the first syntax that takes new pictures of so many bits, or of 8 of them.

    H.264, which archives play, has 8 in DICOM; HEVC, where it is needed, takes 10. Raises
    UsageError where there is none.
    """
    hevc = HEVC_MAIN_10 if bits > 8 else HEVC_MAIN
    for uid in (wish.syntax,) if wish.syntax else (H264_41, H264_42, hevc):
        syntax = VIDEO_SYNTAXES[uid]
        if syntax.codec not in _ENCODED:
            raise UsageError(
                f"This program encodes no {syntax.name}; choose one of H.264 or HEVC, or leave out"
                " --syntax."
            )
        profile, levels = _ENCODED[syntax.codec]
        level = next((one for one in levels if one in syntax.levels), syntax.levels[-1])
        made = VideoFacts(
            "mov", syntax.codec, profile, level, columns, rows, "4:2:0", min(bits, syntax.bits), 1,
            rate,
        )  # fmt: skip
        reasons = tuple(why_not(made, syntax))
        if not reasons:
            return syntax
    raise UsageError(f"{' '.join(reasons)} Choose --sop-class multiframe, which takes any size.")


def _captured(facts: VideoFacts, wish: Wish, what: VideoClass) -> VideoPlan:
    lossless = wish.quality is Quality.LOSSLESS
    syntax = wish.syntax or (JPEG_LS if lossless else JPEG_BASELINE)
    loses = syntax == JPEG_BASELINE
    if lossless and loses:
        raise UsageError("JPEG Baseline loses detail; choose a lossless --syntax such as jpeg-ls.")
    if wish.transcode is Transcode.NEVER and loses:
        raise UnsupportedError(
            "As single frames of JPEG the pictures would be encoded anew; allow it, or choose"
            " --quality lossless."
        )
    if wish.keep_sound:
        raise UsageError("Single frames have no sound; leave out --keep-sound.")
    if wish.kind not in {Kind.AUTO, Kind.MULTIFRAME}:
        raise UsageError(
            f"Single frames become a secondary capture, not a {wish.kind.value} video; leave out"
            " --sop-class, --quality lossless or --syntax."
        )
    what = video_class(Kind.MULTIFRAME, wish.modality)
    columns, rows = facts.shown_size
    grey = facts.chroma == "4:0:0"
    deep = grey and facts.bits > 8 and not loses
    if grey:
        uid = WORDS if deep else BYTES
        what = VideoClass(what.kind, uid, what.modality, "The pictures are grey.")
    how = "without loss" if not loses else f"as JPEG, quality {wish.quality.value}"
    doing = [
        f"Every frame is stored on its own, {how}.",
        *left_out(facts, sound=wish.keep_sound, metadata=wish.keep_metadata),
    ]
    if facts.rotation:
        doing.insert(1, f"The pictures are turned by {facts.rotation} degrees.")
    if facts.bits > 8 and not deep:
        doing.append(f"{facts.bits} bits become 8.")
    reasons = [what.why]
    if lossless:
        reasons.insert(0, "No video transfer syntax of DICOM is lossless; single frames are.")
    return VideoPlan(
        Way.CAPTURED, what, syntax, "", columns, rows, facts.rate, wish.quality,
        found_words(facts), tuple(doing), tuple(reasons),
    )  # fmt: skip


def _check_sound(facts: VideoFacts) -> None:
    if not facts.sound:
        raise UsageError("The video has no sound; leave out --keep-sound.")
    odd = [sound.codec for sound in facts.sound if sound.codec not in _SOUNDS]
    if odd:
        raise UsageError(f"DICOM video takes no sound of {odd[0]}; leave out --keep-sound.")
