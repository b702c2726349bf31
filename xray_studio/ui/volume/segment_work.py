"""Segment work: what marks segments by itself, and what they measure, on a thread of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from types import MappingProxyType
from typing import Final, TypeVar

import numpy as np
from PySide6.QtCore import QObject, QTimer

from xray_studio.core.errors import StudioError
from xray_studio.core.job import Job, Progress
from xray_studio.core.labels.box import VoxelBox
from xray_studio.core.labels.edits import Edit
from xray_studio.core.labels.statistics import SegmentNumbers
from xray_studio.core.place import Vector
from xray_studio.core.volume.geometry import VolumeGeometry
from xray_studio.core.volume.planes import View as Plane
from xray_studio.services.segmenting import tools
from xray_studio.services.segmenting.session import Segmenting
from xray_studio.ui.desk import Desk
from xray_studio.ui.errand import Errand
from xray_studio.ui.in_the_window import in_the_window
from xray_studio.ui.session import Session
from xray_studio.ui.state import State
from xray_studio.ui.volume.look import plane_of
from xray_studio.ui.volume.painting import Hand, Painting
from xray_studio.ui.volume.segment_commands import SegmentCommands, painting_of
from xray_studio.ui.work import JobRunner, Task

T = TypeVar("T")
LANE, NUMBERS = "segments", "numbers of segments"
REST: Final = 400  # milliseconds without a change before segments are measured
STAY: Final = "Segments that are not saved stay until the window closes; open the volume again."
FOUND_NONE: Final = "Nothing was found that could be marked."


class SegmentWork(Errand):
    """Marks thresholds and regions, cleans up, measures; one at a time.

    While anything is computed nothing else changes the label map.
    """

    def __init__(
        self, session: Session, runner: JobRunner, desk: Desk, parent: QObject | None = None
    ) -> None:
        super().__init__(session, runner, desk, parent)
        self.commands = SegmentCommands(session)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST)
        self._rest.timeout.connect(self._measure)
        session.changed.connect(self._follow)
        runner.ended.connect(self._ended)

    def run(self, command: Callable[[], object]) -> None:
        """Run a command; say why where it is refused."""
        try:
            command()
        except StudioError as error:
            self._refused(error)

    # -- what marks by itself

    def mark_range(self) -> None:
        """Mark all voxels whose values lie in the range."""
        painting, work = self.commands.painting, self.commands.work
        if painting is not None and work is not None and painting.hand.range is not None:
            hand, look = painting.hand, self._session.state.volume
            box = (
                None if look is None else box_around(work.volume.geometry, look.aimed, hand.around)
            )
            wanted = tools.threshold(
                work.volume, painting.chosen, painting.hand.range, box=box, over=hand.over
            )
            self._begin("Marking a range of values", wanted)

    def grow(self, seed: Vector) -> None:
        """Mark the region that grows from a point in mm."""
        painting, work = self.commands.painting, self.commands.work
        if painting is not None and work is not None:
            growth = growth_of(painting.hand, seed)
            wanted = tools.grow(work.volume, painting.chosen, growth, over=painting.hand.over)
            self._begin("Growing a region", wanted)

    def fill_between(self) -> None:
        """Mark what lies between marked slices, as the plane in view runs."""
        look, plane = self._session.state.volume, plane_of(self._session.view)
        if look is None:
            return
        axis = axis_along(look.volume.geometry, look.aim.way(plane or Plane.AXIAL).normal)
        self._clean(
            "Filling between slices",
            lambda labels, number: tools.fill_between(labels, number, axis),
        )

    def fill_holes(self) -> None:
        """Mark what the segment encloses."""
        self._clean("Filling holes", tools.fill_holes)

    def keep_largest(self) -> None:
        """Leave of the segment its largest part."""
        self._clean("Keeping the largest part", tools.keep_largest)

    def smooth(self) -> None:
        """Give the segment a rounder outline."""
        painting = self.commands.painting
        if painting is not None:
            width = painting.hand.width
            self._clean("Smoothing", lambda labels, number: tools.smooth(labels, number, width))

    def _clean(self, title: str, tool: Callable[..., Job[Edit]]) -> None:
        painting, work = self.commands.painting, self.commands.work
        if painting is not None and work is not None:
            self._begin(title, tool(work.labels, painting.chosen))

    def _begin(self, title: str, wanted: Job[Edit]) -> None:
        painting = self.commands.painting
        if painting is None or not painting.can_paint:
            wanted.close()
            self.commands.note(seed=None)
        else:
            self.begin(title, applied(painting.work, wanted), then=self._marked)

    def begin(self, title: str, job: Job[T], then: Callable[[T], None]) -> None:
        """Let a job change the label map, and nothing else until it has ended."""
        painting = self.commands.painting
        if painting is None or painting.busy:
            job.close()
            return
        painting.work.end_stroke()
        self.commands.note(busy=title, seed=None)
        self._runner.start(job, title=title, lane=LANE, on_result=then, on_error=self._refused)

    def _refused(self, error: StudioError) -> None:
        self.told.emit(in_the_window(str(error)), "danger")

    def _marked(self, found: bool) -> None:
        if not found:
            self.told.emit(FOUND_NONE, "secondary")

    def _ended(self, task: Task) -> None:
        """Show the label map as it is, also after a job was stopped."""
        if task.lane == LANE:
            self.commands.note(busy="")

    # -- what follows

    def _follow(self, old: State, new: State) -> None:
        before, now = painting_of(old), painting_of(new)
        if before is not None and (now is None or now.work is not before.work):
            for lane in (LANE, NUMBERS):
                self._runner.cancel_lane(lane)
        if now is None:
            self._rest.stop()
            if before is not None and before.told.segments and not before.told.saved:
                self.told.emit(STAY, "secondary")
            return
        if now.seed is not None and not now.busy:
            self.grow(now.seed)
        if before is None or before.version != now.version or _values(old) != _values(new):
            self._rest.start()

    def _measure(self) -> None:
        painting, work = self.commands.painting, self.commands.work
        if painting is None or work is None or painting.busy:
            return
        version = painting.version
        self._runner.start(
            work.measure(), title="Measuring segments", lane=NUMBERS, visible=False, replace=True,
            on_result=lambda found: self._measured(painting, version, found),
        )  # fmt: skip

    def _measured(self, asked: Painting, version: int, found: tuple[SegmentNumbers, ...]) -> None:
        now = self.commands.painting
        if now is not None and now.work is asked.work:
            numbers = MappingProxyType({one.number: one for one in found})
            self.commands.show(replace(now, numbers=numbers, measured=version))


def _values(state: State) -> tuple[object, ...]:
    """Return what tells the values of one volume on screen from those of another."""
    look = state.volume
    return () if look is None else (look.planes, look.moment)


def box_around(grid: VolumeGeometry, point: Vector, reach: float) -> VoxelBox | None:
    """Return the voxels up to `reach` mm from a point along each side, None for all of them."""
    if reach <= 0.0:
        return None
    at, by = grid.indices([point])[0], reach / np.asarray(grid.spacing)
    low, high = np.rint(at - by).astype(int).tolist(), np.rint(at + by).astype(int).tolist()
    return VoxelBox((low[2], low[1], low[0]), (high[2] + 1, high[1] + 1, high[0] + 1)).within(
        grid.shape
    )


def axis_along(grid: VolumeGeometry, normal: Vector) -> str:
    """Return along which axis of voxels slices follow one another, of `tools.AXES`."""
    along = np.abs(grid.directions.T @ np.asarray(normal))  # of columns, rows and planes
    return tools.AXES[2 - int(along.argmax())]


def growth_of(hand: Hand, seed: Vector) -> tools.Growth:
    """Return how a region grows from a point; over the range where brushes keep to that."""
    wanted = hand.range if hand.within else None
    return tools.Growth(seed, wanted, hand.tolerance, hand.reach)


def applied(work: Segmenting, wanted: Job[Edit]) -> Job[bool]:
    """Find an edit and do it; return whether it marks anything."""
    edit = yield from wanted
    yield Progress(message="Marking")
    work.apply(edit)
    return bool(edit.marked.any())
