"""Segmentations: read in worker processes, and laid over the images that they mark."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from dataclasses import replace
from typing import Any

from xray_studio.core.clip import Clip
from xray_studio.core.errors import UsageError
from xray_studio.core.job import Job, Progress
from xray_studio.core.place import FramePlace, same_pixels
from xray_studio.core.segments import (
    Segmentation,
    SegmentFrame,
    SegmentLayer,
    is_segmentation,
    joined,
)
from xray_studio.core.state import refers
from xray_studio.core.study import Catalog, Series
from xray_studio.core.workers import Priority, run_apart
from xray_studio.core.workers.limits import time_for
from xray_studio.services.decoding import awaited

SECONDS, BYTES_A_SECOND = 60.0, 2_000_000
READ = "xray_studio.dicom.states.segmentation:read_segmentation"
OTHER_PATIENT = "The segmentation {} is of another patient; it is not shown."
OTHER_SIZE = (
    "The segmentation {} has {} x {} pixels, the images {} x {}; it cannot be laid over them."
)
NOT_FOR_THESE = "The segmentation {} marks other images; it is not shown."


def is_segmentation_series(series: Series) -> bool:
    """Tell whether a unit of a catalogue is a segmentation."""
    return bool(series.instances) and is_segmentation(series.instances[0].sop_class_uid)


def segmentation_paths(catalog: Catalog) -> tuple[str, ...]:
    """Return the files of the segmentations of a catalogue."""
    found = (series for series in catalog.all_series() if is_segmentation_series(series))
    return tuple(path for series in found for path in series.paths)


def read_segmentation(path: str | os.PathLike[str]) -> Job[Segmentation]:
    """Return the segmentation in a DICOM file, read in a worker process.

    Raises UnreadableError when it is damaged or is none, UnsupportedError.
    """
    name = os.fspath(path)
    limit = time_for([name], SECONDS, BYTES_A_SECOND)
    future: Future[Segmentation] = run_apart(READ, name, priority=Priority.BATCH, time_limit=limit)
    found = yield from awaited(future, Progress(message="Reading a segmentation"))
    return found


def with_segments(clip: Clip, segmentation: Segmentation) -> Clip:
    """Return a clip with what is marked on its frames.

    By the images that each frame of the segmentation was made from; where it names none of the
    clip's, by the same place in the same Frame of Reference. Raises UsageError when sizes,
    patients or references do not match.
    """
    _check(clip, segmentation)
    frames = _by_reference(clip, segmentation)
    if not any(frames):
        frames = _by_place(clip.places, segmentation)
    if not any(frames):
        raise UsageError(NOT_FOR_THESE.format(segmentation.name))
    layers = tuple(_layers(segmentation, frames))
    made = clip.acquisition
    warnings = (*made.warnings, *segmentation.warnings)
    return replace(clip, segments=layers, acquisition=replace(made, warnings=warnings))


def _check(clip: Clip, segmentation: Segmentation) -> None:
    patients = {segmentation.patient, clip.identity.patient_id} - {""}
    if len(patients) > 1:
        raise UsageError(OTHER_PATIENT.format(segmentation.name))
    sizes = (segmentation.columns, segmentation.rows), (clip.columns, clip.rows)
    if sizes[0] != sizes[1]:
        raise UsageError(OTHER_SIZE.format(segmentation.name, *sizes[0], *sizes[1]))


def _by_reference(clip: Clip, segmentation: Segmentation) -> list[list[SegmentFrame]]:
    """Return what was made from each frame of a clip."""
    by_uid: dict[str, list[SegmentFrame]] = {}
    for one in segmentation.frames:
        for uid in {image.sop_instance_uid for image in one.images}:
            by_uid.setdefault(uid, []).append(one)
    return [
        [one for one in by_uid.get(uid, ()) if uid and refers(one.images, uid, frame)]
        for uid, frame in clip.origins
    ]


def _by_place(places: Sequence[FramePlace], segmentation: Segmentation) -> list[list[SegmentFrame]]:
    """Return what lies where each frame of a clip lies."""
    by_height: dict[int, list[SegmentFrame]] = {}
    for one in segmentation.frames:
        if one.place is not None and one.place.position is not None:
            by_height.setdefault(_millimetre(one.place), []).append(one)
    return [list(_same(place, by_height)) for place in places]


def _same(place: FramePlace, by_height: dict[int, list[SegmentFrame]]) -> Iterator[SegmentFrame]:
    if place.position is None:
        return
    near = _millimetre(place)
    for height in (near - 1, near, near + 1):
        for one in by_height.get(height, ()):
            if one.place is not None and same_pixels(one.place, place):
                yield one


def _millimetre(place: FramePlace) -> int:
    """Return a number by which places that may be the same are found."""
    assert place.position is not None
    return round(sum(place.position))


def _layers(segmentation: Segmentation, frames: list[list[SegmentFrame]]) -> Iterator[SegmentLayer]:
    size = (segmentation.rows, segmentation.columns)
    for segment in segmentation.segments:
        number = segment.number
        levels = tuple(
            joined([one.levels for one in here if one.segment == number and one.pixels], size)
            for here in frames
        )
        yield SegmentLayer(segment, size, levels, segmentation.area(number))


def segmentation_facts(segmentation: Segmentation) -> dict[str, Any]:
    """Return what a segmentation marks, as plain values: `info --json`."""
    return {
        "label": segmentation.label,
        "type": segmentation.kind,
        "segments": [
            {
                "number": one.number,
                "label": one.label,
                "category": str(one.category),
                "type": str(one.kind),
                "algorithm": one.algorithm,
                "colour": list(one.colour),
                "frames": segmentation.area(one.number)[0],
                "pixels": segmentation.area(one.number)[1],
            }
            for one in segmentation.segments
        ],
        "images": [image.sop_instance_uid for image in segmentation.images],
    }
