"""Volume work: opens the series in view as a volume, and lets it go with the last viewport."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from xray_studio.core.clip import Clip
from xray_studio.core.job import Job, Progress
from xray_studio.core.place import FramePlace, Vector
from xray_studio.core.presentation import Presentation, StoredWindow, Window
from xray_studio.core.study import Series
from xray_studio.core.volume.looking import Aim, Slab, first_aim, nearest_voxel, stack_of
from xray_studio.core.volume.planes import View as Plane
from xray_studio.core.volume.scene import VolumeScene
from xray_studio.core.volume.transfer import preset, suited
from xray_studio.core.volume.volume import Volume
from xray_studio.services.presets import initial_presentation, presets
from xray_studio.services.volume.plane_clips import Planes, stack_clip
from xray_studio.ui.errand import Errand
from xray_studio.ui.state import State
from xray_studio.ui.view import View
from xray_studio.ui.volume.look import Before, VolumeLook, left, shown

LANE: Final = "volume"


@dataclass(frozen=True, slots=True, eq=False)
class _Opened:
    """A volume, the point that is looked at first, and how it is shown."""

    planes: Planes
    aim: Aim
    initial: Presentation
    windows: tuple[StoredWindow, ...]


class VolumeWork(Errand):
    """Shows the series in view as planes and a rendering, or the grid of before again."""

    def follow(self) -> None:
        """Let go of what nobody looks at any more."""
        self._session.changed.connect(self._followed)

    def toggle(self) -> None:
        """Open the series in view as a volume; close the one on screen."""
        state = self._session.state
        if state.volume is not None:
            self._session.update(**left(state))
        elif state.view.series is not None and state.view.clip is not None:
            self._open(state.view.series, state.view.clip, state.view)

    def close(self) -> None:
        """Let the volume on screen go."""
        look = self._session.state.volume
        if look is not None:
            look.planes.close()

    def _open(self, series: Series, clip: Clip, view: View) -> None:
        # The first frame is where every series begins: nobody has chosen it.
        here = clip.places[view.frame] if 0 < view.frame < len(clip.places) else None
        self._runner.start(
            opened(series, clip.acquisition.study_instance_uid, here),
            title="Opening a volume",
            lane=LANE,
            replace=True,
            on_result=lambda found: self._show(series, view, found),
            on_error=self._refused,
        )

    def _show(self, series: Series, asked: View, found: _Opened) -> None:
        state = self._session.state
        if state.volume is not None or asked.series is not state.view.series:
            found.planes.close()  # somebody looks at something else by now
            return
        before = Before(state.layout, state.views, state.active, state.tool)
        look = VolumeLook(
            series, found.planes, found.aim, first_scene(found.planes.volume), before,
            _as_shown(found.initial, asked), found.windows,
        )  # fmt: skip
        self._session.update(**shown(look))

    def _followed(self, old: State, new: State) -> None:
        if old.volume is None or old.volume is new.volume:
            return
        if new.volume is None or new.volume.planes is not old.volume.planes:
            old.volume.planes.close()


def opened(series: Series, study: str, here: FramePlace | None) -> Job[_Opened]:
    """Open a series as a volume, aimed at the slice in view, or at its middle."""
    from xray_studio.services.volume.open import open_volume  # heavy libraries: not to start

    volume = yield from open_volume(series.paths)
    planes = Planes(volume, study)
    aim = first_aim(volume.geometry)
    middle = None if here is None or not volume.placed else _middle(here)
    if middle is not None:
        aim = aim.moved(nearest_voxel(volume.geometry, middle))
    yield Progress(message="Choosing a window")
    axial = stack_of(volume.geometry, aim, Plane.AXIAL, Slab())
    clip = stack_clip(planes, axial, Plane.AXIAL, Slab())
    return _Opened(planes, aim, initial_presentation(clip), presets(clip))


def first_scene(volume: Volume) -> VolumeScene:
    """Return how a volume is rendered at first."""
    return VolumeScene(preset(suited(volume.unit, volume.modality)))


def _as_shown(initial: Presentation, view: View) -> Presentation:
    """Return a presentation with the window that the series has in view, where that is one."""
    voi = view.presentation.voi
    return replace(initial, voi=voi) if isinstance(voi, Window) else initial


def _middle(place: FramePlace) -> Vector | None:
    """Return the middle of a slice."""
    if place.position is None or place.orientation is None or None in {place.spacing, place.size}:
        return place.position
    assert place.spacing is not None
    assert place.size is not None
    right, down = np.asarray(place.orientation[:3]), np.asarray(place.orientation[3:])
    across = right * place.spacing[1] * (place.size[1] - 1) / 2
    x, y, z = (
        np.asarray(place.position) + across + down * place.spacing[0] * (place.size[0] - 1) / 2
    )
    return float(x), float(y), float(z)
