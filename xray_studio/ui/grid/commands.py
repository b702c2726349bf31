"""Commands of the grid. Each one changes the session and nothing else."""

from __future__ import annotations

from dataclasses import replace

from xray_studio.ui.beside import beside, together
from xray_studio.ui.layout import Layout, Link
from xray_studio.ui.session import Session
from xray_studio.ui.state import State
from xray_studio.ui.view import View


class GridCommands:
    """Rows and columns, the active viewport, what is linked, windows of their own."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def set_grid(self, rows: int, columns: int) -> None:
        """Show so many rows and columns; the active picture stays in sight."""
        self.use(replace(self._state.layout, rows=rows, columns=columns))

    def use(self, layout: Layout) -> None:
        """Show a layout with its links."""
        state, last = self._state, layout.count - 1
        views, active = state.views, state.active
        if active > last and active not in state.detached:
            views, active = swapped(views, active, last), last
        self._session.update(layout=layout, views=views, active=active, alone=None)

    def activate(self, place: int) -> None:
        """Let panels and keys mean a place."""
        self._session.update(active=place)

    def go(self, by: int) -> None:
        """Go to the viewport `by` places on, round and round; one shown alone gives way to it."""
        state = self._state
        places = list(range(state.layout.count))
        places += sorted(state.detached - {*places})
        here = places.index(state.active) if state.active in places else 0
        there = places[(here + by) % len(places)]
        alone = None if state.alone is None or there in state.detached else there
        self._session.update(active=there, alone=alone)

    def toggle_alone(self) -> None:
        """Let the active viewport fill the grid, or give the others their places again."""
        state = self._state
        if state.alone is None and (state.layout.count < 2 or state.active in state.detached):
            return
        self._session.update(alone=state.active if state.alone is None else None)

    def toggle_beside(self) -> None:
        """Show the active picture twice, the original and what AI says, or as before again."""
        state = self._state
        self._session.update(**(beside(state) if state.beside is None else together(state)))

    def swap(self, one: int, other: int) -> None:
        """Let two places show what the other one did; the first stays active in its new place."""
        views = swapped(self._state.views, one, other)
        self._session.update(views=views, active=other)

    def move(self, by: int) -> None:
        """Swap the active picture with the one `by` places on."""
        state = self._state
        places = state.shown
        if state.active in places and len(places) > 1:
            there = places[(places.index(state.active) + by) % len(places)]
            self.swap(state.active, there)

    def toggle_link(self, link: Link) -> None:
        """Link something, or let each viewport go its own way; others follow the active one."""
        self._set_links(self._state.layout.links ^ {link})

    def toggle_all_links(self) -> None:
        """Link everything, or nothing when everything is linked."""
        links = frozenset(Link)
        self._set_links(frozenset() if self._state.layout.links == links else links)

    def toggle_stretched(self) -> None:
        """Let loops on one clock last equally long, or run each at its own speed."""
        layout = self._state.layout
        changed = replace(layout, stretched=not layout.stretched, staged=False)
        self._session.update(layout=changed)

    def detach(self) -> None:
        """Give the active viewport a window of its own, or put it back."""
        state = self._state
        alone = None if state.alone == state.active else state.alone
        self._session.update(detached=state.detached ^ {state.active}, alone=alone)

    def put_back(self, place: int) -> None:
        """Put a viewport back into the grid."""
        self._session.update(detached=self._state.detached - {place})

    @property
    def _state(self) -> State:
        return self._session.state

    def _set_links(self, links: frozenset[Link]) -> None:
        layout = self._state.layout
        staged = layout.staged and Link.TIME in links
        self._session.update(layout=replace(layout, links=links, staged=staged))


def swapped(views: tuple[View, ...], one: int, other: int) -> tuple[View, ...]:
    """Return views with two of them in each other's place; each fits its new place anew."""
    found = list(views)
    found[one] = replace(views[other], fit=views[one].fit)
    found[other] = replace(views[one], fit=views[other].fit)
    return tuple(found)
