"""What is kept of the session on screen, and how it comes back. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from xray_studio.core.per_frame import PerFrame
from xray_studio.core.playback import Loop
from xray_studio.core.study import Series
from xray_studio.services.last_session import SavedSession, SavedView
from xray_studio.ui.layout import PLACES, from_text, to_text
from xray_studio.ui.memory import left_of
from xray_studio.ui.session import Cine, Left, State, View


def saved(state: State) -> SavedSession:
    """Return what to keep of a state: paths and numbers, no names."""
    views = [saved_view(place, view) for place, view in enumerate(state.views)]
    kept = tuple(view for view in views if view is not None)
    return SavedSession(state.opened, to_text(state.layout), state.active, kept)


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
    )


def resting(session: SavedSession, state: State) -> SavedSession:
    """Return a kept session without the frames of loops that play, which change all the time."""
    playing = {n for n, view in enumerate(state.views) if view.cine.playing}
    views = (replace(v, frame=v.first) if v.place in playing else v for v in session.views)
    return replace(session, views=tuple(views))


def left_again(kept: SavedView) -> Left | None:
    """Return how a view was left, None when it had no picture; nonsense is put right."""
    if kept.frames < 1:
        return None
    last = kept.frames - 1
    first, end = sorted(min(max(0, n), last) for n in (kept.first, kept.last))
    speed = kept.speed if 0.0 < kept.speed <= 100.0 else 1.0
    cine = Cine(False, first, end, speed, _loop(kept.loop), kept.real_time)
    frame = min(max(0, kept.frame), last)
    return Left(kept.presentation, frame, kept.frames, cine, as_opened=not kept.own_voi)


def _loop(name: str) -> Loop:
    return next((loop for loop in Loop if loop.value == name), Loop.LOOP)


def found(kept: SavedView, series: Iterable[Series]) -> Series | None:
    """Return the series that a kept view showed: the same UID and part, with the same file."""
    wanted = (kept.series_instance_uid, kept.key)
    return next(
        (s for s in series if (s.series_instance_uid, s.key) == wanted and kept.path in s.paths),
        None,
    )


def placed(state: State, session: SavedSession, series: Iterable[Series]) -> State:
    """Return a state with every kept view that is found in its place, where nothing stands yet."""
    listed, views = list(series), list(state.views)
    for kept in session.views:
        if not 0 <= kept.place < PLACES or views[kept.place].series is not None:
            continue
        there = found(kept, listed)
        if there is not None:
            views[kept.place] = View(series=there, left=left_again(kept))
    active = session.active if 0 <= session.active < PLACES else 0
    layout = from_text(session.layout) or state.layout
    return replace(state, views=tuple(views), active=active, layout=layout)
