"""Motions: what the dialog for motion has done in the background."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from xray_studio.core.clip import Clip
from xray_studio.core.job import Job, Progress
from xray_studio.core.presentation import Presentation
from xray_studio.core.region import Region
from xray_studio.ui.gate import picture_of
from xray_studio.ui.work import JobRunner

if TYPE_CHECKING:  # OpenCV is loaded by jobs, on their own thread
    from xray_studio.services.processing.motion import Displacement

PICTURE, FLOW, FOLLOW, SAVE = "motion picture", "motion flow", "motion region", "motion curve"


class Motions(QObject):
    """Starts what is asked for; a later wish takes the place of one before.

    `pictured` tells a frame (from 0) and its picture, `flowed` a style and the clip that shows the
    flow, `followed` the displacement of a region. `progressed` tells lane and progress, `failed`
    lane and sentence. `saved` tells the file of a curve.
    """

    pictured = Signal(int, object)
    flowed = Signal(str, object)
    followed = Signal(object)
    progressed = Signal(str, object)
    failed = Signal(str, str)
    saved = Signal(object)

    def __init__(self, runner: JobRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner = runner

    def picture(self, clip: Clip, frame: int, how: Presentation) -> None:
        """Make the picture of a frame (from 0), in the place of its stored pixels."""
        done = partial(self.pictured.emit, frame)
        self._start(picture_of(clip, frame, how), "Preview", PICTURE, done)

    def flow(self, clip: Clip, style: str) -> None:
        """Show the flow of a clip as a clip."""
        self._start(
            flow_of(clip, style), "Drawing the flow", FLOW, partial(self.flowed.emit, style)
        )

    def follow(self, clip: Clip, region: Region | None, start: int) -> None:
        """Follow a region of a frame (from 0); None is the whole picture."""
        job = displacement_of(clip, region, start)
        self._start(job, "Following the region", FOLLOW, self.followed.emit)

    def save(self, found: Displacement, target: Path) -> None:
        """Write a curve as .csv or .json."""
        self._start(written(found, target), "Saving the curve", SAVE, self.saved.emit)

    def leave(self) -> None:
        """Stop what is done for the dialog alone."""
        for lane in (PICTURE, FLOW, FOLLOW):
            self._runner.cancel_lane(lane)

    def stop_following(self) -> None:
        """Give up the region that is being followed."""
        self._runner.cancel_lane(FOLLOW)

    def _start(self, job: Job[Any], title: str, lane: str, then: Callable[[Any], None]) -> None:
        self._runner.start(
            job, title=title, lane=lane, visible=False, replace=True, gives_way=lane != PICTURE,
            on_result=then,
            on_progress=lambda progress: self.progressed.emit(lane, progress),
            on_error=lambda error: self.failed.emit(lane, str(error)),
        )  # fmt: skip


def flow_of(clip: Clip, style: str) -> Job[Clip]:
    """Return a clip that shows the flow of another."""
    yield Progress(message="Drawing the flow")
    from xray_studio.services.processing.flow import FlowView, flow_clip

    return (yield from flow_clip(clip, FlowView(style)))


def displacement_of(clip: Clip, region: Region | None, start: int) -> Job[Displacement]:
    """Return the displacement of a region of frame `start` (from 0), None for the whole picture."""
    yield Progress(message="Following the region")
    from xray_studio.services.processing.motion import displacement

    return (yield from displacement(clip, region, start=start))


def written(found: Displacement, target: Path) -> Job[Path]:
    """Write a curve and return its file."""
    yield Progress(message="Saving the curve")
    from xray_studio.services.processing.motion import write_displacement

    write_displacement(found, target)
    return target
