"""What a video is, and what is left of it, in sentences for a person."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from xray_studio.core.video.facts import PICTURES, VideoFacts

_CONTAINERS: Final = {
    "mov": "MP4 or QuickTime", "matroska": "Matroska or WebM", "mpegts": "MPEG-TS",
    "mpeg": "MPEG-PS", "mpegvideo": "MPEG-2 alone", "asf": "WMV", "avi": "AVI", "flv": "FLV",
    PICTURES: "Single pictures",
}  # fmt: skip
_CODECS: Final = {
    "h264": "H.264", "hevc": "HEVC", "mpeg2video": "MPEG-2", "mpeg1video": "MPEG-1",
    "mpeg4": "MPEG-4", "vp8": "VP8", "vp9": "VP9", "av1": "AV1", "mjpeg": "Motion JPEG",
    "ffv1": "FFV1", "wmv3": "WMV 9", "vc1": "VC-1", "prores": "ProRes", "dvvideo": "DV",
    "aac": "AAC", "mp2": "MP2", "mp3": "MP3", "ac3": "AC-3", "opus": "Opus", "vorbis": "Vorbis",
}  # fmt: skip


def container_words(facts: VideoFacts) -> str:
    """Return what a container is called."""
    return _CONTAINERS.get(facts.container, facts.container.upper())


def codec_words(codec: str) -> str:
    """Return what a codec is called, as FFmpeg does where people do not."""
    return _CODECS.get(codec, codec)


def stream_words(facts: VideoFacts) -> str:
    """Return codec, profile and level: "H.264 High 4.1"."""
    if facts.container == PICTURES:
        return "JPEG" if facts.codec == "mjpeg" else ""
    return " ".join(part for part in (codec_words(facts.codec), facts.profile, facts.level) if part)


def rate_words(rate: Fraction) -> str:
    """Return a rate as people write it: 25, 29.97, 23.976."""
    return f"{float(rate):.5g}"


def found_words(facts: VideoFacts) -> tuple[str, ...]:
    """Return in sentences what a video is."""
    scan = ", interlaced" if facts.interlaced else ""
    uneven = " on average, at unequal distances" if facts.variable else ""
    lasting = f"{float(facts.duration):.4g} s"
    stream = f"{container_words(facts)} with {stream_words(facts)}."
    said = [
        "Single pictures." if facts.container == PICTURES else stream,
        f"{facts.columns} x {facts.rows}, {facts.chroma}, {facts.bits} bits{scan}.",
        f"{facts.frames:,} frames, {rate_words(facts.rate)} per second{uneven}, {lasting}."
        if facts.rate
        else f"{facts.frames:,} frames, at a rate that is not told.",
    ]
    if facts.rotation:
        said.append(f"Players turn the pictures by {facts.rotation} degrees.")
    if facts.sound:
        kinds = ", ".join(codec_words(sound.codec) for sound in facts.sound)
        said.append(f"Sound: {kinds}.")
    if facts.metadata:
        said.append(f"It also tells: {', '.join(facts.metadata)}.")
    return tuple(said)


def left_out(facts: VideoFacts, *, sound: bool, metadata: bool) -> tuple[str, ...]:
    """Return what stays behind and what comes along: `sound`, what the container tells."""
    left, kept = list[str](), list[str]()
    if facts.sound:
        (kept if sound else left).append("sound")
    if facts.metadata:
        words = "what the container tells besides"
        (kept if metadata else left).append(f"{words}, with the place" if facts.place else words)
    said = []
    if left:
        said.append(f"Left out: {' and '.join(left)}.")
    if kept:
        said.append(f"Kept: {' and '.join(kept)}.")
    return tuple(said)
