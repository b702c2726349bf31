"""What is shown over a volume: another one, cut by the same planes. Pure functions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from xray_studio.core.clip import Clip
from xray_studio.core.kinds import DICOM, VOLUME
from xray_studio.core.presentation import Window
from xray_studio.core.study import Series
from xray_studio.core.volume.fusion import FUSED, Blend, FusionLook, Match, badges
from xray_studio.core.volume.registration import Movement
from xray_studio.core.volume.suv import Uptake
from xray_studio.core.volume.volume import Volume
from xray_studio.services.volume.plane_clips import OverSource, Planes, plane_source
from xray_studio.ui.browser.series_text import owner, same
from xray_studio.ui.volume.uptake import SHORT, key_of

if TYPE_CHECKING:  # it holds one of these
    from xray_studio.ui.state import State

SLICED = frozenset(("CT", "MR", "PT", "NM"))
_FADING = frozenset(("PT", "NM"))  # where little uptake tells little: what is below stays in sight


@dataclass(frozen=True, slots=True, eq=False)
class Over:
    """A volume over the one on screen.

    `match` tells why it may lie there, `window` and `how` how it is shown; `windows` are those to
    choose from. `uptake` tells what its values are, `stored` is the volume of the files,
    laid onto the one on screen where it was `registered`.
    """

    series: Series
    planes: Planes
    match: Match
    windows: tuple[Window, ...]
    window: Window
    how: FusionLook
    stored: Volume
    uptake: Uptake | None = None
    registered: Movement | None = None

    @property
    def volume(self) -> Volume:
        """What lies over the other."""
        return self.planes.volume

    @property
    def name(self) -> str:
        """What it is called in a picture, as "PT SUV bw"."""
        return " ".join(filter(None, (name_of(self.volume), SHORT[key_of(self.uptake)])))

    @property
    def badges(self) -> tuple[str, ...]:
        """What stands on every picture, in capitals."""
        if self.registered is None:
            return badges(self.match)
        return FUSED, f"REGISTERED ({self.registered.value.upper()})"


def name_of(volume: Volume) -> str:
    """Return what a volume is called in a picture, as "PT"; nothing that could name a patient."""
    return volume.modality or volume.format


def first_look(volume: Volume) -> FusionLook:
    """Return how a volume is shown over another at first."""
    fades = volume.modality in _FADING
    return FusionLook(opacity=0.8 if fades else 0.5, fading=fades)


def over_source(state: State, clip: Clip) -> OverSource | None:
    """Return what lies over the frames of a clip in view, None where nothing does."""
    look, under = state.volume, plane_source(clip)
    if look is None or look.over is None or under is None or under.planes is not look.planes:
        return None
    return OverSource(under, look.over.planes)


def wipes(state: State) -> bool:
    """Tell whether a border parts the view: a volume alone on its left, the one over it right."""
    look, clip = state.volume, state.view.clip
    if look is None or look.over is None or look.over.how.blend is not Blend.WIPE:
        return False
    return clip is not None and over_source(state, clip) is not None


def candidates(state: State) -> tuple[Series, ...]:
    """Return the series that may lie over the volume on screen.

    They are those of its patient, and volumes that tell nothing of a patient.
    """
    look = state.volume
    if look is None:
        return ()
    found = owner(state.catalog, look.series)
    return tuple(
        series
        for patient in state.catalog.patients
        for study in patient.studies
        for series in study.series
        if not same(series, look.series)
        and may_be_sliced(series)
        and (series.kind == VOLUME or (found is not None and patient.key == found[1].key))
    )


def may_lie_over(state: State, series: Series) -> bool:
    """Tell whether a series may lie over the volume on screen; opening it tells for certain."""
    return any(same(series, one) for one in candidates(state))


def lies_over(state: State, series: Series, place: int) -> bool:
    """Tell whether a series that is dropped at a place is laid over the plane there."""
    clip = state.views[place].clip
    shows = clip is not None and plane_source(clip) is not None
    return shows and may_lie_over(state, series)


def may_be_sliced(series: Series) -> bool:
    """Tell whether a series may be a volume, as far as the list of series tells."""
    if series.kind != DICOM:
        return series.kind == VOLUME
    return series.modality in SLICED and series.frames > 1
