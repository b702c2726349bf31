"""Segments over the volume on screen, and how the tools work that mark them. Pure values.

The label map itself is large and changes in place; each of its changes makes another Painting.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final

from xray_studio.core.labels.brush import Brush
from xray_studio.core.labels.edits import Over
from xray_studio.core.labels.label_map import LabelSegment
from xray_studio.core.labels.statistics import SegmentNumbers
from xray_studio.core.place import Vector
from xray_studio.services.segmenting.session import Segmenting
from xray_studio.services.segmenting.tools import Range

PAINT: Final = "paint"
ERASE: Final = "erase"
GROW: Final = "grow"
TOOLS: Final = (PAINT, ERASE, GROW)
THINNEST, THICKEST = 0.5, 100.0  # mm: diameters of brushes


@dataclass(frozen=True, slots=True)
class Hand:
    """How the tools work.

    Brushes are discs in the plane that is painted on, or a `ball`, of a `diameter` in mm. `range`
    are the values that thresholds mark, None before one was chosen, up to `around` mm from where
    planes meet along every side of a box, 0 for everywhere; `within` keeps brushes to the range.
    Regions grow over values that differ by `tolerance` from the one that was clicked, up to `reach`
    mm from there, 0 for as far as they go. `width` in mm is that of smoothing.
    """

    diameter: float = 10.0
    ball: bool = False
    range: Range | None = None
    around: float = 0.0
    within: bool = False
    over: Over = Over.ALL
    tolerance: float = 0.0
    reach: float = 0.0
    width: float = 2.0

    def brush(self, normal: Vector) -> Brush:
        """Return the brush on a plane."""
        return Brush(self.diameter / 2.0, None if self.ball else normal)


@dataclass(frozen=True, slots=True)
class Told:
    """What there is to tell of a label map beside its voxels.

    `undo` and `redo` are words for what they would do, "" for nothing.
    """

    segments: tuple[LabelSegment, ...] = ()
    undo: str = ""
    redo: str = ""
    saved: bool = True


@dataclass(frozen=True, slots=True)
class Drawn:
    """How segments lie over planes; `opacity` is that of their areas, 0 to 1."""

    hidden: frozenset[int] = frozenset()
    opacity: float = 0.4
    outlined: bool = True
    preview: bool = False  # of the range of thresholds


@dataclass(frozen=True, slots=True, eq=False)
class Painting:
    """Segments at one moment of their making: `version` counts what was done to `work`.

    `chosen` is the number of the segment that tools mean, 0 for none. `busy` says what is being
    computed, "" for nothing: nothing else changes voxels meanwhile. `seed` is where a region is to
    grow from, mm. `numbers` are what segments measured when the version was `measured`.
    """

    work: Segmenting
    version: int = 0
    told: Told = Told()
    chosen: int = 0
    hand: Hand = Hand()
    drawn: Drawn = Drawn()
    busy: str = ""
    seed: Vector | None = None
    numbers: Mapping[int, SegmentNumbers] = field(default_factory=lambda: MappingProxyType({}))
    measured: int = -1

    @property
    def current(self) -> LabelSegment | None:
        """The segment that tools mean."""
        return next((one for one in self.told.segments if one.number == self.chosen), None)

    @property
    def can_paint(self) -> bool:
        """Tell whether a brush would change anything."""
        return self.current is not None and not self.current.locked and not self.busy

    @property
    def lasting(self) -> tuple[object, ...]:
        """What does not change while a stroke is painted."""
        return self.told, self.chosen, self.busy, self.drawn, self.hand

    def noted(self) -> Painting:
        """Return it as the label map is now, after it was changed."""
        work = self.work
        told = Told(work.segments, work.history.undo_words, work.history.redo_words, work.saved)
        numbers = {one.number for one in told.segments}
        chosen = self.chosen
        if chosen not in numbers:
            chosen = told.segments[-1].number if told.segments else 0
        told = self.told if told == self.told else told
        return replace(self, version=self.version + 1, told=told, chosen=chosen)
