"""Segments of volumes that are not on screen any more: kept until the window closes. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from xray_studio.core.labels.history import History
from xray_studio.core.labels.label_map import LabelMap
from xray_studio.core.volume.volume import Volume
from xray_studio.services.segmenting.session import Segmenting
from xray_studio.ui.volume.painting import Drawn, Hand, Painting

APART: Final = 1e-3  # mm between voxels of a label map and those of its volume

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
        """Return it over its volume. Raises UsageError for one with another grid."""
        work = Segmenting(volume.alone(0), self.labels, self.history, self.saved)
        return Painting(work, chosen=self.chosen, hand=self.hand, drawn=self.drawn).noted()


def keeping(old: State, new: State) -> State:
    """Return a state that keeps the segments of a volume which goes off the screen.

    Of others those are kept that are in no file.

    Those of a volume that comes back are over it again. What a filter makes of a volume has its
    segments, as long as it has its grid.
    """
    before, now = old.volume, new.volume
    if before is now or (before and now and before.planes is now.planes):
        return new
    painting = None if before is None else before.painting
    if before is not None and painting is not None and painting.told.segments:
        labels = painting.work.labels
        here = None if now is None or now.painting is None else now.painting.work.labels
        if now is not None and here is labels and _fits(labels, now):
            return new
        others = (one for one in without(new.painted, _key(before)) if not one.saved)
        new = replace(new, painted=(*others, _kept(before)))
    if now is None:
        return new
    back = kept_for(new, _key(now))
    if back is None or not _fits(back.labels, now):
        return replace(new, volume=replace(now, painting=None)) if now.painting else new
    painted = without(new.painted, back.key)
    return replace(new, painted=painted, volume=replace(now, painting=back.over(now.volume)))


def _key(look: VolumeLook) -> str:
    """Return what names a volume as it was opened, whatever was done to it since."""
    return (look.source or look.planes).key


def _fits(labels: LabelMap, look: VolumeLook) -> bool:
    """Tell whether a label map has the grid of a volume."""
    return labels.geometry.lies_as(look.volume.geometry, APART)


def kept_for(state: State, key: str) -> Kept | None:
    """Return the segments that are kept for a volume."""
    return next((one for one in state.painted if one.key == key), None)


def painting_over(look: VolumeLook, volume: Volume) -> Painting | None:
    """Return the segments of the volume on screen over another one of its grid."""
    return None if look.painting is None else _kept(look).over(volume)


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
        _key(look), work.labels, work.history, work.saved,
        painting.chosen, painting.hand, painting.drawn,
    )  # fmt: skip
