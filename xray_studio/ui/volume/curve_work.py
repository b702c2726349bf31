"""Curve work: keeps the plane along the curve in step with its points, in the rendering's place."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from functools import partial
from typing import Any, Final

from xray_studio.core.clip import Clip
from xray_studio.core.errors import StudioError
from xray_studio.core.job import Job, Progress
from xray_studio.core.presentation import Presentation
from xray_studio.ui.errand import Errand
from xray_studio.ui.in_the_window import in_the_window
from xray_studio.ui.state import State, put
from xray_studio.ui.view import View, opened
from xray_studio.ui.volume.curve import CURVED, Curve, planes_along, same_plane
from xray_studio.ui.volume.look import RENDERING, VolumeLook, places_of, series_of

LANE: Final = "curve"


class CurveWork(Errand):
    """Makes the plane along the curve anew when that changes; the latest one wins."""

    def follow(self) -> None:
        """Begin to look at the session."""
        self._session.changed.connect(self._followed)

    def _followed(self, old: State, new: State) -> None:
        look, before = new.volume, old.volume
        if look is None or look is before:
            return
        curve = look.curve
        if before is not None and _alike(before, look):
            return
        if curve is not None and curve.is_seen:
            self._runner.start(
                curved_plane(look, curve), title="Following the curve", lane=LANE, replace=True,
                visible=False, on_result=partial(self._show, look), on_error=self._refused,
            )  # fmt: skip
        else:
            self._runner.cancel_lane(LANE)
            self._show_rendering(new)

    def _show(self, asked: VolumeLook, clip: Clip) -> None:
        state, look = self._session.state, self._session.state.volume
        if look is None or not _alike(asked, look):
            return
        places = places_of(state)
        place = places.get(CURVED, places.get(RENDERING))
        if place is not None:
            view = _view(state, state.views[place], clip, look)
            self._session.update(views=put(state.views, place, view))

    def _show_rendering(self, state: State) -> None:
        place, look = places_of(state).get(CURVED), state.volume
        if place is not None and look is not None:
            view = View(series=series_of(look.series, RENDERING))
            self._session.update(views=put(state.views, place, view))

    def _refused(self, error: StudioError) -> None:
        self.told.emit(in_the_window(str(error)), "danger")


def _alike(one: VolumeLook, other: VolumeLook) -> bool:
    """Tell whether the plane along the curve is the same in both."""
    same = (one.planes, one.moment, one.slab.how) == (other.planes, other.moment, other.slab.how)
    return same and same_plane(one.curve, other.curve)


def curved_plane(look: VolumeLook, curve: Curve) -> Job[Clip]:
    """Return the planes along a curve as a clip: all around it, or the one that hangs from it.

    Raises UsageError for a curve that leads nowhere, or out of the volume.
    """
    yield Progress(message="Following the curve")
    from xray_studio.services.volume.curved import curved_clip  # OpenCV: not needed to start

    volume = look.volume.alone(look.moment)
    clip = curved_clip(volume, planes_along(curve, volume), look.slab.how)
    told = repr((replace(curve, chosen=None), look.moment, look.slab.how))
    name = hashlib.sha256(told.encode()).hexdigest()[:16]
    words = (volume.description, "Curved")
    made = replace(
        clip.acquisition, study_instance_uid=look.planes.study,
        series_description=" \N{MIDDLE DOT} ".join(filter(None, words)),
    )  # fmt: skip
    done = (*clip.processed, *look.planes.badges)
    return replace(
        clip,
        acquisition=made,
        made=f"{CURVED} {look.planes.key} {name}",
        processed=done,
        planes=len(clip),
    )


def _view(state: State, before: View, clip: Clip, look: VolumeLook) -> View:
    """Return the view of a curved plane; how the one before was shown and turned stays."""
    if before.clip is None or before.series is None or before.series.part != CURVED:
        series = series_of(look.series, CURVED)
        return opened(series, clip, Presentation(voi=_window(state, look)), look.windows)
    cine = before.cine
    if len(before.clip) != len(clip):
        cine = replace(cine, first=0, last=len(clip) - 1, playing=False)
    return replace(before, clip=clip, frame=min(before.frame, len(clip) - 1), cine=cine)


def _window(state: State, look: VolumeLook) -> Any:
    """Return the window of the planes on screen."""
    places = (place for part, place in places_of(state).items() if part not in {RENDERING, CURVED})
    first = next(places, None)
    return look.initial.voi if first is None else state.views[first].presentation.voi
