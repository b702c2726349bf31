"""Commands of segments over the volume on screen. Each one changes the session and its label map.

What takes long is done by `segment_work`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from xray_studio.core.place import Vector
from xray_studio.core.shutter import Colour
from xray_studio.core.volume.planes import Plane
from xray_studio.core.volume.volume import check_memory
from xray_studio.services.segmenting.session import Segmenting, begun
from xray_studio.services.segmenting.tools import Range
from xray_studio.ui.actions.reasons import needs
from xray_studio.ui.session import Session
from xray_studio.ui.state import State
from xray_studio.ui.viewer.window_commands import window_of
from xray_studio.ui.volume.look import plane_of
from xray_studio.ui.volume.painting import ERASE, GROW, PAINT, THICKEST, THINNEST, TOOLS, Painting

SIZES = 1.25  # a key or a notch of the wheel makes a brush so many times as large
TOLERANCE = 0.1  # of the width of the window: what regions grow over at first


def painting_of(state: State) -> Painting | None:
    """Return the segments over the volume on screen."""
    return None if state.volume is None else state.volume.painting


@needs("Show planes of a volume first, and wait until what is computed is done.")
def can_mark(state: State) -> bool:
    """Tell whether segments can be added and marked."""
    painting = painting_of(state)
    return state.volume is not None and (painting is None or not painting.busy)


@needs("Add a segment to the volume first, and choose it.")
def has_chosen(state: State) -> bool:
    """Tell whether a segment is chosen that may change."""
    painting = painting_of(state)
    return painting is not None and painting.current is not None and not painting.busy


@needs("Choose a segment that is not locked first.")
def is_open(state: State) -> bool:
    """Tell whether a segment is chosen that can be marked."""
    painting = painting_of(state)
    return painting is not None and painting.can_paint


@needs("Nothing was marked that could be undone.")
def can_undo(state: State) -> bool:
    """Tell whether a change of the segments can be undone."""
    painting = painting_of(state)
    return painting is not None and bool(painting.told.undo) and not painting.busy


@needs("Nothing was undone.")
def can_redo(state: State) -> bool:
    """Tell whether a change of the segments can be done again."""
    painting = painting_of(state)
    return painting is not None and bool(painting.told.redo) and not painting.busy


@needs("Mark something over a volume first.")
def can_save(state: State) -> bool:
    """Tell whether there are segments to save."""
    painting = painting_of(state)
    return painting is not None and bool(painting.told.segments) and not painting.busy


@needs("Mark something over a series of DICOM slices first; other volumes go to NIfTI or NRRD.")
def can_save_object(state: State) -> bool:
    """Tell whether segments can be saved as an object that refers to slices."""
    volume = None if state.volume is None else state.volume.volume
    return can_save(state) and volume is not None and any(uid for uid, _ in volume.origins)


def is_in_hand(state: State) -> bool:
    """Tell whether a tool that marks segments is in use."""
    return state.volume is not None and state.tool in TOOLS


class SegmentCommands:
    """Adds, names, paints, undoes. Raises UsageError where a locked segment is to change."""

    def __init__(self, session: Session) -> None:
        self._session = session

    @property
    def painting(self) -> Painting | None:
        """The segments over the volume on screen."""
        return painting_of(self._session.state)

    @property
    def work(self) -> Segmenting | None:
        """The label map over the volume on screen, with the values of the moment on screen."""
        look, painting = self._session.state.volume, self.painting
        if look is None or painting is None:
            return None
        if painting.work.volume.values is not look.volume.at(look.moment):
            painting.work.volume = look.volume.alone(look.moment)
        return painting.work

    # -- segments

    def begin(self) -> Painting | None:
        """Return the segments over the volume on screen, none at first.

        Raises UsageError where there is no memory for them.
        """
        look, painting = self._session.state.volume, self.painting
        if look is None or painting is not None:
            return painting
        one = look.volume.alone(look.moment)
        check_memory(one.geometry.shape, np.dtype(np.uint8))
        made = Painting(begun(one))
        self.show(replace(made, hand=replace(made.hand, **_preset(self._session))))
        return self.painting

    def add(self) -> None:
        """Add a segment, which is the chosen one then."""
        self.begin()
        work = self.work
        if work is not None:
            self._noted(chosen=work.add_segment().number)

    def choose(self, number: int) -> None:
        """Let tools mean a segment."""
        self._change(chosen=number)

    def rename(self, number: int, name: str) -> None:
        """Give a segment another name."""
        self._tell(number, name=name)

    def recolour(self, number: int, colour: Colour) -> None:
        """Give a segment another colour."""
        self._tell(number, colour=colour)

    def lock(self, number: int, *, locked: bool) -> None:
        """Let no edit change a segment, or let them again."""
        self._tell(number, locked=locked)

    def call(self, number: int, kind: str) -> None:
        """Say what a segment is, in words of the standard."""
        if self.work is not None:
            self.work.set_kind(number, kind)
            self._noted()

    def remove(self, number: int) -> None:
        """Remove a segment with what is marked."""
        if self.work is not None:
            self.work.remove_segment(number)
            self._noted()

    def remove_chosen(self) -> None:
        """Remove the chosen segment."""
        if self.painting is not None and self.painting.current is not None:
            self.remove(self.painting.chosen)

    def hide(self, number: int, *, hidden: bool) -> None:
        """Hide a segment, or show it again."""
        painting = self.painting
        if painting is not None:
            rest = painting.drawn.hidden - {number}
            self.draw(hidden=rest | {number} if hidden else rest)

    def draw(self, **how: object) -> None:
        """Change how segments lie over planes: fields of Drawn."""
        if self.painting is not None:
            self._change(drawn=replace(self.painting.drawn, **how))  # type: ignore[arg-type]

    # -- tools

    def use(self, tool: str) -> None:
        """Take a tool in hand; there is a segment for it then."""
        painting = self.begin()
        if painting is not None and not painting.told.segments:
            self.add()
        if painting is not None:
            self._session.update(tool=tool)

    def use_brush(self) -> None:
        """Let the left button paint."""
        self.use(PAINT)

    def use_eraser(self) -> None:
        """Let the left button erase."""
        self.use(ERASE)

    def use_growing(self) -> None:
        """Let a click grow a region."""
        self.use(GROW)

    def handle(self, **how: object) -> None:
        """Change how tools work: fields of Hand."""
        if self.painting is not None:
            self._change(hand=replace(self.painting.hand, **how))  # type: ignore[arg-type]

    def size(self, diameter: float) -> None:
        """Make brushes so wide, in mm."""
        self.handle(diameter=round(min(max(diameter, THINNEST), THICKEST), 2))

    def widen(self, steps: float) -> None:
        """Make brushes larger by steps, below 0 smaller."""
        if self.painting is not None:
            self.size(self.painting.hand.diameter * SIZES**steps)

    def larger(self) -> None:
        """Make brushes larger."""
        self.widen(1.0)

    def smaller(self) -> None:
        """Make brushes smaller."""
        self.widen(-1.0)

    # -- strokes

    def stroke(self, plane: Plane, points: Sequence[Vector], *, erase: bool) -> None:
        """Paint or erase along points of a plane, mm; `end_stroke` ends it."""
        painting, work = self.painting, self.work
        if painting is None or work is None or not painting.can_paint:
            return
        hand = painting.hand
        within = hand.range if hand.within and not erase else None
        brush = hand.brush(plane.normal)
        work.paint(painting.chosen, brush, points, erase=erase, over=hand.over, within=within)
        hidden = painting.drawn.hidden - {painting.chosen}
        drawn = replace(painting.drawn, hidden=hidden)
        self.show(replace(painting, version=painting.version + 1, drawn=drawn))

    def plant(self, seed: Vector) -> None:
        """Ask for a region that grows from a point in mm."""
        if self.painting is not None and self.painting.can_paint:
            self._change(seed=seed)

    def end_stroke(self) -> None:
        """End a stroke: it can be undone from now on."""
        if self.painting is not None:
            self.painting.work.end_stroke()
            self._noted()

    def undo(self) -> None:
        """Take the last change of the segments back."""
        if self.painting is not None:
            self.painting.work.undo()
            self._noted()

    def redo(self) -> None:
        """Do again what was taken back."""
        if self.painting is not None:
            self.painting.work.redo()
            self._noted()

    # -- the session

    def show(self, painting: Painting | None) -> None:
        """Show segments over the volume on screen."""
        look = self._session.state.volume
        if look is not None:
            self._session.update(volume=replace(look, painting=painting))

    def note(self, **changes: object) -> None:
        """Show the label map as it is now, with other parts replaced."""
        self._noted(**changes)

    def _noted(self, **changes: object) -> None:
        if self.painting is not None:
            self.show(replace(self.painting, **changes).noted())  # type: ignore[arg-type]

    def _change(self, **changes: object) -> None:
        if self.painting is not None:
            self.show(replace(self.painting, **changes))  # type: ignore[arg-type]

    def _tell(self, number: int, **changes: object) -> None:
        if self.work is not None:
            self.work.change_segment(number, **changes)  # type: ignore[arg-type]
            self._noted()


def _preset(session: Session) -> dict[str, Any]:
    """Return range and tolerance of the tools at first: those of the window on screen."""
    views = (session.view, *session.state.views)
    seen = next((view for view in views if plane_of(view) and view.clip is not None), None)
    if seen is None:
        return {}
    window = window_of(seen)
    half = window.width / 2.0
    wanted = Range(window.center - half, window.center + half)
    return {"range": wanted, "tolerance": TOLERANCE * window.width}
