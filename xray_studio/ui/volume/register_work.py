"""Register work: lays the volume over the one on screen onto it, and shows how well both fit."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import partial
from typing import Final

from xray_studio.core.errors import StudioError
from xray_studio.core.job import Job
from xray_studio.core.volume.fusion import Blend, matched
from xray_studio.core.volume.registration import Moved, Movement
from xray_studio.services.volume.plane_clips import Planes
from xray_studio.services.volume.registering import laid_onto
from xray_studio.ui.errand import Errand
from xray_studio.ui.in_the_window import in_the_window
from xray_studio.ui.volume.look import VolumeLook
from xray_studio.ui.volume.over import Over
from xray_studio.ui.volume.uptake import valued

LANE: Final = "register"


class RegisterWork(Errand):
    """Registers one volume at a time; the jobs bar shows how far it is, and stops it."""

    def register(self, movement: Movement) -> None:
        """Lay the volume over the one on screen onto it."""
        look = self._session.state.volume
        if look is None or look.over is None:
            return
        self._runner.start(
            registered_over(look, look.over, movement),
            title=f"Registering ({movement.value})", lane=LANE, replace=True,
            on_result=partial(self._show, look, look.over), on_error=self._refused,
        )  # fmt: skip

    def _show(self, asked: VolumeLook, before: Over, found: tuple[Over, Moved]) -> None:
        over, moved = found
        look = self._session.state.volume
        same = look is not None and look.over is not None and look.over.planes is before.planes
        if look is None or look.over is None or not same or look.planes is not asked.planes:
            over.planes.close()  # somebody looks at something else by now
            return
        how = replace(look.over.how, blend=Blend.CHECKERBOARD)
        over = replace(over, how=how, window=look.over.window)
        self._session.update(volume=replace(look, over=over))
        self.told.emit(found_words(over, moved), "note")

    def _refused(self, error: StudioError) -> None:
        self.told.emit(in_the_window(str(error)), "danger")


def registered_over(look: VolumeLook, over: Over, movement: Movement) -> Job[tuple[Over, Moved]]:
    """Register what lies over a volume onto it; what is laid is as its files hold it."""
    moment = look.moment if over.stored.moments == look.volume.moments else 0
    laid, found = yield from laid_onto(
        look.volume.alone(look.moment), over.stored.alone(moment), movement
    )
    planes = Planes(valued(laid, over.uptake), outside=math.nan)
    lies = matched(look.volume, laid)
    return replace(over, planes=planes, match=lies, stored=laid, registered=movement), found


def found_words(over: Over, moved: Moved) -> str:
    """Return what a registration found, in a sentence."""
    kind = "" if over.registered is None else over.registered.value
    return (
        f"{over.name} was registered ({kind}): it moves by up to {moved.largest:.1f} mm. Look at"
        " the squares to judge how well both fit."
    )
