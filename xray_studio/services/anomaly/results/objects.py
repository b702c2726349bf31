"""DICOM objects of what is unusual, beside the image that it is in."""

from __future__ import annotations

from concurrent.futures import Future
from datetime import datetime
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from xray_studio.core.anomaly.detection import Unusual
from xray_studio.core.job import Job, Progress, finished
from xray_studio.core.learning.heat import BADGE
from xray_studio.core.workers import Priority, run_apart
from xray_studio.dicom.file.opening import reading_time
from xray_studio.dicom.write.marked import Detector, MarkedOrder
from xray_studio.dicom.write.marked_report import MarkedRegion, MarkedReport
from xray_studio.dicom.write.masking import mask_words
from xray_studio.dicom.write.order import PictureOrder
from xray_studio.dicom.write.plan import ObjectPlan
from xray_studio.dicom.write.seg import FULL
from xray_studio.imaging.unusual import at_pixels, region_outlines
from xray_studio.services.anomaly.results.pictures import overlay
from xray_studio.services.anomaly.results.result import Result
from xray_studio.services.decoding import awaited
from xray_studio.services.export.dicom_frames import write_frames
from xray_studio.services.export.object_frames import verify_frames
from xray_studio.services.settings import uid_root

WRITING: Final = Progress(message="Writing what was found")
_MARKED: Final = "xray_studio.dicom.write.marked:write_marked"
_PLAN: Final = "xray_studio.dicom.write.pictures:plan_pictures"
_REPORT: Final = "xray_studio.dicom.write.marked_report:write_marked_report"
CORNERS: Final = 4_000  # of a border; more do not fit into one item (PS3.5 7.1.2)
_MASK: Final = "Reaches the threshold: unlike what is usual, which need not be a disease"
_SCORES: Final = (
    "How unlike what is usual each place is, 1 at the most; no probability of a disease"
)


def write_mask(path: Path, result: Result) -> Job[None]:
    """Write what is marked as a binary segmentation. Raises as `write_marked`."""
    frames = np.stack([result.mask(one) for one in result.found.maps])
    yield from _marked(path, result, frames, _MASK)


def write_scores(path: Path, result: Result) -> Job[None]:
    """Write the scores as a fractional segmentation. Raises as `write_marked`."""
    maps = [np.rint(at_pixels(one) * FULL).astype(np.uint8) for one in result.found.maps]
    yield from _marked(path, result, np.stack(maps), _SCORES)


def write_capture(path: Path, result: Result) -> Job[None]:
    """Write pictures under their maps as a secondary capture (PS3.3 A.8.5).

    Raises as `plan_pictures`, and WriteError.
    """
    shown = result.shown
    planning: Future[ObjectPlan] = run_apart(
        _PLAN, _captured(result), priority=Priority.BATCH, time_limit=_limit(result)
    )
    plan = yield from awaited(planning, WRITING)
    digests = yield from write_frames(
        path, plan, lambda number, _progress: finished(overlay(result, shown[number]))
    )
    yield from verify_frames(path, plan, digests)


def write_report(path: Path, result: Result) -> Job[None]:
    """Write regions and scores as a structured report. Raises as `write_marked_report`."""
    answer, found = result.answer, result.found
    order = MarkedReport(
        path=result.clip.paths[0],
        scores=tuple(one.score for one in found.maps),
        outstanding=tuple(number - 1 for number in answer["peaks"]),
        regions=tuple(_region(result, one) for one in result.regions()),
        notes=(BADGE, *answer["notes"]),
        detector=detector_of(result),
        made=datetime.now().astimezone(),
        target=str(path),
        uid_root=uid_root(),
    )
    writing: Future[str] = run_apart(
        _REPORT, order, priority=Priority.BATCH, time_limit=_limit(result)
    )
    yield from awaited(writing, WRITING)


def _region(result: Result, one: Unusual) -> MarkedRegion:
    """Return a region with its outer border, or its box where that has too many corners."""
    lines = region_outlines(result.found.maps[one.frame], result.found.threshold.value, one.peak)
    border = max((np.vstack([line, line[:1]]) for line in lines), key=np.ptp)
    box = one.box
    right, foot = box.x + box.width, box.y + box.height
    corners = [(box.x, box.y), (right, box.y), (right, foot), (box.x, foot), (box.x, box.y)]
    points = corners if len(border) > CORNERS else border.tolist()
    channels = ", ".join(f"{name} {share:.0%}" for name, share in one.channels)
    return MarkedRegion(
        one.frame, tuple((float(x), float(y)) for x, y in points), one.area, one.score,
        f"frame {one.frame + 1}, {channels}",
    )  # fmt: skip


def detector_of(result: Result) -> Detector:
    """Return what found it as objects name it: name, version, model, hashes and threshold."""
    mark, limit = result.found.detector, result.found.threshold
    told = f"threshold: {limit.value:g} ({limit.source}); least area: {result.least} pixels"
    if mark.model is None:
        return Detector(mark.name, mark.version, told)
    model = f"{mark.model.name} {mark.model.version}"
    hashes = f"SHA-256 of its weights: {mark.model.sha256}"
    if mark.digest:
        hashes += f"; SHA-256 of all that decides its answers: {mark.digest}"
    told = f"model: {model}; {hashes}; {told}"
    return Detector(mark.name, mark.version, told, model, mark.sha256)


def _marked(
    path: Path, result: Result, frames: NDArray[np.bool_] | NDArray[np.uint8], meaning: str
) -> Job[None]:
    order = MarkedOrder(
        path=result.clip.paths[0],
        frames=frames,
        numbers=tuple(one.frame for one in result.found.maps),
        detector=detector_of(result),
        meaning=meaning,
        made=datetime.now().astimezone(),
        target=str(path),
        uid_root=uid_root(),
    )
    writing: Future[str] = run_apart(
        _MARKED, order, priority=Priority.BATCH, time_limit=_limit(result)
    )
    yield from awaited(writing, WRITING)


def _captured(result: Result) -> PictureOrder:
    clip, shown, asked = result.clip, result.shown, detector_of(result)
    picture = overlay(result, shown[0])
    words = f"Pictures as displayed, under maps of {asked.name} {asked.version}"
    if result.masks:
        words = f"{words}; {mask_words(result.masks)}"
    return PictureOrder(
        path=clip.paths[0],
        rows=picture.shape[0],
        columns=picture.shape[1],
        colour=True,
        count=len(shown),
        frames=tuple(one.frame for one in shown) if len(clip) > 1 else (),
        interval=1000.0 / clip.timing.rate,
        vector=(),
        words=f"{words}; {asked.parameters}. {BADGE}",
        burned_in=clip.acquisition.burned_in != "NO",
        processed=True,
        as_sized=picture.shape[:2] == (clip.rows, clip.columns),
        uid_root=uid_root(),
        title=f"Unusual ({asked.name}), AI",
    )


def _limit(result: Result) -> float:
    return reading_time(result.clip.paths) + len(result.found.maps)
