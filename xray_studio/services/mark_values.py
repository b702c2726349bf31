"""What marks measure on the frames of a clip: for read-outs, tables and exported pictures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from xray_studio.core.ahead import FramesAhead
from xray_studio.core.clip import Clip
from xray_studio.core.drawing import Point
from xray_studio.core.errors import StudioError
from xray_studio.core.files import replacing
from xray_studio.core.job import Job, Progress
from xray_studio.core.measure.geometry import Greys, greys
from xray_studio.core.measure.mark import Mark, frames_of, spot_of
from xray_studio.core.measure.marks import Marks
from xray_studio.core.measure.scale import as_calibrated, scale_at
from xray_studio.core.measure.sketch import drawing_of
from xray_studio.core.measure.table import csv_of, line_of
from xray_studio.core.measure.words import Values, lines_of, values_of
from xray_studio.core.presentation import Presentation
from xray_studio.core.workers import Priority

Wanted = tuple[Mark, int]
Key = tuple[tuple[Point, ...], int]


def greys_found(clip: Clip, wanted: Sequence[Wanted]) -> Job[dict[Key, Greys | None]]:
    """Find the values in ellipses and outlines on frames (from 0), by points and frame.

    None where there are none, or where the frame cannot be read.
    """
    found: dict[Key, Greys | None] = {}
    order = sorted({index for mark, index in wanted if mark.kind.has_area})
    ahead = FramesAhead(clip.source.request, clip.frame_bytes, order, Priority.PREFETCH)
    try:
        for done, index in enumerate(order):
            yield Progress(done, len(order), "Measuring")
            following = ahead.next()
            assert following is not None
            here = [mark for mark, at in wanted if at == index and mark.kind.has_area]
            try:
                stored = following[1].result()
            except StudioError:
                found |= {(mark.points, index): None for mark in here}
                continue
            for mark in here:
                found[mark.points, index] = greys(clip, index, stored, mark.points)
    finally:
        ahead.close()
    return found


def measured(clip: Clip, marks: Marks, wanted: Sequence[Wanted]) -> Job[list[Values]]:
    """Measure marks on frames (from 0)."""
    found = yield from greys_found(clip, wanted)
    return [values_on(clip, marks, mark, at, found.get((mark.points, at))) for mark, at in wanted]


def values_on(clip: Clip, marks: Marks, mark: Mark, index: int, found: Greys | None) -> Values:
    """Return what a mark measures on a frame, by the calibration of a person where there is one."""
    spot = spot_of(clip, index)
    scale = scale_at(clip, index, None if spot is None else marks.spacing(spot.image))
    return values_of(mark, scale, found, processed=bool(clip.steps))


def all_frames(clip: Clip, marks: Iterable[Mark]) -> list[Wanted]:
    """Return marks with every frame that they lie on."""
    return [(mark, index) for mark in marks for index in frames_of(clip, mark)]


def with_marks(clip: Clip, marks: Marks, how: Presentation) -> Job[Clip]:
    """Return a clip with the marks on it as drawings, as they stand on screen when shown so.

    A clip of one object that a person calibrated tells that spacing. Frames that cannot be read
    have their marks without values. Drawings of a presentation state that are hidden are left out.
    """
    shown = [mark for mark in marks.of(clip) if not mark.hidden]
    wanted = all_frames(clip, shown)
    found = yield from measured(clip, marks, wanted)
    frames: dict[tuple[Mark, tuple[str, ...]], list[int]] = {}
    for (mark, index), values in zip(wanted, found, strict=True):
        frames.setdefault((mark, lines_of(mark, values)), []).append(index)
    made = tuple(drawing_of(mark, lines, how, at) for (mark, lines), at in frames.items())
    spot = spot_of(clip, 0)
    given = marks.spacing(spot.image) if spot is not None and len(clip.objects) <= 1 else None
    kept = clip.drawings if how.drawings else ()
    return replace(as_calibrated(clip, given), drawings=(*kept, *made))


def write_table(clip: Clip, marks: Marks, target: Path) -> Job[Path]:
    """Write what is measured on a clip as comma-separated values, one line for each frame.

    Raises WriteError. The file says which object was measured, and nothing of the patient.
    """
    wanted = all_frames(clip, marks.of(clip))
    found = yield from measured(clip, marks, wanted)
    pairs = zip(wanted, found, strict=True)
    text = csv_of(line_of(clip, mark, index, values) for (mark, index), values in pairs)
    with replacing(target) as temporary:
        temporary.write_text(text, "utf-8", newline="")
    return target
