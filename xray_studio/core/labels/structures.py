"""Structures as outlines in the patient (RT Structure Sets), and their label map. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from xray_studio.core.content import NO_CODE, Code
from xray_studio.core.errors import UsageError
from xray_studio.core.labels.kinds import TISSUE
from xray_studio.core.labels.label_map import MOST, LabelMap, LabelSegment, empty_map
from xray_studio.core.labels.outlines import filled
from xray_studio.core.shutter import Colour
from xray_studio.core.volume.geometry import Points, VolumeGeometry

_ASKEW: Final = 0.25  # planes between the points of one outline
_NO_PLANE: Final = (
    "The outlines of {} do not lie in planes of this volume; open the series that they were drawn"
    " on."
)


@dataclass(frozen=True, slots=True, eq=False)
class Structure:
    """One region of interest: closed `outlines` in mm, each (points, 3).

    `others` counts what is no closed outline: points and open lines.
    """

    number: int
    name: str
    colour: Colour
    outlines: tuple[Points, ...]
    code: Code = NO_CODE
    made: str = ""
    others: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class StructureSet:
    """An RT Structure Set: `frame_of_reference` and `series` tell what it was drawn on."""

    structures: tuple[Structure, ...]
    frame_of_reference: str = ""
    series: tuple[str, ...] = ()
    patient: str = ""
    label: str = ""


def map_of_structures(
    found: StructureSet, grid: VolumeGeometry
) -> tuple[LabelMap, tuple[str, ...]]:
    """Return what structures enclose of a volume, and what is to be known of it.

    Of several outlines of a structure on one plane the inner ones are holes. Where structures
    overlap, voxels are the later one's. Raises UsageError for outlines across the planes.
    """
    labels, said = empty_map(grid), list[str]()
    lost = 0
    for one in found.structures:
        labels.make_room(one.number)
        for plane, lines in _by_plane(one, grid).items():
            marked = filled(lines, (grid.shape[1], grid.shape[2]))
            lost += int(np.count_nonzero(labels.values[plane][marked]))
            labels.values[plane][marked] = one.number
        if one.others:
            said.append(f"{one.name} has {one.others} points or open lines, which enclose nothing.")
    labels.segments = tuple(_segment(one) for one in found.structures)
    return labels, (*said, *overlap_words(lost))


def overlap_words(voxels: int) -> tuple[str, ...]:
    """Return what there is to say of voxels that several segments claimed."""
    if not voxels:
        return ()
    return (f"Segments overlap in {voxels:,} voxels, which the later one of the list has now.",)


def _segment(one: Structure) -> LabelSegment:
    code = one.code if one.code.value else TISSUE
    return LabelSegment(one.number, one.name, one.colour, TISSUE, code, made=one.made)


def _by_plane(one: Structure, grid: VolumeGeometry) -> dict[int, list[Points]]:
    """Return the outlines on each plane, as columns and rows."""
    found: dict[int, list[Points]] = {}
    for points in one.outlines:
        at = grid.indices(points)
        depth = at[:, 2]
        plane = round(float(depth.mean()))
        if np.ptp(depth) > _ASKEW:
            raise UsageError(_NO_PLANE.format(one.name))
        if 0 <= plane < grid.shape[0]:
            found.setdefault(plane, []).append(at[:, :2])
    if one.outlines and not found:
        raise UsageError(_NO_PLANE.format(one.name))
    return found


def numbered(numbers: Sequence[int]) -> bool:
    """Tell whether numbers can be those of segments: above 0, each once."""
    return len(set(numbers)) == len(numbers) and all(0 < number <= MOST for number in numbers)
