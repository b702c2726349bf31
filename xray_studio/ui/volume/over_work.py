"""Over work: opens a second volume over the one on screen, and lets it go."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Final

from xray_studio.core.errors import StudioError, UsageError
from xray_studio.core.job import Job, Progress
from xray_studio.core.study import Series
from xray_studio.core.volume.fusion import Match, matched, strangers
from xray_studio.core.volume.suv import Uptake, uptake_scale
from xray_studio.core.volume.volume import Volume
from xray_studio.services.volume.plane_clips import Planes
from xray_studio.services.volume.windows import offered_windows
from xray_studio.ui.errand import Errand
from xray_studio.ui.in_the_window import in_the_window
from xray_studio.ui.state import State
from xray_studio.ui.volume.look import VolumeLook
from xray_studio.ui.volume.over import Over, first_look, may_lie_over, name_of
from xray_studio.ui.volume.uptake import valued

LANE: Final = "volume over"
STRANGER: Final = (
    "The two volumes are of different patients as their files say, so they are not laid on one"
    " another."
)


class OverWork(Errand):
    """Shows another volume in the planes of the one on screen."""

    def follow(self) -> None:
        """Let go of what lies over nothing any more."""
        self._session.changed.connect(self._followed)

    def lay(self, series: Series) -> None:
        """Open a series over the volume on screen."""
        state = self._session.state
        look = state.volume
        if look is None or not may_lie_over(state, series):
            return
        self._runner.start(
            opened_over(look.volume, series),
            title="Opening a volume",
            lane=LANE,
            replace=True,
            on_result=lambda found: self._show(look, found),
            on_error=self._refused,
        )

    def close(self) -> None:
        """Let the volume over the one on screen go."""
        look = self._session.state.volume
        if look is not None and look.over is not None:
            look.over.planes.close()

    def _refused(self, error: StudioError) -> None:
        self.told.emit(in_the_window(str(error)), "danger")

    def _show(self, asked: VolumeLook, found: tuple[Over, str]) -> None:
        over, refusal = found
        look = self._session.state.volume
        if look is None or look.planes is not asked.planes:
            over.planes.close()  # somebody looks at something else by now
            return
        self._session.update(volume=replace(look, over=over))
        if refusal:
            self.told.emit(in_the_window(refusal), "note")
        if over.match is Match.FORCED:
            self.told.emit(unregistered_words(look.volume, over.volume), "note")

    def _followed(self, old: State, new: State) -> None:
        was = None if old.volume is None else old.volume.over
        now = None if new.volume is None else new.volume.over
        if was is not None and (now is None or now.planes is not was.planes):
            was.planes.close()


def opened_over(below: Volume, series: Series) -> Job[tuple[Over, str]]:
    """Open a series to lie over a volume, PET as uptake; return why not, where it is not.

    Raises UsageError for another patient.
    """
    from xray_studio.services.volume.open import volume_of_series  # heavy libraries: not to start

    volume = yield from volume_of_series(series)
    if strangers(below.identity, volume.identity):
        raise UsageError(STRANGER)
    yield Progress(message="Choosing a window")
    uptake, refusal = _first_uptake(volume)
    planes, lies = Planes(valued(volume, uptake), outside=math.nan), matched(below, volume)
    windows = offered_windows(planes.volume)
    over = Over(series, planes, lies, windows, windows[0], first_look(volume), volume, uptake)
    return over, refusal


def _first_uptake(volume: Volume) -> tuple[Uptake | None, str]:
    """Return as what PET is shown at first: uptake by weight, or as stored with the reason why."""
    if volume.pet is None:
        return None, ""
    try:
        uptake_scale(volume.pet)
    except UsageError as error:
        return None, str(error)
    return Uptake.WEIGHT, ""


def revalued_over(over: Over, uptake: Uptake | None) -> Job[Over]:
    """Find the values of what lies over a volume anew. Raises UsageError with what is not told."""
    yield Progress(message="Finding uptake values")
    planes = Planes(valued(over.stored, uptake), outside=math.nan)
    windows = offered_windows(planes.volume)
    return replace(over, planes=planes, uptake=uptake, windows=windows, window=windows[0])


def unregistered_words(below: Volume, above: Volume) -> str:
    """Return that nothing tells that two volumes fit, and what would help."""
    return (
        f"Nothing says that {name_of(above)} lies on {name_of(below)}: they share no frame of"
        " reference. Register it before you go by it."
    )
