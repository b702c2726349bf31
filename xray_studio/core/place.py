"""Where and when frames were taken, and the grid that slices make in the patient. Pure.

Positions are millimetres in the patient's own coordinates (PS3.3 C.7.6.2.1.1): to the left, to the
back, to the head (LPS). NIfTI counts to the right, to the front and to the head (RAS).
"""

from __future__ import annotations

import math
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
_PARALLEL = 0.9  # cosine of the angle between the normals of slices that can be compared
_UNEVEN = 0.01  # of the distance between slices, and at least _SAME_POSITION


@dataclass(frozen=True, slots=True)
class FramePlace:
    """Where and when one frame was taken; None where the file does not tell.

    `position` and `orientation` are Image Position and Orientation (Patient), `spacing` is (row,
    column) spacing in mm, `size` (rows, columns), `thickness` Slice Thickness in mm. `moment`
    counts seconds from a moment that all files share. Positions mean something to each other in
    one `frame_of_reference` only.
    """

    position: Vector | None = None
    orientation: tuple[float, ...] | None = None
    spacing: tuple[float, float] | None = None
    thickness: float | None = None
    moment: float | None = None
    frame_of_reference: str = ""
    size: tuple[int, int] | None = None


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
    if not places or not alike(places):
        return None
    ranks = slice_ranks(places)
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


def position_words(place: FramePlace) -> str:
    """Return how far from the origin a slice lies along the axis that it is most across.

    "H 12.5 mm" is towards the head; the others are F, L, R, P and A (PS3.3 C.7.6.1.1.1). "" where
    the file does not tell.
    """
    if place.position is None or place.orientation is None:
        return ""
    normal = np.abs(np.cross(place.orientation[:3], place.orientation[3:]))
    axis = int(np.argmax(normal))
    distance = place.position[axis]
    return f"{'LPH'[axis] if distance >= 0 else 'RAF'[axis]} {abs(distance):.1f} mm"


def alike(places: Sequence[FramePlace]) -> bool:
    """Tell whether frames lie somewhere, turned and sampled as the first one is."""
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


def same_height(places: Sequence[FramePlace], here: FramePlace, now: int) -> int | None:
    """Return which of several slices lies at the height of another, along its normal.

    None where positions mean nothing to each other, slices are not nearly parallel, or the other
    one lies beyond the ends of the stack. Of several at one height (phases) the one nearest to
    number `now` is taken.
    """
    apart = _apart(places, here)
    least = min(map(abs, apart.values()), default=math.inf)
    if least > _reach(sorted(set(apart.values())), here):
        return None
    level = [number for number, d in apart.items() if abs(d) <= least + _SAME_POSITION]
    return min(level, key=lambda number: abs(number - now))


def comparable(places: Sequence[FramePlace], here: FramePlace) -> bool:
    """Tell whether the height of a slice means something among others."""
    return bool(_apart(places, here))


def _apart(places: Sequence[FramePlace], here: FramePlace) -> dict[int, float]:
    """Return how far slices lie from another along its normal, in mm, of those that compare."""
    if not here.frame_of_reference or not _lies(here):
        return {}
    numbers = [
        number
        for number, place in enumerate(places)
        if place.frame_of_reference == here.frame_of_reference and _lies(place)
    ]
    if not numbers:
        return {}
    found = [places[number] for number in numbers]
    normal = _normal(here)
    parallel = np.abs(_normals(found) @ normal) >= _PARALLEL
    heights = (_middles(found) - _middles([here])) @ normal
    told = zip(numbers, heights.tolist(), parallel.tolist(), strict=True)
    return {number: height for number, height, alike in told if alike}


def _lies(place: FramePlace) -> bool:
    return place.position is not None and place.orientation is not None


def _normals(places: Sequence[FramePlace]) -> Affine:
    turns = np.array([place.orientation for place in places], np.float64)
    return np.cross(turns[:, :3], turns[:, 3:])


def _middles(places: Sequence[FramePlace]) -> Affine:
    """Return the middles of slices: those tilted against each other compare there."""
    turns = np.array([place.orientation for place in places], np.float64)
    half = np.array([_half(place) for place in places])
    corners = np.array([place.position for place in places], np.float64)
    return np.asarray(corners + turns[:, :3] * half[:, :1] + turns[:, 3:] * half[:, 1:])


def _half(place: FramePlace) -> tuple[float, float]:
    """Return half the width and height of a slice in mm, 0 where it does not tell them."""
    if place.spacing is None or place.size is None:
        return 0.0, 0.0
    (down, across), (rows, columns) = place.spacing, place.size
    return across * (columns - 1) / 2, down * (rows - 1) / 2


def _reach(heights: Sequence[float], here: FramePlace) -> float:
    """Return how far beyond the last slice another one still counts as next to it."""
    gaps = np.diff(heights)
    usual = float(np.median(gaps)) if len(gaps) else 0.0
    return max(usual, here.thickness or 0.0, _SAME_POSITION)


def slice_ranks(places: Sequence[FramePlace]) -> list[int]:
    """Return the number of each frame's slice along the normal, in the way they come."""
    heights = slice_heights(places)
    order = sorted(range(len(places)), key=heights.__getitem__)
    ranks, rank = [0] * len(places), 0
    for before, here in zip([order[0], *order], order, strict=False):
        rank += heights[here] - heights[before] > _SAME_POSITION
        ranks[here] = rank
    last = next((rank for rank in reversed(ranks) if rank != ranks[0]), 0)
    return ranks if ranks[0] <= last else [max(ranks) - rank for rank in ranks]


def slice_heights(places: Sequence[FramePlace]) -> list[float]:
    """Return how far frames lie along the normal of the first one, in mm."""
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
    return np.asarray(_normals([place])[0])


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
