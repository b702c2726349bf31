"""Commands of a curve through the volume on screen. Each one changes the session alone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from xray_studio.core.place import Vector
from xray_studio.core.volume.curve import Bending
from xray_studio.ui.actions.reasons import needs
from xray_studio.ui.session import Session
from xray_studio.ui.state import State
from xray_studio.ui.volume.curve import CURVED, Curve
from xray_studio.ui.volume.look import places_of

TOOL: Final = "curve"


@needs("Show planes of a volume first, then click points of a curve on them.")
def has_points(state: State) -> bool:
    """Tell whether there is any point of a curve."""
    return bool(curve_of(state).points)


@needs("Click two points of a curve on planes of a volume first.")
def has_curve(state: State) -> bool:
    """Tell whether there is a curve to go along."""
    return curve_of(state).leads


def is_curve_seen(state: State) -> bool:
    """Tell whether the plane along a curve is on screen."""
    return curve_of(state).is_seen


def draws_curve(state: State) -> bool:
    """Tell whether the left button sets points of a curve."""
    return state.tool == TOOL


def curve_of(state: State) -> Curve:
    """Return the curve through the volume on screen, one without points where there is none."""
    look = state.volume
    return Curve() if look is None or look.curve is None else look.curve


class CurveCommands:
    """Where a curve goes and how the plane along it is shown."""

    def __init__(self, session: Session) -> None:
        self._session = session

    @property
    def curve(self) -> Curve:
        """The curve through the volume on screen."""
        return curve_of(self._session.state)

    def use_tool(self) -> None:
        """Let the left button set points."""
        self._session.update(tool=TOOL)

    def add(self, point: Vector) -> None:
        """Let the curve go on to a point in mm."""
        self._use(self.curve.added(point))

    def move(self, number: int, point: Vector) -> None:
        """Let the curve go through another point in place of one."""
        self._use(self.curve.moved(number, point))

    def choose(self, number: int | None) -> None:
        """Choose a point, or none."""
        self._use(replace(self.curve, chosen=number))

    def remove_chosen(self) -> None:
        """Take the chosen point away."""
        if self.curve.chosen is not None:
            self._use(self.curve.without(self.curve.chosen))

    def clear(self) -> None:
        """Take all points away."""
        self._use(replace(self.curve, points=(), chosen=None))

    def set_bending(self, bending: Bending) -> None:
        """Show the curve straightened, or stretched."""
        self._change(bending=bending)

    def set_width(self, width: float) -> None:
        """Show so many mm across the curve."""
        self._change(width=max(2.0, width))

    def set_thickness(self, thickness: float) -> None:
        """Project so many mm."""
        self._change(thickness=max(0.0, thickness))

    def toggle_view(self) -> None:
        """Show the plane along the curve in place of the rendering, or that again."""
        self._change(shown=not self.curve.shown)

    def turn_to(self, frame: int) -> None:
        """Turn the plane about the curve, to one of its frames."""
        place = places_of(self._session.state).get(CURVED)
        view = None if place is None else self._session.state.views[place]
        if place is not None and view is not None and view.clip is not None:
            self._session.update_at(place, frame=min(max(0, frame), len(view.clip) - 1))

    def _change(self, **changes: Any) -> None:
        self._use(replace(self.curve, **changes))

    def _use(self, curve: Curve) -> None:
        look = self._session.state.volume
        if look is not None:
            self._session.update(volume=replace(look, curve=curve))
