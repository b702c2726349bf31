"""Processed clips: a clip whose frames a pipeline has changed is a clip like any other.

Grey frames become unsigned 16-bit numbers with a Rescale of their own. Its slope is a power of
two, so that whole modality values stay whole and what a step leaves alone stays as it was; the
finest one is taken that holds the range. Colour frames keep their colours: the pipeline sees their
luma (ITU-R BT.601) as grey from 0 to 255. Padding is no picture: steps see the nearest value of
the frame in its place, and it is padding again in what they made.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from xray_studio.core.applied import applied_steps
from xray_studio.core.clip import Clip, Frame, FrameSource
from xray_studio.core.futures import chained
from xray_studio.core.lut import Modality, Pixels, Rescale, is_padding, modality_values
from xray_studio.core.padding import filled
from xray_studio.core.pipeline import Pipeline, Prepared
from xray_studio.core.scene import Scene
from xray_studio.core.step import Image, Stack
from xray_studio.core.workers import Priority, run_apart

_CODES = 65_535
_LUMA = np.array([0.299, 0.587, 0.114], np.float32)
_BAND = 65_536  # pixels
_SECONDS, _PIXELS_A_SECOND = 20.0, 100_000.0
_APPLY = "xray_studio.core.processed:processed_frame"


@dataclass(frozen=True, slots=True)
class Values:
    """How stored frames become modality values, and these the stored frames of what is made.

    `last` is the number that stands for the highest value of the range: nothing goes beyond.
    `padding` is the range of stored values that are no picture; among the numbers that are made
    `gap` stands for these and for nothing else.
    """

    modality: tuple[Modality, ...]
    coding: Rescale
    colour: bool
    last: int = _CODES
    padding: tuple[float, float] | None = None
    gap: int | None = None

    def decoded(self, frame: Frame, index: int) -> Image:
        """Return what the pipeline sees of a stored frame, float32 (rows, columns)."""
        if self.colour:
            return frame.astype(np.float32) @ _LUMA
        values = modality_values(frame, self.modality[index if len(self.modality) > 1 else 0])
        if self.padding is None:
            return values
        return filled(values, is_padding(frame, self.padding))

    def coded(self, values: Image, before: Frame) -> Frame:
        """Return the stored frame of processed values, read-only; `before` gives the colours."""
        made = self._recoloured(values, before) if self.colour else self._numbers(values)
        if self.gap is not None:
            made[made == self.gap] += np.uint16(1) if self.gap < self.last else np.uint16(_CODES)
            made[is_padding(before, self.padding)] = self.gap
        made.flags.writeable = False
        return made

    def _numbers(self, values: Image) -> Frame:
        made = np.empty(values.shape, np.uint16)
        step = max(1, _BAND // values.shape[1])
        for first in range(0, len(values), step):  # bands that stay in the cache
            rows = slice(first, first + step)
            codes = np.subtract(values[rows], self.coding.intercept, dtype=np.float64)
            codes *= 1.0 / self.coding.slope  # exact: the slope is a power of two
            np.rint(codes, out=codes)
            np.clip(codes, 0, self.last, out=codes)
            made[rows] = codes
        return made

    @staticmethod
    def _recoloured(values: Image, before: Frame) -> Frame:
        rgb = before.astype(np.float32)
        moved: Frame = rgb + (values - rgb @ _LUMA)[..., None]
        return np.clip(np.rint(moved), 0, 255).astype(np.uint8)


@dataclass(frozen=True, slots=True)
class ProcessedSource:
    """Frames of another source after a pipeline without recursive steps.

    A frame is computed in a worker process from the frames of the other source within reach.
    """

    under: FrameSource
    prepared: Prepared
    values: Values

    @property
    def shape(self) -> tuple[int, ...]:
        """(frames, rows, columns) or (frames, rows, columns, 3)."""
        return self.under.shape

    @property
    def dtype(self) -> np.dtype[Any]:
        """Type of every frame."""
        return np.dtype(np.uint8 if self.values.colour else np.uint16)

    def read(self, index: int) -> Frame:
        """Return frame `index` (from 0), read-only. Raises what the source below raises."""
        first, last = self._needed(index)
        frames = [self.under.read(number) for number in range(first, last + 1)]
        return processed_frame(frames, first, index, self.prepared, self.values)

    def request(self, index: int, priority: Priority) -> Future[Frame]:
        """Return the frame as a future."""
        first, last = self._needed(index)
        asked = [self.under.request(number, priority) for number in range(first, last + 1)]
        return chained(asked, lambda frames: self._apart(frames, first, index, priority))

    def _apart(
        self, frames: list[Frame], first: int, index: int, priority: Priority
    ) -> Future[Frame]:
        pixels = len(frames) * math.prod(self.shape[1:3])
        limit = _SECONDS + pixels / _PIXELS_A_SECOND
        return run_apart(
            _APPLY, frames, first, index, self.prepared, self.values,
            priority=priority, time_limit=limit,
        )  # fmt: skip

    def _needed(self, index: int) -> tuple[int, int]:
        reach = self.prepared.reach
        return max(0, index - reach.before), min(self.shape[0] - 1, index + reach.after)


def processed_frame(
    frames: Sequence[Frame], first: int, index: int, prepared: Prepared, values: Values
) -> Frame:
    """Return frame `index` processed; `frames` are stored ones, the first of them being `first`."""
    decoded = np.stack([values.decoded(f, first + place) for place, f in enumerate(frames)])
    here = index - first
    return values.coded(prepared.apply(Stack(decoded, here)), frames[here])


def processed_clip(clip: Clip, pipeline: Pipeline, prepared: Prepared, source: FrameSource) -> Clip:
    """Return a clip over a source of its processed frames, marked with what was done."""
    found = values_for(clip, prepared)
    marked = replace(
        clip,
        source=source,
        processed=(*clip.processed, *pipeline.badges),
        steps=(*clip.steps, *applied_steps(prepared)),
        real_world=(),
    )
    if clip.is_colour:
        return marked
    unit = clip.unit if same_range(prepared) else ""
    gap = None if found.gap is None else (found.gap, found.gap)
    changed = replace(
        marked,
        modality=(replace(found.coding, unit=unit),),
        pixels=replace(clip.pixels, bits=16, signed=False, padding=gap),
    )
    # Windows of the file hold for values of the same kind only.
    return (
        changed if same_range(prepared) else replace(changed, windows=(), voi_luts=(), usual=None)
    )


def values_seen(clip: Clip, frame: Frame, index: int) -> Image:
    """Return what a pipeline sees of a stored frame of a clip, float32 (rows, columns)."""
    return Values(clip.modality, Rescale(), clip.is_colour).decoded(frame, index)


def reading_of(clip: Clip) -> Values:
    """Return how the frames of a clip are read."""
    padding = None if clip.is_colour else clip.pixels.padding
    return Values(clip.modality, Rescale(), clip.is_colour, padding=padding)


def values_for(clip: Clip, prepared: Prepared) -> Values:
    """Return how the frames of a clip are read and how its processed frames are stored."""
    made = prepared.output
    coding = coding_of(made)
    found = replace(reading_of(clip), coding=coding, last=round(made.span / coding.slope))
    return replace(found, gap=_gap(found)) if same_range(prepared) else found


def _gap(values: Values) -> int | None:
    """Return the number of the value that padding stands at, None without padding.

    Frames with scales of their own have no number in common.
    """
    if values.padding is None or len(values.modality) > 1:
        return None
    (value,) = values.modality[0].apply(np.array(values.padding[:1]))
    code = (value - values.coding.intercept) / values.coding.slope
    return int(np.clip(np.rint(code), 0, values.last))


def coding_of(scene: Scene) -> Rescale:
    """Return the Rescale of 16-bit numbers that hold the range of a scene."""
    slope = 2.0 ** math.ceil(math.log2(scene.span / _CODES))
    return Rescale(slope, scene.low)


def same_range(prepared: Prepared) -> bool:
    """Tell whether values mean after the pipeline what they meant before."""
    before, after = prepared.scenes[0], prepared.output
    return (before.low, before.high) == (after.low, after.high)


def range_of(pixels: Pixels, modality: Sequence[Modality]) -> tuple[float, float]:
    """Return the lowest and highest modality value that stored numbers of a clip can have."""
    ends = np.array([pixels.lowest, pixels.highest])
    tables = [one for one in modality if not isinstance(one, Rescale)]
    found = [one.apply(ends) for one in modality if isinstance(one, Rescale)]
    found += [table.values.astype(np.float64) for table in tables]
    return min(float(f.min()) for f in found), max(float(f.max()) for f in found)
