"""Actions of a rendering: from where a volume is seen, and what else is drawn."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Final

from xray_studio.ui.actions.actions import SEPARATOR, Spec, Submenu, inside
from xray_studio.ui.session import Session
from xray_studio.ui.state import State
from xray_studio.ui.volume.commands import shows
from xray_studio.ui.volume.rendering_commands import (
    RenderingCommands,
    is_drawn,
    seen_from,
    shows_rendering,
)
from xray_studio.ui.volume.surface_work import has_surface

MENU: Final = Submenu("Rendering", named=True)
SIDES: Final = {
    "anterior": "Seen from the front",
    "posterior": "Seen from the back",
    "left": "Seen from the patient's left",
    "right": "Seen from the patient's right",
    "superior": "Seen from the head",
    "inferior": "Seen from the feet",
}


def rendering_specs(session: Session, runs: Mapping[str, Callable[..., object]]) -> Iterator[Spec]:
    """Yield the actions, in order."""
    return inside(MENU, _specs(session, runs))


def _specs(session: Session, runs: Mapping[str, Callable[..., object]]) -> Iterator[Spec]:
    commands = RenderingCommands(session)
    for view, text in SIDES.items():
        see = partial(commands.see_from, view)
        yield Spec(f"see_{view}", text, see, "", shows_rendering, partial(seen_from, view))
    yield SEPARATOR
    cube = commands.toggle_cube
    yield Spec("rendering_cube", "Orientation cube", cube, "", shows_rendering, has_cube)
    turn = runs["turning_movie"]
    yield Spec("turning_movie", "Turning movie…", turn, "", is_drawn)
    yield SEPARATOR
    make, read, save = (runs[f"{how}_surface"] for how in ("make", "import", "save"))
    yield Spec("make_surface", "Make a surface", make, "", shows)
    yield Spec("import_surface", "Import a surface…", read, "", shows)
    yield Spec("save_surface", "Save the surface…", save, "", has_surface)
    yield SEPARATOR
    yield Spec("reset_rendering", "Reset the rendering", commands.reset, "", shows_rendering)


def has_cube(state: State) -> bool:
    """Tell whether a cube shows how the volume lies."""
    return state.volume is not None and state.volume.scene.cube
