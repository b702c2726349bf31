"""Beside: one picture in two viewports, the original on the left, what AI says on the right.

They are one picture: what is done to either is done to both, all but how they stand to the
original. Pure functions.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from xray_studio.ui.browser.series_text import same
from xray_studio.ui.layout import Layout, Link
from xray_studio.ui.step_state import Compared

if TYPE_CHECKING:  # it holds one of these
    from xray_studio.ui.state import State
    from xray_studio.ui.view import View

LEFT, RIGHT = 0, 1
WAYS: Final = {LEFT: Compared.ORIGINAL, RIGHT: Compared.NOT}
OWN: Final = ("fit", "rate", "cached", "histogram", "readings")  # measured in each viewport


@dataclass(frozen=True, slots=True, eq=False)
class Beside:
    """What the grid showed before: its layout, its views, the active place."""

    layout: Layout
    views: tuple[View, ...]
    active: int


def beside(state: State) -> dict[str, Any]:
    """Return the changes that show the active picture twice, on one clock."""
    here = replace(state.view, compared=Compared.NOT)
    views = (replace(here, compared=Compared.ORIGINAL), here, *state.views[2:])
    layout = Layout(1, 2, state.layout.links | {Link.TIME})
    before = Beside(state.layout, state.views, state.active)
    return {"layout": layout, "views": views, "active": RIGHT, "alone": None, "beside": before}


def together(state: State) -> dict[str, Any]:
    """Return the changes that show the grid of before again, its active picture as it is now."""
    before = state.beside
    if before is None:
        return {}
    place = state.active if state.active in WAYS else RIGHT
    now = state.views[place if state.views[place].series is not None else 1 - place]
    views = list(before.views)
    if now.series is not None:
        fit = views[before.active].fit
        views[before.active] = replace(now, compared=Compared.NOT, fit=fit)
    return {
        "layout": before.layout, "views": tuple(views), "active": before.active, "alone": None,
        "beside": None,
    }  # fmt: skip


def paired(old: State, new: State) -> State:
    """Return a state in which both viewports of a pair show the same, as long as there is one."""
    if new.beside is None or old.beside is not new.beside:
        return new
    pair = new.views[LEFT], new.views[RIGHT]
    moved = [place for place in WAYS if old.views[place] is not new.views[place]]
    if not _stands(new) or (len(moved) == 2 and not _same_series(*pair)):
        return replace(_parted(new), beside=None)
    if any(pair[place].series is None for place in moved):  # a viewport was closed
        return replace(new, **together(new))
    if not moved:
        return new
    lead = new.active if new.active in moved else moved[-1]
    views = list(new.views)
    for place, compared in WAYS.items():
        own = {name: getattr(views[place], name) for name in OWN}
        views[place] = replace(pair[lead], compared=compared, **own)
    return replace(new, views=tuple(views))


def _stands(state: State) -> bool:
    """Tell whether there still are two viewports side by side in the window."""
    layout = state.layout
    return (layout.rows, layout.columns) == (1, 2) and state.detached.isdisjoint(WAYS)


def _same_series(one: View, other: View) -> bool:
    both_empty = one.series is None and other.series is None
    return both_empty or (one.series is not None and same(one.series, other.series))


def _parted(state: State) -> State:
    """Return a state without the original of a pair that is none any more."""
    left = state.views[LEFT]
    if left.compared is not Compared.ORIGINAL:
        return state
    return state.with_view(replace(left, compared=Compared.NOT), LEFT)
