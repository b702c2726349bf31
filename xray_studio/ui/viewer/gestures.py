"""Gestures: what a drag or a turn of the wheel does to the session. No painting, no events."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from xray_studio.core.lut import modality_range
from xray_studio.core.presentation import Presentation, Window
from xray_studio.ui.session import Session
from xray_studio.ui.viewer.cine_commands import CineCommands
from xray_studio.ui.viewer.view_commands import ZOOM_STEP, ViewCommands
from xray_studio.ui.viewer.window_commands import WindowCommands, window_of
from xray_studio.ui.volume.look import is_rendering
from xray_studio.ui.volume.turning import TurnDrag

NOTCH = 120  # Qt counts eighths of a degree; a notch of an ordinary wheel is 15 degrees
RANGE_PIXELS = 1024  # a drag this long runs through the whole data range
SCROLL_PIXELS = 8  # a drag this long goes one frame on
ZOOM_PIXELS = 160  # a drag this long doubles the size
FAST = 10
WIDE = 50.0  # whole numbers serve where data spans more


class Drag(Protocol):
    """One drag, from press to release. Positions are device pixels from the viewport's centre."""

    def move(self, x: float, y: float) -> None:
        """Follow the pointer."""


@dataclass(slots=True)
class WindowDrag:
    """Sideways changes the width, up and down the level, scaled to the data range."""

    session: Session
    x: float
    y: float
    upwards: float = 1.0
    start: Window = field(init=False)
    step: float = field(init=False)
    whole: bool = field(init=False)

    def __post_init__(self) -> None:
        """Remember the window at the start."""
        self.start = window_of(self.session.view)
        span = data_range(self.session)
        self.step = span / RANGE_PIXELS
        self.whole = span > WIDE and _is_integer(self.session)

    def move(self, x: float, y: float) -> None:
        """Follow the pointer, in whole numbers where the data has them."""
        level = (self.y - y) * self.step * self.upwards
        narrowest = 1.0 if self.whole else min(1.0, self.step)
        wider = max((x - self.x) * self.step, narrowest - self.start.width)
        level, wider = (
            self._rounded(self.start.center, level),
            self._rounded(self.start.width, wider),
        )
        WindowCommands(self.session).set_voi(self.start.moved(level, wider))

    def _rounded(self, value: float, by: float) -> float:
        """Return a change that leads to a whole number; what does not change stays as it is."""
        return round(value + by) - value if self.whole and by else by


@dataclass(slots=True)
class ZoomDrag:
    """Upwards magnifies; the point where the drag began stays where it is."""

    session: Session
    x: float
    y: float
    last: float = field(init=False)

    def __post_init__(self) -> None:
        """Remember where the drag began."""
        self.last = self.y

    def move(self, x: float, y: float) -> None:  # noqa: ARG002 - only the height matters
        """Follow the pointer."""
        factor = 2.0 ** ((self.last - y) / ZOOM_PIXELS)
        self.last = y
        ViewCommands(self.session).zoom_by(factor, (self.x, self.y))


@dataclass(slots=True)
class PanDrag:
    """The picture follows the pointer."""

    session: Session
    x: float
    y: float

    def move(self, x: float, y: float) -> None:
        """Follow the pointer."""
        ViewCommands(self.session).pan_by(x - self.x, y - self.y)
        self.x, self.y = x, y


@dataclass(slots=True)
class ScrollDrag:
    """Downwards goes on through the frames, upwards back."""

    session: Session
    x: float
    y: float
    first: int = field(init=False)

    def __post_init__(self) -> None:
        """Remember the frame at the start."""
        self.first = self.session.view.frame

    def move(self, x: float, y: float) -> None:  # noqa: ARG002 - only the height matters
        """Follow the pointer."""
        by = int((y - self.y) / SCROLL_PIXELS)
        if self.first + by != self.session.view.frame:
            CineCommands(self.session).go_to(self.first + by)


@dataclass(slots=True)
class Wheel:
    """Turns of the wheel; wheels of high resolution add up to whole frames."""

    session: Session
    turned: int = 0

    def frames(self, delta: int, *, fast: bool) -> None:
        """Step frames: towards the user is onwards; `fast` goes ten at once."""
        if self.turned * delta < 0:
            self.turned = 0
        self.turned += delta
        notches = int(self.turned / NOTCH)
        self.turned -= notches * NOTCH
        if notches:
            CineCommands(self.session).step(-notches * (FAST if fast else 1))

    def zoom(self, delta: int, anchor: tuple[float, float]) -> None:
        """Zoom at a point given in device pixels from the viewport's centre."""
        ViewCommands(self.session).zoom_by(ZOOM_STEP ** (delta / NOTCH), anchor)


def drag_of(tool: str, session: Session, x: float, y: float, upwards: float = 1.0) -> Drag | None:
    """Return the drag that a tool makes, None when it does nothing on this picture."""
    clip = session.view.clip
    if clip is None:
        return None
    if tool == "pan":
        return PanDrag(session, x, y)
    if tool == "zoom":
        return ZoomDrag(session, x, y)
    if is_rendering(session.view):
        return TurnDrag(session, x, y)
    if tool == "scroll":
        return ScrollDrag(session, x, y)
    if tool != "window":
        return None
    return None if clip.is_colour else WindowDrag(session, x, y, upwards)


def data_range(session: Session) -> float:
    """Return the span of the values in the frame on screen, or of what the bits can hold."""
    clip, counts = session.view.clip, session.view.histogram
    assert clip is not None
    if counts is not None:
        return counts.span
    low, high = modality_range(clip.pixels, clip.modality_at(0))
    return high - low


def _is_integer(session: Session) -> bool:
    clip = session.view.clip
    return clip is not None and clip.source.dtype.kind in "iu"


def same_turn(one: Presentation, two: Presentation) -> bool:
    """Tell whether two presentations turn and flip the picture in the same way."""
    return all(
        getattr(one, name) == getattr(two, name)
        for name in ("rotation", "flip_horizontal", "flip_vertical")
    )
