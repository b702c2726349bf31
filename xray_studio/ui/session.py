"""Session: what the window is looking at now. The only mutable state of the window.

State is one frozen value. `Session.changed` carries the old and the new one; views compare the
parts they show and repaint what differs. Views never call services or one another.

A viewport is given a Pane, a session in which its own place is the active one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, Signal

from xray_studio.core.study import Catalog
from xray_studio.ui.state import State, put
from xray_studio.ui.view import View

Rule = Callable[[State, State], State]


class Session(QObject):
    """Holds the state and tells when it becomes another one.

    A `rule` gets the old and the wanted state and returns what becomes of it.
    """

    changed = Signal(object, object)

    def __init__(self, parent: QObject | None = None, rule: Rule | None = None) -> None:
        super().__init__(parent)
        self._state = State()
        self._rule = rule
        self._telling = False

    @property
    def state(self) -> State:
        """The state now."""
        return self._state

    @property
    def view(self) -> View:
        """The active viewport now."""
        return self.state.view

    def update(self, **changes: Any) -> None:
        """Replace parts of the state; `changed` is emitted only when something is different.

        `view` stands for that of the active place. A change made by a listener takes effect at once
        and is told when all listeners have heard of the one before, so that everybody hears the
        same changes in the same order.
        """
        told, new = self._state, changed_by(self._state, changes)
        if _same(told, new):
            return
        self._state = new if self._rule is None else self._rule(told, new)
        if not self._telling:
            self._tell(told)

    def _tell(self, told: State) -> None:
        self._telling = True
        try:
            while told is not self._state:
                before, told = told, self._state
                self.changed.emit(before, told)
        finally:
            self._telling = False

    def change_settings(self, group: str, **changes: Any) -> None:
        """Change some settings of a group, as `change_settings("appearance", theme="light")`."""
        self.update(settings=self.state.settings.changed(group, **changes))

    def update_view(self, **changes: Any) -> None:
        """Replace parts of the active viewport."""
        self.update(view=replace(self.view, **changes))

    def update_at(self, place: int, **changes: Any) -> None:
        """Replace parts of the viewport at a place."""
        view = replace(self.state.views[place], **changes)
        self.update(views=put(self.state.views, place, view))

    def update_cine(self, **changes: Any) -> None:
        """Replace parts of how its clip plays."""
        self.update_view(cine=replace(self.view.cine, **changes))

    def update_presentation(self, **changes: Any) -> None:
        """Replace parts of how its frames are shown."""
        self.update_view(presentation=replace(self.view.presentation, **changes))


class Pane(Session):
    """The session as one viewport sees it: its own place is the active one.

    `changed` tells only what concerns this place.
    """

    def __init__(self, session: Session, place: int, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self.place = session, place
        self._of: State | None = None
        session.changed.connect(self._hear)

    @property
    def state(self) -> State:
        """The state now, with this place as the active one."""
        return self._face(self._session.state)

    def update(self, **changes: Any) -> None:
        """Replace parts of the state; `view` stands for that of this place."""
        if "view" in changes:
            views = put(self._session.state.views, self.place, changes.pop("view"))
            changes["views"] = views
        self._session.update(**changes)

    def _face(self, state: State) -> State:
        # Everybody who listens asks for the same one.
        if self._of is not state:
            self._of, self._state = state, replace(state, active=self.place)
        return self._state

    def _hear(self, old: State, new: State) -> None:
        if _differs(old, new, self.place):
            self.changed.emit(self._face(old), self._face(new))


_PASSING = frozenset(("views", "memory", "figures", "volume"))
_PASSING_VIEW = frozenset(("frame", "fit", "rate", "cached", "histogram", "readings", "wipe"))
_LASTING = tuple(name for name in State.__slots__ if name not in _PASSING)
_LASTING_VIEW = tuple(name for name in View.__slots__ if name not in _PASSING_VIEW)
_SHARED = tuple(name for name in State.__slots__ if name not in {"views", "active"})


def changed_by(state: State, changes: dict[str, Any]) -> State:
    """Return a state with parts replaced; `view` stands for that of the place then active."""
    if "view" not in changes:
        return replace(state, **changes)
    others = {name: value for name, value in changes.items() if name != "view"}
    return replace(state, **others).with_view(changes["view"])


def lasting(old: State, new: State) -> bool:
    """Tell whether more changed than the frames on screen and what is measured of them.

    Those change thirty times a second while a clip plays; most of the window need not look at it.
    """
    if any(getattr(old, name) is not getattr(new, name) for name in _LASTING):
        return True
    if _volume_lasts(old, new):
        return True
    pairs = zip(old.views, new.views, strict=True)
    return old.views is not new.views and any(_view_lasts(*pair) for pair in pairs)


def _volume_lasts(old: State, new: State) -> bool:
    if old.volume is new.volume:
        return False
    if old.volume is None or new.volume is None:
        return True
    return old.volume.lasting != new.volume.lasting


def _view_lasts(old: View, new: View) -> bool:
    if old is new:
        return False
    return any(getattr(old, name) is not getattr(new, name) for name in _LASTING_VIEW)


def _differs(old: State, new: State, place: int) -> bool:
    """Tell whether the view at a place changed, or what all places share."""
    if old.views[place] is not new.views[place]:
        return True
    return any(getattr(old, name) is not getattr(new, name) for name in _SHARED)


def _same(old: State, new: State) -> bool:
    """Compare shallowly: catalogues and clips are large, and the same object is the same value."""
    return all(
        getattr(old, name) is getattr(new, name) or _equal(getattr(old, name), getattr(new, name))
        for name in State.__slots__
    )


def _equal(old: object, new: object) -> bool:
    if isinstance(old, tuple) and isinstance(new, tuple) and len(old) == len(new):
        return all(map(_equal, old, new))
    if isinstance(old, View) and isinstance(new, View):
        return _same_view(old, new)
    return not isinstance(old, Catalog) and old == new


def _same_view(old: View, new: View) -> bool:
    return old is new or all(
        getattr(old, name) is getattr(new, name)
        or (name not in {"clip", "series"} and getattr(old, name) == getattr(new, name))
        for name in View.__slots__
    )
