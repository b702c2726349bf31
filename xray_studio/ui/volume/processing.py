"""Processing of the volume on screen: a filter after another, and the volume as it was opened."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Final

from xray_studio.core.errors import StudioError
from xray_studio.core.job import Job, Progress
from xray_studio.core.presentation import Presentation
from xray_studio.core.volume.filters import VolumeFilter
from xray_studio.core.volume.looking import stack_of
from xray_studio.core.volume.planes import View as Plane
from xray_studio.services.presets import initial_presentation, presets
from xray_studio.services.volume.plane_clips import Planes, stack_clip
from xray_studio.services.volume.processing import BADGES, TITLES, processed
from xray_studio.ui.errand import Errand
from xray_studio.ui.in_the_window import in_the_window
from xray_studio.ui.state import State
from xray_studio.ui.volume.jobs import Opened
from xray_studio.ui.volume.look import VolumeLook, changed, places_of, plane_of

LANE: Final = "process a volume"


class VolumeProcessing(Errand):
    """Applies filters to the volume on screen. One at a time; the jobs bar stops it."""

    def apply(self, wanted: VolumeFilter) -> None:
        """Put what a filter makes of the volume in its place."""
        look = self._session.state.volume
        if look is not None:
            self._runner.start(
                _applied(look, wanted),
                title=TITLES[wanted.name],
                lane=LANE,
                replace=True,
                on_result=partial(self._show, look),
                on_error=self._refused,
            )

    def original(self) -> None:
        """Show the volume as it was opened."""
        look = self._session.state.volume
        if look is None or look.source is None:
            return
        back = replace(look, planes=look.source, source=None, uptake=None)
        self._session.update(**shown_anew(self._session.state, look, back))

    def _show(self, asked: VolumeLook, found: Opened) -> None:
        state = self._session.state
        look = state.volume
        if look is None or look.planes is not asked.planes:
            found.planes.close()  # another volume is looked at by now
            return
        made = replace(
            look, planes=found.planes, source=look.source or look.planes, initial=found.initial,
            windows=found.windows,
        )  # fmt: skip
        self._session.update(**shown_anew(state, look, made))

    def _refused(self, error: StudioError) -> None:
        self.told.emit(in_the_window(str(error)), "danger")


def _applied(look: VolumeLook, wanted: VolumeFilter) -> Job[Opened]:
    reference = None if look.over is None else look.over.planes.volume
    volume = yield from processed(look.volume, wanted, reference)
    yield Progress(message="Choosing a window")
    planes = Planes(volume, look.planes.study, badges=(*look.planes.badges, BADGES[wanted.name]))
    try:
        stack = stack_of(volume.geometry, look.aim, Plane.AXIAL, look.slab)
        clip = stack_clip(planes, stack, Plane.AXIAL, look.slab)
        return Opened(planes, look.aim, initial_presentation(clip), presets(clip))
    except BaseException:
        planes.close()
        raise


def shown_anew(state: State, old: VolumeLook, look: VolumeLook) -> dict[str, object]:
    """Return the changes that show a volume whose values are others."""
    changes = changed(state, look)
    if (old.volume.unit, old.volume.modality) == (look.volume.unit, look.volume.modality):
        return changes  # the window holds
    views = list(changes["views"])
    for place in places_of(state).values():
        view = views[place]
        if plane_of(view) is not None:
            shown: Presentation = view.presentation.with_voi(look.initial.voi)
            views[place] = replace(
                view, presentation=shown, initial=look.initial, windows=look.windows
            )
    return {**changes, "views": tuple(views)}
