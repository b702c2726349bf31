"""Commands of a volume on screen. Each one changes the session and nothing else."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from xray_studio.core.kinds import DICOM, VIDEO
from xray_studio.core.place import Vector, lies_in_patient
from xray_studio.core.volume.looking import Slab, first_aim
from xray_studio.core.volume.planes import Projection
from xray_studio.core.volume.planes import View as Plane
from xray_studio.ui.actions.reasons import needs
from xray_studio.ui.session import Session
from xray_studio.ui.state import State
from xray_studio.ui.volume.look import PLANES, VolumeLook, changed, places_of

STEP = 1.0  # mm that a key makes a slab thicker by


@needs("Open a series of slices first: CT, MR, PET, or a volume of a research format.")
def can_show(state: State) -> bool:
    """Tell whether what is in view may be shown as a volume, or is."""
    return state.volume is not None or may_be_volume(state)


def may_be_volume(state: State) -> bool:
    """Tell whether the series in view may make a volume; opening it tells for certain."""
    view = state.view
    if view.clip is None or view.series is None or view.series.part or view.clip.is_colour:
        return False
    if view.series.kind == DICOM:
        return lies_in_patient(view.clip.places)
    return view.series.kind != VIDEO and len(view.clip) > 1


@needs("Show planes of a volume first.")
def shows(state: State) -> bool:
    """Tell whether a volume is on screen."""
    return state.volume is not None


@needs("The planes lie straight already.")
def is_oblique(state: State) -> bool:
    """Tell whether planes are turned."""
    return state.volume is not None and state.volume.aim.is_oblique


@needs("Show a volume of several moments first.")
def has_moments(state: State) -> bool:
    """Tell whether the volume on screen has several moments."""
    return state.volume is not None and state.volume.volume.moments > 1


def goes_by_time(state: State) -> bool:
    """Tell whether frames are moments."""
    return state.volume is not None and state.volume.by_time


def is_crossed(state: State) -> bool:
    """Tell whether lines show where planes meet."""
    return state.volume is not None and state.volume.crossed


@needs("Planes are shown, which have no thickness.")
def is_thick(state: State) -> bool:
    """Tell whether slabs are shown."""
    return state.volume is not None and state.volume.slab.thickness > 0.0


class VolumeCommands:
    """Where planes lie, how thick they are, which moment is shown."""

    def __init__(self, session: Session) -> None:
        self._session = session

    @property
    def look(self) -> VolumeLook | None:
        """The volume on screen."""
        return self._session.state.volume

    def aim_at(self, point: Vector) -> None:
        """Let the planes meet in a point, mm; a point outside of the volume gives way to its edge.

        They stay planes of their stacks, so that nothing is cut anew.
        """
        look = self.look
        if look is None:
            return
        for plane in Plane:
            stack = look.stacks[plane]
            point = stack.brought(point, stack.nearest(point))
        self._change(replace(look, aim=look.aim.moved(point)), anew=False)

    def turn(self, plane: Plane, degrees: float) -> None:
        """Turn the other two planes about the normal of one, clockwise as seen in it."""
        look = self.look
        if look is not None:
            self._change(replace(look, aim=look.aim.turned(plane, degrees)))

    def straighten(self) -> None:
        """Let all planes lie straight in the patient again."""
        look = self.look
        if look is not None:
            self._change(replace(look, aim=look.aim.straight()))

    def centre(self) -> None:
        """Aim at the middle of the volume, with straight planes."""
        look = self.look
        if look is not None:
            self._change(replace(look, aim=first_aim(look.volume.geometry)))

    def set_thickness(self, thickness: float) -> None:
        """Show slabs of so many mm, no thicker than the volume is large, or planes with 0."""
        look = self.look
        if look is not None:
            most = math.ceil(np.ptp(look.volume.geometry.corners(), axis=0).sum())
            within = min(max(0.0, thickness), float(most))  # thicker ones take long for nothing
            self._change(replace(look, slab=Slab(within, look.slab.how)))

    def thicken(self, by: float) -> None:
        """Show thicker or thinner slabs."""
        look = self.look
        if look is not None:
            self.set_thickness(look.slab.thickness + by)

    def set_projection(self, how: Projection) -> None:
        """Choose what stands for the values through a slab."""
        look = self.look
        if look is not None:
            self._change(replace(look, slab=Slab(look.slab.thickness, how)))

    def set_moment(self, moment: int) -> None:
        """Show another moment, from 0."""
        look = self.look
        if look is not None and 0 <= moment < look.volume.moments:
            self._change(replace(look, moment=moment))

    def step_moment(self, by: int) -> None:
        """Show the moment `by` on, round and round."""
        look = self.look
        if look is not None:
            self.set_moment((look.moment + by) % look.volume.moments)

    def toggle_by_time(self) -> None:
        """Let frames be moments, or slices again."""
        look = self.look
        if look is not None and (look.by_time or look.volume.moments > 1):
            self._change(replace(look, by_time=not look.by_time))

    def toggle_cross(self) -> None:
        """Show where planes meet, or not."""
        look = self.look
        if look is not None:
            self._session.update(volume=replace(look, crossed=not look.crossed))

    def use_tool(self) -> None:
        """Let the left button aim."""
        self._session.update(tool="cross")

    def _change(self, look: VolumeLook, *, anew: bool = True) -> None:
        """Show a volume otherwise; with all clips as they are where nothing is cut `anew`."""
        state = self._session.state
        if anew or look.by_time:
            self._session.update(**changed(state, look))
            return
        views = list(state.views)
        for part, place in places_of(state).items():
            if part in PLANES:
                views[place] = replace(views[place], frame=look.frame(Plane(part)))
        self._session.update(views=tuple(views), volume=look)
