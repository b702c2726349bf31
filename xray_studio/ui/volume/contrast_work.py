"""Contrast work: another contrast of the same case in place of the one on screen."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Final

from xray_studio.core.errors import StudioError
from xray_studio.core.job import Job
from xray_studio.core.kinds import VOLUME
from xray_studio.core.study import Series
from xray_studio.core.volume.case import check_one_grid
from xray_studio.services.volume.plane_clips import Planes
from xray_studio.ui.errand import Errand
from xray_studio.ui.in_the_window import in_the_window
from xray_studio.ui.state import State
from xray_studio.ui.volume.jobs import Opened, shown_first
from xray_studio.ui.volume.kept import painting_over
from xray_studio.ui.volume.look import VolumeLook, changed, first_scene, places_of, plane_of

LANE: Final = "contrast"


class ContrastWork(Errand):
    """Shows one contrast after another where the planes are; window apart, nothing moves."""

    def choose(self, title: str) -> None:
        """Show a contrast of the case on screen, by its title."""
        look = self._session.state.volume
        if look is None or look.case is None or title == look.case.title:
            return
        self._runner.start(
            contrast_opened(look, title), title="Opening a contrast", lane=LANE, replace=True,
            on_result=partial(self._show, look, title), on_error=self._refused,
        )  # fmt: skip

    def step(self) -> None:
        """Show the contrast after the one on screen, round and round."""
        look = self._session.state.volume
        if look is not None and look.case is not None:
            titles = look.case.titles
            here = titles.index(look.case.title) if look.case.title in titles else -1
            self.choose(titles[(here + 1) % len(titles)])

    def _show(self, asked: VolumeLook, title: str, found: Opened) -> None:
        state = self._session.state
        look = state.volume
        if look is None or look.case is None or look.planes is not asked.planes:
            found.planes.close()  # somebody looks at something else by now
            return
        series = _series_of(state, found.planes.volume.paths) or look.series
        volume = found.planes.volume
        made = replace(
            look, series=series, planes=found.planes, source=None, uptake=None, toning=None,
            counts=None, initial=found.initial, windows=found.windows,
            scene=replace(first_scene(volume), camera=look.scene.camera),
            painting=painting_over(look, volume), case=replace(look.case, title=title),
        )  # fmt: skip
        self._session.update(**_exchanged(state, made))

    def _refused(self, error: StudioError) -> None:
        look = self._session.state.volume
        if look is not None:
            self._session.update(volume=replace(look))  # the choice tells what is on screen again
        self.told.emit(in_the_window(str(error)), "danger")


def contrast_opened(look: VolumeLook, title: str) -> Job[Opened]:
    """Open a contrast of a case. Raises UnreadableError where it lies on another grid."""
    from xray_studio.services.volume.open import open_volume  # heavy libraries: not to start

    assert look.case is not None
    volume = yield from open_volume(look.case.path(title))
    check_one_grid([(look.case.title, look.stored), (title, volume)])
    return shown_first(Planes(volume, look.planes.study), look.aim)


def _series_of(state: State, paths: tuple[str, ...]) -> Series | None:
    """Return the series of a file in the list, None where it is not there."""
    wanted = [Path(path) for path in paths]
    listed = (one for one in state.catalog.all_series() if one.kind == VOLUME)
    return next((one for one in listed if [Path(p) for p in one.paths] == wanted), None)


def _exchanged(state: State, look: VolumeLook) -> dict[str, Any]:
    """Return the changes that show another volume of the same grid, under its own window."""
    changes = changed(state, look)
    views = list(changes["views"])
    for place in places_of(state).values():
        view = views[place]
        assert view.series is not None
        view = replace(view, series=replace(look.series, part=view.series.part))
        if plane_of(view) is not None:
            shown = view.presentation.with_voi(look.initial.voi)
            view = replace(view, presentation=shown, initial=look.initial, windows=look.windows)
        views[place] = view
    return {**changes, "views": tuple(views)}
