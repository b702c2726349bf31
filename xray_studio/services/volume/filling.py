"""Frames of a clip into one array of modality values, in parallel and in bounded memory."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any, Final

import numpy as np

from xray_studio.core.clip import Clip, Frame
from xray_studio.core.exact import exact_values, value_type
from xray_studio.core.job import Job, Progress
from xray_studio.core.lut import Modality, Rescale
from xray_studio.core.volume.stack import MISSING
from xray_studio.core.volume.volume import Voxels, check_memory
from xray_studio.dicom.pixels.native import NativeSource
from xray_studio.dicom.pixels.sequence import SeriesSource
from xray_studio.services.decoding import Decoding

_THREADS: Final = max(2, min(8, os.cpu_count() or 2))
_STEP: Final = 16  # frames between two places to stop
_PATIENCE: Final = 0.05  # seconds
_MESSAGE: Final = "Reading slices"
Range = tuple[float, float]


def filled(clip: Clip, order: Sequence[int]) -> Job[Voxels]:
    """Return the modality values of frames in an order, (frames, rows, columns).

    MISSING frames hold the lowest value of the others. Whole numbers stay whole, in the smallest
    type of at least the stored size that holds them. Raises UnreadableError for a frame that cannot
    be read, and UsageError where they take more memory than there is.
    """
    shape = (len(order), clip.rows, clip.columns)
    check_memory(shape, clip.source.dtype)
    stored = np.empty(shape, clip.source.dtype)
    there = [place for place, number in enumerate(order) if number != MISSING]
    natives = [_native(clip, order[place]) for place in there]
    ranges: list[Range] = []
    if all(native is not None for native in natives):
        yield from _read(stored, there, [one for one in natives if one is not None], ranges)
    else:
        yield from _decoded(clip, stored, there, [order[place] for place in there], ranges)
    scales = [clip.modality_at(order[place]) for place in there]
    values = yield from _converted(clip, stored, there, scales, ranges)
    gone = [place for place, number in enumerate(order) if number == MISSING]
    if gone:
        values[gone] = min(values[place].min() for place in there)
    return values


def _native(clip: Clip, number: int) -> tuple[NativeSource, int] | None:
    source, index = clip.source, number
    if isinstance(source, SeriesSource):
        source, index = source.locate(number)
    if isinstance(source, NativeSource) and not source.layout.is_colour:
        return source, index
    return None


def _read(
    stored: Voxels,
    there: Sequence[int],
    natives: Sequence[tuple[NativeSource, int]],
    ranges: list[Range],
) -> Job[None]:
    """Read frames where they lie, by several threads: the disk, not Python, sets the pace."""

    def one(at: int) -> Range:
        source, index = natives[at]
        frame = stored[there[at]]
        source.read_into(index, frame)
        return _range(frame)

    ranges += yield from _by_threads(one, len(there))


def _decoded(
    clip: Clip, stored: Voxels, there: Sequence[int], numbers: Sequence[int], ranges: list[Range]
) -> Job[None]:
    decoding = Decoding(clip, numbers)
    try:
        for done, place in enumerate(there):
            frame = yield from decoding.frame(Progress(done, len(there), _MESSAGE))
            stored[place] = frame
            ranges.append(_range(stored[place]))
    finally:
        decoding.close()


def _converted(
    clip: Clip,
    stored: Voxels,
    there: Sequence[int],
    scales: Sequence[Modality],
    ranges: Sequence[Range],
) -> Job[Voxels]:
    """Return modality values: in place where whole numbers fit, else in an array of their own."""
    if all(scale == Rescale(unit=clip.unit) for scale in scales):
        return stored
    kind = _kind(clip, scales, ranges)
    in_place = kind.itemsize == stored.dtype.itemsize and kind.kind in "iu"
    in_place = in_place and all(isinstance(scale, Rescale) for scale in scales)
    if in_place:
        values = stored.view(kind)
        unsigned = stored.view(f"u{kind.itemsize}")
    else:
        check_memory(stored.shape, kind)
        values, unsigned = np.empty(stored.shape, kind), stored

    def one(at: int) -> None:
        place, scale = there[at], scales[at]
        if in_place and isinstance(scale, Rescale):
            _rescale(unsigned[place], scale)
        else:
            values[place] = exact_values(stored[place], scale, kind)

    yield from _by_threads(one, len(there))
    return values


def _rescale(frame: Frame, scale: Rescale) -> None:
    """Multiply and add whole numbers modulo the range of the type, which the results fit into."""
    turn = 1 << (8 * frame.dtype.itemsize)
    slope, intercept = int(scale.slope) % turn, int(scale.intercept) % turn
    if slope != 1:
        np.multiply(frame, frame.dtype.type(slope), out=frame)
    if intercept:
        np.add(frame, frame.dtype.type(intercept), out=frame)


def _kind(clip: Clip, scales: Sequence[Modality], ranges: Sequence[Range]) -> np.dtype[Any]:
    """Return the type of the values: of whole numbers by what frames really hold."""
    whole = clip.source.dtype.kind in "iu" and all(
        isinstance(scale, Rescale) and scale.slope.is_integer() and scale.intercept.is_integer()
        for scale in scales
    )
    if not whole:
        return value_type(clip)
    ends = [
        end * scale.slope + scale.intercept
        for found, scale in zip(ranges, scales, strict=True)
        if isinstance(scale, Rescale)
        for end in found
    ]
    size = clip.source.dtype.itemsize
    for name in ("u1", "i1", "i2", "u2", "i4", "u4", "i8"):
        limits = np.iinfo(name)
        if limits.bits >= 8 * size and limits.min <= min(ends) and max(ends) <= limits.max:
            return np.dtype(name)
    return np.dtype(np.float64)


def _range(frame: Frame) -> Range:
    return float(frame.min()), float(frame.max())


def _by_threads(one: Callable[[int], Any], count: int) -> Job[list[Any]]:
    """Return what a function gives for every number, with places to stop on the way."""
    found: list[Any] = []
    with ThreadPoolExecutor(_THREADS, "volume") as pool:
        waiting = deque(pool.submit(_each, one, batch) for batch in _batches(count))
        try:
            while waiting:
                yield Progress(len(found), count, _MESSAGE)
                if wait([waiting[0]], _PATIENCE).done:
                    found += waiting.popleft().result()
        finally:
            _given_up(waiting)
    return found


def _each(one: Callable[[int], Any], numbers: Iterable[int]) -> list[Any]:
    return [one(number) for number in numbers]


def _batches(count: int) -> list[range]:
    return [range(start, min(start + _STEP, count)) for start in range(0, count, _STEP)]


def _given_up(waiting: Iterable[Future[list[Any]]]) -> None:
    for future in waiting:
        future.cancel()
