"""Processed values on their way into a DICOM object derived from their source."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass
from itertools import accumulate, pairwise
from pathlib import Path

from xray_studio.core.clip import Clip, Frame
from xray_studio.core.corner_text import SUBTRACTED
from xray_studio.core.errors import UsageError
from xray_studio.core.job import Job, Progress
from xray_studio.core.lut import Rescale, is_padding
from xray_studio.core.playback import DEFAULT
from xray_studio.core.presentation import StoredWindow, Window
from xray_studio.core.workers import Priority, run_apart
from xray_studio.dicom.file import syntaxes
from xray_studio.dicom.file.opening import reading_time
from xray_studio.dicom.video import Held
from xray_studio.dicom.write.order import Masks, ProcessOrder
from xray_studio.dicom.write.plan import ObjectPlan
from xray_studio.dicom.write.storage import ProcessedPlan, Storage
from xray_studio.services.decoding import Decoding, awaited
from xray_studio.services.export.dicom_frames import write_frames
from xray_studio.services.export.options import check_as_acquired
from xray_studio.services.export.steps import ExportRequest
from xray_studio.services.presets import presets
from xray_studio.services.settings import uid_root

DECODED = "Frames of a video stream, each on its own"
_PLAN = "xray_studio.dicom.write.processed:plan_processed"
_PLANNING = 30.0  # seconds beyond those of reading


@dataclass(frozen=True, slots=True)
class Part:
    """The frames of a clip that are of one object: `count` from `first` on.

    `series` and `number` are as those of ProcessOrder.
    """

    path: str
    first: int
    count: int
    series: str = ""
    number: int = 0


def parts_of(clip: Clip, series: str) -> list[Part]:
    """Return the objects of a clip, in a new series."""
    counts = [frames for _, frames in clip.objects] or [len(clip)]
    starts = accumulate(counts, initial=0)
    each = enumerate(zip(clip.paths, starts, counts, strict=False), 1)
    return [Part(path, first, count, series, number) for number, (path, first, count) in each]


def _window(clip: Clip) -> StoredWindow | None:
    """Return the window that an object offers: its own, and for differences theirs."""
    offered = presets(clip) if SUBTRACTED in clip.processed else clip.windows
    return next(iter(offered), None)


class ProcessedFrames:
    """The frames of one object: planned, then processed and written one by one."""

    def __init__(self, request: ExportRequest, part: Part | None = None) -> None:
        clip, options = request.clip, request.options
        check_as_acquired(options, "A DICOM object keeps its frames as acquired")
        check_derivable(clip)
        if part is None and len(clip.paths) != 1:
            raise UsageError(
                "This is a series of several objects, and each of them becomes one; name a folder,"
                " without a suffix, in place of the .dcm."
            )
        self._clip, self._options = clip, options
        self._part = part or Part(clip.paths[0], 0, len(clip))
        last = self._part.count - 1
        first, final = options.frames or (0, last)
        if not 0 <= first <= final <= last:
            asked = f"{first + 1}-{final + 1}"
            raise UsageError(f"There are no frames {asked}; the clip has frames 1 to {last + 1}.")
        self._frames = range(self._part.first + first, self._part.first + final + 1)
        self._storage = Storage((), 0, 0, "")

    def planned(self, *, clean: bool = False) -> Job[ObjectPlan]:
        """Return the object that the frames go into; `clean` tells that masks leave no text."""
        future: Future[ProcessedPlan] = run_apart(
            _PLAN,
            self._order(clean=clean),
            priority=Priority.BATCH,
            time_limit=reading_time([self._part.path]) + _PLANNING,
        )
        made = yield from awaited(future, Progress(message="Reading the object"))
        self._storage = made.storage
        return made.plan

    def _order(self, *, clean: bool) -> ProcessOrder:
        clip, part, steps = self._clip, self._part, self._clip.steps
        coding, window = clip.modality[0], _window(clip)
        return ProcessOrder(
            path=part.path,
            frames=(self._frames[0] - part.first, self._frames[-1] - part.first),
            count=part.count,
            steps=tuple((step.name, step.badge) for step in steps),
            words="; ".join(step.full_words for step in steps) or DECODED,
            coding=coding if isinstance(coding, Rescale) else Rescale(),
            same_values=all(step.keeps for step in steps),
            window=(window.center, window.width) if isinstance(window, Window) else None,
            interval=0.0 if clip.timing.source.startswith(DEFAULT) else 1000.0 / clip.frame_rate,
            vector=self._vector(),
            padded=clip.pixels.padding is not None,
            masks=Masks(self._options.privacy.masks, clean),
            syntax=self._options.syntax,
            uid_root=uid_root(),
            series=part.series,
            number=part.number,
            held=Held(part.count, clip.rows, clip.columns) if holds_stream(clip) else None,
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
        values = self._clip.modality_at(frame).apply(stored)
        nothing = is_padding(stored, self._clip.pixels.padding)
        return self._storage.samples(values, frame - self._part.first, nothing)


def holds_stream(clip: Clip) -> bool:
    """Tell whether a clip is of objects whose frames are one video stream."""
    return syntaxes.is_video(clip.acquisition.transfer_syntax)


def check_derivable(clip: Clip) -> None:
    """Raise UsageError for a clip that no object can be derived from."""
    made = clip.acquisition
    if not made.is_object:
        raise UsageError("Only DICOM objects are written as .dcm; choose another format.")
    if clip.state:
        raise UsageError(
            "A derived object is of the values of the file; leave the presentation state out."
        )
