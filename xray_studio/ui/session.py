"""Session: what the window is looking at now. The only mutable state of the window.

State is one frozen value. `Session.changed` carries the old and the new one; views compare the
parts they show and repaint what differs. Views never call services or one another.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from PySide6.QtCore import QObject, Signal

from xray_studio.core.clip import Clip
from xray_studio.core.histogram import Histogram
from xray_studio.core.job import Progress
from xray_studio.core.playback import Loop
from xray_studio.core.presentation import Overlay, Presentation, StoredWindow
from xray_studio.core.study import Catalog, Series
from xray_studio.services.settings import Settings


@dataclass(frozen=True, slots=True)
class Cine:
    """How a clip plays. Frames count from 0; `first` and `last` are the in and out points.

    `speed` multiplies the rate; `real_time` follows the acquired frame times instead of the rate.
    """

    playing: bool = False
    first: int = 0
    last: int = 0
    speed: float = 1.0
    loop: Loop = Loop.LOOP
    real_time: bool = False


@dataclass(frozen=True, slots=True)
class View:
    """One viewport. `series` without `clip` is still loading, or failed with `error`.

    `initial` is the presentation the clip opened with; `frame` counts from 0; `progress` tells how
    far opening is. `fit` is the zoom that fits the picture into the viewport, which writes it.
    `auto_window` is set to ask for an automatic window and is reset when it has been found.
    """

    series: Series | None = None
    clip: Clip | None = None
    frame: int = 0
    presentation: Presentation = field(default_factory=Presentation)
    initial: Presentation = field(default_factory=Presentation)
    windows: tuple[StoredWindow, ...] = ()
    cine: Cine = field(default_factory=Cine)
    error: str = ""
    progress: Progress | None = None
    fit: float = 1.0
    auto_window: bool = False


def opened(
    series: Series | None, clip: Clip, initial: Presentation, windows: tuple[StoredWindow, ...]
) -> View:
    """Return the view of a clip just opened: its first frame, the file's own range and loop."""
    timing, end = clip.timing, len(clip) - 1
    first = min(max(0, timing.start), end)
    last = end if timing.stop is None else min(max(first, timing.stop), end)
    cine = Cine(first=first, last=last, loop=timing.preferred)
    return View(series, clip, first, initial, initial, windows, cine)


@dataclass(frozen=True, slots=True)
class State:
    """Everything on screen.

    `rate` is the rate achieved while playing, frames per second. `cached` are the ranges of frames
    (from 0, both ends included) of the clip in memory, `memory` the bytes used and allowed.
    `histogram` is that of the frame on screen. `settings` are remembered between starts.
    """

    catalog: Catalog = field(default_factory=Catalog)
    scanning: bool = False
    opened: tuple[str, ...] = ()
    view: View = field(default_factory=View)
    overlay: Overlay = Overlay.ALL
    identity_hidden: bool = False
    rate: float | None = None
    tool: str = "window"
    settings: Settings = field(default_factory=Settings)
    cached: tuple[tuple[int, int], ...] = ()
    memory: tuple[int, int] = (0, 0)
    histogram: Histogram | None = None


class Session(QObject):
    """Holds the state and tells when it becomes another one."""

    changed = Signal(object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._state = State()
        self._telling = False

    @property
    def state(self) -> State:
        """The state now."""
        return self._state

    @property
    def view(self) -> View:
        """The viewport now."""
        return self._state.view

    def update(self, **changes: Any) -> None:
        """Replace parts of the state; `changed` is emitted only when something is different.

        A change made by a listener takes effect at once and is told when all listeners have heard
        of the one before, so that everybody hears the same changes in the same order.
        """
        told, new = self._state, replace(self._state, **changes)
        if _same(told, new):
            return
        self._state = new
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
        self.update(settings=self._state.settings.changed(group, **changes))

    def update_view(self, **changes: Any) -> None:
        """Replace parts of the viewport."""
        self.update(view=replace(self._state.view, **changes))

    def update_cine(self, **changes: Any) -> None:
        """Replace parts of how the clip plays."""
        self.update_view(cine=replace(self._state.view.cine, **changes))

    def update_presentation(self, **changes: Any) -> None:
        """Replace parts of how frames are shown."""
        self.update_view(presentation=replace(self._state.view.presentation, **changes))


_PASSING = frozenset(("view", "rate", "cached", "memory", "histogram"))
_PASSING_VIEW = frozenset(("frame", "fit"))


def lasting(old: State, new: State) -> bool:
    """Tell whether more changed than the frame on screen and what is measured of it.

    That changes thirty times a second while a clip plays; most of the window need not look at it.
    """
    return any(
        getattr(old, name) is not getattr(new, name)
        for name in State.__slots__
        if name not in _PASSING
    ) or any(
        getattr(old.view, name) is not getattr(new.view, name)
        for name in View.__slots__
        if name not in _PASSING_VIEW
    )


def _same(old: State, new: State) -> bool:
    """Compare shallowly: catalogues and clips are large, and the same object is the same value."""
    return all(
        getattr(old, name) is getattr(new, name) or _equal(getattr(old, name), getattr(new, name))
        for name in State.__slots__
    )


def _equal(old: object, new: object) -> bool:
    if isinstance(old, View) and isinstance(new, View):
        return all(
            getattr(old, name) is getattr(new, name)
            or (name not in {"clip", "series"} and getattr(old, name) == getattr(new, name))
            for name in View.__slots__
        )
    return not isinstance(old, Catalog) and old == new
