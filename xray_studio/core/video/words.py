"""What a video is, and what is left of it, in sentences for a person."""

from __future__ import annotations

from fractions import Fraction

from xray_studio.core.video.facts import PICTURES, VideoFacts


def rate_words(rate: Fraction) -> str:
    """Return a rate as people write it: 25, 29.97, 23.976."""
    return f"{float(rate):.5g}"


def found_words(facts: VideoFacts) -> tuple[str, ...]:
    """Return in sentences what a video is."""
    profile = " ".join(part for part in (facts.profile, facts.level) if part)
    scan = ", interlaced" if facts.interlaced else ""
    uneven = " on average, at unequal distances" if facts.variable else ""
    lasting = f"{float(facts.duration):.4g} s"
    stream = f"{facts.container.upper()} with {facts.codec}{f' ({profile})' if profile else ''}."
    said = [
        "Single pictures." if facts.container == PICTURES else stream,
        f"{facts.columns} x {facts.rows}, {facts.chroma}, {facts.bits} bits{scan}.",
        f"{facts.frames:,} frames, {rate_words(facts.rate)} per second{uneven}, {lasting}.",
    ]
    if facts.sound:
        kinds = ", ".join(sound.codec for sound in facts.sound)
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
