"""Uptake work: shows PET as stored or as uptake, on screen or over the volume on screen."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Final

from xray_studio.core.errors import StudioError
from xray_studio.core.volume.suv import Uptake
from xray_studio.ui.errand import Errand
from xray_studio.ui.in_the_window import in_the_window
from xray_studio.ui.volume.jobs import Opened, revalued
from xray_studio.ui.volume.look import VolumeLook, first_scene
from xray_studio.ui.volume.over import Over
from xray_studio.ui.volume.over_work import revalued_over
from xray_studio.ui.volume.processing import shown_anew
from xray_studio.ui.volume.uptake import STORED

LANE: Final = "uptake"


class UptakeWork(Errand):
    """Finds the values of a PET volume anew; what cannot be told is said, and stays as it was."""

    def choose(self, name: str) -> None:
        """Show the volume on screen in other values, by their name."""
        look = self._session.state.volume
        if look is None:
            return
        if name == STORED:
            if look.source is not None:
                self._show(look, replace(look, planes=look.source, source=None, uptake=None))
            return
        uptake = Uptake(name)
        self._runner.start(
            revalued(look, uptake), title="Finding uptake values", lane=LANE, replace=True,
            on_result=partial(self._found, look, uptake), on_error=self._refused,
        )  # fmt: skip

    def choose_over(self, name: str) -> None:
        """Show the volume over the one on screen in other values."""
        look = self._session.state.volume
        if look is not None and look.over is not None:
            uptake = None if name == STORED else Uptake(name)
            self._runner.start(
                revalued_over(look.over, uptake), title="Finding uptake values",
                lane=f"{LANE} over", replace=True,
                on_result=partial(self._lay, look.over), on_error=self._refused,
            )  # fmt: skip

    def _found(self, asked: VolumeLook, uptake: Uptake, found: Opened) -> None:
        look = self._session.state.volume
        if look is None or look.planes is not asked.planes:
            found.planes.close()  # somebody looks at something else by now
            return
        made = replace(
            look, planes=found.planes, source=look.source or look.planes, uptake=uptake,
            initial=found.initial, windows=found.windows,
        )  # fmt: skip
        self._show(look, made)

    def _show(self, old: VolumeLook, look: VolumeLook) -> None:
        scene = replace(first_scene(look.volume), camera=old.scene.camera)
        look = replace(look, scene=scene, toning=None, counts=None)
        look = replace(look, painting=None)  # its segments come back over the new values
        self._session.update(**shown_anew(self._session.state, old, look))

    def _lay(self, asked: Over, found: Over) -> None:
        look = self._session.state.volume
        if look is None or look.over is None or look.over.planes is not asked.planes:
            found.planes.close()
            return
        how = look.over.how
        self._session.update(volume=replace(look, over=replace(found, how=how)))

    def _refused(self, error: StudioError) -> None:
        # The control that asked shows again what is on screen.
        look = self._session.state.volume
        if look is not None:
            self._session.update(volume=replace(look))
        self.told.emit(in_the_window(str(error)), "danger")
