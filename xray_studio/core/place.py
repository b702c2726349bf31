"""Where and when frames were taken, and the grid that slices make in the patient. Pure.

Positions are millimetres in the patient's own coordinates (PS3.3 C.7.6.2.1.1): to the left, to the
back, to the head (LPS). NIfTI counts to the right, to the front and to the head (RAS).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Vector: TypeAlias = tuple[float, float, float]
Affine: TypeAlias = npt.NDArray[np.float64]

_SAME_COSINE = 1e-3
_SAME_SPACING = 1e-3  # of the spacing
_SAME_POSITION = 1e-2  # mm
_UNEVEN = 0.01  # of the distance between slices, and at least _SAME_POSITION


@dataclass(frozen=True, slots=True)
class FramePlace:
    """Where and when one frame was taken; None where the file does not tell.

    `position` and `orientation` are Image Position and Orientation (Patient), `spacing` is (row,
    column) spacing in mm, `thickness` Slice Thickness in mm. `moment` counts seconds from a moment
    that all files share. Positions mean something to each other in one `frame_of_reference` only.
    """

    position: Vector | None = None
    orientation: tuple[float, ...] | None = None
    spacing: tuple[float, float] | None = None
    thickness: float | None = None
    moment: float | None = None
    frame_of_reference: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class SliceGrid:
    """Slices that lie evenly in the patient, each of them at `phases` moments.

    `order` puts frames slice by slice, one phase after the other. `affine` (4 x 4) leads from
    (column, row, slice) to millimetres in LPS.
    """

    order: tuple[int, ...]
    slices: int
    phases: int
    affine: Affine


def slice_grid(places: Sequence[FramePlace]) -> SliceGrid | None:
    """Return the grid that frames make, None where they do not lie evenly in one stack.

    Slices may be shifted against each other (a tilted gantry): the affine is then sheared.
    """
    if not places or not _alike(places):
        return None
    ranks = _ranks(places)
    slices = max(ranks) + 1
    phases, rest = divmod(len(places), slices)
    if rest or set(Counter(ranks).values()) != {phases}:
        return None
    order = _by_phase(ranks)
    step = _step(places, [order[i] for i in range(slices)])
    if step is None:
        return None
    return SliceGrid(order, slices, phases, _affine(places[order[0]], step))


def lies_in_patient(places: Sequence[FramePlace]) -> bool:
    """Tell whether frames say that they lie at several places in the patient."""
    positions = {place.position for place in places}
    return None not in positions and len(positions) > 1


def _alike(places: Sequence[FramePlace]) -> bool:
    first = places[0]
    if first.position is None or first.orientation is None or first.spacing is None:
        return False
    return all(
        place.position is not None
        and _near(place.orientation, first.orientation, _SAME_COSINE)
        and _near(place.spacing, first.spacing, _SAME_SPACING * max(first.spacing))
        for place in places
    )


def _near(one: Sequence[float] | None, other: Sequence[float], apart: float) -> bool:
    return one is not None and bool(np.allclose(one, other, rtol=0.0, atol=apart))


def same_pixels(one: FramePlace, other: FramePlace) -> bool:
    """Tell whether the pixels of two frames lie at the same points of one Frame of Reference."""
    if not one.frame_of_reference or one.frame_of_reference != other.frame_of_reference:
        return False
    if other.position is None or other.orientation is None or other.spacing is None:
        return False
    return (
        _near(one.position, other.position, _SAME_POSITION)
        and _near(one.orientation, other.orientation, _SAME_COSINE)
        and _near(one.spacing, other.spacing, _SAME_SPACING * max(other.spacing))
    )


def _ranks(places: Sequence[FramePlace]) -> list[int]:
    """Return the number of each frame's slice along the normal, in the way they come."""
    heights = _heights(places)
    order = sorted(range(len(places)), key=heights.__getitem__)
    ranks, rank = [0] * len(places), 0
    for before, here in zip([order[0], *order], order, strict=False):
        rank += heights[here] - heights[before] > _SAME_POSITION
        ranks[here] = rank
    last = next((rank for rank in reversed(ranks) if rank != ranks[0]), 0)
    return ranks if ranks[0] <= last else [max(ranks) - rank for rank in ranks]


def _heights(places: Sequence[FramePlace]) -> list[float]:
    assert places[0].orientation is not None
    normal = np.cross(places[0].orientation[:3], places[0].orientation[3:])
    return [float(np.dot(normal, np.asarray(place.position))) for place in places]


def _by_phase(ranks: Sequence[int]) -> tuple[int, ...]:
    """Return frames phase by phase; in each phase slice by slice, in the way they come."""
    seen = [0] * (max(ranks) + 1)
    keys = []
    for number, rank in enumerate(ranks):
        keys.append((seen[rank], rank, number))
        seen[rank] += 1
    return tuple(number for _, _, number in sorted(keys))


def _step(places: Sequence[FramePlace], slices: Sequence[int]) -> Affine | None:
    """Return the way from slice to slice in mm, None where they are not evenly apart."""
    at = np.array([places[number].position for number in slices], float)
    if len(at) == 1:
        return _normal(places[slices[0]]) * (places[slices[0]].thickness or 1.0)
    step: Affine = (at[-1] - at[0]) / (len(at) - 1)
    off = np.abs(at - (at[0] + np.arange(len(at))[:, None] * step)).max()
    return step if off <= max(_SAME_POSITION, _UNEVEN * float(np.linalg.norm(step))) else None


def _normal(place: FramePlace) -> Affine:
    assert place.orientation is not None
    return np.asarray(np.cross(place.orientation[:3], place.orientation[3:]), float)


def _affine(first: FramePlace, step: Affine) -> Affine:
    assert first.orientation is not None
    assert first.spacing is not None
    affine: Affine = np.eye(4)
    affine[:3, 0] = np.asarray(first.orientation[:3]) * first.spacing[1]
    affine[:3, 1] = np.asarray(first.orientation[3:]) * first.spacing[0]
    affine[:3, 2] = step
    affine[:3, 3] = first.position
    return affine


def to_ras(affine: Affine) -> Affine:
    """Return an affine from LPS as one to RAS, or the way back."""
    return np.asarray(np.diag([-1.0, -1.0, 1.0, 1.0]) @ affine)
