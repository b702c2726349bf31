from __future__ import annotations

from dataclasses import replace

import pytest

from xray_studio.core.study import Catalog, Instance, Patient, Series, Study
from xray_studio.ui.grid.commands import GridCommands
from xray_studio.ui.grid.filling import filling, loops_of_stage, quad_screen
from xray_studio.ui.layout import PLACES, Layout, Link, unstaged
from xray_studio.ui.rules import settled
from xray_studio.ui.session import Session
from xray_studio.ui.state import State, put
from xray_studio.ui.view import View


def series(number: int, frames: int = 10, **facts: object) -> Series:
    instance = Instance(f"/{number}", frames=frames)
    return Series(f"1.{number}", "US", f"{number}", number, (instance,), **facts)  # type: ignore[arg-type]  # facts of a series


def state_of(*found: Series, shown: int = 0, layout: Layout | None = None) -> State:
    catalog = Catalog((Patient("A", studies=(Study("1", series=found),)),))
    state = State(catalog=catalog, layout=layout or Layout())
    return state.with_view(View(series=found[shown]))


def numbers(found: tuple[Series, ...]) -> list[int | None]:
    return [one.series_number for one in found]


def test_a_single_viewport_makes_room_for_the_study():
    found, layout = filling(state_of(*map(series, range(4))))
    assert (numbers(found), layout.rows, layout.columns) == ([0, 1, 2, 3], 2, 2)


def test_a_grid_begins_with_what_is_on_screen():
    found, layout = filling(state_of(*map(series, range(8)), shown=3, layout=Layout(1, 2)))
    assert (numbers(found), layout.count) == ([3, 4], 2)
    found, _ = filling(state_of(*map(series, range(8)), shown=7, layout=Layout(1, 3)))
    assert numbers(found) == [5, 6, 7]


def test_the_loops_of_a_stage_come_in_the_order_of_their_views():
    rest = [series(n, stage_name="Rest", view_number=5 - n) for n in range(1, 5)]
    others = [series(8, stage_name="Peak"), series(9, frames=1, stage_name="Rest")]
    state = state_of(*rest, *others)
    assert numbers(loops_of_stage(state)) == [4, 3, 2, 1]
    loops, layout = quad_screen(state)
    clock = frozenset((Link.TIME,))
    assert (len(loops), layout) == (4, Layout(2, 2, clock, stretched=True, staged=True))
    assert loops_of_stage(replace(state, views=(View(series=others[0]), *state.views[1:]))) == ()


def test_the_clock_of_a_stage_ends_with_its_last_loop():
    rest = [series(n, stage_name="Rest", view_number=n) for n in range(1, 3)]
    session = Session(rule=settled)
    session.update(catalog=state_of(*rest).catalog, views=state_of(*rest).views)
    loops, layout = quad_screen(session.state)
    session.update(views=(*map(View, loops), *session.state.views[2:]), layout=layout)
    session.update(views=put(session.state.views, 0, View(series=series(9))))
    assert session.state.layout.stretched
    assert unstaged(session.state.layout) == Layout(1, 2)
    session.update(views=put(session.state.views, 1, View(series=series(8))))
    assert session.state.layout == Layout(1, 2)


@pytest.mark.parametrize("own", ["before", "after"])
def test_a_clock_that_was_chosen_stays(own):
    rest = [series(n, stage_name="Rest", view_number=n) for n in range(1, 3)]
    chosen = Layout(1, 2, frozenset((Link.TIME,)), stretched=True)
    session = Session(rule=settled)
    state = state_of(*rest, layout=chosen if own == "before" else None)
    session.update(catalog=state.catalog, views=state.views, layout=state.layout)
    loops, layout = quad_screen(session.state)
    session.update(views=(*map(View, loops), *session.state.views[2:]), layout=layout)
    for _ in range(2 if own == "after" else 0):
        GridCommands(session).toggle_stretched()
    session.update(views=(View(),) * PLACES)
    assert session.state.layout == chosen


def test_without_a_stage_nothing_is_offered():
    assert loops_of_stage(state_of(*map(series, range(4)))) == ()
