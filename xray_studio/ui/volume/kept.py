"""Segments of volumes that are not on screen any more: kept until the window closes. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from xray_studio.core.labels.history import History
from xray_studio.core.labels.label_map import LabelMap
from xray_studio.core.volume.volume import Volume
from xray_studio.services.segmenting.session import Segmenting
from xray_studio.ui.volume.painting import Drawn, Hand, Painting

if TYPE_CHECKING:  # they hold these
    from xray_studio.ui.state import State
    from xray_studio.ui.volume.look import VolumeLook


@dataclass(frozen=True, slots=True, eq=False)
class Kept:
    """A label map without the values of its volume, which `key` names."""

    key: str
    labels: LabelMap
    history: History
    saved: bool
    chosen: int
    hand: Hand
    drawn: Drawn

    def over(self, volume: Volume) -> Painting:
        """Return it over its volume; UsageError where that has another grid by now."""
        work = Segmenting(volume.alone(0), self.labels, self.history, self.saved)
        return Painting(work, chosen=self.chosen, hand=self.hand, drawn=self.drawn).noted()


def keeping(old: State, new: State) -> State:
    """Return a state that keeps the segments of a volume which goes off the screen."""
    look = old.volume
    if look is None or look.painting is None or not look.painting.told.segments:
        return new
    if new.volume is not None and new.volume.planes is look.planes:
        return new
    return replace(new, painted=(*without(new.painted, look.planes.key), _kept(look)))


def kept_for(state: State, key: str) -> Kept | None:
    """Return the segments that are kept for a volume."""
    return next((one for one in state.painted if one.key == key), None)


def without(painted: tuple[Kept, ...], key: str) -> tuple[Kept, ...]:
    """Return what is kept of other volumes."""
    return tuple(one for one in painted if one.key != key)


def unsaved(state: State) -> int:
    """Return how many volumes have segments that are in no file."""
    look = state.volume
    painting = None if look is None else look.painting
    here = painting is not None and not painting.told.saved
    return int(here) + sum(not one.saved for one in state.painted)


def _kept(look: VolumeLook) -> Kept:
    painting = look.painting
    assert painting is not None
    work = painting.work
    return Kept(
        look.planes.key, work.labels, work.history, work.saved,
        painting.chosen, painting.hand, painting.drawn,
    )  # fmt: skip
