"""A label map while it is edited: strokes, edits, undo and redo, segments by name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Final

from xray_studio.core.content import Code
from xray_studio.core.errors import UsageError
from xray_studio.core.job import Job
from xray_studio.core.labels.box import VoxelBox, joined_box, voxel_at, whole_box
from xray_studio.core.labels.brush import Brush, covered
from xray_studio.core.labels.edits import Action, Change, Edit, Over, Patch, applied
from xray_studio.core.labels.history import History
from xray_studio.core.labels.kinds import kind_of
from xray_studio.core.labels.label_map import LabelMap, LabelSegment, empty_map, new_segment
from xray_studio.core.labels.statistics import SegmentNumbers, measured
from xray_studio.core.place import Vector
from xray_studio.core.segments import COLOURS
from xray_studio.core.shutter import Colour
from xray_studio.core.volume.volume import Volume
from xray_studio.services.segmenting.tools import Range

_ELSEWHERE: Final = "The label map lies on another grid than the volume; open it over its own one."


@dataclass(slots=True, eq=False)
class Segmenting:
    """One volume of one moment and the segments over it. Use it from one thread.

    Everything that changes voxels returns the box that changed, None for nothing, so that a view
    draws that part anew. What takes long (`services.segmenting.tools`) is a Job that returns an
    edit; `apply` does it. `saved` tells whether the last change is in a file; whoever writes one
    sets it.
    """

    volume: Volume
    labels: LabelMap
    history: History = field(default_factory=History)
    saved: bool = True
    _stroke: list[Patch] | None = None
    _stroke_words: str = ""

    def __post_init__(self) -> None:
        self.volume = self.volume.single("Segmentation")
        if not self.labels.geometry.lies_as(self.volume.geometry, 1e-3):
            raise UsageError(_ELSEWHERE)

    @property
    def segments(self) -> tuple[LabelSegment, ...]:
        """The segments in their order."""
        return self.labels.segments

    def add_segment(self, name: str = "", kind: str = "") -> LabelSegment:
        """Add a segment of a name and a kind (of `core.labels.kinds.KINDS`), and return it.

        Raises UsageError for a kind that is not there.
        """
        if kind:
            kind_of(kind)
        before, number = self.segments, self.labels.next_number()
        self.labels.make_room(number)
        made = new_segment(before, number, name, kind)
        self.labels.segments = (*before, made)
        self._note(f"Add {made.name}", (), before)
        return made

    def change_segment(
        self,
        number: int,
        *,
        name: str | None = None,
        colour: Colour | None = None,
        locked: bool | None = None,
        category: Code | None = None,
        code: Code | None = None,
    ) -> LabelSegment:
        """Change what is told of a segment and return it. Raises UsageError for an empty name."""
        old, before = self.labels.segment(number), self.segments
        if name is not None and not name.strip():
            raise UsageError("A segment needs a name.")
        made = replace(
            old,
            name=old.name if name is None else name.strip(),
            colour=old.colour if colour is None else colour,
            locked=old.locked if locked is None else locked,
            category=category or old.category,
            code=code or old.code,
        )
        self.labels.segments = tuple(made if one is old else one for one in before)
        self._note(f"Change {made.name}", (), before)
        return made

    def take(self, other: LabelMap) -> VoxelBox | None:
        """Add the segments of another label map over the same grid, as one step of undo.

        They take the voxels that no segment has. Where nothing was marked yet they are what is
        edited from then on. Raises UsageError for another grid.
        """
        if not other.geometry.lies_as(self.labels.geometry, 1e-3):
            raise UsageError(_ELSEWHERE)
        self.end_stroke()
        if not self.segments and not self.history.undo_words:
            self.labels.values, self.labels.segments = other.values, other.segments
            return whole_box(self.labels.geometry.shape)
        before, patches = self.segments, list[Patch]()
        for one in other.segments:
            number, box = self.labels.next_number(), other.box(one.number)
            self.labels.make_room(number)
            self.labels.segments = (*self.segments, told_apart(one, self.segments, number))
            if box is not None:
                marked = other.marked(one.number, box)
                patches += applied(self.labels, Edit(number, box, marked, "", over=Over.EMPTY))
        self._note("Open segments", tuple(patches), before)
        return joined_box(patch.box for patch in patches)

    def set_kind(self, number: int, kind: str) -> LabelSegment:
        """Say what a segment is, in words of the standard, and give it the usual colour."""
        what = kind_of(kind)
        return self.change_segment(
            number, colour=what.colour, category=what.category, code=what.code
        )

    def remove_segment(self, number: int) -> VoxelBox | None:
        """Remove a segment with its voxels; undo brings both back."""
        gone, before = self.labels.segment(number), self.segments
        if gone.locked:
            raise UsageError(f"{gone.name} is locked; unlock it first.")
        box = self.labels.box(number)
        patches: tuple[Patch, ...] = ()
        if box is not None:
            edit = Edit(number, box, self.labels.marked(number, box), "", Action.ERASE)
            patches = applied(self.labels, edit)
        self.labels.segments = tuple(one for one in before if one is not gone)
        self._note(f"Remove {gone.name}", patches, before)
        return box

    def apply(self, edit: Edit) -> VoxelBox | None:
        """Do an edit as one step of undo. Raises UsageError for a locked segment."""
        if edit.number and self.labels.segment(edit.number).locked:
            name = self.labels.segment(edit.number).name
            raise UsageError(f"{name} is locked; unlock it first.")
        self.end_stroke()
        before = self.segments
        patches = applied(self.labels, edit)
        if not patches:
            return None
        self._name_means(edit)
        self._note(edit.words, patches, before)
        return joined_box(patch.box for patch in patches)

    def paint(
        self,
        number: int,
        brush: Brush,
        points: Sequence[Vector],
        *,
        erase: bool = False,
        over: Over = Over.ALL,
        within: Range | None = None,
    ) -> VoxelBox | None:
        """Paint or erase along points in mm, as part of the stroke that `end_stroke` ends.

        A first point alone is a dab. `within` keeps to voxels whose values lie in a range. Erasing
        with number 0 takes voxels of every segment that is not locked.
        """
        if self._stroke is None:
            self._stroke, self._stroke_words = [], "Erase" if erase else "Paint"
        action = Action.ERASE if erase else Action.ADD
        ways = list(pairwise(points)) or [(points[0], points[0])]
        patches: list[Patch] = []
        for start, end in ways:
            found = covered(self.labels.geometry, brush, start, end)
            if found is None:
                continue
            box, marked = found
            if within is not None:
                marked &= within.holds(self.volume.at(0)[box.slices])
            edit = Edit(number, box, marked, self._stroke_words, action, over)
            patches += applied(self.labels, edit)
        self._stroke += patches
        return joined_box(patch.box for patch in patches)

    def end_stroke(self) -> None:
        """End a stroke: what was painted since the last one becomes one step of undo."""
        patches, self._stroke = tuple(self._stroke or ()), None
        if patches:
            self._note(self._stroke_words, patches, self.segments)

    def undo(self) -> VoxelBox | None:
        """Take the last step back."""
        self.end_stroke()
        return self._moved(self.history.undo_words, self.history.undo(self.labels))

    def redo(self) -> VoxelBox | None:
        """Do again what was taken back."""
        self.end_stroke()
        return self._moved(self.history.redo_words, self.history.redo(self.labels))

    def measure(self) -> Job[tuple[SegmentNumbers, ...]]:
        """Return what every segment measures."""
        found = yield from measured(self.labels, self.volume.at(0))
        return found

    def voxel_at(self, point: Vector) -> int:
        """Return the number of the segment at a point in mm, 0 for none."""
        at = voxel_at(self.labels.geometry, point)
        return 0 if at is None else int(self.labels.values[at])

    def _moved(self, words: str, box: VoxelBox | None) -> VoxelBox | None:
        self.saved = self.saved and not words
        return box

    def _name_means(self, edit: Edit) -> None:
        """Note by what means a segment was found, in the order in which they were used."""
        if not edit.made:
            return
        old = self.labels.segment(edit.number)
        means = [each for each in old.made.split(", ") if each]
        if edit.made not in means:
            made = replace(old, made=", ".join([*means, edit.made]))
            self.labels.segments = tuple(made if one is old else one for one in self.segments)

    def _note(
        self, words: str, patches: tuple[Patch, ...], before: tuple[LabelSegment, ...]
    ) -> None:
        self.saved = False
        self.history.add(Change(words, patches, before, self.segments))


def told_apart(one: LabelSegment, known: tuple[LabelSegment, ...], number: int) -> LabelSegment:
    """Return a segment as `number` with a name and a colour that no other has, unlocked."""
    names, colours = {each.name for each in known}, {each.colour for each in known}
    free = [colour for colour in COLOURS if colour not in colours]
    return replace(
        one,
        number=number,
        locked=False,
        name=f"{one.name} ({number})" if one.name in names else one.name,
        colour=free[0] if one.colour in colours and free else one.colour,
    )


def begun(volume: Volume) -> Segmenting:
    """Return a session over a volume without segments. Raises UsageError for several moments."""
    one = volume.single("Segmentation")
    return Segmenting(one, empty_map(one.geometry))
