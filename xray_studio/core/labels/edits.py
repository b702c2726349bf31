"""What edits change in a label map, kept so small that they can be taken back. Pure.

An edit is asked for as a box with what is marked in it; what it changes is a patch, which holds the
changed voxels and what they were.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from enum import Enum
from typing import Final

import numpy as np

from xray_studio.core.labels.box import Marked, VoxelBox, box_of
from xray_studio.core.labels.label_map import LabelMap, Labels, LabelSegment

_FAST: Final = 1  # level of compression


class Action(Enum):
    """What is done with marked voxels. The values are those of the command line."""

    ADD = "add"  # they become the segment's
    ERASE = "erase"  # those of the segment become nobody's
    REPLACE = "replace"  # they become the segment, and nothing else is


class Over(Enum):
    """Whose voxels an edit may take."""

    ALL = "all"  # those of all segments that are not locked
    EMPTY = "empty"  # those of none


@dataclass(frozen=True, slots=True, eq=False)
class Edit:
    """Voxels `marked` in a `box`, and what is to become of them for segment `number`.

    Number 0 with `Action.ERASE` erases whatever is not locked. `words` are for the menu of undo;
    `made` names the means, "" where a hand did it.
    """

    number: int
    box: VoxelBox
    marked: Marked
    words: str
    action: Action = Action.ADD
    over: Over = Over.ALL
    made: str = ""

    @property
    def voxels(self) -> int:
        """How many voxels are marked."""
        return int(np.count_nonzero(self.marked))


@dataclass(frozen=True, slots=True)
class Patch:
    """Voxels of a `box` that became `after`.

    `where` tells which of the box, packed, `before` what they were.
    """

    box: VoxelBox
    where: bytes
    before: bytes | int
    after: int

    @property
    def size(self) -> int:
        """How many bytes it takes."""
        return len(self.where) + (len(self.before) if isinstance(self.before, bytes) else 8)

    def undo(self, values: Labels) -> None:
        """Put back what was there."""
        part, where = values[self.box.slices], self._marked()
        if isinstance(self.before, bytes):
            part[where] = np.frombuffer(zlib.decompress(self.before), np.uint16)
        else:
            part[where] = self.before

    def redo(self, values: Labels) -> None:
        """Do again what was taken back."""
        values[self.box.slices][self._marked()] = self.after

    def _marked(self) -> Marked:
        bits = np.frombuffer(zlib.decompress(self.where), np.uint8)
        return np.unpackbits(bits, count=self.box.voxels).view(bool).reshape(self.box.shape)


@dataclass(frozen=True, slots=True)
class Change:
    """One step of undo: what changed in the voxels, and the segments before and after it."""

    words: str
    patches: tuple[Patch, ...]
    before: tuple[LabelSegment, ...]
    after: tuple[LabelSegment, ...]

    @property
    def size(self) -> int:
        """How many bytes it takes."""
        return sum(patch.size for patch in self.patches)


def applied(labels: LabelMap, edit: Edit) -> tuple[Patch, ...]:
    """Change a label map and return what changed; locked segments neither give nor take voxels."""
    if edit.number and labels.segment(edit.number).locked:
        return ()
    if edit.action is Action.ERASE:
        return _kept([_put(labels, edit.box, _own(labels, edit), 0)])
    patches = [_rest_erased(labels, edit)] if edit.action is Action.REPLACE else []
    here = labels.values[edit.box.slices]
    wanted = edit.marked & (here != edit.number)
    if edit.over is Over.EMPTY:
        wanted &= here == 0
    else:
        wanted &= ~_locked(labels, here)
    return _kept([*patches, _put(labels, edit.box, wanted, edit.number)])


def _kept(patches: list[Patch | None]) -> tuple[Patch, ...]:
    return tuple(patch for patch in patches if patch is not None)


def _own(labels: LabelMap, edit: Edit) -> Marked:
    """Return the marked voxels that may be erased."""
    here = labels.values[edit.box.slices]
    if edit.number:
        return np.asarray(edit.marked & (here == edit.number))
    return np.asarray(edit.marked & (here != 0) & ~_locked(labels, here))


def _locked(labels: LabelMap, here: Labels) -> Marked | np.bool_:
    """Return which voxels are those of locked segments."""
    locked = [one.number for one in labels.segments if one.locked]
    if not locked:
        return np.False_
    table = np.zeros(int(np.iinfo(here.dtype).max) + 1, bool)
    table[locked] = True
    return np.asarray(table[here])


def _rest_erased(labels: LabelMap, edit: Edit) -> Patch | None:
    """Erase what the segment has beside what is marked."""
    box = labels.box(edit.number)
    if box is None:
        return None
    own = labels.marked(edit.number)
    own[edit.box.slices] &= ~edit.marked
    return _put(labels, box, own[box.slices], 0)


def _put(labels: LabelMap, box: VoxelBox, wanted: Marked, number: int) -> Patch | None:
    """Give voxels another number and return what they were, None where there are none."""
    inner = box_of(wanted)
    if inner is None:
        return None
    place = box.part(inner)
    where = wanted[inner.slices]
    here = labels.values[place.slices]
    old = here[where]
    here[where] = number
    return Patch(place, zlib.compress(np.packbits(where).tobytes(), _FAST), _packed(old), number)


def _packed(old: Labels) -> bytes | int:
    first = int(old[0])
    if (old == first).all():
        return first
    return zlib.compress(old.astype(np.uint16).tobytes(), _FAST)
