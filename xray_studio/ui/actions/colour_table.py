"""Actions that show grey levels in colours."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from xray_studio.core.colour_map import COLOUR_MAPS, GREY
from xray_studio.ui.actions import conditions as c
from xray_studio.ui.actions.actions import Spec, Submenu
from xray_studio.ui.session import Session
from xray_studio.ui.state import State

MENU = Submenu("Colour map", named=True)
NAMES = {GREY: "Grey"} | COLOUR_MAPS


def colour_specs(session: Session) -> Iterator[Spec]:
    """Yield one action for each colour map, and one that goes through them."""
    for name, text in NAMES.items():
        run = partial(_choose, session, name)
        action = f"colour_map_{name or 'grey'}".replace("-", "_")
        yield Spec(action, text, run, "", c.is_grey, _is_chosen(name), under=MENU)
    following = partial(_choose_next, session)
    yield Spec("next_colour_map", "Next colour map", following, "Y", c.is_grey, under=MENU)


def _choose(session: Session, name: str) -> None:
    session.update_presentation(colour_map=name)


def _choose_next(session: Session) -> None:
    names = list(NAMES)
    here = names.index(session.view.presentation.colour_map)
    _choose(session, names[(here + 1) % len(names)])


def _is_chosen(name: str) -> Callable[[State], bool]:
    return lambda state: state.view.presentation.colour_map == name
