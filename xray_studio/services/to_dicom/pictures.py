"""The pictures of a video, turned as shown and with square pixels or as they are, one by one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from xray_studio.core.clip import Clip
from xray_studio.core.job import Job
from xray_studio.core.presentation import Overlay
from xray_studio.core.video.facts import VideoFacts
from xray_studio.services.export.options import Canvas
from xray_studio.services.export.pictures import Making, Pictures
from xray_studio.services.open import open_whole
from xray_studio.services.presets import initial_presentation
from xray_studio.services.to_dicom.request import Preview
from xray_studio.video.stream import Packets


def opened_video(seen: Preview) -> Job[Clip]:
    """Return the video as a clip."""
    clip = yield from open_whole(str(seen.request.source))
    return clip


def pictures_of(clip: Clip, size: Canvas, order: Sequence[int]) -> Making:
    """Return the pictures of frames in an order, 8 bits, of one size. Close it when done."""
    made = Pictures(clip, initial_presentation(clip), Overlay.NONE, size, order)
    return made.all(order)


def even_order(facts: VideoFacts, packets: Packets, rate: float) -> list[int]:
    """Return which frame stands at each moment of a constant rate."""
    if not facts.variable or packets.times is None:
        return list(range(facts.frames))
    times = np.array([float(time) for time in packets.times])
    last = times[-1] + 1.0 / float(facts.usual_rate or facts.rate)
    moments = np.arange(max(1, round(last * rate))) / rate
    # Stamps are rounded, so that a moment may lie a hair before the frame that stands there.
    found = np.searchsorted(times, moments + 0.25 / rate, side="right") - 1
    return [int(number) for number in found]
