"""What is kept of the session on screen, and how it comes back. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from xray_studio.core.errors import StudioError
from xray_studio.core.measure.marks import Marks
from xray_studio.core.per_frame import PerFrame
from xray_studio.core.pipeline import Pipeline
from xray_studio.core.playback import Loop
from xray_studio.core.study import Series
from xray_studio.services.last_session import SavedGrid, SavedSession, SavedView
from xray_studio.services.recipe_steps import steps_read, steps_text
from xray_studio.ui.arrangements import on_view
from xray_studio.ui.layout import PLACES, Layout, from_text, to_text
from xray_studio.ui.memory import left_of
from xray_studio.ui.state import State
from xray_studio.ui.view import Cine, Left, View


def saved(state: State) -> SavedSession:
    """Return what to keep of a state: paths and numbers, no names."""
    here, grids = on_view(state)
    front = next((n for n, one in enumerate(grids) if one is here), 0)
    kept = tuple(saved_grid(one.layout, one.active, one.views) for one in grids)
    marks = Marks(state.marks.each, state.marks.calibrations, last=state.marks.last)
    return SavedSession(state.opened, kept, front, state.detached, marks)


def saved_grid(layout: Layout, active: int, views: Iterable[View]) -> SavedGrid:
    """Return what to keep of the grid of one patient."""
    found = [saved_view(place, view) for place, view in enumerate(views)]
    return SavedGrid(to_text(layout), active, tuple(view for view in found if view is not None))


def saved_view(place: int, view: View) -> SavedView | None:
    """Return what to keep of a view, None when there is nothing in it."""
    series, left = view.series, left_of(view)
    if series is None or not series.paths:
        return None
    where = SavedView(place, series.series_instance_uid, series.key, series.paths[0])
    if left is None:
        return replace(where, own_voi=False)
    shown, cine = left.presentation, left.cine
    own = not isinstance(shown.voi, PerFrame)
    return replace(
        where,
        frame=left.frame,
        frames=left.frames,
        first=cine.first,
        last=cine.last,
        speed=cine.speed,
        loop=cine.loop.value,
        real_time=cine.real_time,
        own_voi=own,
        presentation=shown if own else shown.with_voi(None),
        steps=steps_text(left.pipeline),
    )


def resting(state: State) -> State:
    """Return a state without the frames of loops that play, which change all the time."""
    views = (replace(v, frame=v.cine.first) if v.cine.playing else v for v in state.views)
    return replace(state, views=tuple(views))


def left_again(kept: SavedView) -> Left | None:
    """Return how a view was left, None when it had no picture; nonsense is put right."""
    if kept.frames < 1:
        return None
    last = kept.frames - 1
    first, end = sorted(min(max(0, n), last) for n in (kept.first, kept.last))
    speed = kept.speed if 0.0 < kept.speed <= 100.0 else 1.0
    cine = Cine(False, first, end, speed, _loop(kept.loop), kept.real_time)
    frame = min(max(0, kept.frame), last)
    left = Left(kept.presentation, frame, kept.frames, cine, as_opened=not kept.own_voi)
    return replace(left, pipeline=_steps(kept.steps))


def _steps(text: str) -> Pipeline:
    """Return the pipeline that was kept; steps that there are no longer make it an empty one."""
    try:
        return steps_read(text)
    except StudioError:
        return Pipeline()


def _loop(name: str) -> Loop:
    return next((loop for loop in Loop if loop.value == name), Loop.LOOP)


def found(kept: SavedView, series: Iterable[Series]) -> Series | None:
    """Return the series that a kept view showed: the same UID and part, with the same file."""
    wanted = (kept.series_instance_uid, kept.key)
    return next(
        (s for s in series if (s.series_instance_uid, s.key) == wanted and kept.path in s.paths),
        None,
    )


def on_screen_again(state: State, grid: SavedGrid, series: Iterable[Series]) -> State:
    """Return a state with every kept view that is found in its place, where nothing stands yet."""
    listed, views = list(series), list(state.views)
    for kept in grid.views:
        if not 0 <= kept.place < PLACES or views[kept.place].series is not None:
            continue
        there = found(kept, listed)
        if there is not None:
            views[kept.place] = View(series=there, left=left_again(kept))
    active = grid.active if 0 <= grid.active < PLACES else 0
    layout = from_text(grid.layout) or state.layout
    return replace(state, views=tuple(views), active=active, layout=layout)


def all_again(state: State, session: SavedSession) -> State:
    """Return a state with the grids of all patients, as far as their series are found.

    A patient looked at since then keeps the grid there is. One of them comes on screen where
    nothing is.
    """
    series = [*state.catalog.all_series()]
    empty = replace(state, views=(View(),) * PLACES, alone=None, arrangements=())
    back = [on_view(on_screen_again(empty, grid, series))[0] for grid in session.grids]
    now = {one.patient: one for one in state.arrangements}
    grids = tuple(now.pop(one.patient, one) for one in back if one is not None)
    detached = frozenset(place for place in session.detached if 0 <= place < PLACES)
    new = replace(state, arrangements=(*grids, *now.values()), detached=state.detached | detached)
    if new.front is None and grids:
        return replace(new, **grids[0].changes())
    return new


def missing_of(session: SavedSession, series: Iterable[Series]) -> tuple[int, int]:
    """Return how many kept views are not found, and of how many."""
    listed, views = list(series), [view for grid in session.grids for view in grid.views]
    return sum(found(view, listed) is None for view in views), len(views)
