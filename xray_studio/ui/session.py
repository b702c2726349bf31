"""Session: what the window is looking at now. The only mutable state of the window.

State is one frozen value. `Session.changed` carries the old and the new one; views compare the
parts they show and repaint what differs. Views never call services or one another.

The grid has nine places, each with a View. One of them is active: panels, keys and menus mean it.
A viewport is given a Pane, a session in which its own place is the active one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from xray_studio.core.clip import Clip
from xray_studio.core.document import Document
from xray_studio.core.histogram import Histogram
from xray_studio.core.job import Progress
from xray_studio.core.key_frames import KeyFrame
from xray_studio.core.measure.marks import Marks
from xray_studio.core.pipeline import Pipeline
from xray_studio.core.playback import Loop
from xray_studio.core.presentation import Overlay, Presentation, StoredWindow
from xray_studio.core.segments import Segmentation
from xray_studio.core.state import PresentationState
from xray_studio.core.step import Step
from xray_studio.core.study import Catalog, Series
from xray_studio.services.round_trip import Exported
from xray_studio.services.settings import Settings
from xray_studio.services.step_readings import Readings
from xray_studio.ui.layout import PLACES, Layout, Link
from xray_studio.ui.mark_state import Figures
from xray_studio.ui.over_state import Laying, Over, Stored
from xray_studio.ui.step_state import Compared, Worked

if TYPE_CHECKING:  # it is made of views
    from xray_studio.ui.arrangements import Arrangement


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
class Left:
    """What a view was when another series took its place; `frames` is the length of its clip.

    `as_opened` tells that its window is the one that the clip opens with. `presentation` is that
    without the presentation state which lay over it; `laying` is what did. `pipeline` is how it was
    processed.
    """

    presentation: Presentation
    frame: int
    frames: int
    cine: Cine
    as_opened: bool = False
    laying: Laying | None = None
    pipeline: Pipeline = Pipeline()  # noqa: RUF009 - a frozen value, made once


@dataclass(frozen=True, slots=True)
class View:
    """One viewport. `series` without `clip` is still loading, or failed with `error`.

    `left` tells a view that is still loading how its series was left before, `wanted` the frame
    (from 0) that it is opened for. A document has `document` in place of a clip.

    `initial` is the presentation the clip opened with; `frame` counts from 0; `progress` tells how
    far opening is. `fit` is the zoom that fits the picture into the viewport, which writes it.
    `auto_window` is set to ask for an automatic window and is reset when it has been found.

    `over` is the presentation state and segmentation that lie over the clip; `stored` then is the
    clip as it was opened. `laying` is set to ask for that and is reset when it has been done.

    `pipeline` is how the clip is to be processed, `worked` what became of that: `clip` then is the
    processed one. `working` tells that it is being made. `stage` is the stage (from 0) that panel
    and keys mean, `note` what an automatic choice says for itself. `compared` is how the picture
    stands beside the unprocessed one, `split` where (0 to 1, of the width of the viewport) one
    gives way to the other.

    Measured of the viewport: `rate` is the rate achieved while playing, frames per second; `cached`
    are the ranges of frames (from 0, both ends included) of the clip in memory; `histogram` is that
    of the frame on screen, `readings` what it was before and is after processing.
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
    rate: float | None = None
    cached: tuple[tuple[int, int], ...] = ()
    histogram: Histogram | None = None
    document: Document | None = None
    wanted: int | None = None
    left: Left | None = None
    over: Over = Over()  # noqa: RUF009 - a frozen value, made once
    stored: Stored | None = None
    laying: Laying | None = None
    pipeline: Pipeline = Pipeline()  # noqa: RUF009 - a frozen value, made once
    worked: Worked | None = None
    working: bool = False
    stage: int = 0
    note: str = ""
    readings: Readings | None = None
    compared: Compared = Compared.NOT
    split: float = 0.5


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

    `views` are those of all places of the grid, row by row, the first `layout.count` of which it
    has room for; `active` is the place (from 0) that panels and keys mean, `alone` one that fills
    the whole grid for a while. `detached` places have a window of their own. `settings` are
    remembered between starts. `arrangements` are the grids of patients that were left, in the order
    in which they were first looked at. `only_keys` are the SOP Instance UIDs that the browser lists
    alone, None for everything. `memory` are the bytes of decoded frames held and allowed.
    `key_frames` are marked as key images, `marks` what was measured, `figures` the values found in
    ellipses of the clip in view; `lists_marks` tells that somebody looks at them. `states` and
    `segmentations` are those of the catalogue, `exports` what of it this program has exported.
    `steps` are the kinds of processing there are, once they have been loaded; `measures` tells that
    somebody looks at read-outs.
    """

    catalog: Catalog = field(default_factory=Catalog)
    scanning: bool = False
    opened: tuple[str, ...] = ()
    views: tuple[View, ...] = (View(),) * PLACES
    active: int = 0
    layout: Layout = Layout()  # noqa: RUF009 - a frozen value, made once
    alone: int | None = None
    detached: frozenset[int] = frozenset()
    arrangements: tuple[Arrangement, ...] = ()
    overlay: Overlay = Overlay.ALL
    identity_hidden: bool = False
    tool: str = "window"
    only_keys: frozenset[str] | None = None
    settings: Settings = field(default_factory=Settings)
    key_frames: frozenset[KeyFrame] = frozenset()
    marks: Marks = Marks()  # noqa: RUF009 - a frozen value, made once
    figures: Figures = Figures()  # noqa: RUF009 - a frozen value, made once
    lists_marks: bool = False
    states: tuple[PresentationState, ...] = ()
    segmentations: tuple[Segmentation, ...] = ()
    exports: tuple[Exported, ...] = ()
    steps: tuple[type[Step], ...] = ()
    measures: bool = False
    memory: tuple[int, int] = (0, 0)

    @property
    def view(self) -> View:
        """The view of the active place."""
        return self.views[self.active]

    @property
    def shown(self) -> tuple[int, ...]:
        """The places on screen: those of the grid, then those with a window of their own."""
        return (*self.in_grid, *sorted(self.detached - {*self.in_grid}))

    @property
    def in_grid(self) -> tuple[int, ...]:
        """The places that the grid shows; a detached one leaves its place there empty."""
        if self.alone is not None:
            return (self.alone,)
        return tuple(range(self.layout.count))

    @property
    def front(self) -> Series | None:
        """The series of the active view, of an empty one that of the first view that has one."""
        views = (self.view, *(self.views[place] for place in self.shown), *self.views)
        return next((view.series for view in views if view.series is not None), None)

    def has_link(self, link: Link) -> bool:
        """Tell whether viewports have something in common."""
        return link in self.layout.links

    def with_view(self, view: View, place: int | None = None) -> State:
        """Return this state with another view at a place, the active one when None."""
        return replace(self, views=put(self.views, self.active if place is None else place, view))


def put(views: tuple[View, ...], place: int, view: View) -> tuple[View, ...]:
    """Return views with another one at a place."""
    return (*views[:place], view, *views[place + 1 :])


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


_PASSING = frozenset(("views", "memory", "figures"))
_PASSING_VIEW = frozenset(("frame", "fit", "rate", "cached", "histogram", "readings", "split"))
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
    pairs = zip(old.views, new.views, strict=True)
    return old.views is not new.views and any(_view_lasts(*pair) for pair in pairs)


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
