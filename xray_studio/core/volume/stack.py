"""Frames that make a volume: in their order, with what is missing, doubled or several times. Pure.

The grid itself is that of `core.place.slice_grid`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

import numpy as np

from xray_studio.core.errors import UnsupportedError
from xray_studio.core.place import (
    Affine,
    FramePlace,
    alike,
    slice_grid,
    slice_heights,
    slice_ranks,
)
from xray_studio.core.volume.volume import Along

MISSING: Final = -1
_UNEVEN: Final = 0.01  # of the distance between slices
_SAME: Final = 1e-2  # mm


@dataclass(frozen=True, slots=True)
class Taken:
    """Where one frame was taken, and what tells it from others at the same place.

    `phase` is in milliseconds after the heart's beat, `position` Temporal Position Index, `echo`
    the time of echo in ms, `kind` Image Type, `number` Instance Number.
    """

    place: FramePlace
    b_value: float | None = None
    phase: float | None = None
    echo: float | None = None
    position: float | None = None
    kind: str = ""
    number: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Stack:
    """A volume made of frames.

    `order` puts frames slice by slice, one moment after the other; MISSING stands where there is
    none. `missing` are the slices of which there is none at all, `left_out` the frames that are no
    part of it. `affine` leads from (column, row, slice) to mm in LPS.
    """

    order: tuple[int, ...]
    slices: int
    moments: int
    affine: Affine
    along: Along | None = None
    missing: tuple[int, ...] = ()
    left_out: tuple[int, ...] = ()
    warnings: tuple[str, ...] = ()


def orientations(frames: Sequence[Taken]) -> list[tuple[int, ...]]:
    """Return the frames that are turned, sampled and sized alike, the largest group first.

    Those that do not tell where they lie are none of them.
    """
    groups: list[list[int]] = []
    for number, frame in enumerate(frames):
        place = frame.place
        if place.position is None or place.orientation is None or place.spacing is None:
            continue
        for group in groups:
            first = frames[group[0]].place
            if first.size == place.size and alike([first, place]):
                group.append(number)
                break
        else:
            groups.append([number])
    return [tuple(group) for group in sorted(groups, key=len, reverse=True)]


def stacked(frames: Sequence[Taken]) -> Stack:
    """Return the volume that frames of one orientation make.

    Slices that are missing between others keep their place and are counted; of two at one place and
    moment the first is taken. Raises UnsupportedError where slices are not evenly apart, or nothing
    tells moments apart.
    """
    order = sorted(range(len(frames)), key=lambda number: _key(frames[number]))
    kept, left_out = _same_count([frames[number] for number in order])
    chosen = [order[at] for at in kept]
    places = [frames[number].place for number in chosen]
    filled = [*places, *_gaps(places)]
    grid = slice_grid(filled)
    if grid is None:
        raise _uneven(places)
    found = tuple(chosen[at] if at < len(chosen) else MISSING for at in grid.order)
    missing = tuple(n for n in range(grid.slices) if found[n] == MISSING)
    moments = [found[n * grid.slices : (n + 1) * grid.slices] for n in range(grid.phases)]
    rounds = [[frames[number] for number in moment if number != MISSING] for moment in moments]
    along = _along(rounds)
    if left_out and grid.phases > 1 and along.kind == "number":
        raise UnsupportedError(
            "Some slices are there more often than others and nothing tells their moments apart;"
            " open them as pictures."
        )
    doubled = tuple(order[at] for at in left_out)
    return Stack(
        found,
        grid.slices,
        grid.phases,
        grid.affine,
        along if grid.phases > 1 else None,
        missing,
        doubled,
        _told(missing, len(doubled), grid.phases, grid.slices),
    )


def _told(missing: Sequence[int], left_out: int, moments: int, slices: int) -> tuple[str, ...]:
    said = list[str]()
    if missing:
        lack = "is" if len(missing) == 1 else "are"
        which = f"missing ({_numbers(missing)}); the gap is kept open."
        said.append(f"{len(missing)} of {slices} slices {lack} {which}")
    if left_out and moments == 1:
        lies = "slice lies" if left_out == 1 else "slices lie"
        said.append(f"{left_out} {lies} where another one does; the first of each place is taken.")
    elif left_out:
        count = "1 slice is" if left_out == 1 else f"{left_out} slices are"
        said.append(f"{count} of a moment that is not whole, and left out.")
    return tuple(said)


def _numbers(missing: Sequence[int]) -> str:
    """Return numbers from 1, those that follow one another as "3-5"."""
    runs: list[list[int]] = []
    for number in missing:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    words = [str(r[0] + 1) if len(r) == 1 else f"{r[0] + 1}-{r[-1] + 1}" for r in runs[:5]]
    return ", ".join(words) + (", ..." if len(runs) > 5 else "")


def _key(frame: Taken) -> tuple[float | str, ...]:
    """Return the order of frames at one place."""
    return (
        frame.b_value or 0.0,
        frame.kind,
        frame.echo or 0.0,
        frame.phase or 0.0,
        frame.position or 0.0,
        frame.place.moment or 0.0,
        frame.number or 0,
    )


def _same_count(frames: Sequence[Taken]) -> tuple[list[int], list[int]]:
    """Return the frames to take, as many at every place, and those that are left out."""
    ranks = slice_ranks([frame.place for frame in frames])
    least = min(Counter(ranks).values())
    seen: Counter[int] = Counter()
    kept = list[int]()
    left_out = list[int]()
    for number, rank in enumerate(ranks):
        (kept if seen[rank] < least else left_out).append(number)
        seen[rank] += 1
    return kept, left_out


def _gaps(places: Sequence[FramePlace]) -> list[FramePlace]:
    """Return the places of slices that are missing, once for every moment."""
    ranks = slice_ranks(places)
    first = {rank: number for number, rank in reversed(list(enumerate(ranks)))}
    ordered = [places[first[rank]] for rank in sorted(first)]
    steps = np.abs(np.diff(slice_heights(ordered)))
    usual = _usual(steps)
    if usual is None:
        return []
    counts = np.rint(steps / usual).astype(int)
    if (np.abs(steps - counts * usual) > np.maximum(_SAME, _UNEVEN * counts * usual)).any():
        return []
    if counts.sum() - len(counts) > len(ordered):
        return []  # more would be missing than there is
    between = [
        replace(a, position=_on_the_way(a, b, n / count))
        for (a, b), count in zip(pairwise(ordered), counts.tolist(), strict=True)
        for n in range(1, count)
    ]
    return between * (len(places) // len(ordered))


def _usual(steps: Affine) -> float | None:
    """Return the distance that most slices have, None where there are too few to tell."""
    if len(steps) < 2:
        return None
    close = [int((np.abs(steps - step) <= max(_SAME, _UNEVEN * step)).sum()) for step in steps]
    best = int(np.argmax(close))
    alike_steps = steps[np.abs(steps - steps[best]) <= max(_SAME, _UNEVEN * steps[best])]
    return float(alike_steps.mean())


def _on_the_way(one: FramePlace, other: FramePlace, share: float) -> tuple[float, float, float]:
    assert one.position is not None
    assert other.position is not None
    a, b = np.asarray(one.position), np.asarray(other.position)
    x, y, z = (a + share * (b - a)).tolist()
    return x, y, z


def _uneven(places: Sequence[FramePlace]) -> UnsupportedError:
    heights = np.unique(np.round(slice_heights(places), 3))
    steps = np.diff(heights)
    if len(steps) and steps.max() > steps.min() * (1 + _UNEVEN) + _SAME:
        return UnsupportedError(
            f"The slices lie {steps.min():.4g} to {steps.max():.4g} mm apart and make no even"
            " volume; open them as pictures."
        )
    return UnsupportedError(
        "The slices do not lie in one line and make no even volume; open them as pictures."
    )


def _along(rounds: Sequence[Sequence[Taken]]) -> Along:
    """Return what tells moments apart; `rounds` are the frames of each."""
    told = [
        ("b-value", "s/mm2", [[frame.b_value for frame in one] for one in rounds]),
        ("echo", "ms", [[frame.echo for frame in one] for one in rounds]),
        ("phase", "ms", [[frame.phase for frame in one] for one in rounds]),
    ]
    for kind, unit, each in told:
        values = _each_its_own(each)
        if values is not None:
            return Along(kind, values, unit)
    words = [{frame.kind for frame in one} for one in rounds]
    if all(len(one) == 1 for one in words) and len(set.union(*words)) > 1:
        names = tuple(next(iter(one)) for one in words)
        return Along("kind", tuple(float(n + 1) for n in range(len(names))), "", names)
    starts = [[f.place.moment for f in one if f.place.moment is not None] for one in rounds]
    firsts = [min(one) for one in starts if one]
    if len(firsts) == len(rounds) and all(a < b for a, b in pairwise(firsts)):
        return Along("time", tuple(round(at - firsts[0], 6) for at in firsts), "s")
    values = _each_its_own([[frame.position for frame in one] for one in rounds])
    return Along("number", values or tuple(float(n + 1) for n in range(len(rounds))))


def _each_its_own(each: Sequence[Sequence[float | None]]) -> tuple[float, ...] | None:
    """Return the value that all frames of a moment share, where moments differ in it.

    One that is not told is 0 where others tell theirs: so are frames without diffusion.
    """
    sets = [{0.0 if value is None else round(value, 6) for value in one} for one in each]
    if any(len(one) != 1 for one in sets):
        return None
    values = tuple(next(iter(one)) for one in sets)
    return values if len(set(values)) > 1 else None
