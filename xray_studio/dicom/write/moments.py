"""When the frames of a multi-frame capture are shown (PS3.3 C.7.6.5, C.8.6.3)."""

from __future__ import annotations

from pydicom.dataset import Dataset

from xray_studio.dicom.attributes.timing import increment_pointers
from xray_studio.dicom.attributes.values import numbers, tag_of, text

_FRAME_TIME, _VECTOR, _PAGES = 0x00181063, 0x00181065, 0x00182001
_CINE = (
    "FrameTime", "FrameTimeVector", "RecommendedDisplayFrameRate", "CineRate", "StartTrim",
    "StopTrim", "PreferredPlaybackSequencing", "FrameDelay", "ActualFrameDuration",
)  # fmt: skip


def tell_moments(dataset: Dataset, count: int, interval: float, vector: tuple[float, ...]) -> None:
    """Say how long each of `count` frames stands (PS3.3 C.7.6.5).

    `interval` is in milliseconds, `vector` those from one frame to the next where they differ.
    """
    if count < 2:
        return
    if vector:
        dataset.FrameIncrementPointer = _VECTOR
        dataset.FrameTimeVector = [f"{step:.10g}" for step in vector]
        return
    dataset.FrameIncrementPointer = _FRAME_TIME
    dataset.FrameTime = f"{interval:.10g}"
    dataset.RecommendedDisplayFrameRate = max(1, round(1000.0 / interval))


def keep_moments(
    dataset: Dataset, source: Dataset, count: int, interval: float, vector: tuple[float, ...]
) -> None:
    """Say of `count` frames what their source, cut to them, says of its timing.

    `interval` and `vector` are as those of `tell_moments`, for a source that tells them in another
    way; an interval of 0 stands for none that is told. Frames without times are only numbered.
    """
    if count < 2:
        return
    pointer = _pointer(source, count)
    if pointer:
        other = "FrameTimeVector" if pointer == _FRAME_TIME else "FrameTime"
        for keyword in _CINE:
            if keyword != other and text(source, keyword):
                dataset.add(source[tag_of(keyword)])
        dataset.FrameIncrementPointer = pointer
    elif vector or interval:
        tell_moments(dataset, count, interval, vector)
    else:
        dataset.FrameIncrementPointer = _PAGES
        dataset.PageNumberVector = list(range(1, count + 1))


def _pointer(source: Dataset, count: int) -> int:
    """Return the tag of what tells the times of all frames, 0 where nothing does."""
    usual = numbers(source, "FrameTime")[:1]
    ways = {
        _VECTOR: len(numbers(source, "FrameTimeVector")) == count,
        _FRAME_TIME: bool(usual) and usual[0] > 0.0,
    }
    found = [tag for tag, there in ways.items() if there]
    named = [tag for tag in increment_pointers(source) if tag in found]
    return next(iter((*named, *found)), 0)
