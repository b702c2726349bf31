"""Segments found from the command line: by values or grown from a point, then cleaned up."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from xray_studio.core.errors import UsageError
from xray_studio.core.job import Job
from xray_studio.core.labels.box import VoxelBox
from xray_studio.core.labels.edits import Edit
from xray_studio.core.labels.label_map import LabelSegment
from xray_studio.core.volume.filters import BrainLikeMask
from xray_studio.services.segmenting import tools
from xray_studio.services.segmenting.session import Segmenting
from xray_studio.services.segmenting.tools import Growth, Range


@dataclass(frozen=True, slots=True)
class Wanted:
    """One segment to be found, by values, grown, or brain-like; `kind` is one of `KINDS`, or ""."""

    how: Range | Growth | BrainLikeMask
    name: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class CleanUp:
    """What is done with every segment that was found, in this order.

    `largest` keeps its largest part, `least` (ml) parts of at least so much; `holes` fills what it
    encloses; `smooth` (mm) rounds it.
    """

    largest: bool = False
    least: float = 0.0
    holes: bool = False
    smooth: float = 0.0

    def __post_init__(self) -> None:
        if not (0.0 <= self.least < math.inf and 0.0 <= self.smooth < math.inf):
            raise UsageError(
                "What parts are kept from and how far outlines are rounded is 0 or more."
            )


def find(
    session: Segmenting,
    wanted: Sequence[Wanted],
    clean: CleanUp,
    box: VoxelBox | None = None,
) -> Job[tuple[LabelSegment, ...]]:
    """Add segments to a session, found within a box or everywhere, and return them.

    A voxel that several claim is the later one's. Raises UsageError where one finds nothing.
    """
    numbers = []
    for one in wanted:
        number = session.add_segment(one.name, one.kind).number
        edit = yield from _edit(session, number, one.how, box)
        if session.apply(edit) is None:
            raise UsageError(f"{edit.words} finds no voxel; choose other values or another box.")
        yield from _cleaned(session, number, clean)
        numbers.append(number)
    return tuple(session.labels.segment(number) for number in numbers)


def _edit(
    session: Segmenting,
    number: int,
    how: Range | Growth | BrainLikeMask,
    box: VoxelBox | None,
) -> Job[Edit]:
    if isinstance(how, BrainLikeMask):
        return (yield from tools.brain_like(session.volume, number, how, box=box))
    if isinstance(how, Range):
        return (yield from tools.threshold(session.volume, number, how, box=box))
    return (yield from tools.grow(session.volume, number, how, box=box))


def _cleaned(session: Segmenting, number: int, clean: CleanUp) -> Job[None]:
    labels = session.labels
    if clean.largest:
        session.apply((yield from tools.keep_largest(labels, number)))
    if clean.least > 0.0:
        session.apply((yield from tools.remove_small(labels, number, clean.least)))
    if clean.holes:
        session.apply((yield from tools.fill_holes(labels, number)))
    if clean.smooth > 0.0:
        session.apply((yield from tools.smooth(labels, number, clean.smooth)))
