"""Every action of the grid: rows and columns, viewports, windows of their own, links."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial

from xray_studio.ui.actions import conditions as c
from xray_studio.ui.actions.actions import SEPARATOR, Spec
from xray_studio.ui.grid.commands import GridCommands
from xray_studio.ui.layout import TIMES, Link
from xray_studio.ui.session import Session
from xray_studio.ui.state import State

Runs = Mapping[str, Callable[[], object]]
# The key is the number of viewports.
GRIDS = {
    (1, 1): "Alt+1",
    (1, 2): "Alt+2",
    (2, 1): "Alt+Shift+2",
    (1, 3): "Alt+3",
    (2, 2): "Alt+4",
    (2, 3): "Alt+6",
    (3, 3): "Alt+9",
}
LINKS = {
    Link.WINDOW: ("Link windows", "Ctrl+Shift+W"),
    Link.ZOOM: ("Link zoom", "Ctrl+Shift+Z"),
    Link.PAN: ("Link pan", "Ctrl+Shift+P"),
    Link.FRAME: ("Link frames", "Ctrl+Shift+I"),
    Link.SLICE: ("Link slice positions", "Ctrl+Shift+V"),
    Link.TIME: ("One clock for all loops", "Ctrl+Shift+T"),
}


def layout_specs(session: Session, runs: Runs) -> Iterator[Spec]:
    """Yield what the menu of layouts lists."""
    grid = GridCommands(session)
    yield from (_grid(grid, *size, key) for size, key in GRIDS.items())
    yield SEPARATOR
    yield Spec("fill", "Fill with this study", runs["fill"], "Ctrl+Shift+F", c.has_study)
    stage = "Show the loops of this stage"
    yield Spec("show_stage", stage, runs["show_stage"], "Ctrl+Shift+S", c.has_stage)
    yield Spec("saved_layouts", "Saved layouts…", runs["saved_layouts"], "Ctrl+Shift+L")
    yield SEPARATOR
    yield Spec("next_viewport", "Next viewport", partial(grid.go, 1), "Tab", c.several)
    yield Spec(
        "previous_viewport", "Previous viewport", partial(grid.go, -1), "Shift+Tab", c.several
    )
    only = "This viewport alone"
    yield Spec("alone", only, grid.toggle_alone, "Return Enter", c.several, c.alone)
    onward, back = "Swap with the next viewport", "Swap with the previous viewport"
    yield Spec("move_on", onward, partial(grid.move, 1), "Ctrl+Shift+Right", c.several)
    yield Spec("move_back", back, partial(grid.move, -1), "Ctrl+Shift+Left", c.several)
    own = "In a window of its own"
    yield Spec("detach", own, grid.detach, "Ctrl+Shift+D", c.has_study, c.detached)
    close = "Close this picture"
    yield Spec("close_viewport", close, runs["close_viewport"], "Del", c.has_series_here)


def link_specs(session: Session) -> Iterator[Spec]:
    """Yield what the menu of links lists."""
    grid = GridCommands(session)
    for link, (text, key) in LINKS.items():
        yield _link(grid, link, text, key)
    every = grid.toggle_all_links
    yield Spec("link_all", "Link everything", every, "Ctrl+Shift+A", c.several, c.all_linked)
    yield SEPARATOR
    text = "Stretch loops to the longest"
    stretch = grid.toggle_stretched
    yield Spec("stretch", text, stretch, "Ctrl+Shift+X", c.on_one_clock, c.stretched)


def _grid(grid: GridCommands, rows: int, columns: int, key: str) -> Spec:
    def on(state: State) -> bool:
        return (state.layout.rows, state.layout.columns) == (rows, columns)

    text = f"{rows} {TIMES} {columns}"
    run = partial(grid.set_grid, rows, columns)
    return Spec(f"grid_{rows}x{columns}", text, run, key, on=on)


def _link(grid: GridCommands, link: Link, text: str, key: str) -> Spec:
    run = partial(grid.toggle_link, link)
    return Spec(f"link_{link.value}", text, run, key, c.several, lambda s: s.has_link(link))
