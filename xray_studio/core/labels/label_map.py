"""Label maps: a number for every voxel of a volume, and what the numbers stand for. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt

from xray_studio.core.content import Code
from xray_studio.core.errors import UsageError
from xray_studio.core.labels.box import VoxelBox, box_of
from xray_studio.core.labels.kinds import KINDS, TISSUE
from xray_studio.core.segments import COLOURS
from xray_studio.core.shutter import Colour
from xray_studio.core.volume.geometry import VolumeGeometry
from xray_studio.core.volume.volume import check_memory

Labels: TypeAlias = npt.NDArray[Any]  # uint8 or uint16

MOST: Final = 65_535
_BYTES: Final = 255  # segments that uint8 tells apart


@dataclass(frozen=True, slots=True)
class LabelSegment:
    """One segment: voxels of its `number` are its own, 0 is none's.

    `category` and `code` say what it is in the words of the standard. No edit takes a voxel from a
    `locked` one, or gives it any. `made` names the means that found it, "" for drawn by hand.
    """

    number: int
    name: str
    colour: Colour
    category: Code = TISSUE
    code: Code = TISSUE
    locked: bool = False
    made: str = ""

    def __post_init__(self) -> None:
        # A line end in a name would end the line of a header that holds it.
        plain = "".join(each if each.isprintable() else " " for each in self.name)
        object.__setattr__(self, "name", " ".join(plain.split()) or f"Segment {self.number}")


@dataclass(slots=True, eq=False)
class LabelMap:
    """Segments over a volume: `values` (planes, rows, columns), uint8 or uint16, are theirs.

    Edits change `values` in place; `core.labels.edits` makes them and takes them back.
    """

    geometry: VolumeGeometry
    values: Labels
    segments: tuple[LabelSegment, ...] = ()

    def __post_init__(self) -> None:
        if self.values.shape != self.geometry.shape or self.values.dtype not in (
            np.dtype(np.uint8),
            np.dtype(np.uint16),
        ):
            raise ValueError("a label map holds one number of 8 or 16 bits for every voxel")

    def __repr__(self) -> str:
        """Return sizes only."""
        return f"<LabelMap {self.values.shape}, {len(self.segments)} segments>"

    def segment(self, number: int) -> LabelSegment:
        """Return a segment. Raises UsageError for one that is not there."""
        for one in self.segments:
            if one.number == number:
                return one
        raise UsageError(f"There is no segment {number}; choose one of the list.")

    def next_number(self) -> int:
        """Return the lowest number that no segment has. Raises UsageError where all are taken."""
        taken = {one.number for one in self.segments}
        if len(taken) >= MOST:
            raise UsageError(f"A label map holds at most {MOST:,} segments.")
        return next(number for number in range(1, MOST + 1) if number not in taken)

    def make_room(self, number: int) -> None:
        """Widen the values to 16 bits where a number needs it."""
        if number > _BYTES and self.values.dtype.itemsize == 1:
            self.values = self.values.astype(np.uint16)

    def marked(self, number: int, box: VoxelBox | None = None) -> npt.NDArray[np.bool_]:
        """Return which voxels are a segment's, of a box or of all."""
        part = self.values if box is None else self.values[box.slices]
        return np.asarray(part == number)

    def box(self, number: int) -> VoxelBox | None:
        """Return the smallest box around a segment, None for an empty one."""
        return box_of(self.marked(number))


def empty_map(geometry: VolumeGeometry) -> LabelMap:
    """Return a label map without segments. Raises UsageError where memory is too little."""
    check_memory(geometry.shape, np.dtype(np.uint8))
    return LabelMap(geometry, np.zeros(geometry.shape, np.uint8))


def new_segment(
    known: Sequence[LabelSegment], number: int, name: str = "", kind: str = ""
) -> LabelSegment:
    """Return a segment with a name and the colour of its kind (of `KINDS`).

    Without a kind it is tissue, in a colour that others do not have.
    """
    if not kind:
        colour = COLOURS[(number - 1) % len(COLOURS)]
        return LabelSegment(number, name or f"Segment {number}", colour)
    what = KINDS[kind]
    title = name or what.name.capitalize()
    taken = {one.name for one in known}
    if title in taken and not name:
        title = f"{title} {number}"
    return LabelSegment(number, title, what.colour, what.category, what.code)
