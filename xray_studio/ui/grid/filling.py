"""What fills a grid: the series of a study, or the loops of one stage of it. Pure functions."""

from __future__ import annotations

from dataclasses import replace

from xray_studio.core.study import Series
from xray_studio.ui.browser.series_text import is_clip, owner, same
from xray_studio.ui.layout import PLACES, Layout, Link, for_count, unstaged
from xray_studio.ui.state import State


def pictures_of_study(state: State) -> tuple[Series, ...]:
    """Return the series of the study on screen that hold pictures."""
    found = owner(state.catalog, state.front)
    if found is None:
        return ()
    return tuple(series for series in found[2].series if not series.is_document)


def filling(state: State) -> tuple[tuple[Series, ...], Layout]:
    """Return what to show of the study on screen, and where; a single viewport makes room for all.

    Where there are more series than places, it begins with the one on screen.
    """
    series, layout = pictures_of_study(state), state.layout
    if layout.count == 1:
        rows, columns = for_count(len(series))
        layout = replace(layout, rows=rows, columns=columns)
    if len(series) > layout.count:
        here = next((n for n, one in enumerate(series) if same(one, state.front)), 0)
        series = series[min(here, len(series) - layout.count) :]
    return series[: layout.count], layout


def loops_of_stage(state: State) -> tuple[Series, ...]:
    """Return the loops of the stage on screen, as of a stress echo, in the order of their views.

    None unless there are several that fit one grid.
    """
    front = state.front
    if front is None or not front.stage_name:
        return ()
    loops = [s for s in pictures_of_study(state) if s.stage_name == front.stage_name and is_clip(s)]
    loops.sort(key=lambda series: series.view_number or 0)
    return tuple(loops) if 2 <= len(loops) <= PLACES else ()


def quad_screen(state: State) -> tuple[tuple[Series, ...], Layout]:
    """Return the loops of the stage on screen in a grid, on one clock and equally long."""
    loops, now = loops_of_stage(state), state.layout
    rows, columns = for_count(len(loops))
    own = Link.TIME in now.links and now.stretched and not now.staged
    return loops, Layout(rows, columns, now.links | {Link.TIME}, stretched=True, staged=not own)


def without_stage(state: State) -> State:
    """Return a state whose clock has ended with the stage that it came with."""
    if not state.layout.staged:
        return state
    places = {*range(state.layout.count), *state.detached}
    series = (state.views[place].series for place in places)
    if any(one is not None and one.stage_name for one in series):
        return state
    return replace(state, layout=unstaged(state.layout))
