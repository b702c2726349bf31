"""What a stream lies in, and how many bytes it takes there at most."""

from __future__ import annotations

from fractions import Fraction
from math import ceil
from typing import Final

from xray_studio.core.video.facts import VideoFacts

CONTAINER_NAMES: Final = {"mp4": "MP4", "mpegts": "MPEG-TS"}
# Bytes of a container: once, for each frame, and as a share of the stream.
_ROOM: Final = {"mp4": (16_384, 64, Fraction(0)), "mpegts": (8192, 600, Fraction(1, 16))}
_OF_SOUND: Final = 8192  # bytes of a container for each second


def container_for(codec: str) -> str:
    """Return what a stream lies in: MP4, which takes no MPEG-2 in DICOM, else MPEG-TS."""
    return "mpegts" if codec == "mpeg2video" else "mp4"


def room(size: int, frames: int, codec: str) -> int:
    """Return the bytes that a stream of `size` bytes takes at most in its container."""
    once, each, share = _ROOM[container_for(codec)]
    return once + each * frames + size + int(size * share)


def room_for(facts: VideoFacts, *, sound: bool) -> int:
    """Return the bytes that a video takes at most, with its sound where that is kept."""
    size = facts.stream_size + facts.frames * beside(facts, sound=sound)
    return room(size, facts.frames, facts.codec)


def beside(facts: VideoFacts, *, sound: bool) -> int:
    """Return the bytes that sound takes at most beside each frame, where it is kept."""
    if not sound:
        return 0
    size = max(0, facts.size - facts.stream_size) + _OF_SOUND * ceil(facts.duration)
    return -(-size // facts.frames)
