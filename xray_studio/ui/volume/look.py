"""What the grid shows of a volume: which planes, how thick, at which moment. Pure functions.

Each viewport of a volume shows a series of its own, made from the one that was opened, so that it
is told from that and from the other planes wherever it is moved to.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from xray_studio.core.clip import Clip
from xray_studio.core.histogram import Histogram
from xray_studio.core.place import Vector
from xray_studio.core.presentation import Presentation, StoredWindow
from xray_studio.core.study import Series
from xray_studio.core.volume.camera import Camera
from xray_studio.core.volume.looking import Aim, Slab, Stack, stack_of
from xray_studio.core.volume.planes import View as Plane
from xray_studio.core.volume.scene import VolumeScene
from xray_studio.core.volume.suv import Uptake
from xray_studio.core.volume.toning import Toning
from xray_studio.core.volume.transfer import preset, suited
from xray_studio.core.volume.volume import Volume
from xray_studio.services.volume.plane_clips import Planes, moments_clip, stack_clip
from xray_studio.ui.layout import PLACES, Layout, Link
from xray_studio.ui.view import View, opened
from xray_studio.ui.volume.contrasts import OpenCase
from xray_studio.ui.volume.curve import Curve
from xray_studio.ui.volume.over import Over
from xray_studio.ui.volume.painting import TOOLS, Painting
from xray_studio.ui.volume.surfaces import Surfaces

if TYPE_CHECKING:  # it holds one of these
    from xray_studio.ui.state import State

RENDERING: Final = "rendering"
PLANES: Final = (Plane.AXIAL.value, Plane.CORONAL.value, Plane.SAGITTAL.value)
ORDER: Final = (*PLANES, RENDERING)


@dataclass(frozen=True, slots=True, eq=False)
class Before:
    """What the grid showed before: its layout, its views, the active place, the tool."""

    layout: Layout
    views: tuple[View, ...]
    active: int
    tool: str


@dataclass(frozen=True, slots=True, eq=False)
class VolumeLook:
    """A volume on screen.

    `series` is the one that it was opened from. `aim` tells how its planes lie, `stacks` are those
    that their frames are of. `moment` counts from 0; with `by_time` frames are moments in place of
    slices. `scene` is how it is rendered; `crossed` tells that lines show where planes meet.
    `over` is another volume over it in its planes, `painting` are segments over it, `source` is the
    volume as it was opened, where `planes` are those of a processed one, or of other values:
    `uptake` tells which. `toning` tells how the colours of the scene came about, None while they
    are those of the preset that suits the volume; `counts` how often values occur, None until that
    is known. `curve` is one through points along a vessel, `surfaces` are shown where the
    planes cut them. `case` is the one that it is a contrast of.
    """

    series: Series
    planes: Planes
    aim: Aim
    scene: VolumeScene
    before: Before
    initial: Presentation = Presentation()  # noqa: RUF009 - a frozen value, made once
    windows: tuple[StoredWindow, ...] = ()
    slab: Slab = Slab()  # noqa: RUF009 - a frozen value, made once
    moment: int = 0
    by_time: bool = False
    crossed: bool = True
    over: Over | None = None
    painting: Painting | None = None
    source: Planes | None = None
    toning: Toning | None = None
    counts: Histogram | None = None
    uptake: Uptake | None = None
    curve: Curve | None = None
    surfaces: Surfaces = Surfaces()  # noqa: RUF009 - a frozen value, made once
    case: OpenCase | None = None
    stacks: Mapping[Plane, Stack] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def volume(self) -> Volume:
        """What is looked at."""
        return self.planes.volume

    @property
    def stored(self) -> Volume:
        """It as its files hold it."""
        return (self.source or self.planes).volume

    @property
    def lasting(self) -> tuple[object, ...]:
        """What does not change while planes are scrolled and painted on."""
        over, painting = self.over, self.painting
        laid = over and (over.planes, over.how.blend)
        led = self.curve and (len(self.curve.points), self.curve.shown)
        return self.crossed, self.slab, laid, led, painting and painting.lasting

    @property
    def held(self) -> tuple[Planes, ...]:
        """What is to be closed when nobody looks at it any more."""
        return (self.planes,) if self.source is None else (self.planes, self.source)

    @property
    def aimed(self) -> Vector:
        """The point in which the planes meet, mm."""
        return self.aim.at

    @property
    def toned(self) -> Toning:
        """How the colours of its rendering came about."""
        return self.toning or Toning.named(suited(self.volume.unit, self.volume.modality))

    def with_stacks(self) -> VolumeLook:
        """Return it with the planes that it is aimed at."""
        geometry = self.volume.geometry
        stacks = {plane: stack_of(geometry, self.aim, plane, self.slab) for plane in Plane}
        return replace(self, stacks=MappingProxyType(stacks))

    def frame(self, plane: Plane) -> int:
        """Return the frame (from 0) on which a plane shows the point that is aimed at."""
        return self.moment if self.by_time else self.stacks[plane].nearest(self.aim.at)

    def clip(self, plane: Plane) -> Clip:
        """Return the clip of a plane."""
        stack = self.stacks[plane]
        if self.by_time:
            here = stack.plane(stack.nearest(self.aim.at))
            return moments_clip(self.planes, here, plane, self.slab)
        return stack_clip(self.planes, stack, plane, self.slab, self.moment)


def first_scene(volume: Volume) -> VolumeScene:
    """Return how a volume is rendered at first."""
    camera = Camera().filling(volume.geometry.corners())
    return VolumeScene(preset(suited(volume.unit, volume.modality)), camera)


def series_of(series: Series, part: str) -> Series:
    """Return the series that stands for a part of a volume, one of ORDER."""
    return replace(series, part=part)


def places_of(state: State) -> dict[str, int]:
    """Return at which place each part of the volume is shown; of one shown twice the first."""
    look = state.volume
    found: dict[str, int] = {}
    for place, view in enumerate(state.views):
        series = view.series
        if look is None or series is None or not series.part:
            continue
        if series.whole.identity == look.series.identity:
            found.setdefault(series.part, place)
    return found


def plane_of(view: View) -> Plane | None:
    """Return the plane that a view shows, None for anything else."""
    part = "" if view.series is None else view.series.part
    return Plane(part) if part in PLANES else None


def is_rendering(view: View) -> bool:
    """Tell whether a view shows how a volume is rendered."""
    return view.series is not None and view.series.part == RENDERING


def shown(look: VolumeLook) -> dict[str, Any]:
    """Return the changes that show a volume: three planes and, once it is drawn, a rendering."""
    look = look.with_stacks()
    views = [_first_view(look, part) for part in ORDER]
    layout = Layout(2, 2, frozenset((Link.WINDOW,)))
    empty = [View()] * (PLACES - len(views))
    return {
        "layout": layout, "views": (*views, *empty), "active": 0, "alone": None, "beside": None,
        "volume": look, "tool": "cross",
    }  # fmt: skip


def _first_view(look: VolumeLook, part: str) -> View:
    series = series_of(look.series, part)
    if part == RENDERING:
        return View(series=series)
    plane = Plane(part)
    view = opened(series, look.clip(plane), look.initial, look.windows)
    return replace(view, frame=look.frame(plane))


def left(state: State) -> dict[str, Any]:
    """Return the changes that show the grid of before again."""
    look = state.volume
    if look is None:
        return {}
    before, tool = look.before, _tool_after(state, look)
    return {
        "layout": before.layout, "views": before.views, "active": before.active, "alone": None,
        "volume": None, "tool": tool,
    }  # fmt: skip


def _tool_after(state: State, look: VolumeLook) -> str:
    """Return the tool in hand once the volume is gone, and those for it."""
    return look.before.tool if state.tool in {"cross", "curve", *TOOLS} else state.tool


def changed(state: State, look: VolumeLook) -> dict[str, Any]:
    """Return the changes that show a volume otherwise: turned, thicker, at another moment.

    Planes that stay as they are keep their clips. What is aimed at stays where it is on screen.
    """
    old = state.volume
    if old is None:
        return {}
    look = look.with_stacks()
    alike = (old.slab, old.moment, old.by_time) == (look.slab, look.moment, look.by_time)
    alike = alike and old.planes is look.planes
    views = list(state.views)
    for part, place in places_of(state).items():
        if part not in PLANES:
            continue
        plane = Plane(part)
        if alike and not look.by_time and old.stacks[plane] == look.stacks[plane]:
            views[place] = replace(views[place], frame=look.frame(plane))
        else:
            views[place] = _reopened(views[place], old, look, plane)
    return {"views": tuple(views), "volume": look}


def _reopened(view: View, old: VolumeLook, look: VolumeLook, plane: Plane) -> View:
    """Return a view of a plane with another clip; how it is shown and plays stays."""
    clip, frame = look.clip(plane), look.frame(plane)
    shown = view.presentation
    if view.clip is not None and old.stacks[plane] != look.stacks[plane]:
        shown = _in_sight(view, old.stacks[plane], look.stacks[plane], look.aim.at)
    cine = view.cine
    if view.clip is None or len(view.clip) != len(clip):
        cine = replace(cine, first=0, last=len(clip) - 1, playing=False)
    return replace(view, clip=clip, frame=frame, cine=cine, presentation=shown, worked=None)


def _in_sight(view: View, old: Stack, new: Stack, at: Vector) -> Presentation:
    """Return a presentation in which a point is where it was, and millimetres are as long."""
    shown = view.presentation
    if shown.rotation or shown.flip_horizontal or shown.flip_vertical:
        return shown
    scale = shown.zoom or view.fit
    fresh = scale * new.first.spacing[1] / old.first.spacing[1]
    before, now = _from_middle(old, at), _from_middle(new, at)
    x, y = (
        (pan + was) * scale / fresh - is_now
        for pan, was, is_now in zip(shown.pan, before, now, strict=True)
    )
    return replace(shown, zoom=fresh, pan=(x, y), area=None)


def _from_middle(stack: Stack, at: Vector) -> tuple[float, float]:
    """Return how far a point is from the middle of the picture, in widths of a pixel."""
    plane = stack.first
    column, row, _ = plane.pixel(at)
    rows, columns = plane.size
    aspect = plane.spacing[0] / plane.spacing[1]
    return column - (columns - 1) / 2, (row - (rows - 1) / 2) * aspect


def in_step(old: State, new: State) -> State:
    """Return a state in which planes meet where the one that was scrolled went."""
    look = new.volume
    if look is None or old.volume is not look:
        return new
    places = places_of(new)
    if not places:  # nothing of the volume is on screen any more
        return replace(new, volume=None, tool=_tool_after(new, look))
    moved = [
        (Plane(part), new.views[place].frame)
        for part, place in places.items()
        if part in PLANES and _scrolled(old.views[place], new.views[place])
    ]
    if not moved:
        return new
    if look.by_time:
        return _at_moment(new, look, places, moved[0][1])
    at = look.aim.at
    for plane, frame in moved:
        at = look.stacks[plane].brought(at, frame)
    return replace(new, volume=replace(look, aim=look.aim.moved(at)))


def _scrolled(before: View, now: View) -> bool:
    return before.frame != now.frame and before.clip is now.clip


def _at_moment(state: State, look: VolumeLook, places: dict[str, int], moment: int) -> State:
    views = list(state.views)
    for part, place in places.items():
        if part in PLANES and views[place].clip is not None:
            views[place] = replace(views[place], frame=moment)
    return replace(state, views=tuple(views), volume=replace(look, moment=moment))
