"""Everything on screen as one value.

The grid has nine places, each with a View. One of them is active: panels, keys and menus mean it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from xray_studio.core.job import Progress
from xray_studio.core.key_frames import KeyFrame
from xray_studio.core.measure.marks import Marks
from xray_studio.core.presentation import Overlay
from xray_studio.core.segments import Segmentation
from xray_studio.core.state import PresentationState
from xray_studio.core.step import Step
from xray_studio.core.study import Catalog, Series
from xray_studio.services.export.round_trip import Exported
from xray_studio.services.settings import Settings
from xray_studio.ui.finding_state import Found
from xray_studio.ui.layout import PLACES, Layout, Link
from xray_studio.ui.mark_state import Figures
from xray_studio.ui.report_state import Reporting
from xray_studio.ui.unusual_state import Looks
from xray_studio.ui.view import View

if TYPE_CHECKING:  # it is made of views
    from xray_studio.ui.arrangements import Arrangement
    from xray_studio.ui.beside import Beside
    from xray_studio.ui.volume.kept import Kept
    from xray_studio.ui.volume.look import VolumeLook


@dataclass(frozen=True, slots=True)
class State:
    """Everything on screen.

    `views` are those of all places of the grid, row by row, the first `layout.count` of which it
    has room for; `active` is the place (from 0) that panels and keys mean, `alone` one that fills
    the whole grid for a while. `beside` is what the grid was before it showed one picture twice,
    the original and what AI says of it, None where it does not. `volume` is how a volume is shown,
    None where the grid shows none, `painted` are the segments of volumes that were shown before.
    `detached` places have a window of
    their own. `settings` are remembered between starts. `arrangements` are the grids of patients
    that were left, in the order in which they were first looked at. `only_keys` are the SOP
    Instance UIDs that the browser lists alone, None for everything. `memory` are the bytes of
    decoded frames held and allowed. `key_frames` are marked as key images, `marks` what was
    measured, `figures` the values found in ellipses of the clip in view; `lists_marks` tells that
    somebody looks at them. `findings` is what a model has said of films, `looks` what detectors
    have said is unusual; `ai_hidden` hides both, with their badge, for teaching. `reporting` is the
    report on the study in view, `reports_aside` are those of other studies for which something was
    under way when they were left. `indexing` is how far the library of cases is, None while nobody
    makes it. `states` and `segmentations` are those of the catalogue, `exports` what of it this
    program has exported. `steps` are the kinds of processing there are, once they have been loaded;
    `measures` tells that somebody looks at read-outs.
    """

    catalog: Catalog = field(default_factory=Catalog)
    scanning: bool = False
    opened: tuple[str, ...] = ()
    views: tuple[View, ...] = (View(),) * PLACES
    active: int = 0
    layout: Layout = Layout()  # noqa: RUF009 - a frozen value, made once
    alone: int | None = None
    beside: Beside | None = None
    volume: VolumeLook | None = None
    painted: tuple[Kept, ...] = ()
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
    findings: Found = Found()  # noqa: RUF009 - a frozen value, made once
    looks: Looks = Looks()  # noqa: RUF009 - a frozen value, made once
    ai_hidden: bool = False
    reporting: Reporting = Reporting()  # noqa: RUF009 - a frozen value, made once
    reports_aside: tuple[Reporting, ...] = ()
    indexing: Progress | None = None
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
