"""The clips of a comparison as the dialog holds them, and what becomes of them. Pure functions."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from xray_studio.core.clip import Clip
from xray_studio.core.comparison import Arrangement, Ending, of_one_patient
from xray_studio.core.errors import UsageError
from xray_studio.core.presentation import Presentation
from xray_studio.services.comparison import (
    MOST,
    ComparisonOptions,
    Part,
    caption_of,
    comparison,
)
from xray_studio.ui.over_state import plain
from xray_studio.ui.state import State
from xray_studio.ui.view import View, opened

FEW: Final = f"Add another clip: a comparison takes 2 to {MOST}."
OTHERS: Final = "The clips are not surely of one patient. Tick below that this is meant."


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """One clip in the list. `number` tells it apart from others, `stored` shows it as its file."""

    number: int
    view: View
    caption: str = ""
    stored: bool = False

    @property
    def clip(self) -> Clip:
        """The clip, without what lies over it where it is shown as stored."""
        base = plain(self.view)
        assert base is not None
        assert self.view.clip is not None
        return base.clip if self.stored else self.view.clip

    @property
    def usual_caption(self) -> str:
        """What stands above the picture where nothing is typed."""
        return caption_of(self.clip) + (", as stored" if self.stored else "")

    def part(self) -> Part:
        """Return the clip with its look, between its in and out points."""
        base, cine = plain(self.view), self.view.cine
        assert base is not None
        how = base.initial if self.stored else self.view.presentation
        caption = self.caption.strip() or (self.usual_caption if self.stored else "")
        return Part(self.clip, how, caption, (cine.first, cine.last))


@dataclass(frozen=True, slots=True, eq=False)
class Chosen:
    """Everything that is chosen of a comparison."""

    entries: tuple[Entry, ...]
    arrangement: Arrangement = Arrangement.ROW
    ending: Ending = Ending.LOOP
    different_patients: bool = False

    @property
    def of_one_patient(self) -> bool:
        """Tell whether all clips are surely of one patient."""
        return of_one_patient([entry.clip for entry in self.entries]) if self.entries else True

    def moved(self, number: int, by: int) -> Chosen:
        """Return the clips with one of them moved by some places, as far as there are."""
        entries = list(self.entries)
        place = next(n for n, one in enumerate(entries) if one.number == number)
        one = entries.pop(place)
        entries.insert(min(max(0, place + by), len(entries)), one)
        return replace(self, entries=tuple(entries))

    def without(self, number: int) -> Chosen:
        """Return the clips without one of them."""
        return replace(self, entries=tuple(one for one in self.entries if one.number != number))

    def changed(
        self, number: int, *, caption: str | None = None, stored: bool | None = None
    ) -> Chosen:
        """Return the clips with another caption or look of one of them."""

        def new(one: Entry) -> Entry:
            if one.number != number:
                return one
            words = one.caption if caption is None else caption
            return replace(one, caption=words, stored=one.stored if stored is None else stored)

        return replace(self, entries=tuple(map(new, self.entries)))

    def with_view(self, view: View) -> Chosen:
        """Return the clips and one more."""
        number = max((one.number for one in self.entries), default=-1) + 1
        return replace(self, entries=(*self.entries, Entry(number, view)))

    def problem(self) -> str:
        """Return why these clips make no comparison yet, "" where they do."""
        if not 2 <= len(self.entries) <= MOST:
            return FEW
        return "" if self.different_patients or self.of_one_patient else OTHERS

    def view(self, moment: float) -> View:
        """Return the comparison as a view at a moment in seconds. Raises UsageError."""
        options = ComparisonOptions(self.arrangement, self.ending, self.different_patients)
        if self.problem():
            raise UsageError(self.problem())
        whole = comparison([entry.part() for entry in self.entries], options)
        frame = bisect_right(whole.timing.times, moment + 1e-6) - 1
        return replace(opened(None, whole, Presentation(), ()), frame=max(0, frame))

    def places(self) -> tuple[object, ...]:
        """Return what decides where what lies in the pictures: everything but words."""
        parts = [replace(entry.part(), caption="") for entry in self.entries]
        clips = tuple((id(part.clip), part.presentation, part.frames) for part in parts)
        return (clips, self.arrangement, self.ending)


def first_chosen(state: State) -> Chosen:
    """Return the clips of all viewports in their order, which a comparison begins with.

    A single one that is not shown as its file says stands beside itself as it is stored.
    """
    grid = range(state.layout.count)
    places = [*grid, *sorted(state.detached - {*grid})]
    views = [state.views[place] for place in places if state.views[place].clip is not None]
    if not views:
        views = [view for view in state.views if view.clip is not None][:1]
    chosen = Chosen(())
    for view in views:
        chosen = chosen.with_view(view)
    if len(views) == 1 and _is_changed(views[0]):
        return chosen.changed(0, stored=True).with_view(views[0])
    return chosen


def _is_changed(view: View) -> bool:
    base = plain(view)
    assert base is not None
    placed = replace(view.presentation, zoom=base.initial.zoom, pan=base.initial.pan)
    return view.clip is not base.clip or placed != base.initial


def amount_words(view: View, count: int, arrangement: Arrangement) -> str:
    """Return "3 clips in a row, 4.00 s"."""
    assert view.clip is not None
    how = "in a row" if arrangement is Arrangement.ROW else "in a grid"
    end = end_of(view.clip)
    return f"{count} clips {how}" + (f", {end:.2f} s" if len(view.clip) > 1 else "")


def moment_of(view: View) -> float:
    """Return the moment of a view in seconds, as far as its clip tells."""
    assert view.clip is not None
    times = view.clip.timing.times
    return times[view.frame] if view.frame < len(times) else 0.0


def moment_words(clip: Clip, frame: int) -> str:
    """Return "1.20 s of 4.00 s", "" for stills."""
    if len(clip) == 1:
        return ""
    return f"{clip.timing.times[frame]:.2f} s of {end_of(clip):.2f} s"


def end_of(clip: Clip) -> float:
    """Return the length of a comparison in seconds."""
    times = clip.timing.times
    return times[-1] + clip.timing.last_interval() if times else 0.0


def looks(places: Sequence[int], chosen: Chosen) -> Chosen:
    """Return the clips, those at some places (from 1) as stored and the others as shown."""
    entries = [
        replace(entry, stored=place in places) for place, entry in enumerate(chosen.entries, 1)
    ]
    return replace(chosen, entries=tuple(entries))
