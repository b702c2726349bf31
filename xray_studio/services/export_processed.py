"""Processed values on their way into a DICOM object derived from their source."""

from __future__ import annotations

from concurrent.futures import Future
from itertools import pairwise
from pathlib import Path

from xray_studio.core.clip import Clip, Frame
from xray_studio.core.errors import UsageError
from xray_studio.core.job import Job, Progress
from xray_studio.core.lut import Rescale
from xray_studio.core.playback import DEFAULT
from xray_studio.core.presentation import Window
from xray_studio.core.workers import Priority, run_apart
from xray_studio.dicom.file.opening import reading_time
from xray_studio.dicom.write.order import Masks, ProcessOrder
from xray_studio.dicom.write.plan import ObjectPlan
from xray_studio.dicom.write.storage import ProcessedPlan, Storage
from xray_studio.services.decoding import Decoding, awaited
from xray_studio.services.dicom_frames import write_frames
from xray_studio.services.export_options import check_as_acquired
from xray_studio.services.export_steps import ExportRequest
from xray_studio.services.settings import uid_root

_PLAN = "xray_studio.dicom.write.processed:plan_processed"
_PLANNING = 30.0  # seconds beyond those of reading


class ProcessedFrames:
    """The frames of one export: planned as an object, then processed and written one by one."""

    def __init__(self, request: ExportRequest) -> None:
        clip, options = request.clip, request.options
        check_as_acquired(options, "A DICOM object keeps its frames as acquired")
        _check(clip)
        self._clip, self._options = clip, options
        last = len(clip) - 1
        first, final = options.frames or (0, last)
        if not 0 <= first <= final <= last:
            asked = f"{first + 1}-{final + 1}"
            raise UsageError(f"There are no frames {asked}; the clip has frames 1 to {last + 1}.")
        self._frames = range(first, final + 1)
        self._storage = Storage((), 0, 0, "")

    def planned(self, *, clean: bool = False) -> Job[ObjectPlan]:
        """Return the object that the frames go into; `clean` tells that masks leave no text."""
        paths = self._clip.paths
        future: Future[ProcessedPlan] = run_apart(
            _PLAN,
            self._order(clean=clean),
            priority=Priority.BATCH,
            time_limit=reading_time(paths) + _PLANNING,
        )
        made = yield from awaited(future, Progress(message="Reading the object"))
        self._storage = made.storage
        return made.plan

    def _order(self, *, clean: bool) -> ProcessOrder:
        clip, steps = self._clip, self._clip.steps
        coding, window = clip.modality[0], next(iter(clip.windows), None)
        return ProcessOrder(
            path=clip.paths[0],
            frames=(self._frames[0], self._frames[-1]),
            count=len(clip),
            steps=tuple((step.name, step.badge) for step in steps),
            words="; ".join(step.words for step in steps),
            coding=coding if isinstance(coding, Rescale) else Rescale(),
            same_values=all(step.keeps for step in steps),
            window=(window.center, window.width) if isinstance(window, Window) else None,
            interval=0.0 if clip.timing.source.startswith(DEFAULT) else 1000.0 / clip.frame_rate,
            vector=self._vector(),
            masks=Masks(self._options.privacy.masks, clean),
            syntax=self._options.syntax,
            uid_root=uid_root(),
        )

    def _vector(self) -> tuple[float, ...]:
        """Return the milliseconds from frame to frame where the clip tells moments."""
        times = self._clip.timing.times
        if len(times) != len(self._clip) or len(self._frames) < 2:
            return ()
        moments = [times[frame] for frame in self._frames]
        steps = [1000.0 * (after - before) for before, after in pairwise(moments)]
        return (0.0, *steps)

    def write(self, path: Path, plan: ObjectPlan) -> Job[list[bytes]]:
        """Process and write every frame; return by what each one is known again."""
        decoding = Decoding(self._clip, self._frames)

        def made(place: int, progress: Progress) -> Job[Frame]:
            stored = yield from decoding.frame(progress)
            return self._samples(stored, self._frames[place])

        try:
            digests = yield from write_frames(path, plan, made)
        finally:
            decoding.close()
        return digests

    def _samples(self, stored: Frame, frame: int) -> Frame:
        if self._clip.is_colour:
            return stored
        return self._storage.samples(self._clip.modality_at(frame).apply(stored), frame)


def _check(clip: Clip) -> None:
    """Raise UsageError for a clip that no object can be derived from."""
    made = clip.acquisition
    if not made.sop_class_uid and not made.transfer_syntax:
        raise UsageError("Only DICOM objects are written as .dcm; choose another format.")
    if clip.state:
        raise UsageError(
            "A derived object is of the values of the file; leave the presentation state out."
        )
    if len(clip.paths) != 1:
        raise UsageError(
            "This is a series of several objects; each of them becomes one, so name a folder"
            " with the command process."
        )
