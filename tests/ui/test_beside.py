"""One picture in two viewports: the original, and what AI says of it; one is done as the other."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.ui.viewer.fakes import make_view
from tests.ui.viewer.test_marking import clip_of
from xray_studio.core.study import Series
from xray_studio.ui.beside import LEFT, RIGHT
from xray_studio.ui.grid.commands import GridCommands
from xray_studio.ui.layout import Layout, Link
from xray_studio.ui.rules import settled
from xray_studio.ui.session import Session
from xray_studio.ui.step_state import Compared
from xray_studio.ui.view import View


def series(uid: str) -> Series:
    """Return a series of that UID."""
    return Series(uid)


@pytest.fixture
def session() -> Session:
    """A session with a picture at the second of four places, shown twice."""
    made = Session(rule=settled)
    one = replace(make_view(), series=series("1"), fit=1.5)
    other = View(series("2"), clip_of())
    views = (other, one, *made.state.views[2:])
    made.update(views=views, active=1, layout=Layout(2, 2, frozenset({Link.ZOOM})))
    GridCommands(made).toggle_beside()
    return made


def pair(session: Session) -> tuple[View, View]:
    """Return the views of both viewports."""
    return session.state.views[LEFT], session.state.views[RIGHT]


def test_both_viewports_show_one_picture_on_one_clock(session: Session) -> None:
    """Left the original, right what is made of it."""
    left, right = pair(session)
    assert left.clip is right.clip
    assert (left.compared, right.compared) == (Compared.ORIGINAL, Compared.NOT)
    state = session.state
    assert (state.layout.words, state.active) == (Layout(1, 2).words, RIGHT)
    assert state.has_link(Link.TIME)


@pytest.mark.parametrize("place", [LEFT, RIGHT])
def test_what_is_done_to_one_is_done_to_both(session: Session, place: int) -> None:
    """Zoom, pan, the part that is shown, turns, window, frame, in and out points, playing."""
    session.update(active=place)
    for change in (
        {"zoom": 2.0},
        {"pan": (3.0, 4.0)},
        {"area": (0.0, 0.0, 9.0, 9.0)},
        {"rotation": 90},
        {"flip_horizontal": True},
        {"invert": True},
    ):
        session.update_presentation(**change)
        left, right = pair(session)
        assert left.presentation == right.presentation
    session.update_view(frame=2)
    session.update_cine(playing=True, last=2)
    left, right = pair(session)
    assert (left.frame, left.cine) == (right.frame, right.cine)
    assert right.cine.playing
    assert (left.compared, right.compared) == (Compared.ORIGINAL, Compared.NOT)


def test_what_each_viewport_measures_stays_its_own(session: Session) -> None:
    """The zoom that fits, the rate, what is cached."""
    session.update_at(LEFT, fit=0.7, rate=3.0)
    left, right = pair(session)
    assert (left.fit, left.rate) == (0.7, 3.0)
    assert (right.fit, right.rate) == (1.5, None)


def test_another_series_comes_into_both(session: Session) -> None:
    """Also while it is still loading."""
    session.update_view(series=series("3"), clip=None)
    left, right = pair(session)
    assert left.series is right.series
    assert left.series is not None
    assert left.series.identity == series("3").identity
    clip = clip_of()
    session.update(
        views=tuple(
            replace(view, clip=clip) if view.clip is None and view.series else view
            for view in session.state.views
        )
    )
    left, right = pair(session)
    assert left.clip is right.clip is clip
    assert left.compared is Compared.ORIGINAL


def test_going_back_shows_the_grid_of_before_with_the_picture_as_it_is_now(
    session: Session,
) -> None:
    """Its frame and window stay; links and the others are as they were."""
    session.update_view(frame=3)
    GridCommands(session).toggle_beside()
    state = session.state
    assert state.beside is None
    assert state.layout == Layout(2, 2, frozenset({Link.ZOOM}))
    assert state.active == 1
    assert (state.view.frame, state.view.fit, state.view.compared) == (3, 1.5, Compared.NOT)
    first = state.views[0].series
    assert first is not None
    assert first.identity == series("2").identity


@pytest.mark.parametrize("place", [LEFT, RIGHT])
def test_closing_one_of_both_goes_back(session: Session, place: int) -> None:
    """The other one stays, where it was before."""
    session.update_at(place, series=None, clip=None)
    assert session.state.beside is None
    assert session.state.layout.count == 4
    shown = session.state.view.series
    assert shown is not None
    assert shown.identity == series("1").identity


def test_another_grid_ends_it(session: Session) -> None:
    """The left picture is an ordinary one then."""
    GridCommands(session).set_grid(1, 3)
    state = session.state
    assert state.beside is None
    assert state.views[LEFT].compared is Compared.NOT
    session.update_presentation(zoom=4.0)
    assert state.views[LEFT].presentation.zoom != 4.0
