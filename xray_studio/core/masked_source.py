"""Frames with regions of them black, so that nothing that reads them sees what was there."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from xray_studio.core.clip import Clip, Frame, FrameSource
from xray_studio.core.lut import Modality, Pixels, modality_values
from xray_studio.core.region import Region
from xray_studio.core.workers import Priority


@dataclass(frozen=True, slots=True)
class MaskedSource:
    """A FrameSource over another one; every frame holds the darkest value in some regions."""

    under: FrameSource
    regions: tuple[Region, ...]
    pixels: Pixels
    falling: bool = False

    @property
    def shape(self) -> tuple[int, ...]:
        """(frames, rows, columns) or (frames, rows, columns, 3)."""
        return self.under.shape

    @property
    def dtype(self) -> np.dtype[Any]:
        """Type of every frame."""
        return self.under.dtype

    def read(self, index: int) -> Frame:
        """Return frame `index` (from 0), read-only. Raises what the source below raises."""
        return self._masked(self.under.read(index))

    def request(self, index: int, priority: Priority) -> Future[Frame]:
        """Return the frame as a future."""
        answer: Future[Frame] = Future()
        asked = self.under.request(index, priority)

        def pass_on(done: Future[Frame]) -> None:
            if not answer.set_running_or_notify_cancel():
                return
            try:
                answer.set_result(self._masked(done.result()))
            except BaseException as error:  # noqa: BLE001 - told to whoever waits for the frame
                answer.set_exception(error)

        asked.add_done_callback(pass_on)
        answer.add_done_callback(lambda given: given.cancelled() and asked.cancel())
        return answer

    def _masked(self, frame: Frame) -> Frame:
        made = blackened(frame, self.regions, darkest(frame, self.pixels, falling=self.falling))
        made.flags.writeable = False
        return made


def masked(clip: Clip, regions: tuple[Region, ...]) -> Clip:
    """Return a clip whose stored frames are black in regions; the same clip without any."""
    if not regions:
        return clip
    falling = not clip.is_colour and falls(clip.modality_at(0), clip.pixels)
    return replace(clip, source=MaskedSource(clip.source, regions, clip.pixels, falling))


def blackened(frame: Frame, regions: tuple[Region, ...], value: Any = 0) -> Frame:
    """Return a copy of a frame (rows, columns[, 3]) with one value in regions of it."""
    made = frame.copy()
    for region in regions:
        inside = region.clipped(*frame.shape[:2])
        if inside is not None:
            made[inside.y : inside.bottom, inside.x : inside.right] = value
    return made


def falls(modality: Modality, pixels: Pixels) -> bool:
    """Tell whether a Modality LUT gives the lowest stored value the highest modality value."""
    ends = modality_values(np.array([pixels.lowest, pixels.highest]), modality)
    return bool(ends[0] > ends[1])


def darkest(frame: Frame, pixels: Pixels, *, falling: bool = False) -> Any:
    """Return the stored value that is shown darkest: the lowest or, in MONOCHROME1, the highest.

    It is the other way round where the Modality LUT is `falling`.
    """
    if frame.ndim == 3:
        return 0
    if frame.dtype.kind == "f":
        finite = frame[np.isfinite(frame)]
        ends = (finite.min(), finite.max()) if finite.size else (0.0, 0.0)
    else:
        known = np.iinfo(frame.dtype)
        ends = max(pixels.lowest, known.min), min(pixels.highest, known.max)
    return ends[1] if pixels.inverted != falling else ends[0]
