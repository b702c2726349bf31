"""The pictures of a video, turned as shown and with square pixels or as they are, one by one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Final

import numpy as np

from xray_studio.core.clip import Clip, Frame
from xray_studio.core.errors import UsageError
from xray_studio.core.job import Job, Progress
from xray_studio.core.output import DeepPicture, exact_rate
from xray_studio.core.presentation import Overlay
from xray_studio.core.video.even import standing
from xray_studio.core.video.facts import PICTURES, VideoFacts
from xray_studio.core.video.plan import Way
from xray_studio.imaging.canvas import framed
from xray_studio.services.decoding import Decoding
from xray_studio.services.export.options import Canvas
from xray_studio.services.export.pictures import Making, Pictures, unrepeated
from xray_studio.services.open import open_paths
from xray_studio.services.presets import initial_presentation
from xray_studio.services.to_dicom.request import Preview, Request
from xray_studio.video.probe import Probed
from xray_studio.video.read import open_video
from xray_studio.video.stream import Packets

_JPEG: Final = frozenset((".jpg", ".jpeg", ".jpe", ".jfif"))


def opened_video(seen: Preview) -> Job[Clip]:
    """Return the video as a clip."""
    pictures = seen.request.pictures
    if pictures:
        clip = yield from open_paths([str(path) for path in pictures])
    else:
        clip = open_video(str(seen.request.source), deep=is_deep(seen))
        yield Progress(message="Opening the video")
    return clip


def pictures_of(clip: Clip, size: Canvas, order: Sequence[int]) -> Making:
    """Return the pictures of frames in an order, 8 bits, of one size. Close it when done."""
    made = Pictures(clip, initial_presentation(clip), Overlay.NONE, size, order)
    return made.all(order)


def is_deep(seen: Preview) -> bool:
    """Tell whether pictures are encoded anew with more than 8 bits."""
    return seen.plan.way is Way.TRANSCODED and seen.plan.bits > 8


def deep_pictures_of(clip: Clip, size: Canvas, order: Sequence[int]) -> Making:
    """Return the pictures of frames in an order, RGB of 16 bits. Close it when done."""
    return Making(_Deep(clip.pixels.bits, size), Decoding(clip, unrepeated(order)), order)


@dataclass(frozen=True, slots=True)
class _Deep:
    """Makes RGB of 16 bits of deep frames, and of grey ones of so many `bits`."""

    bits: int
    size: Canvas

    def made(self, _number: int, frame: Frame) -> DeepPicture:
        """Return a frame in its size."""
        picture = np.asarray(frame)
        if picture.ndim == 2:
            picture = np.repeat((picture.astype(np.uint16) << (16 - self.bits))[..., None], 3, 2)
        inner = self.size.frame_rows, self.size.frame_columns
        return framed(picture, inner, (self.size.rows, self.size.columns))


def look_at_pictures(request: Request) -> Job[Probed]:
    """Return what single pictures are. Raises UsageError where they are no sequence."""
    if request.rate <= 0:
        raise UsageError("Single pictures tell no rate; say how many follow in a second (--fps).")
    facts = yield from facts_of_pictures(request.pictures, request.rate)
    count = facts.frames
    every = Packets(np.arange(count), None, np.zeros(count, np.int64), np.ones(count, bool))
    return Probed(facts, every)


def facts_of_pictures(pictures: Sequence[Path], rate: Fraction) -> Job[VideoFacts]:
    """Return what single pictures are, at a rate, 0 for one that is not told yet.

    Raises UnreadableError, UsageError where they are no sequence.
    """
    clip = yield from open_paths([str(path) for path in pictures])
    if clip.acquisition.sop_class_uid:
        raise UsageError("These are DICOM objects already; export puts them into one (.dcm).")
    size = sum(path.stat().st_size for path in pictures)
    jpeg = all(path.suffix.lower() in _JPEG for path in pictures)
    exact = exact_rate(float(rate)) if rate else Fraction(0)
    return VideoFacts(
        PICTURES, "mjpeg" if jpeg else "png", "", "", clip.columns, clip.rows,
        "RGB" if clip.is_colour else "4:0:0", clip.pixels.bits, len(clip), exact, even_rate=exact,
        duration=len(clip) / exact if exact else Fraction(0), size=size, stream_size=size,
    )  # fmt: skip


def even_order(clip: Clip, facts: VideoFacts, rate: Fraction) -> list[int]:
    """Return which frame of a clip stands at each moment of a constant rate."""
    if not facts.variable or len(clip.timing.times) != len(clip):
        return list(range(len(clip)))
    return standing(clip.timing.times, rate)
