"""Marks on their way from a file: what was found there, before they are numbered."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from xray_studio.core.clip import Clip
from xray_studio.core.drawing import Point
from xray_studio.core.measure.mark import Kind, Mark, Spot, frames_at, spot_of
from xray_studio.core.measure.marks import Marks

_OWN_NAME: Final = re.compile(rf"({'|'.join(kind.title for kind in Kind)}) ([1-9][0-9]{{0,8}})")


@dataclass(frozen=True, slots=True)
class Found:
    """Marks that were found for a clip, and how many were left out."""

    marks: Marks
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Drawn:
    """A mark without a number; `frames` are those of the clip (from 0) that it lies on."""

    kind: Kind
    points: tuple[Point, ...]
    text: str
    frames: tuple[int, ...]


def numbered(clip: Clip, drawn: Iterable[Drawn]) -> Marks:
    """Return marks; one that is called by its number keeps that where it is free."""
    each: dict[int, Mark] = {}
    waiting = list[Mark]()
    for one in drawn:
        own = None if one.kind is Kind.TEXT else _OWN_NAME.fullmatch(one.text)
        wanted = int(own[2]) if own is not None and own[1] == one.kind.title else 0
        text = "" if wanted else one.text
        for spot, everywhere in _spots(clip, one.frames):
            mark = Mark(wanted, one.kind, one.points, spot, text, everywhere)
            if wanted and wanted not in each:
                each[wanted] = mark
            else:
                waiting.append(mark)
    last = max(each, default=0)
    for number, mark in enumerate(waiting, last + 1):
        each[number] = replace(mark, number=number)
    return Marks(tuple(each[n] for n in sorted(each)), last=max(each, default=0))


def _spots(clip: Clip, frames: tuple[int, ...]) -> Iterator[tuple[Spot, bool]]:
    """Yield where a mark lies: once for an object all of whose frames it lies on."""
    spots = {index: spot_of(clip, index) for index in frames}
    of_image: dict[tuple[str, str], list[int]] = {}
    for index, spot in spots.items():
        if spot is not None:
            of_image.setdefault(spot.image, []).append(index)
    for found in of_image.values():
        count = frames_at(clip, found[0])
        everywhere = count > 1 and len(set(found)) == count
        for index in found[:1] if everywhere else found:
            spot = spots[index]
            assert spot is not None
            yield spot, everywhere
