"""Segments over the planes of the demonstration's CT: heart and lungs grown from clicks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from studio_pictures.photographer import Photographer

if TYPE_CHECKING:
    from xray_studio.ui.volume.painting import Painting

AIM = (0.5, 0.5, -4.6)  # mm, LPS


@dataclass(frozen=True, slots=True)
class _Region:
    """A segment that grows from a `seed` in mm over values within a `tolerance` in HU.

    `holes` tells that what it encloses belongs to it; `colour` is not the one of its kind.
    """

    name: str
    kind: str
    seed: tuple[float, float, float]
    tolerance: float
    holes: bool = False
    colour: tuple[int, int, int] | None = None


REGIONS = (
    _Region("Left heart, aorta", "aorta", (30.0, -10.0, -4.6), 60.0),
    _Region("Right heart", "heart", (-20.0, -20.0, -4.6), 40.0, colour=(0x5E, 0xDC, 0xD2)),
    _Region("Lungs", "lung", (-80.0, 0.0, -4.6), 90.0, holes=True),
)


def segments(at: Photographer) -> None:
    """Keep the planes with what was marked, and the panel that tells how large it is."""
    from xray_studio.ui.volume.commands import VolumeCommands

    session, commands = at.window.session, at.window.commands
    at.choose("CT")
    at.wait_for(at.shown)
    commands["show_volume"].trigger()
    at.wait_for(lambda: session.state.volume is not None)
    commands["show_volume_panel"].trigger()
    VolumeCommands(session).aim_at(AIM)
    for region in REGIONS:
        _grow(at, region)
    commands["segment_paint"].trigger()
    work = at.window.volumes.segments.commands
    work.choose(1)
    at.wait_for(lambda: _painting(at).measured == _painting(at).version)
    at.wait_for(lambda: all(_drawn(at)))
    at.pause(1.0)
    at.keep("segments")
    commands["show_volume"].trigger()
    session.update(painted=())  # of another scene nobody is asked whether it is saved


def _grow(at: Photographer, region: _Region) -> None:
    """Add a segment and let it grow."""
    work, commands = at.window.volumes.segments.commands, at.window.commands
    commands["add_segment"].trigger()
    number = _painting(at).chosen
    work.call(number, region.kind)
    work.rename(number, region.name)
    if region.colour is not None:
        work.recolour(number, region.colour)
    work.handle(tolerance=region.tolerance)
    work.plant(region.seed)
    at.wait_for(lambda: not _painting(at).busy)
    if region.holes:
        commands["fill_holes"].trigger()
        at.wait_for(lambda: not _painting(at).busy)


def _painting(at: Photographer) -> Painting:
    """Return the segments on screen."""
    painting = at.window.volumes.segments.commands.painting
    assert painting is not None
    return painting


def _drawn(at: Photographer) -> list[bool]:
    """Return which viewports show their picture."""
    grid = at.window.stage.grid
    cells = (grid.cell(place).viewport for place in at.window.session.state.in_grid)
    return [cell.answer is not None and cell.answer.image is not None for cell in cells]
