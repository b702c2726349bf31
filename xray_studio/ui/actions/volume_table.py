"""Actions of a volume: planes that meet in a cross, slabs, moments."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial

from xray_studio.core.volume.fusion import Blend
from xray_studio.core.volume.planes import Projection
from xray_studio.core.volume.registration import Movement
from xray_studio.ui.actions.actions import SEPARATOR, Spec, Submenu, inside
from xray_studio.ui.session import Session
from xray_studio.ui.state import State
from xray_studio.ui.volume import commands as v
from xray_studio.ui.volume import curve_commands as c
from xray_studio.ui.volume import over_commands as f
from xray_studio.ui.volume.commands import VolumeCommands
from xray_studio.ui.volume.curve_commands import CurveCommands
from xray_studio.ui.volume.files import KINDS
from xray_studio.ui.volume.over_commands import FusionCommands

MENU = Submenu("Volume", named=True)
SLABS = Submenu("Slabs", named=True, above=MENU)
FUSION = Submenu("Fusion", named=True, above=MENU)
SAVE = Submenu("Save the volume", named=True, above=MENU)
ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"
PROJECTIONS = {
    Projection.MIP: "Highest value",
    Projection.MINIP: "Lowest value",
    Projection.MEAN: "Mean",
}

OVER_KINDS = (".nii.gz", ".dcm")
BLENDS = {
    Blend.OVER: "One volume over the other",
    Blend.CHECKERBOARD: "Both volumes in squares",
    Blend.WIPE: "Both volumes beside a border",
}


def volume_specs(session: Session, runs: Mapping[str, Callable[..., object]]) -> Iterator[Spec]:
    """Yield the actions, in order."""
    yield from inside(MENU, _specs(session, runs))
    yield from inside(SLABS, _slabs(session))
    yield from inside(FUSION, _over_specs(session, runs))
    yield from inside(SAVE, _files(runs))


def _files(runs: Mapping[str, Callable[..., object]]) -> Iterator[Spec]:
    """Yield what the volume on screen can be saved as."""
    for suffix, kind in KINDS.items():
        name = f"save_volume_{suffix.rpartition('.')[2]}"
        save = partial(runs["save_volume"], suffix)
        title = kind.rpartition(" (")[0] + ELLIPSIS
        yield Spec(name, title, save, "", v.shows)
    slices = f"DICOM, a file for each slice{ELLIPSIS}"
    yield Spec("save_slices", slices, runs["save_slices"], "", v.shows)


def _specs(session: Session, runs: Mapping[str, Callable[..., object]]) -> Iterator[Spec]:
    commands = VolumeCommands(session)
    show = runs["show_volume"]
    yield Spec("show_volume", "Planes and rendering", show, "Ctrl+Alt+W", v.can_show, v.shows)
    raw = f"Open voxels without a header{ELLIPSIS}"
    yield Spec("open_raw", raw, runs["open_raw"])
    yield Spec("cross_tool", "Cross", commands.use_tool, "Shift+X", v.shows, _aims)
    yield Spec("cross", "Lines of the planes", commands.toggle_cross, "", v.shows, v.is_crossed)
    yield SEPARATOR
    yield Spec("straighten", "Straight planes", commands.straighten, "", v.is_oblique)
    yield Spec("aim_centre", "Middle of the volume", commands.centre, "", v.shows)
    yield SEPARATOR
    on, back = partial(commands.step_moment, 1), partial(commands.step_moment, -1)
    yield Spec("next_moment", "Next moment", on, "Ctrl+Alt+Right", v.has_moments)
    yield Spec("previous_moment", "Previous moment", back, "Ctrl+Alt+Left", v.has_moments)
    by_time = commands.toggle_by_time
    yield Spec("by_time", "Play through time", by_time, "", v.has_moments, v.goes_by_time)
    following = runs["next_contrast"]
    yield Spec("next_contrast", "Next contrast of the case", following, "", f.has_contrasts)
    yield SEPARATOR
    yield Spec("fuse", f"Fuse with{ELLIPSIS}", runs["fuse"], "", f.can_fuse)
    yield SEPARATOR
    curve = CurveCommands(session)
    yield Spec("curve_tool", "Set points of a curve", curve.use_tool, "", v.shows, c.draws_curve)
    see = curve.toggle_view
    yield Spec("curved_plane", "Plane along the curve", see, "", c.has_curve, c.is_curve_seen)
    yield Spec("clear_curve", "Remove the curve", curve.clear, "", c.has_points)


def _slabs(session: Session) -> Iterator[Spec]:
    commands = VolumeCommands(session)
    thicker, thinner = partial(commands.thicken, v.STEP), partial(commands.thicken, -v.STEP)
    yield Spec("thicker", "Thicker", thicker, "Ctrl+Alt+Up", v.shows)
    yield Spec("thinner", "Thinner", thinner, "Ctrl+Alt+Down", v.is_thick)
    for how, text in PROJECTIONS.items():
        choose = partial(commands.set_projection, how)
        yield Spec(f"slab_{how.value}", text, choose, "", v.shows, partial(_is_shown, how))


def _over_specs(session: Session, runs: Mapping[str, Callable[..., object]]) -> Iterator[Spec]:
    """Yield what is done with a volume over the other."""
    fusion = FusionCommands(session)
    yield Spec("unfuse", "Remove the volume over it", fusion.remove, "", f.is_fused)
    for blend, text in BLENDS.items():
        choose, shown = partial(fusion.set_blend, blend), partial(f.blends, blend)
        yield Spec(f"fusion_{blend.value}", text, choose, "", f.is_fused, shown)
    for movement in Movement:
        run, text = partial(runs["register_over"], movement), f"Register it ({movement.value})"
        yield Spec(f"register_{movement.value}", text, run, "", f.is_fused)
    for suffix in OVER_KINDS:
        kind = KINDS[suffix].partition(" (")[0]
        save, name = partial(runs["save_over"], suffix), suffix.strip(".").replace(".", "_")
        text = f"Save the volume over it as {kind}\N{HORIZONTAL ELLIPSIS}"
        yield Spec(f"save_over_{name}", text, save, "", f.is_fused)


def _aims(state: State) -> bool:
    return state.tool == "cross"


def _is_shown(how: Projection, state: State) -> bool:
    return state.volume is not None and state.volume.slab.how is how
